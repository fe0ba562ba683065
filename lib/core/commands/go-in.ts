// What enter, create and join share: a user goes into a room.

import { answer, type Transition } from '../effect.js'
import type { Refusal } from '../event.js'
import { toWatchers, withMember } from '../membership.js'
import { isLobby, type Room, type State, type User } from '../state.js'
import { makeRoom } from './make-room.js'
import { refuse } from './row.js'

/** Why the user may be in no further room, if so; the lobby and rooms he is in do not count. */
export function mayEnter(state: State, user: User, room: Room | undefined): Refusal | undefined {
  const max = state.limits.roomsPerUser
  if (user.rooms.length < max || room?.members.has(user.id) === true) return undefined
  if (room !== undefined && isLobby(state, room)) return undefined
  return { code: 'too-many-rooms', scope: 'joined', max }
}

/** The user in the room, he and those who watch told; if he is in already, he alone is told. `made` if it was made for him. */
export function goIn(state: State, user: User, room: Room, made = false): Transition {
  const you = answer(user.id, { type: 'youEntered', room: room.name, made })
  if (room.members.has(user.id)) return { state, effects: [you] }
  const event = { type: 'entered', room: room.name, nick: user.nick, why: 'asked' } as const
  return {
    state: withMember(state, user, room),
    effects: [you, ...toWatchers(state, room.watchers, event)],
  }
}

/** A new room of this title, kept or not, with its maker in it. Refuses as {@link makeRoom} does. */
export function makeAndGoIn(state: State, user: User, title: string, kept: boolean): Transition {
  const made = makeRoom(state, user, title, kept)
  if ('refusal' in made) return refuse(state, user.id, made.refusal)
  const inside = goIn(made.state, user, made.room, true)
  return { state: inside.state, effects: [...made.effects, ...inside.effects] }
}
