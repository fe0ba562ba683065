// The only door to the state: one input at a time, in one order, each answered with the next
// state and what the host must do. Pure: no IO, no clock, no randomness; time and ids come in.

import { announce, close, expel, open, stop, tick, type Arrival } from './arrival.js'
import { rowOf, type Command, type CommandName } from './commands/index.js'
import type { Transition } from './effect.js'
import type { DepartureReason, Refusal } from './event.js'
import type { ConnectionId, State } from './state.js'

/**
 * What the host tells the core. `at`, in milliseconds, is for deadlines in `open` and `tick`, where it is of a
 * clock that never goes back; in the others it is the time of day since 1970, which what is said remembers.
 */
export type Input =
  | ({ readonly type: 'open'; readonly at: number } & Arrival)
  | {
      readonly type: 'command'
      readonly id: ConnectionId
      readonly at: number
      readonly command: Command
    }
  | {
      readonly type: 'close'
      readonly id: ConnectionId
      readonly at: number
      readonly reason: DepartureReason
    }
  | {
      /** The host or its operator ends a connection and says why. */
      readonly type: 'expel'
      readonly id: ConnectionId
      readonly at: number
      readonly refusal: Refusal
    }
  | { readonly type: 'announce'; readonly at: number; readonly text: string }
  | { readonly type: 'tick'; readonly at: number }
  | { readonly type: 'stop'; readonly at: number }

/** The next state and the effects of one input. Never throws. */
export function transition(state: State, input: Input): Transition {
  switch (input.type) {
    case 'open':
      return open(state, input, input.at)
    case 'command':
      return perform(state, input.id, input.at, input.command)
    case 'close':
      return close(state, input.id, input.reason)
    case 'expel':
      return expel(state, input.id, input.refusal)
    case 'announce':
      return announce(state, input.text)
    case 'tick':
      return tick(state, input.at)
    case 'stop':
      return stop(state)
  }
}

function perform<Name extends CommandName>(
  state: State,
  id: ConnectionId,
  at: number,
  command: Command<Name>,
): Transition {
  return rowOf(command).run(state, id, at, command)
}
