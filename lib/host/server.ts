// The server as programs embed it: a host and the sockets that listen for it.

import { clean, cutToBytes, findUser, type State } from '../core/index.js'
import { DIALECTS } from '../dialects/index.js'
import { formatPeer } from './address.js'
import { monotonic, timeOfDay } from './clock.js'
import type { Connection } from './connection.js'
import { Host } from './host.js'
import type { Journal } from './journal.js'
import { DEFAULT_LIMITS, problemWith, type Limits } from './limits.js'
import { formatEndpoint, isExposed, listen, readEndpoint, type Listener } from './listen.js'

/** The longest line that an operator or a file can have sent to users, in bytes. */
const MAX_LINE_BYTES = 2000

/** What a server may be given; each has a default. */
export interface ServerOptions {
  /** Limits that differ from their defaults (see LIMITS). */
  readonly limits?: Partial<Limits>
  /** Lines that each user gets when its nickname stands. */
  readonly motd?: readonly string[]
  /** Is told what happens; nothing is by default. */
  readonly journal?: Journal
  /** Whether the journal is told the text of messages; off by default. */
  readonly logMessages?: boolean
}

/** Somebody online, as an operator sees it. */
export interface OnlineUser {
  readonly nick: string
  /** `address:port`. */
  readonly peer: string
  readonly dialect: string
}

/** A chat server. */
export interface Server {
  /** What the house is now. */
  readonly state: State
  /** Everybody online, in the order of registration. */
  readonly users: readonly OnlineUser[]
  /**
   * Listens on `DIALECT://HOST:PORT` and gives the URL with the port it got. Rejects with a
   * sentence that says what is wrong and what to do, also once the server is closed.
   */
  listen(url: string): Promise<string>
  /** Says a line to everybody online, in the server's name. */
  announce(text: string): void
  /** Closes the connection of a nickname, or of the peer's port number; false if there is none. */
  kick(who: string | number, reason?: string): boolean
  /** Accepts nobody any more, carries out what was read, says goodbye to everybody, and resolves when all are gone; more calls wait for the same. */
  close(): Promise<void>
}

/** Makes a server that listens nowhere yet. Throws a TypeError for options that are none, a RangeError for limits out of their range. */
export function createServer(options: ServerOptions = {}): Server {
  checkOptions(options)
  const problem = problemWith(options.limits ?? {})
  if (problem !== undefined) throw new RangeError(problem)
  const journal = options.journal ?? (() => undefined)
  const host = new Host({
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    motd: (options.motd ?? []).map(oneLine),
    journal,
    clock: monotonic,
    timeOfDay,
    logMessages: options.logMessages ?? false,
  })
  const listeners: Listener[] = []
  let closing: Promise<void> | undefined
  const refuseIfClosed = (): void => {
    if (closing !== undefined) throw new Error('the server is closed: make another one')
  }
  const closeAll = async (): Promise<void> => {
    journal({ what: 'stopping' })
    for (const listener of listeners) listener.close()
    await host.stop()
    journal({ what: 'stopped' })
  }
  return {
    get state() {
      return host.state
    },
    get users() {
      return [...host.state.users.values()].flatMap(({ id, nick }) => {
        const connection = host.connection(id)
        if (connection === undefined) return []
        return [{ nick, peer: formatPeer(connection.peer), dialect: connection.dialect.name }]
      })
    },
    async listen(url) {
      refuseIfClosed()
      const endpoint = readEndpoint(url, DIALECTS)
      const listener = 'problem' in endpoint ? endpoint : await listen(host, endpoint)
      if ('problem' in listener) throw new Error(listener.problem)
      listeners.push(listener)
      if (closing !== undefined) listener.close()
      refuseIfClosed()
      const bound = formatEndpoint(listener.endpoint)
      journal({ what: 'listening', url: bound })
      if (isExposed(listener.endpoint)) journal({ what: 'exposed', url: bound })
      return bound
    },
    announce(text) {
      host.announce(oneLine(text))
    },
    kick(who, reason = '') {
      const connection = findConnection(host, who)
      if (connection === undefined) return false
      host.expel(connection, { code: 'kicked', reason: oneLine(reason) })
      return true
    },
    close() {
      return (closing ??= closeAll())
    },
  }
}

/** What each option must be. */
const EXPECTED: Readonly<
  Record<keyof ServerOptions, readonly [form: string, fits: (value: unknown) => boolean]>
> = {
  limits: ['an object of numbers, such as { maxClients: 30 }', isRecord],
  motd: [
    "an array of lines, such as ['Welcome.']",
    (value) => Array.isArray(value) && value.every((line) => typeof line === 'string'),
  ],
  journal: ['a function', (value) => typeof value === 'function'],
  logMessages: ['true or false', (value) => typeof value === 'boolean'],
}

/** Programs in JavaScript may give anything. */
function checkOptions(options: unknown): void {
  if (!isRecord(options)) {
    throw new TypeError("createServer takes an object, such as { motd: ['Welcome.'] }")
  }
  const odd = Object.keys(options).find((name) => !Object.hasOwn(EXPECTED, name))
  if (odd !== undefined) {
    throw new TypeError(
      `createServer has no option ${odd}, only ${Object.keys(EXPECTED).join(', ')}`,
    )
  }
  for (const [name, [form, fits]] of Object.entries(EXPECTED)) {
    const value = options[name]
    if (value !== undefined && !fits(value)) throw new TypeError(`createServer: ${name} is ${form}`)
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function oneLine(text: string): string {
  return cutToBytes(clean(text), MAX_LINE_BYTES)
}

function findConnection(host: Host, who: string | number): Connection | undefined {
  if (typeof who === 'string') return host.connection(findUser(host.state, who)?.id ?? '')
  for (const connection of host.connections) {
    if (connection.finishedAt === undefined && connection.peer.port === who) return connection
  }
  return undefined
}
