// The options of `npm run fuzz`.

import { parseArgs } from 'node:util'

/** What `--help` prints. */
export const HELP = `npm run fuzz -- [options]

Tries every invariant on random lives, until the time is over. What breaks one
is made as small as it gets and written down as a transcript (spec/README.md),
which can be played and edited.

  --minutes N    how long to go on; 0 for one round         10
  --seed N       where to begin: the same seed has the
                 same lives                      another each time
  --only TEXT    only invariants with this in their title
  --out FOLDER   where transcripts go            fuzz-failures
  --list         list the invariants
  --help         this

Exit code: 0 all held, 1 one is broken, 2 bad options.
`

/** The largest seed: fast-check takes 32 bits. */
const MAX_SEED = 2 ** 31 - 1

/** What was asked for. */
export type FuzzOptions =
  | { readonly ask: 'help' }
  | { readonly ask: 'list' }
  | {
      readonly ask: 'run'
      readonly minutes: number
      readonly seed: number
      readonly only: string
      readonly out: string
    }
  | { readonly ask: 'nothing'; readonly problem: string }

/** Reads the command line, or says in one line what is wrong with it. */
export function readFuzzOptions(args: readonly string[]): FuzzOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        minutes: { type: 'string', default: '10' },
        seed: { type: 'string', default: String(Date.now() % MAX_SEED) },
        only: { type: 'string', default: '' },
        out: { type: 'string', default: 'fuzz-failures' },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { ask: 'help' }
    if (values.list) return { ask: 'list' }
    const minutes = Number(values.minutes)
    const seed = Number(values.seed)
    if (values.minutes.trim() === '' || !(minutes >= 0 && minutes <= 10_000)) {
      return nothing(`--minutes takes a number from 0 to 10000, not '${values.minutes}'`)
    }
    if (!/^\d+$/.test(values.seed) || seed > MAX_SEED) {
      return nothing(`--seed takes a whole number from 0 to ${MAX_SEED}, not '${values.seed}'`)
    }
    return { ask: 'run', minutes, seed, only: values.only, out: values.out }
  } catch (error) {
    // parseArgs tells of an unknown option by throwing.
    return nothing(error instanceof Error ? error.message : String(error))
  }
}

function nothing(problem: string): FuzzOptions {
  return { ask: 'nothing', problem }
}
