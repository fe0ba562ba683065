// The runs of one benchmark: every round takes each crowd to each program in turn, so that a machine
// that slows down meanwhile slows all alike. Every run has a fresh server.

import { measureFanout, measureIdle, type Outcome, type Target } from './load.js'
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
  readonly stallSeconds: number
}

/** The programs that are compared: the one in question first. */
export type Programs = readonly [Program, Program]

/** What was measured of one program, in one way, over all rounds. */
export interface Series {
  readonly program: string
  /** One figure a round, in the order of the rounds; none of a round whose verification failed. */
  readonly figures: readonly (number | undefined)[]
}

/** One row of the report: both programs measured alike. */
export interface Row {
  /** Deliveries per CPU second of the server, or bytes per idle connection. */
  readonly unit: 'deliveries/cpu-s' | 'bytes/connection'
  readonly clients: number
  readonly series: readonly [Series, Series]
}

/** Everything that was measured. */
export interface Result {
  readonly rows: readonly Row[]
  /** What the servers did wrong, each with the run in which it was seen. */
  readonly faults: readonly string[]
}

type Measure = (target: Target) => Promise<Outcome<number | undefined>>

interface Scenario {
  readonly unit: Row['unit']
  readonly clients: number
  readonly label: string
  readonly measure: Measure
}

/** Runs the plan; tells before every run which one comes. */
export async function runRounds(
  plan: Plan,
  programs: Programs,
  announce: (step: string) => void,
): Promise<Result> {
  const runs = scenarios(plan).map((scenario) => ({
    scenario,
    figures: [[], []] as [(number | undefined)[], (number | undefined)[]],
  }))
  const faults: string[] = []
  for (let round = 1; round <= plan.rounds; round++) {
    for (const { scenario, figures } of runs) {
      for (const which of [0, 1] as const) {
        const step = `round ${round} of ${plan.rounds}, ${scenario.label}, ${programs[which].name}`
        announce(step)
        const outcome = await runOnce(programs[which], scenario.measure)
        figures[which].push('figure' in outcome ? outcome.figure : undefined)
        if ('fault' in outcome) faults.push(`${step}: ${outcome.fault}`)
      }
    }
  }
  const rows = runs.map(({ scenario: { unit, clients }, figures }): Row => {
    const [subject, reference] = programs
    return {
      unit,
      clients,
      series: [
        { program: subject.name, figures: figures[0] },
        { program: reference.name, figures: figures[1] },
      ],
    }
  })
  return { rows, faults }
}

async function runOnce(program: Program, measure: Measure): ReturnType<Measure> {
  const server = await start(program)
  try {
    return await measure(server)
  } finally {
    await server.stop()
  }
}

function scenarios(plan: Plan): Scenario[] {
  const fanouts = plan.clients.map((clients): Scenario => ({
    unit: 'deliveries/cpu-s',
    clients,
    label: `${clients} clients talk`,
    measure: async (target) => {
      const outcome = await measureFanout(target, { ...plan, clients })
      if ('fault' in outcome) return outcome
      const { deliveries, cpuSeconds } = outcome.figure
      return { figure: cpuSeconds > 0 ? deliveries / cpuSeconds : undefined }
    },
  }))
  const idle: Scenario = {
    unit: 'bytes/connection',
    clients: plan.idleClients,
    label: `${plan.idleClients} clients are silent`,
    measure: (target) => measureIdle(target, plan.idleClients),
  }
  return [...fanouts, idle]
}
