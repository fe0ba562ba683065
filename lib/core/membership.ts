// Who is in which room and hears what there: the one place where a room's members, listeners and
// watchers and a user's rooms change, so that both sides of the relation always agree.

import type { OrderedSet } from 'immutable'
import type { Effect, Transition } from './effect.js'
import type { Event, LeavingReason } from './event.js'
import {
  isLobby,
  roomAt,
  withRoom,
  type ConnectionId,
  type Manners,
  type Room,
  type State,
  type User,
} from './state.js'

/** The state with `user`, whose nickname stands in it, a member of `room`. */
export function withMember(state: State, user: User, room: Room): State {
  const members = room.members.add(user.id)
  const everybody = room.listeners === room.members
  const listeners = everybody ? members : room.listeners.add(user.id)
  const occupied = { ...room, members }
  const entered = hears(user, room)
    ? { ...occupied, listeners, watchers: watching(room, user) }
    : occupied
  const inside = withRoom(state, entered)
  if (isLobby(state, room)) return inside
  return withUser(
    { ...inside, emptyKept: inside.emptyKept.delete(room.key) },
    { ...user, rooms: [...user.rooms, room.key] },
  )
}

/**
 * The state with `user` out of `room`; an emptied room that is not kept goes. If it was his current
 * room, that is the lobby again. Tells those who stay and watch, and those who survey, and that the
 * room is gone.
 */
export function withoutMember(
  state: State,
  user: User,
  room: Room,
  why: LeavingReason,
): Transition {
  const members = room.members.delete(user.id)
  const listeners = shared(room.listeners.delete(user.id), members)
  const watchers = room.watchers.delete(user.id)
  const rooms = user.rooms.filter((key) => key !== room.key)
  const left = withRoom(withUser(state, { ...user, rooms }), {
    ...room,
    members,
    listeners,
    watchers,
  })
  const elsewhere = user.current === room.key ? withCurrent(left, user.id, left.lobby) : left
  const effects = toWatchers(state, watchers, {
    type: 'left',
    room: room.name,
    nick: user.nick,
    why,
  })
  if (!members.isEmpty() || isLobby(state, room)) return { state: elsewhere, effects }
  if (room.keptBy !== undefined) {
    return { state: { ...elsewhere, emptyKept: elsewhere.emptyKept.add(room.key) }, effects }
  }
  return {
    state: { ...elsewhere, rooms: elsewhere.rooms.delete(room.key) },
    effects: [...effects, gone(state, room)],
  }
}

/** The state in which `room` is this user's current one; who hears and watches which room follows. */
export function withCurrent(state: State, id: ConnectionId, room: Room): State {
  const user = state.users.get(id)
  if (user === undefined || user.current === room.key) return state
  const switched = { ...user, current: room.key }
  let next = withUser(state, switched)
  if (!user.manners.focus) return next
  for (const key of [user.current, room.key]) {
    const touched = roomAt(next, key)
    if (touched?.members.has(id)) next = withRoom(next, withHearing(touched, switched))
  }
  return next
}

/** The state in which `user`'s manners are these, and every set of watchers says the same. */
export function withManners(state: State, user: User, manners: Manners): State {
  const changed = { ...user, manners }
  let next = withUser(state, changed)
  if (manners.notices === user.manners.notices) return next
  next = { ...next, watchers: toggled(next.watchers, user.id, manners.notices) }
  for (const key of [...user.rooms, state.lobby.key]) {
    const room = roomAt(next, key)
    if (room?.members.has(user.id)) next = withRoom(next, withHearing(room, changed))
  }
  return next
}

/** An event of one room, for those who watch it and for those who survey all rooms. */
export function toWatchers(
  state: State,
  watchers: OrderedSet<ConnectionId>,
  event: Event,
): readonly Effect[] {
  const told: Effect = { type: 'send', to: watchers, event }
  return state.surveyors.isEmpty() ? [told] : [told, { type: 'send', to: state.surveyors, event }]
}

/** That a room is gone, for those who survey all rooms. */
export function gone(state: State, room: Room): Effect {
  return { type: 'send', to: state.surveyors, event: { type: 'roomGone', room: room.name } }
}

/** Whether a member of this room hears what is said in it. */
function hears(user: User, room: Room): boolean {
  return !user.manners.focus || user.current === room.key
}

/** The room with this member among those who hear and watch, as his manners and current room say. */
function withHearing(room: Room, user: User): Room {
  const heard = hears(user, room)
  const listeners = shared(toggled(room.listeners, user.id, heard), room.members)
  const watchers = toggled(room.watchers, user.id, heard && user.manners.notices)
  return { ...room, listeners, watchers }
}

function watching(room: Room, user: User): OrderedSet<ConnectionId> {
  return user.manners.notices ? room.watchers.add(user.id) : room.watchers
}

function toggled(
  ids: OrderedSet<ConnectionId>,
  id: ConnectionId,
  within: boolean,
): OrderedSet<ConnectionId> {
  return within ? ids.add(id) : ids.delete(id)
}

/** One set for both while all members listen: a host makes one array of receivers of it. */
function shared(
  listeners: OrderedSet<ConnectionId>,
  members: OrderedSet<ConnectionId>,
): OrderedSet<ConnectionId> {
  return listeners.size === members.size ? members : listeners
}

function withUser(state: State, user: User): State {
  return { ...state, users: state.users.set(user.id, user) }
}
