// The commands of the Chat Box, as they are typed (6.1) and as dictionaries have them, and the
// menu that explains them. Sections are those of the document.

import { clean, type Command } from '../../core/index.js'
import { missing, refused, talkOf } from '../words.js'
import type { Purpose } from './answers.js'
import type { Lists } from './lists.js'
import type { Request } from './requests.js'

/** The longest name of a room that is made here, in characters (5.3). */
export const MAX_TITLE = 25

/** How to write what needs more than its two characters. */
export const USAGE = {
  create: `c!NAME, with a name of 1 to ${MAX_TITLE} characters`,
  join: 'j and then j!NUMBER',
  switch: 's and then s!NUMBER',
  broadcast: 'b and then b!NUMBERS! MESSAGE, such as b!0,1! hello',
}

/** What explains how to make a room, as the topic of a question for help. */
export const CREATE_TOPIC = 'create'

/** Says how to make a room (6.3). */
export const CREATE_LINE = `Type c! and the name of the new room, of 1 to ${MAX_TITLE} characters, such as c!red.`

/** All commands, a line for each (5.1). */
export const MENU_LINES: readonly string[] = [
  'What you type is said in the room that you are in, but for these:',
  'u! shows all users of all rooms',
  'c or c!NAME makes a room',
  'j lists all rooms, and j!NUMBER joins one of them',
  's lists your rooms, and s!NUMBER switches to one of them',
  'l! leaves the room that you are in',
  'b lists your rooms, and b!NUMBERS! MESSAGE says it in several, such as b!0,1! hello',
  'm! shows this menu',
  'q! or exit() quits',
]

const PLAIN: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['u!', show('users')],
  ['c', { name: 'help', topic: CREATE_TOPIC }],
  ['j', show('join')],
  ['s', show('switch')],
  ['l!', { name: 'partCurrent' }],
  ['b', show('broadcast')],
  ['m!', { name: 'help', topic: '' }],
  ['q!', { name: 'quit' }],
  ['exit()', { name: 'quit' }],
])

/** Numbers with commas between them, then `!` or a space, then the message; `b! 1, 3 ! text` has spaces everywhere. */
const BROADCAST = /^ *(\d+(?: *, *\d+)*) *(?:!| )(.*)$/s

/** The command that a clean text is, in any ASCII case; undefined for one that is none. */
export function readTyped(text: string, lists: Lists): Command | undefined {
  const plain = PLAIN.get(text.trimEnd().toLowerCase())
  if (plain !== undefined) return plain
  const rest = text.slice(2).trim()
  switch (text.slice(0, 2).toLowerCase()) {
    case 'c!':
      return create(rest)
    case 'j!':
      return rest === '' ? missing(USAGE.join) : { name: 'join', rooms: [lists.roomAt(rest)] }
    case 's!':
      return rest === ''
        ? missing(USAGE.switch)
        : { name: 'switchRoom', room: lists.joinedAt(rest) }
    case 'b!':
      return readBroadcast(rest, lists)
    default:
      return undefined
  }
}

/** The command of a dictionary that is not talk. */
export function readAsked(
  request: Exclude<Request, { readonly type: 'contents' }>,
  lists: Lists,
): Command {
  switch (request.type) {
    case 'create':
      return create(clean(request.room).trim())
    case 'join':
      return { name: 'join', rooms: [clean(request.room).trim()] }
    case 'switch':
      return { name: 'switchRoom', room: lists.joined(request.room) }
    case 'broadcast':
      return broadcast(lists.allJoined(request.rooms), request.text)
  }
}

function show(purpose: Purpose): Command {
  return { name: 'survey', purpose }
}

/** A room that stands is joined, as the document's program has it. */
function create(title: string): Command {
  if (title === '') return missing(USAGE.create)
  if (Array.from(title).length > MAX_TITLE) {
    return refused({ code: 'bad-argument', usage: USAGE.create })
  }
  return { name: 'enter', room: title, kept: true }
}

function readBroadcast(rest: string, lists: Lists): Command {
  const { numbers, message } = splitBroadcast(rest)
  return broadcast(
    numbers.map((number) => lists.joinedAt(number)),
    message,
  )
}

/** What follows `b!`: the numbers as typed, none if it is no broadcast, and the message. */
export function splitBroadcast(rest: string): {
  readonly numbers: readonly string[]
  readonly message: string
} {
  const [, numbers, message = ''] = BROADCAST.exec(rest) ?? []
  return { numbers: numbers?.split(',').map((number) => number.trim()) ?? [], message }
}

function broadcast(rooms: readonly string[], message: string): Command {
  const text = talkOf(message).trim()
  if (rooms.length === 0 || text === '') return missing(USAGE.broadcast)
  return { name: 'broadcast', rooms, text }
}
