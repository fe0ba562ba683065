// What a connection asks of the host that it is one of.

import type { Command, DepartureReason, Refusal } from '../core/index.js'
import type { Clock, Moment } from './clock.js'
import type { Connection } from './connection.js'
import type { Limits } from './limits.js'
import type { Turn } from './outbox.js'

/** What a connection asks of the host. */
export interface ConnectionHost {
  readonly limits: Limits
  readonly clock: Clock
  /** The time at which it was first asked for in this turn of the loop: for each line the clocks would be too dear. */
  readonly now: Moment
  readonly turn: Turn
  /** Whether the server is stopping: what was read is carried out whatever the pace, and nothing more is read. */
  readonly stopping: boolean
  /** The client asks for something; returns as how many lines that counts. */
  command(connection: Connection, command: Command): number
  /** Our own code failed on something the client sent. */
  mistake(connection: Connection, error: unknown): void
  /** The client must go, and is told why. */
  expel(connection: Connection, refusal: Refusal): void
  /** The client is gone, or will send nothing more. */
  gone(connection: Connection, reason: DepartureReason): void
  /** The outbox has lines for the end of this turn. */
  dirty(connection: Connection): void
  /** Reading was paused: {@link Connection.release} it in the next turn, or after so many milliseconds. */
  hold(connection: Connection, delay: number): void
  /** The socket is closed; nothing more will come of it. */
  closed(connection: Connection): void
}
