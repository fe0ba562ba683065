// The commands of the CS494 chat application, by their words.

import { isWord, type Command } from '../../core/index.js'
import { missing, refused, splitAtSpace, unknownRoom } from '../words.js'
import { QUIT } from './document.js'

interface Row {
  readonly usage: string
  /** What it does, as the document's list has it (4.4). */
  readonly about: string
  /** The command for the arguments, which are trimmed; undefined if they ask for nothing. */
  read(args: string): Command | undefined
}

const rows: readonly Row[] = [
  { usage: '/?', about: 'list all commands available', read: () => ({ name: 'help', topic: '' }) },
  { usage: '/create room_name', about: 'creates a new room', read: readCreate },
  {
    usage: '/join room_name room_name . . . room_name',
    about: 'user joins each room_name',
    read: readJoin,
  },
  { usage: '/leave room_name', about: 'leaves room_name', read: readLeave },
  { usage: '/users', about: 'list all users', read: readUsers },
  { usage: '/users room_name', about: 'list all users in room_name', read: readUsers },
  { usage: '/list', about: 'list all rooms', read: () => ({ name: 'rooms' }) },
  {
    usage: '/s room_name . . . room_name message',
    about: 'send a message to all users in each room_name',
    read: (text) => ({ name: 'shout', text }),
  },
  { usage: '/w username message', about: 'send a private message to a user', read: readWhisper },
  { usage: '/disconnect', about: 'disconnect from the server', read: () => ({ name: 'quit' }) },
]

const byWord: ReadonlyMap<string, Row> = new Map(
  rows.map((row) => [splitAtSpace(row.usage).head, row]),
)

/** The words of all commands. */
export const COMMAND_WORDS: readonly string[] = [...byWord.keys(), QUIT]

/** The lines of `/?`. */
export const HELP_LINES: readonly string[] = rows.map(({ usage, about }) => `${usage} -- ${about}`)

/** Reads a message that begins with `/`; a word that is none of the commands is refused. */
export function readCommand(line: string): Command | undefined {
  const { head: word, rest } = splitAtSpace(line)
  if (word === QUIT) return { name: 'quit' }
  const row = byWord.get(word.toLowerCase())
  return row === undefined
    ? refused({ code: 'unknown-command', command: word })
    : row.read(rest.trim())
}

/** A room's name is one word: the first counts. The core refuses what is none. */
function readCreate(args: string): Command {
  const [room = ''] = wordsOf(args)
  if (room === '') return missing('/create room_name')
  return { name: 'create', room: isWord(room) ? room : '', as: 'founder' }
}

function readJoin(args: string): Command {
  const rooms = wordsOf(args)
  return rooms.length === 0 ? missing('/join room_name') : { name: 'join', rooms }
}

function readLeave(args: string): Command {
  const [room = ''] = wordsOf(args)
  if (room === '') return missing('/leave room_name')
  return isWord(room) ? { name: 'part', room } : unknownRoom(room)
}

function readUsers(args: string): Command {
  const [room = ''] = wordsOf(args)
  if (room === '') return { name: 'users' }
  return isWord(room) ? { name: 'members', room } : unknownRoom(room)
}

function readWhisper(args: string): Command | undefined {
  const { head: nick, rest } = splitAtSpace(args)
  const text = rest.trimStart()
  return text === '' ? undefined : { name: 'tell', nick, text }
}

function wordsOf(args: string): readonly string[] {
  return args.split(' ').filter((word) => word !== '')
}
