// The options of `npm run bench`.

import { parseArgs } from 'node:util'
import type { Plan } from './rounds.js'

/** What `--help` prints. */
export const HELP = `npm run bench -- [options]

  --clients N,N,…  clients that talk in one room 10,100,500,2000
  --rounds N       rounds, of which the median is taken        3
  --seconds S      length of one measurement                 1.5
  --idle N         clients that are silent while memory
                   is measured                              2000
  --rooms N        rooms of 10 that talk at once             200
  --stalled N      clients that read nothing while
                   others talk                                 5
  --growth         also how costs grow with clients, rooms
                   and members: about three minutes more
  --peers          beside ngircd and inspircd, too, where these
                   are installed (apt-get install ngircd inspircd)
  --results DIR    write our part of results.md and, with
                   --growth, growth.svg there
  --json           the result as JSON (bench/report.ts)
  --help           this

Exit code: 0 done, 1 the verification failed, 2 bad options or could not run.
`

/** The most clients that are taken: their nicknames have five digits. */
const MAX_CLIENTS = 20_000

/** Clients that speak in every crowd; a crowd has one listener more at least. */
const SPEAKERS = 5

/** What was asked for. */
export type Options =
  | { readonly ask: 'help' }
  | {
      readonly ask: 'run'
      readonly plan: Plan
      readonly growth: boolean
      readonly peers: boolean
      readonly results: string | undefined
      readonly json: boolean
    }
  | { readonly ask: 'nothing'; readonly problem: string }

/** Reads the command line, or says in one line what is wrong with it. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        clients: { type: 'string', default: '10,100,500,2000' },
        rounds: { type: 'string', default: '3' },
        seconds: { type: 'string', default: '1.5' },
        idle: { type: 'string', default: '2000' },
        rooms: { type: 'string', default: '200' },
        stalled: { type: 'string', default: '5' },
        growth: { type: 'boolean', default: false },
        peers: { type: 'boolean', default: false },
        results: { type: 'string' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { ask: 'help' }
    const clients = values.clients.split(',')
    const plan: Plan = {
      clients: clients.map((text) => integer('--clients', text, SPEAKERS + 1, MAX_CLIENTS)),
      speakers: SPEAKERS,
      window: 32,
      seconds: number('--seconds', values.seconds, 0.05, 600),
      rounds: integer('--rounds', values.rounds, 1, 1000),
      idleClients: integer('--idle', values.idle, 1, MAX_CLIENTS),
      rooms: integer('--rooms', values.rooms, 1, MAX_CLIENTS / 10),
      stalled: integer('--stalled', values.stalled, 1, 1000),
      stallSeconds: 10,
    }
    const { growth, peers, results, json } = values
    return { ask: 'run', plan, growth, peers, results, json }
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

function integer(option: string, text: string, min: number, max: number): number {
  const value = number(option, text, min, max)
  if (Number.isInteger(value)) return value
  throw new RangeError(`${option} takes a whole number from ${min} to ${max}, not '${text}'`)
}
