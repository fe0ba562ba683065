// What a client of ChatApp keeps of what the server tells it: all rooms with everybody in them, and
// which of them are its own (the document's ALL_ROOMS and MY_ROOMS).

import { wordOf, type Refusal, type RoomName } from '../../core/index.js'
import type { Post } from './messages.js'
import { flawOfName, flawOfText } from './parse.js'

/** The most rooms, and the most that all of them together have of members, that are kept. */
const MAX_ROOMS = 10_000
const MAX_MEMBERS = 50_000

/** More members than are kept; a server has no words for that. */
export interface TooManyMembers {
  readonly code: 'too-many-members'
  readonly max: number
}

/** A book of rooms, each by its name to the letter. */
export class Book {
  readonly #self: string
  readonly #rooms = new Map<string, Set<string>>()
  #members = 0

  /** `self` is the username of whose book it is. */
  constructor(self: string) {
    this.#self = self
  }

  /** All rooms. */
  get rooms(): readonly string[] {
    return [...this.#rooms.keys()]
  }

  /** The rooms that the user has joined. */
  get own(): readonly string[] {
    return this.rooms.filter((room) => this.isOwn(room))
  }

  /** Everybody who is in a room. */
  get users(): readonly string[] {
    return [...new Set([...this.#rooms.values()].flatMap((members) => [...members]))]
  }

  /** Who is in a room; undefined if there is none of that name. */
  members(room: string): readonly string[] | undefined {
    const members = this.#rooms.get(room)
    return members && [...members]
  }

  /** Whether the user has joined a room. */
  isOwn(room: string): boolean {
    return this.#rooms.get(room)?.has(this.#self) === true
  }

  /** Why the user cannot make a room of this name. */
  flawOfNew(room: string): Refusal | undefined {
    const taken = this.#rooms.has(room)
    return flawOfName(room) ?? (taken ? { code: 'room-exists', room: named(room) } : undefined)
  }

  /** Why the user cannot join a room. */
  flawOfJoining(room: string): Refusal | undefined {
    return flawOfName(room) ?? this.#flawOfEntry(this.#self, room)
  }

  /** Why the user cannot leave a room, or speak in it. */
  flawOfOwn(room: string): Refusal | undefined {
    return flawOfName(room) ?? this.#flawOfExit(this.#self, room)
  }

  /** Enters what the server tells, or says why it does not fit what the server has told before. */
  note({ type, dest, sender, data }: Post): Refusal | TooManyMembers | undefined {
    switch (type) {
      case 'CreateRoomMessage':
        return this.flawOfNew(data) ?? this.#make(data)
      case 'JoinMessage':
        return flawOfName(sender) ?? this.#flawOfEntry(sender, data) ?? this.#enter(sender, data)
      case 'LeaveMessage':
        return flawOfName(sender) ?? this.#flawOfExit(sender, data) ?? this.#exit(sender, data)
      case 'ChatMessage':
        return flawOfName(sender) ?? this.flawOfOwn(dest) ?? flawOfText(data)
      case 'ConnectionMessage':
      case 'Message':
        return undefined
    }
  }

  #flawOfEntry(nick: string, room: string): Refusal | undefined {
    const members = this.#rooms.get(room)
    if (members === undefined) return { code: 'unknown-room', room }
    return members.has(nick) ? { code: 'already-in-room', nick, room: named(room) } : undefined
  }

  #flawOfExit(nick: string, room: string): Refusal | undefined {
    const members = this.#rooms.get(room)
    if (members === undefined) return { code: 'unknown-room', room }
    return members.has(nick) ? undefined : { code: 'not-in-room', nick, room: named(room) }
  }

  #make(room: string): Refusal | undefined {
    if (this.#rooms.size >= MAX_ROOMS) {
      return { code: 'too-many-rooms', scope: 'all', max: MAX_ROOMS }
    }
    this.#rooms.set(room, new Set())
    return undefined
  }

  #enter(nick: string, room: string): TooManyMembers | undefined {
    if (this.#members >= MAX_MEMBERS) return { code: 'too-many-members', max: MAX_MEMBERS }
    this.#rooms.get(room)?.add(nick)
    this.#members++
    return undefined
  }

  #exit(nick: string, room: string): Refusal | undefined {
    this.#rooms.get(room)?.delete(nick)
    this.#members--
    return undefined
  }
}

function named(title: string): RoomName {
  return { title, word: wordOf(title) }
}
