// say: a line to everybody who listens in one room; the lobby is a room like any other here.

import { currentRoom } from '../state.js'
import { forMembers, forUsers, type Row } from './row.js'
import { speakIn } from './speak-in.js'

/** Clean text, and the sender's own time stamp where its dialect carries one. */
export interface Speech {
  readonly text: string
  readonly stamp?: string
}

/** A room by its title or word. */
export interface Say extends Speech {
  readonly room: string
}

/** Tells the room's listeners, the sender among them if he wants his own lines back, and remembers the line. Refuses `unknown-room` and `not-in-room`. */
export const say: Row<Say> = forMembers((state, user, room, speech, at) =>
  speakIn(state, user, room, speech, at),
)

/** The same in the sender's current room. */
export const sayHere: Row<Speech> = forUsers((state, user, speech, at) =>
  speakIn(state, user, currentRoom(state, user), speech, at),
)
