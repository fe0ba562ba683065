// How the cost of one delivery and of one command grows with the house: with more clients, more
// rooms, more members.

import { measureCommands, measureVisits } from './commands.js'
import { measureFanout, type Outcome, type Target } from './load.js'
import { start, type Program } from './server.js'
import { spread } from './spread.js'

/** What is to be measured. */
export interface GrowthPlan {
  /** How many clients share the one room. */
  readonly clients: readonly number[]
  /** How many rooms stand. */
  readonly rooms: readonly number[]
  /** How many members the room has that is entered and left. */
  readonly members: readonly number[]
  readonly speakers: number
  readonly window: number
  readonly seconds: number
  readonly rounds: number
  readonly stallSeconds: number
}

/** What one thing costs at one size of the house. */
export interface Point {
  readonly size: number
  /** CPU microseconds of the server: the median of the rounds; NaN if none could be measured. */
  readonly cost: number
}

/** How a cost grows. */
export interface Curve {
  readonly label: string
  readonly points: readonly Point[]
}

/** The curves, and what the servers did wrong meanwhile. */
export interface Growth {
  readonly curves: readonly Curve[]
  readonly faults: readonly string[]
}

/**
 * So many speak to a server before its deliveries are measured: what V8 compiles in its first second is
 * the same for all sizes, so where a line reaches few clients it was most of what was measured.
 */
const FIRST_CLIENTS = 100

interface Question {
  readonly label: string
  readonly sizes: readonly number[]
  /** CPU seconds of the server for one delivery, or one command. */
  readonly measure: (target: Target, size: number) => Promise<Outcome<number>>
}

/** Measures how costs grow; tells before every run which one comes. */
export async function measureGrowth(
  plan: GrowthPlan,
  program: Program,
  announce: (step: string) => void,
): Promise<Growth> {
  const faults: string[] = []
  const costs = new Map<string, number[]>()
  const questions = questionsOf(plan)
  for (let round = 1; round <= plan.rounds; round++) {
    for (const { label, sizes, measure } of questions) {
      for (const size of sizes) {
        const step = `round ${round} of ${plan.rounds}, ${label} ${size}`
        announce(step)
        const server = await start(program)
        const outcome = await measure(server, size).finally(() => server.stop())
        const key = `${label} ${size}`
        if ('fault' in outcome) faults.push(`${step}: ${outcome.fault}`)
        else costs.set(key, [...(costs.get(key) ?? []), outcome.figure * 1e6])
      }
    }
  }
  const curves = questions.map(({ label, sizes }) => ({
    label,
    points: sizes.map((size) => ({
      size,
      cost: spread(costs.get(`${label} ${size}`) ?? []).median,
    })),
  }))
  return { curves, faults }
}

/** By how much the dearest point of a curve is dearer than the cheapest. */
export function growthOf({ points }: Curve): number {
  const costs = points.map(({ cost }) => cost)
  return Math.max(...costs) / Math.min(...costs)
}

function questionsOf(plan: GrowthPlan): readonly Question[] {
  const { seconds } = plan
  const crowd = { ...plan, rooms: 0 }
  return [
    {
      label: 'a delivery, by clients in the room',
      sizes: plan.clients,
      measure: async (target, clients) => {
        const first = await measureFanout(target, { ...crowd, clients: FIRST_CLIENTS, prefix: 'a' })
        if ('fault' in first) return first
        const outcome = await measureFanout(target, { ...crowd, clients })
        if ('fault' in outcome) return outcome
        return { figure: outcome.figure.used / outcome.figure.deliveries }
      },
    },
    {
      label: 'entering or leaving, by rooms that stand',
      sizes: plan.rooms,
      measure: (target, rooms) => measureCommands(target, { rooms, members: 10, seconds }),
    },
    {
      label: 'entering or leaving, by members of the room',
      sizes: plan.members,
      measure: (target, members) => measureCommands(target, { rooms: 1, members, seconds }),
    },
    {
      label: 'connecting, entering and disconnecting, by members of the room',
      sizes: plan.members,
      measure: (target, members) => measureVisits(target, { members, seconds }),
    },
  ]
}
