// What one client calls users and rooms. Nearly always that is what the house calls them.

import { roomKey, type RoomName } from '../../core/index.js'
import { maskedNick } from '../nicks.js'

/** How users and rooms are called towards a client. */
export interface Names {
  user(nick: string): string
  room(name: RoomName): string
}

/** The names of the house: nicknames, and titles of rooms. */
export const HOUSE_NAMES: Names = {
  user: (nick) => nick,
  room: ({ title }) => title,
}

/** How many rooms a client is remembered to know, twice the table of rooms; beyond them, the one it was told of first is forgotten. */
const MAX_KNOWN_ROOMS = 2000

/**
 * The names of one client. It goes by the name with which it connected, also where the house had to
 * take another; and since nothing tells it that a room is gone, a room that comes back is the one it
 * knows, by the title that it was told, else what is said about it would not fit what it knows.
 */
export class ClientNames implements Names {
  #self = ''
  #nick = ''
  readonly #titles = new Map<string, string>()

  /** What the client calls itself, to the letter; empty before it connects. */
  get self(): string {
    return this.#self
  }

  user(nick: string): string {
    return nick === this.#nick ? this.#self : nick
  }

  room(name: RoomName): string {
    return this.#titles.get(roomKey(name.word)) ?? name.title
  }

  /** Whether it calls both this room and this user as the house does. */
  agree(room: RoomName, nick: string): boolean {
    return this.user(nick) === nick && this.room(room) === room.title
  }

  /** The client connects with this name; gives the nickname that it is to have in the house. */
  introduce(name: string): string {
    this.#self = name
    this.#nick = maskedNick(name)
    return this.#nick
  }

  /** The client is to be told of a room: whether that is news to it. */
  meet({ title, word }: RoomName): boolean {
    const key = roomKey(word)
    if (this.#titles.has(key)) return false
    const [first] = this.#titles.keys()
    if (first !== undefined && this.#titles.size >= MAX_KNOWN_ROOMS) this.#titles.delete(first)
    this.#titles.set(key, title)
    return true
  }
}
