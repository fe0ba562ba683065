// Every number the state machine obeys, each with its unit and its reason.
// Nothing here knows a socket: the bounds on bytes and queues are lib/host/limits.ts.

/** One configurable number: its unit, the range that is accepted, and why the default is what it is. */
export interface Limit {
  readonly default: number
  readonly min: number
  readonly max: number
  readonly unit: string
  /** What it bounds, as `--help` prints it. */
  readonly about: string
  /** Why the default is this number. */
  readonly why: string
}

/** The names of the core's limits. */
export type CoreLimitName =
  | 'maxClients'
  | 'maxNewcomers'
  | 'registrationTimeout'
  | 'crowdedTimeout'
  | 'registrationFailures'
  | 'nickLength'
  | 'roomBytes'
  | 'roomsPerUser'
  | 'maxRooms'
  | 'keptRoomsPerUser'
  | 'historyLength'

/** The core's limits in force, by name; each in the unit that {@link CORE_LIMITS} states. */
export type CoreLimits = Readonly<Record<CoreLimitName, number>>

/** Longest delay a timer can hold: beyond 2^31-1 ms Node fires it at once. */
export const MAX_SECONDS = 2_147_483

/** The table of the core's limits. */
export const CORE_LIMITS: Readonly<Record<CoreLimitName, Limit>> = {
  maxClients: {
    default: 1000,
    min: 1,
    max: 1_000_000,
    unit: 'connections',
    about: 'connections at once; one more is told server-full',
    why: 'a school, with room to spare; 9,000 idle ones were measured at 36 MiB',
  },
  maxNewcomers: {
    default: 256,
    min: 1,
    max: 1_000_000,
    unit: 'connections',
    about: 'connections without a nickname at once, loopback exempt; the oldest goes first',
    why: 'connections that never speak must not fill the server',
  },
  registrationTimeout: {
    default: 60,
    min: 1,
    max: MAX_SECONDS,
    unit: 'seconds',
    about: 'time to send a nickname, counted from the connect',
    why: 'children type slowly; counted from the connect, so that bytes cannot prolong it',
  },
  crowdedTimeout: {
    default: 10,
    min: 1,
    max: MAX_SECONDS,
    unit: 'seconds',
    about: 'the same while more than 80 % of max-clients are connected',
    why: 'places are scarce then (postfix shortens its timers under stress the same way)',
  },
  registrationFailures: {
    default: 10,
    min: 1,
    max: 1000,
    unit: 'lines',
    about: 'lines that are no nickname until the connection is closed',
    why: 'enough to read the error and try again, too few to be a game',
  },
  nickLength: {
    default: 50,
    min: 16,
    max: 50,
    unit: 'characters',
    about: 'length of a nickname',
    why: 'what the ChatApp document allows; letters and digits, so characters are bytes; 16 are the least that the line protocol lets a server take',
  },
  roomBytes: {
    default: 50,
    min: 16,
    max: 50,
    unit: 'bytes',
    about: 'length of a room name in UTF-8',
    why: 'what the ChatApp document allows',
  },
  roomsPerUser: {
    default: 20,
    min: 1,
    max: 10_000,
    unit: 'rooms',
    about: 'rooms one user may be in, the lobby apart',
    why: 'what IRC networks allow',
  },
  maxRooms: {
    default: 1000,
    min: 1,
    max: 1_000_000,
    unit: 'rooms',
    about: 'rooms in all; when they are full, the kept room that is empty longest goes',
    why: 'one for each client of a full server',
  },
  keptRoomsPerUser: {
    default: 20,
    min: 1,
    max: 10_000,
    unit: 'rooms',
    about: 'standing rooms one user has made that are kept while empty',
    why: 'as many as one may be in',
  },
  historyLength: {
    default: 10,
    min: 0,
    max: 1000,
    unit: 'messages',
    about: 'messages each room remembers',
    why: 'the ChatApp document sends the last ten',
  },
}

/** The defaults of {@link CORE_LIMITS}, ready for {@link initialState}. */
export const DEFAULT_CORE_LIMITS: CoreLimits = defaultsOf(CORE_LIMITS)

/** Picks the default of every row of a table of limits. */
export function defaultsOf<Name extends string>(
  table: Readonly<Record<Name, Limit>>,
): Readonly<Record<Name, number>>
/** (The signature above says which names: Object.fromEntries forgets them.) */
export function defaultsOf(table: Readonly<Record<string, Limit>>): Record<string, number> {
  const rows = Object.entries(table)
  return Object.fromEntries(rows.map(([name, { default: value }]) => [name, value]))
}
