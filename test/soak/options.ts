// The options of `npm run soak`.

import { parseArgs } from 'node:util'

/** What `--help` prints. */
export const HELP = `npm run soak -- [options]

Takes clients of all kinds and dialects to a server that runs by itself: they
come, talk, stall, reset, half-close and flood, while a canary pair talks on.
When all have left, the server must hold what it held before.

  --minutes N    how long to go on                          30
  --clients N    clients at a time                          80
  --seed N       of what they do               another each time
  --help         this

Exit code: 0 all well, 1 something was not, 2 bad options, 3 could not run.
`

const MAX_SEED = 2 ** 31 - 1

/** What was asked for. */
export type SoakOptions =
  | { readonly ask: 'help' }
  | {
      readonly ask: 'run'
      readonly minutes: number
      readonly clients: number
      readonly seed: number
    }
  | { readonly ask: 'nothing'; readonly problem: string }

/** Reads the command line, or says in one line what is wrong with it. */
export function readSoakOptions(args: readonly string[]): SoakOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '30' },
        clients: { type: 'string', default: '80' },
        seed: { type: 'string', default: String(Date.now() % MAX_SEED) },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { ask: 'help' }
    return {
      ask: 'run',
      minutes: number('--minutes', values.minutes, 0.1, 10_000),
      clients: number('--clients', values.clients, 1, 900),
      seed: number('--seed', values.seed, 0, MAX_SEED),
    }
  } catch (error) {
    // parseArgs tells of an unknown option by throwing, and so do we of a bad value.
    return { ask: 'nothing', problem: error instanceof Error ? error.message : String(error) }
  }
}

function number(option: string, text: string, min: number, max: number): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= min && value <= max) return value
  throw new RangeError(`${option} takes a number from ${min} to ${max}, not '${text}'`)
}
