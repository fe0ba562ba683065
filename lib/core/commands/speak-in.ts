// What all ways of speaking share: a line in one room, told and remembered.

import type { OrderedSet } from 'immutable'
import type { Transition } from '../effect.js'
import {
  isLobby,
  withRoom,
  type ConnectionId,
  type Message,
  type Room,
  type State,
  type User,
} from '../state.js'
import { clean, utf8Length } from '../text.js'

/** Clean text, and the sender's own time stamp where its dialect carries one. */
export interface Speech {
  readonly text: string
  readonly stamp?: string
}

/** The longest time stamp of a sender's own that is passed on, in bytes: a name's length in the ChatApp document. */
const MAX_STAMP_BYTES = 50

/** Tells `audience` (the room's listeners if left out) what `user` says there; he hears it himself if his client wants that. */
export function speakIn(
  state: State,
  user: User,
  room: Room,
  { text, stamp }: Speech,
  at: number,
  audience: OrderedSet<ConnectionId> = room.listeners,
): Transition {
  const message = stamped({ from: user.nick, text, at }, stamp)
  const event = { type: 'said', room: room.name, lobby: isLobby(state, room), message } as const
  const except = user.manners.echo ? undefined : user.id
  return {
    state: remember(state, room, message),
    effects: [{ type: 'send', to: audience, except, event }],
  }
}

function stamped(message: Message, stamp: string | undefined): Message {
  if (stamp === undefined || utf8Length(stamp) > MAX_STAMP_BYTES) return message
  return clean(stamp) === stamp ? { ...message, stamp } : message
}

function remember(state: State, room: Room, message: Message): State {
  const { historyLength } = state.limits
  if (historyLength === 0) return state
  const history = room.history.slice(room.history.length < historyLength ? 0 : 1)
  history.push(message)
  // Field by field for the same reason as in withRoom.
  const { key, name, members, listeners, watchers, keptBy } = room
  return withRoom(state, { key, name, members, listeners, watchers, history, keptBy })
}
