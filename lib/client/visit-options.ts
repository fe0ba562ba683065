// What a user of the running client has asked for.

import type { Client } from '../dialects/client.js'
import type { Place } from './place.js'
import type { TraceOptions } from './trace.js'

/** What a visit is to be. */
export interface VisitOptions {
  readonly client: Client
  /** Where to; undefined to ask for it. */
  readonly place: Place | undefined
  /** Where to, if the answer to that question is blank. */
  readonly usual: Place
  readonly nick: string | undefined
  /** Whether to ask for notices of who comes and goes, once the nickname stands. */
  readonly notices: boolean
  /** Whether to come again when the connection is lost. */
  readonly reconnect: boolean
  /** What lines of the server's must match, in this order; after the last one the visit is over. */
  readonly expect: readonly RegExp[]
  /** When the visit is over at the latest, in milliseconds; undefined for never. */
  readonly timeout: number | undefined
  readonly trace: TraceOptions | undefined
  /** The time of day in milliseconds since 1970. */
  readonly now: () => number
}
