// enter: into a room, which is made if need be.

import type { Transition } from '../effect.js'
import { withMember } from '../membership.js'
import { findRoom, isLobby, type Room, type State, type User } from '../state.js'
import { makeRoom } from './make-room.js'
import { forUsers, refuse, unchanged, type Row } from './row.js'

/** A room's title or word. */
export interface Enter {
  readonly room: string
}

/** Makes the user a member; nothing happens if he is one. Refuses `bad-room` and `too-many-rooms`. */
export const enter: Row<Enter> = forUsers((state, user, { room: title }) => {
  const standing = findRoom(state, title)
  if (standing?.members.has(user.id)) return unchanged(state)
  const max = state.limits.roomsPerUser
  if (user.rooms.length >= max && !(standing && isLobby(state, standing))) {
    return refuse(state, user.id, { code: 'too-many-rooms', scope: 'joined', max })
  }
  if (standing !== undefined) return goIn(state, user, standing)
  const made = makeRoom(state, user, title)
  if ('refusal' in made) return refuse(state, user.id, made.refusal)
  const inside = goIn(made.state, user, made.room)
  return { state: inside.state, effects: [...made.effects, ...inside.effects] }
})

function goIn(state: State, user: User, room: Room): Transition {
  const event = { type: 'entered', room: room.name, nick: user.nick } as const
  return {
    state: withMember(state, user, room),
    effects: [{ type: 'send', to: room.watchers, event }],
  }
}
