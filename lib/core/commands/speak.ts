// The ways of speaking in several rooms at once: in all of one's own, in those that the words
// begin with, and to everybody in some of one's own.

import type { OrderedSet } from 'immutable'
import type { Effect, Transition } from '../effect.js'
import { findRoom, roomsOf, type ConnectionId, type Room, type State, type User } from '../state.js'
import { forUsers, refuse, unchanged, type Row } from './row.js'
import type { Speech } from './say.js'
import { speakIn } from './speak-in.js'

/** Words, of which the first may be rooms. */
export interface Shout {
  /** Clean. */
  readonly text: string
}

/** Rooms by their titles or words, and clean text. */
export interface Broadcast extends Speech {
  readonly rooms: readonly string[]
}

/** Says it in every room that the user is in: who shares two of them with him hears it twice. Refuses `in-no-room`. */
export const speak: Row<Speech> = forUsers((state, user, speech, at) => {
  const rooms = roomsOf(state, user)
  if (rooms.length === 0) return refuse(state, user.id, { code: 'in-no-room' })
  return speakInAll(state, user, rooms, speech, at)
})

/**
 * Says it in the rooms that its first words name, up to the first word that is none; one need not
 * be in them. Nothing is said if there is no room or nothing after them (CS494, 4.8).
 */
export const shout: Row<Shout> = forUsers((state, user, { text }, at) => {
  const rooms: Room[] = []
  let rest = text.trimStart()
  for (;;) {
    const [word = ''] = rest.split(' ', 1)
    const room = word === '' ? undefined : findRoom(state, word)
    if (room === undefined) break
    if (!rooms.includes(room)) rooms.push(room)
    rest = rest.slice(word.length).trimStart()
  }
  if (rooms.length === 0 || rest === '') return unchanged(state)
  return speakInAll(state, user, rooms, { text: rest }, at)
})

/**
 * Says it to every member of these rooms, whether he listens there or not, and to nobody twice; the
 * sender hears it too (Chat Box, 6.10). Nothing is said if one is refused: `unknown-room`, `not-in-room`.
 */
export const broadcast: Row<Broadcast> = forUsers(
  (state, user, { rooms: names, ...speech }, at) => {
    const rooms: Room[] = []
    for (const name of names) {
      const room = findRoom(state, name)
      if (room === undefined) return refuse(state, user.id, { code: 'unknown-room', room: name })
      if (!room.members.has(user.id)) {
        return refuse(state, user.id, { code: 'not-in-room', room: room.name, nick: user.nick })
      }
      if (!rooms.includes(room)) rooms.push(room)
    }
    const itself = { ...user, manners: { ...user.manners, echo: true } }
    return speakInAll(state, itself, rooms, speech, at, withoutRepeats)
  },
)

/** Whom a room is told of the rooms before it. */
type Choice = (room: Room, before: readonly Room[]) => OrderedSet<ConnectionId>

function speakInAll(
  state: State,
  user: User,
  rooms: readonly Room[],
  speech: Speech,
  at: number,
  choose: Choice = (room) => room.listeners,
): Transition {
  let next = state
  const effects: Effect[] = []
  for (const [index, room] of rooms.entries()) {
    const spoken = speakIn(next, user, room, speech, at, choose(room, rooms.slice(0, index)))
    next = spoken.state
    effects.push(...spoken.effects)
  }
  return { state: next, effects }
}

function withoutRepeats(room: Room, before: readonly Room[]): OrderedSet<ConnectionId> {
  if (before.length === 0) return room.members
  return room.members.filterNot((id) => before.some(({ members }) => members.has(id)))
}
