// What of the house is shown to one user: as much of it as fits into a gram, in the order of what
// its reader can least do without.

import {
  currentRoom,
  roomsOf,
  utf8Length,
  type Outlook,
  type Room,
  type State,
  type User,
} from '../../core/index.js'
import type { Place, Scene } from './grams.js'
import { writeLiteral } from './literal.js'

/** The most bytes of a list of titles that stands beside another: enough is left for that one. */
const MAX_LIST_BYTES = 400

// What stands around titles, numbers and nicknames in a gram, in bytes.
const AROUND_TITLE = ', '.length
const AROUND_ROOM = ': {}, '.length
const AROUND_ENTRY = ": '', ".length
const AROUND_PLACE = ": {'current': , 'joined rooms': []}, ".length

/**
 * Who is where, in at most `maxBytes` bytes of a gram. What does not fit is left out: first those who
 * are only in the asker's current room, then the other users, then rooms. The asker stays, and so do
 * that room and the lobby.
 */
export function sceneOf({ you, house }: Outlook, maxBytes: number): Scene {
  const asker = house.users.get(you)
  const here = asker === undefined ? house.lobby : currentRoom(house, asker)
  const space = new Space(maxBytes)
  if (asker !== undefined) space.reserve(placeBytes(house, asker))
  const rooms = chooseRooms(house, here, asker, space)
  const users = chooseUsers(house, here, asker, rooms, space)
  const scene = {
    rooms: new Map([...rooms].map(({ name }) => [name.title, new Map<number, string>()])),
    tracker: new Map<number, Place>(),
  }
  for (const user of users) {
    const { number, nick } = user
    scene.tracker.set(number, placeOf(house, user))
    for (const { name } of roomsOf(house, user)) scene.rooms.get(name.title)?.set(number, nick)
  }
  return scene
}

/** The titles of all rooms, the lobby first; so many of the first as fit into `maxBytes` bytes of a gram. */
export function titlesOf(house: State, maxBytes: number): readonly string[] {
  return fitting([house.lobby, ...house.rooms.values()], maxBytes, AROUND_ROOM)
}

/** The titles of the rooms that a user is in, the lobby first, then as he entered them; so many of the first as fit into `maxBytes` bytes of a list. */
export function joinedBy({ you, house }: Outlook, maxBytes: number): readonly string[] {
  const user = house.users.get(you)
  return user === undefined ? [] : fitting(roomsOf(house, user), maxBytes, AROUND_TITLE)
}

function placeOf(house: State, user: User): Place {
  return {
    current: currentRoom(house, user).name.title,
    joined: joinedBy({ you: user.id, house }, MAX_LIST_BYTES),
  }
}

/** Bytes that are left in a gram. */
class Space {
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
  }

  /** Takes what has to stand in the gram anyhow. */
  reserve(bytes: number): void {
    this.#left -= bytes
  }

  /** Takes so many bytes if they are left, and says whether they were. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false
    this.#left -= bytes
    return true
  }
}

function chooseRooms(
  house: State,
  here: Room,
  asker: User | undefined,
  space: Space,
): ReadonlySet<Room> {
  const bytesOf = (room: Room): number => {
    const holdsAsker = asker !== undefined && room.members.has(asker.id)
    return titleBytes(room.name.title) + AROUND_ROOM + (holdsAsker ? entryBytes(asker) : 0)
  }
  const rooms = new Set([house.lobby])
  for (const room of new Set([house.lobby, here])) space.reserve(bytesOf(room))
  for (const room of house.rooms.values()) {
    if (room !== here && !space.take(bytesOf(room))) break
    rooms.add(room)
  }
  return rooms.add(here)
}

function chooseUsers(
  house: State,
  here: Room,
  asker: User | undefined,
  rooms: ReadonlySet<Room>,
  space: Space,
): ReadonlySet<User> {
  const users = new Set<User>()
  for (const user of inOrder(house, here, rooms)) {
    if (users.has(user)) continue
    const shown = roomsOf(house, user).filter((room) => rooms.has(room)).length
    const bytes = placeBytes(house, user) + shown * entryBytes(user)
    if (user !== asker && !space.take(bytes)) break
    users.add(user)
  }
  return asker === undefined ? users : users.add(asker)
}

/** The members of these rooms, who can least be left out first; some of them more than once. */
function* inOrder(house: State, here: Room, rooms: ReadonlySet<Room>): Iterable<User> {
  const others = [...rooms].filter((room) => room !== here && room !== house.lobby)
  for (const { members } of [...others, house.lobby, here]) {
    for (const id of members) {
      const user = house.users.get(id)
      if (user !== undefined) yield user
    }
  }
}

function fitting(rooms: readonly Room[], maxBytes: number, around: number): readonly string[] {
  const space = new Space(maxBytes)
  const titles = rooms.map(({ name }) => name.title)
  const end = titles.findIndex((title) => !space.take(titleBytes(title) + around))
  return end < 0 ? titles : titles.slice(0, end)
}

function placeBytes(house: State, user: User): number {
  const { current, joined } = placeOf(house, user)
  const titles = [current, ...joined].map((title) => titleBytes(title) + AROUND_TITLE)
  return titles.reduce((sum, bytes) => sum + bytes, digits(user) + AROUND_PLACE)
}

function entryBytes(user: User): number {
  return digits(user) + user.nick.length + AROUND_ENTRY
}

function digits({ number }: User): number {
  return String(number).length
}

function titleBytes(title: string): number {
  return utf8Length(writeLiteral(title))
}
