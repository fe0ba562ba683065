// Where a server is, as people write it, and in plain words why it cannot be reached.

import {
  NO_ZONE,
  bareHost,
  findDialect,
  formatHost,
  readAddress,
  type Problem,
} from '../dialects/address.js'
import type { Client } from '../dialects/client.js'
import type { Dialect } from '../dialects/dialect.js'

/** An address to connect to. */
export interface Place {
  /** A host name or an address, IPv6 without brackets. */
  readonly host: string
  readonly port: number
}

/** What is to be spoken, and where. */
export interface Target {
  readonly dialect: Dialect
  /** Its client, which it has. */
  readonly client: Client
  readonly place: Place
  /** Set if no place was named, and the client asks for one then. */
  readonly isOpen: boolean
}

const DEFAULT_HOST = '127.0.0.1'
/** A port to connect to, as people write it: neither `0x50` nor `1e3`. */
const PORT = /^\d{1,5}$/

/**
 * Reads `DIALECT://HOST:PORT`, of which all but one part may be left out: `line` is spoken where
 * nothing is said, at the dialect's own port, on this machine; a number alone is a port. Refuses, in
 * words, what is none of that, and a dialect without a client.
 */
export function readTarget(text: string, dialects: ReadonlyMap<string, Dialect>): Target | Problem {
  const written = readAddress(PORT.test(text) ? `:${text}` : text)
  if ('problem' in written) return written
  const { scheme = 'line', host, port } = written
  const dialect = findDialect(dialects, scheme)
  if ('problem' in dialect) return dialect
  if (dialect.client === undefined) {
    return { problem: `${scheme} has no client yet: connect with telnet or nc` }
  }
  const number = port === undefined ? dialect.port : Number(port)
  if (number === 0 || number > 65_535) {
    return { problem: `port ${number} is none to connect to, take 1 to 65535` }
  }
  const { client } = dialect
  const place = { host: bareHost(host) || DEFAULT_HOST, port: number }
  const isOpen = host === '' && port === undefined && client.asks !== undefined
  return { dialect, client, place, isOpen }
}

/**
 * Reads an address and a port that were asked for, each by itself; a blank one is as `usual`. Says in
 * a sentence without its end what is wrong, otherwise.
 */
export function readPlace(host: string, port: string, usual: Place): Place | Problem {
  const name = bareHost(host.trim())
  const digits = port.trim()
  const number = digits === '' ? usual.port : PORT.test(digits) ? Number(digits) : NaN
  if (/\s/.test(name)) return { problem: 'an address is one word' }
  if (!(number >= 1 && number <= 65_535)) {
    return { problem: 'a port is a number from 1 to 65535' }
  }
  return { host: name === '' ? usual.host : name, port: number }
}

/** A place as people write it: an IPv6 address in brackets. */
export function formatPlace({ host, port }: Place): string {
  return `${formatHost(host)}:${port}`
}

const REASONS: ReadonlyMap<string | undefined, string> = new Map([
  ['ECONNREFUSED', 'nobody listens there. Is the server running, and is that its port?'],
  ['ENOTFOUND', 'there is no host of that name.'],
  ['EAI_AGAIN', 'the name cannot be looked up now. Is this machine on a network?'],
  ['ETIMEDOUT', 'it does not answer. Is the address right, and no firewall between?'],
  ['EHOSTUNREACH', 'there is no way to that host from here.'],
  ['ENETUNREACH', 'there is no way to that network from here.'],
  ['EADDRNOTAVAIL', 'this machine cannot reach such an address.'],
  ['EINVAL', `${NO_ZONE}.`],
  ['ECONNRESET', 'the connection was broken off (RST).'],
  ['EACCES', 'this system does not allow it.'],
])

/** Why there is no connection to a place, in a sentence. */
export function whyNot(place: Place, error: Error): string {
  return `Cannot connect to ${formatPlace(place)}: ${REASONS.get(codeOf(error)) ?? `${error.message}.`}`
}

const BREAKS: ReadonlyMap<string | undefined, string> = new Map([
  ['ECONNRESET', 'The server broke the connection off (RST).'],
  ['EPIPE', 'The server closed the connection and takes nothing more.'],
  ['ETIMEDOUT', 'The server does not answer any more.'],
])

/** Why a connection that stood is no more, in a sentence. */
export function whyBroken(error: Error): string {
  return BREAKS.get(codeOf(error)) ?? `The connection broke: ${error.message}.`
}

/** The system's code of an error; of several, one for each address that was tried, the first. */
function codeOf(error: Error): string | undefined {
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error
  return first instanceof Error && 'code' in first ? String(first.code) : undefined
}
