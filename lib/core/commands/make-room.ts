// What enter and create share: a new room in the table of rooms, and the account of kept ones.

import type { Effect, Transition } from '../effect.js'
import type { Refusal } from '../event.js'
import { gone } from '../membership.js'
import { fold, roomName } from '../name.js'
import { emptyRoom, withRoom, type Room, type RoomKey, type State, type User } from '../state.js'

/** A room that has just been made, and what follows from making it; or why it was not. */
export type Made =
  | { readonly state: State; readonly room: Room; readonly effects: readonly Effect[] }
  | { readonly refusal: Refusal }

/**
 * Makes a room of this title with nobody in it, kept or not. Refuses a title that is none (`bad-room`),
 * a kept room beyond those that one user may have made, and a full table (`too-many-rooms`) in which no
 * kept room stands empty; the one empty longest makes way.
 */
export function makeRoom(state: State, user: User, title: string, kept: boolean): Made {
  const { roomBytes, maxRooms, keptRoomsPerUser } = state.limits
  const name = roomName(title, roomBytes)
  if (name === undefined) {
    return { refusal: { code: 'bad-room', maxBytes: roomBytes } }
  }
  const keptBy = kept ? fold(user.nick) : undefined
  if (keptBy !== undefined && keptCount(state, keptBy) >= keptRoomsPerUser) {
    return { refusal: { code: 'too-many-rooms', scope: 'kept', max: keptRoomsPerUser } }
  }
  const cleared = makeWay(state)
  if (cleared === undefined) {
    return { refusal: { code: 'too-many-rooms', scope: 'all', max: maxRooms } }
  }
  const room = emptyRoom(name, keptBy)
  const event = { type: 'roomMade', room: name, by: user.nick } as const
  return {
    state: withKept(withRoom(cleared.state, room), room),
    room,
    effects: [...cleared.effects, { type: 'send', to: state.surveyors, event }],
  }
}

/** The state with a place for one more room, if that can be had. */
function makeWay(state: State): Transition | undefined {
  if (state.rooms.size < state.limits.maxRooms) return { state, effects: [] }
  const key = state.emptyKept.first()
  const evicted = key === undefined ? undefined : state.rooms.get(key)
  if (evicted?.keptBy === undefined) return undefined
  return {
    state: withoutKept(state, evicted.key, evicted.keptBy),
    effects: [gone(state, evicted)],
  }
}

/** The account with a new, empty room in it, if that is kept. */
function withKept(state: State, { key, keptBy }: Room): State {
  if (keptBy === undefined) return state
  const keptCounts = state.keptCounts.set(keptBy, keptCount(state, keptBy) + 1)
  return { ...state, keptCounts, emptyKept: state.emptyKept.add(key) }
}

/** The state without a kept, empty room. */
function withoutKept(state: State, key: RoomKey, keptBy: string): State {
  const left = keptCount(state, keptBy) - 1
  return {
    ...state,
    rooms: state.rooms.delete(key),
    keptCounts: left === 0 ? state.keptCounts.delete(keptBy) : state.keptCounts.set(keptBy, left),
    emptyKept: state.emptyKept.delete(key),
  }
}

function keptCount(state: State, by: string): number {
  return state.keptCounts.get(by, 0)
}
