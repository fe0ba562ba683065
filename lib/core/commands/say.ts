// say: a line to everybody who listens in one room; the lobby is a room like any other here.

import { forMembers, forThoseWithin, type Row } from './row.js'
import { speakIn, type Speech } from './speak-in.js'

/** A room by its title or word. */
export interface Say extends Speech {
  readonly room: string
}

/** Tells the room's listeners, the sender among them if he wants his own lines back, and remembers the line. Refuses `unknown-room` and `not-in-room`. */
export const say: Row<Say> = forMembers((state, user, room, speech, at) =>
  speakIn(state, user, room, speech, at),
)

/** The same in the sender's current room. Refuses `not-in-room`. */
export const sayHere: Row<Speech> = forThoseWithin((state, user, room, speech, at) =>
  speakIn(state, user, room, speech, at),
)
