// What the user of the Chat Box's client types: commands as they are, requests made from names and
// numbers (6.1), and what is wrong with them before anything is sent.

import type { Wish } from '../client.js'
import type { ChoiceGram } from './answers.js'
import { MAX_TITLE, USAGE, splitBroadcast } from './commands.js'
import type { Request } from './requests.js'

/** What a line that was typed comes to. */
export type Typed =
  | { readonly type: 'command'; readonly command: string }
  | { readonly type: 'request'; readonly request: Request }
  | { readonly type: 'problem'; readonly problem: string }

/** Commands that are sent as they are. */
const COMMANDS: readonly string[] = ['u!', 'c', 'j', 's', 'l!', 'b']

/** The lists by whose numbers rooms are chosen, as they were shown last. */
export class Lists {
  #rooms: readonly string[] | undefined
  #members: readonly string[] = []
  #joined: readonly string[] | undefined

  /** A list is shown: all rooms, or those that the user is in. */
  note(gram: ChoiceGram): void {
    if (gram.type === 'room choose') {
      this.#rooms = gram.rooms
      this.#members = gram.joined
    } else {
      this.#joined = gram.joined
    }
  }

  /** Reads a line; undefined for one that is said as it stands. */
  read(line: string): Typed | undefined {
    const word = line.trim().toLowerCase()
    if (COMMANDS.includes(word)) return { type: 'command', command: word }
    const rest = line.slice(2).trim()
    switch (line.slice(0, 2).toLowerCase()) {
      case 'c!':
        return create(rest)
      case 'j!':
        return this.#join(rest)
      case 's!':
        return this.#switch(rest)
      case 'b!':
        return this.#broadcast(rest)
      default:
        return undefined
    }
  }

  #join(number: string): Typed {
    if (this.#rooms === undefined)
      return problem('Type j first: it shows all rooms and their numbers.')
    const room = at(this.#rooms, number)
    if (room === undefined) return noNumber(number, this.#rooms, USAGE.join)
    if (this.#members.includes(room))
      return problem(`You are a member of the room ${room} already.`)
    return request({ type: 'join', room })
  }

  #switch(number: string): Typed {
    if (this.#joined === undefined)
      return problem('Type s first: it shows your rooms and their numbers.')
    const room = at(this.#joined, number)
    if (room === undefined) return noNumber(number, this.#joined, USAGE.switch)
    return request({ type: 'switch', room })
  }

  #broadcast(rest: string): Typed {
    const joined = this.#joined
    if (joined === undefined) return problem('Type b first: it shows your rooms and their numbers.')
    const { numbers, message } = splitBroadcast(rest)
    const text = message.trim()
    if (numbers.length === 0 || text === '')
      return problem(`Something is missing. Type ${USAGE.broadcast}.`)
    const rooms = numbers.flatMap((number) => at(joined, number) ?? [])
    const wrong = numbers.find((number) => at(joined, number) === undefined)
    if (wrong !== undefined) return noNumber(wrong, joined, USAGE.broadcast)
    return request({ type: 'broadcast', rooms, text })
  }
}

/** What a user of this name says in his room. */
export function talk(name: string, text: string): Typed {
  return request({ type: 'contents', text: `${name}: ${text}` })
}

/** What a wish comes to for a user of this name, who is in the room `current`. */
export function typedFor(
  wish: Wish,
  { name, current }: { readonly name: string; readonly current: string },
): Typed {
  switch (wish.type) {
    case 'say':
      return talk(name, wish.text)
    case 'tell':
      return problem('The Chat Box has no private messages.')
    case 'post':
      return request({ type: 'broadcast', rooms: [wish.room], text: wish.text })
    case 'enter':
      // A room that stands is joined by the same dictionary; longer names can only be others'.
      return isTooLong(wish.room) ? request({ type: 'join', room: wish.room }) : create(wish.room)
    case 'leave':
      if (wish.room === current) return { type: 'command', command: 'l!' }
      return problem(`Only the room that you are in can be left: switch to ${wish.room} first.`)
    case 'users':
    case 'members':
      return { type: 'command', command: 'u!' }
    case 'rooms':
      return { type: 'command', command: 'j' }
  }
}

/** Makes a room, if its name can be one (5.3). */
function create(room: string): Typed {
  if (room === '') return problem(`A room needs a name. Type ${USAGE.create}.`)
  if (isTooLong(room)) return problem(`That name is too long. Type ${USAGE.create}.`)
  return request({ type: 'create', room })
}

function isTooLong(room: string): boolean {
  return Array.from(room).length > MAX_TITLE
}

function request(request: Request): Typed {
  return { type: 'request', request }
}

function problem(text: string): Typed {
  return { type: 'problem', problem: text }
}

/** The room with this number, which counts from 0; undefined if it is no number, or none of the list. */
function at(rooms: readonly string[], number: string): string | undefined {
  return /^\d{1,6}$/.test(number) ? rooms[Number(number)] : undefined
}

function noNumber(typed: string, rooms: readonly string[], usage: string): Typed {
  if (!/^\d+$/.test(typed)) return problem(`That is no number of a room. Type ${usage}.`)
  return problem(`There is no room number ${typed}: the last one is ${rooms.length - 1}.`)
}
