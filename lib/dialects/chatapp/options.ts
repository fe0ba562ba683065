// The options of ChatApp's client and its questions to the user. What can be told to be wrong is
// told before anything is sent, in the words of the document's table (4.b).

import { clean, type Refusal } from '../../core/index.js'
import { MAX_BODY_BYTES } from '../../wire/header.js'
import { NO_EFFECTS, refusal, remark, show } from '../client-effects.js'
import type { ClientEffect } from '../client.js'
import { splitAtSpace } from '../words.js'
import type { Book } from './book.js'
import { faultOf } from './errors.js'
import { encode, type Fault, type Post, type PostType } from './messages.js'
import { HOUSE_NAMES } from './names.js'
import { flawOfText } from './parse.js'

/** What the user may choose, as typed, and what each does. */
const OPTIONS = new Map([
  ['$view_all$', 'shows all rooms'],
  ['$list$', 'shows who is in a room'],
  ['$create$', 'makes a room'],
  ['$join$', 'joins rooms, with commas between them'],
  ['$msg$', 'says something in rooms, or in all that you have joined'],
  ['$leave$', 'leaves rooms'],
  ['$menu$', 'shows this menu'],
  ['$quit$', 'leaves ChatApp'],
])

/** The words of all options. */
export const OPTION_WORDS: readonly string[] = [...OPTIONS.keys()]

/** Stands for all rooms that the user has joined. */
const ALL_OWN = 'all'

/** The one error of the table that only a client has. */
const NOT_ALL_JOINED: Fault = {
  type: 'Error',
  code: 28,
  data: 'WARNING: could not join all selected rooms',
}

/** Something that the user is asked for. */
interface Question {
  readonly prompt: string
  answer(line: string): readonly ClientEffect[]
}

/** How a message is sent: dated and signed. */
export interface Desk {
  /** The message as it would be sent. */
  write(type: PostType, data: string, dest?: string): Post
  /** Sends it. */
  post(message: Post): ClientEffect
}

/** The options that a user has. A line that is an option of its own takes the place of an answer. */
export class Options {
  readonly #book: Book
  readonly #desk: Desk
  #question: Question | undefined

  constructor(book: Book, desk: Desk) {
    this.#book = book
    this.#desk = desk
  }

  /** The question that the next line answers; undefined if any option may follow. */
  get prompt(): string | undefined {
    return this.#question?.prompt
  }

  /** A line that is no `$quit$`. What follows an option on its line answers its first question. */
  typed(line: string): readonly ClientEffect[] {
    const question = this.#question
    this.#question = undefined
    const { head: word, rest } = splitAtSpace(line.trimStart())
    switch (word.toLowerCase()) {
      case '$view_all$':
        return this.allRooms()
      case '$list$':
        return this.#ask('List members in: ', rest, (room) => this.members(room))
      case '$create$':
        return this.#ask('New room name: ', rest, (room) => this.create(room))
      case '$join$':
        return this.#ask('What room(s) do you wish to join? ', rest, (list) =>
          this.join(namesIn(list)),
        )
      case '$leave$':
        return this.#ask('What room(s) do you wish to leave? ', rest, (list) =>
          this.leave(namesIn(list)),
        )
      case '$msg$':
        return this.#ask(`Rooms to msg ('${ALL_OWN}' for all joined): `, rest, (list) =>
          this.#askForText(list),
        )
      case '$menu$':
        return [this.#menu()]
      default:
        return question === undefined ? unknown(line) : question.answer(line)
    }
  }

  /** All rooms. */
  allRooms(): readonly ClientEffect[] {
    const names = this.#book.rooms
    return [show({ type: 'answer', to: 'rooms', names, shown: [listed('Rooms', names)] })]
  }

  /** Everybody who is in a room. */
  allUsers(): readonly ClientEffect[] {
    const names = this.#book.users
    return [show({ type: 'answer', to: 'users', names, shown: [listed('Users', names)] })]
  }

  /** Who is in a room. */
  members(name: string): readonly ClientEffect[] {
    const room = name.trim()
    const names = this.#book.members(room)
    if (names === undefined) return [refusedFor({ code: 'unknown-room', room })]
    const shown = [listed(`Members of ${room}`, names)]
    return [show({ type: 'answer', to: 'members', names, shown })]
  }

  /** Makes a room. */
  create(name: string): readonly ClientEffect[] {
    const room = name.trim()
    const flaw = this.#book.flawOfNew(room)
    return [flaw === undefined ? this.#send('CreateRoomMessage', room) : refusedFor(flaw)]
  }

  /** Joins rooms, a message for each. */
  join(rooms: readonly string[]): readonly ClientEffect[] {
    const flaws = rooms.map((room) => this.#book.flawOfJoining(room))
    const effects = rooms.map((room, i) => this.#sendUnless(flaws[i], 'JoinMessage', room))
    const all = flaws.every((flaw) => flaw === undefined)
    return all ? effects : [...effects, shownFault(NOT_ALL_JOINED, 'local')]
  }

  /** Joins a room, which is made before if it is not there. */
  enter(room: string): readonly ClientEffect[] {
    if (this.#book.flawOfNew(room) !== undefined) return this.join([room])
    return [this.#send('CreateRoomMessage', room), this.#send('JoinMessage', room)]
  }

  /** Leaves rooms, a message for each. */
  leave(rooms: readonly string[]): readonly ClientEffect[] {
    return rooms.map((room) => this.#sendUnless(this.#book.flawOfOwn(room), 'LeaveMessage', room))
  }

  /** Says a text in each of these rooms. */
  say(text: string, rooms: readonly string[]): readonly ClientEffect[] {
    const flaw = flawOfText(text)
    if (flaw !== undefined) return [refusedFor(flaw)]
    return rooms.map((room) => {
      const flaw = this.#book.flawOfOwn(room)
      return flaw === undefined ? this.#send('ChatMessage', text, room) : refusedFor(flaw)
    })
  }

  /** Says a text in all rooms that the user has joined. */
  sayToAll(text: string): readonly ClientEffect[] {
    const { own } = this.#book
    return own.length === 0 ? [IN_NO_ROOM] : this.say(text, own)
  }

  #askForText(list: string): readonly ClientEffect[] {
    if (list.trim() === ALL_OWN) return this.#ask('Msg: ', '', (text) => this.sayToAll(text))
    const rooms = namesIn(list)
    const flaws = rooms.map((room) => this.#book.flawOfOwn(room))
    const effects = flaws.flatMap((flaw) => (flaw === undefined ? [] : [refusedFor(flaw)]))
    const joined = rooms.filter((_room, i) => flaws[i] === undefined)
    if (joined.length > 0) this.#ask('Msg: ', '', (text) => this.say(text, joined))
    return effects
  }

  #ask(prompt: string, given: string, answer: Question['answer']): readonly ClientEffect[] {
    if (given.trim() !== '') return answer(given)
    this.#question = { prompt, answer }
    return NO_EFFECTS
  }

  #sendUnless(flaw: Refusal | undefined, type: PostType, room: string): ClientEffect {
    return flaw === undefined ? this.#send(type, room) : refusedFor(flaw)
  }

  /** Sends a message unless it is too long: JSON takes up to six bytes for one of a text. */
  #send(type: PostType, data: string, dest?: string): ClientEffect {
    const message = this.#desk.write(type, data, dest)
    if (encode(message).length <= MAX_BODY_BYTES) return this.#desk.post(message)
    return refusedFor({ code: 'too-long', maxBytes: MAX_BODY_BYTES })
  }

  #menu(): ClientEffect {
    const rows = [...OPTIONS].map(([word, about]) => `${word} ${about}`)
    return remark(...rows, listed('My rooms', this.#book.own))
  }
}

const IN_NO_ROOM = refusal('You have joined no room. Choose $join$ first.')

/** An error of the table, as this client finds it itself. */
export function refusedFor(flaw: Refusal): ClientEffect {
  return shownFault(faultOf(flaw, HOUSE_NAMES), 'local')
}

/** An error as the document has it shown, found by this client (`local`) or sent by the server. */
export function shownFault({ code, data }: Fault, by: 'local' | 'server'): ClientEffect {
  const text = clean(data)
  const shown = [`ERROR CODE ${code}: ${text}`]
  return show({ type: 'problem', code, text, shown, ...(by === 'local' ? { local: true } : {}) })
}

function unknown(line: string): readonly ClientEffect[] {
  if (line.trim() === '') return NO_EFFECTS
  return [
    refusal(`${clean(line)} is no option. Choose $msg$ to say it, or $menu$ for all options.`),
  ]
}

/** Names with commas between them, each once. */
function namesIn(list: string): readonly string[] {
  return [...new Set(list.split(',').map((name) => name.trim()))]
}

function listed(title: string, names: readonly string[]): string {
  return `${title}: ${names.map(clean).join(', ')}`
}
