// The ways of speaking in several rooms at once: in all of one's own, in those that the words
// begin with, and to everybody in some of one's own.

import type { OrderedSet } from 'immutable'
import { unchanged, type Effect, type Transition } from '../effect.js'
import { findRoom, roomsOf, type ConnectionId, type Room, type State, type User } from '../state.js'
import { forUsers, refuse, refuseOutsider, type Row } from './row.js'
import { speakIn, type Speech } from './speak-in.js'

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
  return speakInAll(state, user, rooms.map(inItself), speech, at)
})

/**
 * Says it in the rooms that its first words name, up to the first word that is none; one need not
 * be in them. Nothing is said if there is no room or nothing after them (CS494, 4.8).
 */
export const shout: Row<Shout> = forUsers((state, user, { text }, at) => {
  const rooms = new Set<Room>()
  let rest = text.trimStart()
  for (;;) {
    const [word = ''] = rest.split(' ', 1)
    const room = word === '' ? undefined : findRoom(state, word)
    if (room === undefined) break
    rooms.add(room)
    rest = rest.slice(word.length).trimStart()
  }
  if (rooms.size === 0 || rest === '') return unchanged(state)
  return speakInAll(state, user, Array.from(rooms, inItself), { text: rest }, at)
})

/**
 * Says it to every member of these rooms, whether he listens there or not, and to nobody twice; the
 * sender hears it too (Chat Box, 6.10). Nothing is said if one is refused: `unknown-room`, `not-in-room`.
 */
export const broadcast: Row<Broadcast> = forUsers(
  (state, user, { rooms: names, ...speech }, at) => {
    const rooms = new Set<Room>()
    for (const name of names) {
      const room = findRoom(state, name)
      if (room === undefined) return refuse(state, user.id, { code: 'unknown-room', room: name })
      if (!room.members.has(user.id)) return refuseOutsider(state, user, room)
      rooms.add(room)
    }
    const itself = { ...user, manners: { ...user.manners, echo: true } }
    return speakInAll(state, itself, withoutRepeats(rooms), speech, at)
  },
)

/** Who is told of what is said in a room. */
interface Gathering {
  readonly room: Room
  readonly audience: OrderedSet<ConnectionId>
}

/** What is said in a room, those hear who listen there. */
function inItself(room: Room): Gathering {
  return { room, audience: room.listeners }
}

/** All members of each room, but those of the rooms before it. */
function withoutRepeats(rooms: Iterable<Room>): readonly Gathering[] {
  const told = new Set<ConnectionId>()
  return Array.from(rooms, (room) => {
    const { members } = room
    const audience = told.size === 0 ? members : members.filterNot((id) => told.has(id))
    for (const id of audience) told.add(id)
    return { room, audience }
  })
}

function speakInAll(
  state: State,
  user: User,
  gatherings: readonly Gathering[],
  speech: Speech,
  at: number,
): Transition {
  let next = state
  const effects: Effect[] = []
  for (const { room, audience } of gatherings) {
    const spoken = speakIn(next, user, room, speech, at, audience)
    next = spoken.state
    effects.push(...spoken.effects)
  }
  return { state: next, effects }
}
