// leave: out of a room.

import { unchanged } from '../effect.js'
import { withoutMember } from '../membership.js'
import { findRoom } from '../state.js'
import { forUsers, type Row } from './row.js'

/** A room's title or word. */
export interface Leave {
  readonly room: string
}

/** Takes the user out; nothing happens if he is not in, or if there is no such room. */
export const leave: Row<Leave> = forUsers((state, user, { room: name }) => {
  const room = findRoom(state, name)
  if (!room?.members.has(user.id)) return unchanged(state)
  return withoutMember(state, user, room, 'asked')
})
