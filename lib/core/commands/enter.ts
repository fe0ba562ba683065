// enter: into a room, which is made if need be.

import type { Transition } from '../effect.js'
import { findRoom, type State, type User } from '../state.js'
import { goIn, mayEnter } from './go-in.js'
import { makeRoom } from './make-room.js'
import { forUsers, refuse, type Row } from './row.js'

/** A room's title or word. */
export interface Enter {
  readonly room: string
  /** Whether the room, if it is made by this, stays while empty. */
  readonly kept?: boolean
}

/** Makes the user a member; all stays as it is if he is one. Refuses `bad-room` and `too-many-rooms`. */
export const enter: Row<Enter> = forUsers((state, user, { room: title, kept = false }, at) => {
  const standing = findRoom(state, title)
  const refusal = mayEnter(state, user, standing)
  if (refusal !== undefined) return refuse(state, user.id, refusal)
  if (standing !== undefined) return goIn(state, user, standing)
  return makeAndGoIn(state, user, title, kept ? at : undefined)
})

/** A new room with its maker in it; kept if `keptAt` says when it was made. */
export function makeAndGoIn(
  state: State,
  user: User,
  title: string,
  keptAt: number | undefined,
): Transition {
  const made = makeRoom(state, user, title, keptAt)
  if ('refusal' in made) return refuse(state, user.id, made.refusal)
  const inside = goIn(made.state, user, made.room, true)
  return { state: inside.state, effects: [...made.effects, ...inside.effects] }
}
