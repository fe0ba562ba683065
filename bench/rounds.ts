// The runs of one benchmark: every round takes each scenario to both its sides in turn, so that a
// machine that slows down meanwhile slows both alike. Every run has a fresh server.

import { measureFanout, measureIdle, type FanoutPlan, type Outcome, type Target } from './load.js'
import type { Peer } from './peers.js'
import { start, type Program } from './server.js'

/** What is to be run. */
export interface Plan {
  /** Sizes of the crowd that talks, one after the other. */
  readonly clients: readonly number[]
  readonly speakers: number
  readonly window: number
  /** Length of one measurement, its warm-up apart. */
  readonly seconds: number
  readonly rounds: number
  /** Size of the crowd that is silent while memory is measured. */
  readonly idleClients: number
  /** How many rooms of {@link ROOM_SIZE} talk at once. */
  readonly rooms: number
  /** How many clients read nothing while the others talk. */
  readonly stalled: number
  readonly stallSeconds: number
}

/** Members of each of the many rooms; all of them speak. */
export const ROOM_SIZE = 10
/** Clients of the one room that many rooms, and a room with stalled readers, are compared with. */
export const COMPARED_CLIENTS = 100

/** The program in question, what it is compared with, and what else is there. */
export type Programs = readonly [Program, Program, ...Peer[]]

/** Peers see no larger crowds: some register their clients once a second. */
const MOST_PEER_CLIENTS = 500

/** What was measured in one way over all rounds. */
export interface Series {
  readonly name: string
  /** One figure a round, in the order of the rounds; none of a round whose verification failed. */
  readonly figures: readonly (number | undefined)[]
}

/** One row of the report: two series to compare. */
export interface Row {
  /** Deliveries per CPU second of the server, or bytes per idle connection. */
  readonly unit: 'deliveries/cpu-s' | 'bytes/connection'
  /** What the clients do. */
  readonly label: string
  readonly series: readonly [Series, Series]
}

/** Everything that was measured. */
export interface Result {
  /** Partyline beside another program. */
  readonly rows: readonly Row[]
  /** Partyline beside itself under another load. */
  readonly itself: readonly Row[]
  /** What the servers did wrong, each with the run in which it was seen. */
  readonly faults: readonly string[]
}

type Measure = (target: Target) => Promise<Outcome<number | undefined>>

/** One of the two that a scenario compares. */
interface Side {
  readonly name: string
  readonly program: Program | Peer
  readonly measure: Measure
}

interface Scenario {
  readonly unit: Row['unit']
  readonly label: string
  readonly sides: readonly [Side, Side]
}

/** Runs the plan; tells before every run which one comes. */
export async function runRounds(
  plan: Plan,
  programs: Programs,
  announce: (step: string) => void,
): Promise<Result> {
  const rows = besideOther(plan, programs).map(emptyRow)
  const itself = besideItself(plan, programs[0]).map(emptyRow)
  const faults: string[] = []
  for (let round = 1; round <= plan.rounds; round++) {
    for (const { scenario, series } of [...rows, ...itself]) {
      for (const which of [0, 1] as const) {
        const { name, program, measure } = scenario.sides[which]
        const doing = name === program.name ? `${scenario.label}, ${name}` : name
        const step = `round ${round} of ${plan.rounds}, ${doing}`
        announce(step)
        const outcome = await runOnce(program, measure)
        series[which].figures.push('figure' in outcome ? outcome.figure : undefined)
        if ('fault' in outcome) faults.push(`${step}: ${outcome.fault}`)
      }
    }
  }
  const rowOf = ({ scenario: { unit, label }, series }: Filling): Row => ({ unit, label, series })
  return { rows: rows.map(rowOf), itself: itself.map(rowOf), faults }
}

/** A row whose figures come round by round. */
interface Filling {
  readonly scenario: Scenario
  readonly series: readonly [FillingSeries, FillingSeries]
}

interface FillingSeries {
  readonly name: string
  readonly figures: (number | undefined)[]
}

function emptyRow(scenario: Scenario): Filling {
  const [subject, reference] = scenario.sides
  return {
    scenario,
    series: [
      { name: subject.name, figures: [] },
      { name: reference.name, figures: [] },
    ],
  }
}

async function runOnce(program: Program | Peer, measure: Measure): ReturnType<Measure> {
  const server = await ('start' in program ? program.start() : start(program))
  try {
    return await measure(server)
  } finally {
    await server.stop()
  }
}

function besideOther(plan: Plan, [subject, reference, ...peers]: Programs): readonly Scenario[] {
  const both = (other: Program | Peer, measure: Measure): Scenario['sides'] => [
    { name: subject.name, program: subject, measure },
    { name: other.name, program: other, measure },
  ]
  const talking = (other: Program | Peer, clients: number): Scenario => ({
    unit: 'deliveries/cpu-s',
    label: `${clients} clients talk`,
    sides: both(other, deliveriesPerCpuSecond({ ...plan, clients, rooms: 0, stalled: 0 })),
  })
  const crowds = plan.clients.filter((clients) => clients <= MOST_PEER_CLIENTS)
  return [
    ...plan.clients.map((clients) => talking(reference, clients)),
    ...peers.flatMap((peer) => crowds.map((clients) => talking(peer, clients))),
    {
      unit: 'bytes/connection',
      label: `${plan.idleClients} clients are silent`,
      sides: both(reference, (target) => measureIdle(target, plan.idleClients)),
    },
  ]
}

function besideItself(plan: Plan, program: Program): readonly Scenario[] {
  const one = { ...plan, clients: COMPARED_CLIENTS, rooms: 0, stalled: 0 }
  const many = {
    ...plan,
    clients: plan.rooms * ROOM_SIZE,
    speakers: plan.rooms * ROOM_SIZE,
    stalled: 0,
  }
  const beside = (name: string, measured: FanoutPlan): Scenario => ({
    unit: 'deliveries/cpu-s',
    label: name,
    sides: [
      { name, program, measure: deliveriesPerCpuSecond(measured) },
      {
        name: `${COMPARED_CLIENTS} clients talk`,
        program,
        measure: deliveriesPerCpuSecond(one),
      },
    ],
  })
  return [
    beside(`${plan.rooms} rooms of ${ROOM_SIZE} talk`, many),
    beside(`${plan.stalled} more read nothing`, { ...one, stalled: plan.stalled }),
  ]
}

function deliveriesPerCpuSecond(plan: FanoutPlan): Measure {
  return async (target) => {
    const outcome = await measureFanout(target, plan)
    if ('fault' in outcome) return outcome
    const { deliveries, used } = outcome.figure
    return { figure: used > 0 ? deliveries / used : undefined }
  }
}
