// enter: into a room, which is made if need be.

import { findRoom } from '../state.js'
import { goIn, makeAndGoIn, mayEnter } from './go-in.js'
import { forUsers, refuse, type Row } from './row.js'

/** A room's title or word. */
export interface Enter {
  readonly room: string
  /** Whether the room, if it is made by this, stays while empty. */
  readonly kept?: boolean
}

/** Makes the user a member; all stays as it is if he is one. Refuses `bad-room` and `too-many-rooms`. */
export const enter: Row<Enter> = forUsers((state, user, { room: title, kept = false }) => {
  const standing = findRoom(state, title)
  const refusal = mayEnter(state, user, standing)
  if (refusal !== undefined) return refuse(state, user.id, refusal)
  if (standing !== undefined) return goIn(state, user, standing)
  return makeAndGoIn(state, user, title, kept)
})
