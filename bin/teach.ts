// The teaching servers of the program: they share its table of `--listen` and its log, and have
// neither lobby nor console.

import type { Options } from 'yargs'
import {
  listen,
  readEndpoint,
  formatEndpoint,
  isExposed,
  type Listener,
} from '../lib/host/listen.js'
import { DIALECTS, type Dialect, type Journal, type Limits } from '../lib/index.js'
import {
  Classroom,
  MISTAKES,
  TEACHINGS,
  type Teaching,
  type TeachingOptions,
} from '../lib/teach/index.js'
import { UsageError, nameOf, readSwitch, readText, type Sources } from './sources.js'

/** All that can be spoken on an address, by the name that `--listen NAME://…` uses. */
export const SPOKEN: ReadonlyMap<string, Dialect | Teaching> = new Map<string, Dialect | Teaching>([
  ...DIALECTS,
  ...TEACHINGS,
])

/** The options of teaching servers. */
export const TEACHING: Readonly<Record<string, Options>> = {
  'close-after-line': {
    describe: 'have echo:// and upper:// close after the first line, as the tutorial begins',
  },
  mistake: {
    requiresArg: true,
    describe: "serve the tutorial's chat, chat://, with this mistake (see docs/mistakes)",
  },
}

/** What is spoken where no option says: the chat that makes the mistake, if one is asked for. */
export function defaultDialect(sources: Sources): string {
  return readText(sources, 'mistake') === undefined ? 'line' : 'chat'
}

/** Reads {@link TEACHING}; `listen` are the URLs that it is for, undefined with `--ask`. Throws a {@link UsageError}. */
export function readTeaching(
  sources: Sources,
  listen: readonly string[] | undefined,
): TeachingOptions {
  const mistake = readText(sources, 'mistake')
  const closeAfterLine = readSwitch(sources, 'close-after-line')
  if (mistake !== undefined && !MISTAKES.has(mistake)) {
    const names = [...MISTAKES.keys()].join(', ')
    throw new UsageError(`${nameOf(sources, 'mistake')} takes one of ${names}, not '${mistake}'`)
  }
  if (mistake !== undefined) requireOneOf(sources, 'mistake', ['chat'], listen)
  if (closeAfterLine) requireOneOf(sources, 'close-after-line', ['echo', 'upper'], listen)
  return { mistake, closeAfterLine }
}

function requireOneOf(
  sources: Sources,
  option: string,
  names: readonly string[],
  listen: readonly string[] | undefined,
): void {
  if (listen?.some((url) => names.some((name) => url.startsWith(`${name}://`))) === true) return
  const wanted = names.map((name) => `${name}://`).join(' or ')
  const advice =
    listen === undefined
      ? `, and ${nameOf(sources, 'ask')} is for line://: leave one of them`
      : ': give --listen one of those'
  throw new UsageError(`${nameOf(sources, option)} is for ${wanted}${advice}`)
}

/** What the teaching servers are given. */
interface SchoolOptions {
  readonly teaching: TeachingOptions
  readonly limits: Pick<Limits, 'keepalive'>
  readonly journal: Journal
  /** Is called with the reason when one of them has crashed, which only one with a mistake does. */
  readonly crashed: (reason: string) => void
}

/** All teaching servers of the program. */
export class School {
  readonly #options: SchoolOptions
  readonly #listeners: Listener[] = []
  readonly #classrooms: Classroom[] = []

  constructor(options: SchoolOptions) {
    this.#options = options
  }

  /** Listens if the URL is of a teaching server, and tells the journal; false if it is not. Throws if it cannot listen. */
  async listen(url: string): Promise<boolean> {
    const endpoint = readEndpoint(url, TEACHINGS)
    if ('problem' in endpoint) return false
    const { teaching, limits, journal, crashed } = this.#options
    const classroom = new Classroom((crash) => endpoint.dialect.lessonOf(teaching, crash))
    const listener = await listen(
      {
        limits,
        accept(socket) {
          classroom.accept(socket)
        },
        warn(text) {
          journal({ what: 'warning', text })
        },
      },
      endpoint,
    )
    if ('problem' in listener) throw new Error(listener.problem)
    this.#listeners.push(listener)
    this.#classrooms.push(classroom)
    const bound = formatEndpoint(listener.endpoint)
    journal({ what: 'listening', url: bound })
    if (isExposed(listener.endpoint)) journal({ what: 'exposed', url: bound })
    void classroom.crashed.then(crashed)
    return true
  }

  /** Listens no more and cuts everybody off. */
  close(): void {
    for (const listener of this.#listeners) listener.close()
    for (const classroom of this.#classrooms) classroom.close()
  }
}
