// say: a line to everybody in a room; the lobby is a room like any other here.

import type { Message, Room, State } from '../state.js'
import { isLobby, withRoom } from '../state.js'
import { clean, utf8Length } from '../text.js'
import { forMembers, type Row } from './row.js'

/** The longest time stamp of a sender's own that is passed on, in bytes (ChatApp, figure of the timestamp field). */
const MAX_STAMP_BYTES = 50

/** A room by its title or word, clean text, and the sender's own time stamp where its dialect carries one. */
export interface Say {
  readonly room: string
  readonly text: string
  readonly stamp?: string
}

/** Tells the room's members, the sender among them if he wants his own lines back, and remembers the line. */
export const say: Row<Say> = forMembers((state, user, room, { text, stamp }, at) => {
  const message = stamped({ from: user.nick, text, at }, stamp)
  const event = { type: 'said', room: room.name, lobby: isLobby(state, room), message } as const
  const except = user.manners.echo ? undefined : user.id
  return {
    state: remember(state, room, message),
    effects: [{ type: 'send', to: room.members, except, event }],
  }
})

function stamped(message: Message, stamp: string | undefined): Message {
  if (stamp === undefined || utf8Length(stamp) > MAX_STAMP_BYTES) return message
  return clean(stamp) === stamp ? { ...message, stamp } : message
}

function remember(state: State, room: Room, message: Message): State {
  const { historyLength } = state.limits
  if (historyLength === 0) return state
  const recent = room.history.length < historyLength ? room.history : room.history.slice(1)
  // Field by field for the same reason as in withRoom.
  const { key, name, members, watchers, kept } = room
  return withRoom(state, { key, name, members, watchers, history: [...recent, message], kept })
}
