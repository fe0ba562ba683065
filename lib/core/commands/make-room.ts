// What enter and create share: a new room in the table of rooms.

import type { Effect } from '../effect.js'
import type { Refusal } from '../event.js'
import { fold, roomName } from '../name.js'
import { emptyRoom, type Room, type State, type User } from '../state.js'

/** A room that has just been made, and what follows from making it; or why it was not. */
export type Made =
  | { readonly state: State; readonly room: Room; readonly effects: readonly Effect[] }
  | { readonly refusal: Refusal }

/**
 * Makes a room of this title with nobody in it; `keptAt`, in milliseconds, says when, if it is to be kept.
 * Refuses a title that is none (`bad-room`), a kept room beyond those that one user may have made, and a
 * full table (`too-many-rooms`) in which no kept room stands empty; the one empty longest makes way.
 */
export function makeRoom(
  state: State,
  user: User,
  title: string,
  keptAt: number | undefined,
): Made {
  const { roomBytes, maxRooms, keptRoomsPerUser } = state.limits
  const name = roomName(title, roomBytes)
  if (name === undefined) {
    return { refusal: { code: 'bad-room', maxBytes: roomBytes } }
  }
  const by = fold(user.nick)
  const kept = keptAt === undefined ? undefined : { by, emptySince: keptAt }
  if (kept !== undefined && keptBy(state, by) >= keptRoomsPerUser) {
    return { refusal: { code: 'too-many-rooms', scope: 'kept', max: keptRoomsPerUser } }
  }
  const full = state.rooms.size >= maxRooms
  const evicted = full ? emptyLongest(state) : undefined
  if (full && evicted === undefined) {
    return { refusal: { code: 'too-many-rooms', scope: 'all', max: maxRooms } }
  }
  const rooms = evicted === undefined ? state.rooms : state.rooms.delete(evicted.key)
  const room = emptyRoom(name, kept)
  return {
    state: { ...state, rooms: rooms.set(room.key, room) },
    room,
    effects: [
      ...(evicted === undefined ? [] : [gone(state, evicted)]),
      {
        type: 'send',
        to: state.surveyors,
        event: { type: 'roomMade', room: name, by: user.nick, kept: kept !== undefined },
      },
    ],
  }
}

function keptBy(state: State, by: string): number {
  return state.rooms.count((room) => room.kept?.by === by)
}

function emptyLongest(state: State): Room | undefined {
  return state.rooms
    .valueSeq()
    .filter((room) => room.kept?.emptySince !== undefined)
    .minBy((room) => room.kept?.emptySince)
}

function gone(state: State, room: Room): Effect {
  return { type: 'send', to: state.surveyors, event: { type: 'roomGone', room: room.name } }
}
