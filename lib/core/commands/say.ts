// say: a line to everybody in a room; the lobby is a room like any other here.

import type { Message, Room, State, User } from '../state.js'
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
  const effect = { type: 'send', to: room.members, event } as const
  return {
    state: remember(state, room, message),
    effects: [hearsItself(user) ? effect : { ...effect, except: user.id }],
  }
})

function hearsItself(user: User): boolean {
  return user.manners.echo
}

function stamped(message: Message, stamp: string | undefined): Message {
  if (stamp === undefined || utf8Length(stamp) > MAX_STAMP_BYTES) return message
  return clean(stamp) === stamp ? { ...message, stamp } : message
}

function remember(state: State, room: Room, message: Message): State {
  const { historyLength } = state.limits
  const history = [...room.history, message].slice(-historyLength)
  return withRoom(state, { ...room, history: historyLength === 0 ? [] : history })
}
