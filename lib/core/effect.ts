// What the host must do. The core only says it; lib/host does it, in this order.

import type { OrderedSet } from 'immutable'
import type { DepartureReason, Event } from './event.js'
import type { ConnectionId, State } from './state.js'

/** Who gets an event: one connection, or a set, wherever that can be one that the state itself holds: a host may cache by its identity. */
export type Audience = ConnectionId | OrderedSet<ConnectionId>

/** An instruction to the host. */
export type Effect =
  | {
      readonly type: 'send'
      readonly to: Audience
      /** The one member of the audience to whom its own message does not come back. */
      readonly except?: ConnectionId | undefined
      readonly event: Event
    }
  | {
      readonly type: 'close'
      /** A connection that occurs nowhere in the new state. */
      readonly id: ConnectionId
      readonly reason: DepartureReason
    }

/**
 * What one input leads to. What a user is refused leaves the very same state object; a newcomer's refusal counts
 * among its tries, and of a command for several rooms each room counts for itself.
 */
export interface Transition {
  readonly state: State
  readonly effects: readonly Effect[]
}

/** Nothing happens: the very same state. */
export function unchanged(state: State): Transition {
  return { state, effects: [] }
}

/** An event to one connection. */
export function answer(to: ConnectionId, event: Event): Effect {
  return { type: 'send', to, event }
}
