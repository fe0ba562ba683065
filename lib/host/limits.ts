// Every number the host obeys: bytes, queues, rates, deadlines of sockets. The numbers of
// chat itself are lib/core/limits.ts.

import {
  CORE_LIMITS,
  MAX_SECONDS,
  defaultsOf,
  type CoreLimitName,
  type Limit,
} from '../core/index.js'

/** The names of the host's limits. */
export type HostLimitName =
  | 'lineBytes'
  | 'unfinishedBytes'
  | 'registrationBytes'
  | 'connectionsPerAddress'
  | 'connectsPerMinute'
  | 'lineBurst'
  | 'lineRate'
  | 'byteRate'
  | 'linesPerTurn'
  | 'sendQueueBytes'
  | 'sendQueueTotalBytes'
  | 'stallTimeout'
  | 'keepalive'
  | 'idleMinutes'
  | 'lingerTimeout'
  | 'stopTimeout'
  | 'messageGap'

/** Every limit's name. */
export type LimitName = CoreLimitName | HostLimitName

/** The limits in force, by name; each in the unit that {@link LIMITS} states. */
export type Limits = Readonly<Record<LimitName, number>>

const MEBIBYTE = 1024 * 1024

/** The table of the host's limits. */
export const HOST_LIMITS: Readonly<Record<HostLimitName, Limit>> = {
  lineBytes: {
    default: 2048,
    min: 64,
    max: 65_536,
    unit: 'bytes',
    about: 'longest line without its end; a longer one is dropped with an error',
    why: 'below the 4,095 bytes that a terminal passes on in one line',
  },
  unfinishedBytes: {
    default: 65_536,
    min: 1024,
    max: 16 * MEBIBYTE,
    unit: 'bytes',
    about: 'bytes without a line end after which the connection is closed',
    why: 'one read of a socket; nobody types that much',
  },
  registrationBytes: {
    default: 4096,
    min: 64,
    max: 16 * MEBIBYTE,
    unit: 'bytes',
    about: 'bytes before a nickname stands after which the connection is closed',
    why: 'ten tries at a nickname fit many times over',
  },
  connectionsPerAddress: {
    default: 64,
    min: 1,
    max: 1_000_000,
    unit: 'connections',
    about: 'connections from one IPv4 address or IPv6 /64 network, loopback exempt',
    why: 'a class sits behind one router or on one shell host',
  },
  connectsPerMinute: {
    default: 120,
    min: 1,
    max: 1_000_000,
    unit: 'connections',
    about: 'new connections from one address in a minute, loopback exempt',
    why: 'each piped script is one connection',
  },
  lineBurst: {
    default: 100,
    min: 1,
    max: 1_000_000,
    unit: 'lines',
    about: 'lines taken at once before the rate holds, loopback exempt',
    why: 'a pasted page or a small script goes through at once',
  },
  lineRate: {
    default: 20,
    min: 1,
    max: 1_000_000,
    unit: 'lines a second',
    about:
      'lines taken afterwards; more are delayed, never dropped; each line of a text counts, and one said in several rooms for each; loopback exempt',
    why: 'faster than anybody types',
  },
  byteRate: {
    default: 20_000,
    min: 1000,
    max: 1_000_000_000,
    unit: 'bytes a second',
    about: 'bytes taken, and as many at once; more are delayed; loopback exempt',
    why: 'ten full lines a second',
  },
  linesPerTurn: {
    default: 16,
    min: 1,
    max: 1_000_000,
    unit: 'lines',
    about:
      'lines of one client taken before the others have their turn; each KiB is one, each 256 bytes of answers, and 16 who are told one by one',
    why: 'one flood must not hold up anybody; 16 still fill a batch',
  },
  sendQueueBytes: {
    default: MEBIBYTE,
    min: 16_384,
    max: 1024 * MEBIBYTE,
    unit: 'bytes',
    about: 'output waiting for a client that does not read; beyond it the client is closed',
    why: 'the kernel holds some 3 MiB more (measured on loopback)',
  },
  sendQueueTotalBytes: {
    default: 64 * MEBIBYTE,
    min: 16_384,
    max: 65_536 * MEBIBYTE,
    unit: 'bytes',
    about: 'the same over all clients; beyond it the one with the most waiting is closed',
    why: 'many slow readers must not add up to the whole memory',
  },
  stallTimeout: {
    default: 10,
    min: 1,
    max: MAX_SECONDS,
    unit: 'seconds',
    about: 'time a client with output waiting may take none of it',
    why: 'a reader that is only slow takes some in ten seconds',
  },
  keepalive: {
    default: 30,
    min: 1,
    max: MAX_SECONDS,
    unit: 'seconds',
    about: 'silence after which TCP probes whether the client is still there',
    why: 'a pulled cable is noticed after about 40 seconds (10 probes a second apart, measured)',
  },
  idleMinutes: {
    default: 0,
    min: 0,
    max: Math.floor(MAX_SECONDS / 60),
    unit: 'minutes',
    about: 'time without a line after which a user is closed; 0 for never',
    why: 'to listen is normal in a class',
  },
  lingerTimeout: {
    default: 2,
    min: 1,
    max: MAX_SECONDS,
    unit: 'seconds',
    about: 'time a closed client has to take its last lines; it counts anew while it takes some',
    why: 'enough for a distant client, short enough for a flood of bad ones',
  },
  stopTimeout: {
    default: 4,
    min: 1,
    max: MAX_SECONDS,
    unit: 'seconds',
    about: 'time to say goodbye to everybody when the server stops',
    why: 'with the exit itself a stop stays under five seconds',
  },
  messageGap: {
    default: 40,
    min: 20,
    max: 1000,
    unit: 'milliseconds',
    about: 'time between two messages to a client that takes one read for one message',
    why: 'at 20 a busy machine was seen to read two at once (Chat Box, OnlineChat)',
  },
}

/** All limits of the server, in the order of `--help`. */
export const LIMITS: Readonly<Record<LimitName, Limit>> = { ...CORE_LIMITS, ...HOST_LIMITS }

/** The default of every limit. */
export const DEFAULT_LIMITS: Limits = defaultsOf(LIMITS)

/** What is wrong with these limits, in one sentence without its end; undefined if nothing is. */
export function problemWith(limits: Readonly<Record<string, unknown>>): string | undefined {
  for (const [name, value] of Object.entries(limits)) {
    const limit = findLimit(name)
    if (limit === undefined) return `there is no limit '${name}'`
    const { min, max } = limit
    if (!Number.isInteger(value) || Number(value) < min || Number(value) > max) {
      return `${name} takes a whole number from ${min} to ${max}, not ${String(value)}`
    }
  }
  return undefined
}

function findLimit(name: string): Limit | undefined {
  return Object.entries(LIMITS).find(([key]) => key === name)?.[1]
}

/** The limits that `--no-limits` lifts to their maximum: rates and counts, never bounds on lines and queues. */
export const LIFTED: readonly LimitName[] = [
  'maxClients',
  'maxNewcomers',
  'roomsPerUser',
  'maxRooms',
  'keptRoomsPerUser',
  'connectionsPerAddress',
  'connectsPerMinute',
  'lineBurst',
  'lineRate',
  'byteRate',
  'linesPerTurn',
]
