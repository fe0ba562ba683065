// The options of `npm run faults`.

import { parseArgs } from 'node:util'
import type { Entry } from './catalogue.js'

/** What `--help` prints. */
export const HELP = `npm run faults -- [options]

  --list          what is not tested, and why; then ends
  --only NUMBER   only the row of this number, such as F-16; rows that
                  share a story are played together: I-1, or any
                  other, plays all of I-1 to I-103
  --help          this

Exit code: 0 every promise was kept, 1 one was broken, 2 for options that do not fit,
3 if the machine was too busy to tell.
`

/** What was asked for. */
export type FaultsOptions =
  | { readonly ask: 'help' }
  | { readonly ask: 'list' }
  /** To play this row; without one, all. */
  | { readonly ask: 'play'; readonly only: string | undefined }
  | { readonly ask: 'nothing'; readonly problem: string }

/**
 * Reads the command line, or says in one line what is wrong with it. `played` are the rows that can be played, as
 * {@link isOf} takes them, `catalogue` is all of them.
 */
export function readFaultsOptions(
  args: readonly string[],
  played: readonly string[],
  catalogue: readonly Entry[],
): FaultsOptions {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        list: { type: 'boolean', default: false },
        only: { type: 'string', multiple: true, default: [] },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { ask: 'help' }
    if (values.list) return { ask: 'list' }
    const [only, ...more] = values.only
    if (more.length > 0) return nothing('--only may be given only once')
    if (only === undefined || played.some((numbers) => isOf(numbers, only))) {
      return { ask: 'play', only }
    }
    return nothing(whyNotPlayed(only, catalogue))
  } catch (error) {
    // parseArgs tells of an unknown option by throwing.
    return nothing(error instanceof Error ? error.message : String(error))
  }
}

/** Whether a row is among `numbers`: one, some with blanks between, or the first and the last with `to` between. */
export function isOf(numbers: string, row: string): boolean {
  const [, letter, first, last] = /^([IF])-(\d+) to \1-(\d+)$/.exec(numbers) ?? []
  if (letter === undefined) return numbers.split(' ').includes(row)
  const [, own, number] = /^([IF])-(\d+)$/.exec(row) ?? []
  return own === letter && Number(number) >= Number(first) && Number(number) <= Number(last)
}

function whyNotPlayed(only: string, catalogue: readonly Entry[]): string {
  const entry = catalogue.find(({ number }) => number === only)
  if (entry === undefined) {
    return `there is no row '${only}': --only takes one number of docs/faults.md, such as F-16`
  }
  const { files, reason } = entry
  return `${only} is not played here: ${reason ?? `npm test has it, in ${files.join(' and ')}`}`
}

function nothing(problem: string): FaultsOptions {
  return { ask: 'nothing', problem }
}
