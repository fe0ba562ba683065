// create: a room that did not stand before.

import { answer } from '../effect.js'
import { findRoom } from '../state.js'
import { makeAndGoIn, mayEnter } from './go-in.js'
import { makeRoom } from './make-room.js'
import { forUsers, refuse, type Row } from './row.js'

/** A room's title, and what its maker wants of it: to be in it, or that it is kept, also while empty, without him. */
export interface Create {
  readonly room: string
  readonly as: 'member' | 'founder'
}

/** Makes the room. Refuses `room-exists`, `bad-room`, and `too-many-rooms`. */
export const create: Row<Create> = forUsers((state, user, { room: title, as }) => {
  const standing = findRoom(state, title)
  if (standing !== undefined) {
    return refuse(state, user.id, { code: 'room-exists', room: standing.name })
  }
  if (as === 'member') {
    const refusal = mayEnter(state, user, undefined)
    if (refusal !== undefined) return refuse(state, user.id, refusal)
    return makeAndGoIn(state, user, title, false)
  }
  const made = makeRoom(state, user, title, true)
  if ('refusal' in made) return refuse(state, user.id, made.refusal)
  const you = answer(user.id, { type: 'youMade', room: made.room.name })
  return { state: made.state, effects: [you, ...made.effects] }
})
