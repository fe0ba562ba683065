// Who is in which room: the one place where a room's members and a user's rooms change, so
// that both sides of the relation always agree.

import type { Effect } from './effect.js'
import type { LeavingReason } from './event.js'
import {
  isLobby,
  roomAt,
  withRoom,
  type Manners,
  type Room,
  type State,
  type User,
} from './state.js'

/** The state with `user`, whose nickname stands in it, a member of `room`. */
export function withMember(state: State, user: User, room: Room): State {
  const members = room.members.add(user.id)
  const watchers = user.manners.notices ? room.watchers.add(user.id) : room.watchers
  const occupied = withRoom(state, { ...settled(room), members, watchers })
  if (isLobby(state, room)) return occupied
  return withUser(occupied, { ...user, rooms: [...user.rooms, room.key] })
}

/** What {@link withoutMember} gives: the new state and what the others are told. */
export interface Departure {
  readonly state: State
  readonly effects: readonly Effect[]
}

/**
 * The state with `user` out of `room`; an emptied room that is not kept goes, and a kept one
 * remembers since when it is empty. Tells those who stay and watch (but not that somebody who goes
 * offline is no longer in the lobby, which is the same news), and that the room is gone.
 */
export function withoutMember(
  state: State,
  user: User,
  room: Room,
  why: LeavingReason,
  at: number,
): Departure {
  const members = room.members.delete(user.id)
  const watchers = room.watchers.delete(user.id)
  const remaining = withUser(state, {
    ...user,
    rooms: user.rooms.filter((key) => key !== room.key),
  })
  const silent = isLobby(state, room) && why === 'offline'
  if (members.isEmpty() && room.kept === undefined && !isLobby(state, room)) {
    return {
      state: { ...remaining, rooms: remaining.rooms.delete(room.key) },
      effects: [{ type: 'send', to: state.watchers, event: { type: 'roomGone', room: room.name } }],
    }
  }
  const kept = room.kept && { ...room.kept, emptySince: members.isEmpty() ? at : undefined }
  return {
    state: withRoom(remaining, { ...room, members, watchers, kept }),
    effects: silent
      ? []
      : [
          {
            type: 'send',
            to: watchers,
            event: { type: 'left', room: room.name, nick: user.nick, why },
          },
        ],
  }
}

/** The state in which `user`'s manners are these, and every set of watchers says the same. */
export function withManners(state: State, user: User, manners: Manners): State {
  const changed = withUser(state, { ...user, manners })
  if (manners.notices === user.manners.notices) return changed
  const watch = (watchers: State['watchers']): State['watchers'] =>
    manners.notices ? watchers.add(user.id) : watchers.delete(user.id)
  let next: State = { ...changed, watchers: watch(changed.watchers) }
  for (const key of [...user.rooms, state.lobby.key]) {
    const room = roomAt(next, key)
    if (!room?.members.has(user.id)) continue
    next = withRoom(next, { ...room, watchers: watch(room.watchers) })
  }
  return next
}

function withUser(state: State, user: User): State {
  return { ...state, users: state.users.set(user.id, user) }
}

/** A kept room that somebody enters is empty no longer. */
function settled(room: Room): Room {
  if (room.kept?.emptySince === undefined) return room
  return { ...room, kept: { ...room.kept, emptySince: undefined } }
}
