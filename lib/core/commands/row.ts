// The columns of the command table: what many commands ask of their asker before they run,
// checked here and nowhere else.

import type { Transition } from '../effect.js'
import { answer, unchanged } from '../effect.js'
import type { Refusal } from '../event.js'
import { dismiss } from '../arrival.js'
import {
  currentRoom,
  findRoom,
  type ConnectionId,
  type Newcomer,
  type Room,
  type State,
  type User,
} from '../state.js'

/** One verb of the table: what it does for any connection, the preconditions of its column included. */
export interface Row<Args> {
  readonly run: (state: State, id: ConnectionId, at: number, args: Args) => Transition
}

/** A verb of those whose nickname does not stand yet; a user who uses it changes nothing. */
export function forNewcomers<Args>(
  run: (state: State, newcomer: Newcomer, args: Args) => Transition,
): Row<Args> {
  return {
    run(state, id, _at, args) {
      const newcomer = state.newcomers.get(id)
      return newcomer === undefined ? unchanged(state) : run(state, newcomer, args)
    },
  }
}

/** A verb of those whose nickname stands; a newcomer who uses it has failed to give one. */
export function forUsers<Args>(
  run: (state: State, user: User, args: Args, at: number) => Transition,
): Row<Args> {
  return {
    run(state, id, at, args) {
      const user = state.users.get(id)
      if (user !== undefined) return run(state, user, args, at)
      const newcomer = state.newcomers.get(id)
      return newcomer === undefined ? unchanged(state) : countFailure(state, newcomer)
    },
  }
}

/** A user's verb about a room that stands. */
export function forRooms<Args extends { readonly room: string }>(
  run: (state: State, user: User, room: Room, args: Args, at: number) => Transition,
): Row<Args> {
  return forUsers((state, user, args, at) => {
    const room = findRoom(state, args.room)
    if (room === undefined) return refuse(state, user.id, { code: 'unknown-room', room: args.room })
    return run(state, user, room, args, at)
  })
}

/** A user's verb about a room he is in. */
export function forMembers<Args extends { readonly room: string }>(
  run: (state: State, user: User, room: Room, args: Args, at: number) => Transition,
): Row<Args> {
  return forRooms((state, user, room, args, at) => {
    if (room.members.has(user.id)) return run(state, user, room, args, at)
    return refuseOutsider(state, user, room)
  })
}

/** A user's verb about his current room, which he may have left if it is the lobby. */
export function forThoseWithin<Args>(
  run: (state: State, user: User, room: Room, args: Args, at: number) => Transition,
): Row<Args> {
  return forUsers((state, user, args, at) => {
    const room = currentRoom(state, user)
    if (room.members.has(user.id)) return run(state, user, room, args, at)
    return refuseOutsider(state, user, room)
  })
}

/** The asker is told why not; nothing else happens. */
export function refuse(state: State, id: ConnectionId, refusal: Refusal): Transition {
  return { state, effects: [answer(id, { type: 'refused', refusal })] }
}

/** The asker is told that he is not in this room; nothing else happens. */
export function refuseOutsider(state: State, user: User, room: Room): Transition {
  return refuse(state, user.id, { code: 'not-in-room', room: room.name, nick: user.nick })
}

/** A newcomer's line was no nickname: told what to send, or turned away at the last of its tries. */
export function countFailure(
  state: State,
  newcomer: Newcomer,
  refusal: Refusal = { code: 'bad-nick', maxLength: state.limits.nickLength },
): Transition {
  const failures = newcomer.failures + 1
  const max = state.limits.registrationFailures
  if (failures >= max) return dismiss(state, newcomer, { code: 'too-many-failures', max })
  const tried = state.newcomers.set(newcomer.id, { ...newcomer, failures })
  return refuse({ ...state, newcomers: tried }, newcomer.id, refusal)
}
