// The commands of OnlineChat, by their words.

import { LOBBY, isWord, roomKey, type Command } from '../../core/index.js'
import { missing, refused, splitAtSpace, unknownRoom } from '../words.js'

/** Reads what follows a command's word, one space after it. */
type Read = (args: string) => Command

const PM = '/pm <username> <message>'
const GC = '/gc <groupname> <message>'
const CG = '/cg <groupname>'
const JG = '/jg <groupname>'
const LG = '/lg <groupname>'

const commands: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['/help', () => ({ name: 'help', topic: '' })],
  [
    '/pm',
    (args) => {
      const { head: nick, rest: text } = splitAtSpace(args)
      return nick === '' || text.trim() === '' ? missing(PM) : { name: 'tell', nick, text }
    },
  ],
  [
    '/gc',
    (args) => {
      const { head: room, rest: text } = splitAtSpace(args)
      if (room === '' || text.trim() === '') return missing(GC)
      return isWord(room) ? { name: 'say', room, text } : unknownRoom(room)
    },
  ],
  ['/cg', (args) => onRoom(args, CG, (room) => ({ name: 'create', room, as: 'member' }), badRoom)],
  ['/jg', (args) => onRoom(args, JG, (room) => ({ name: 'join', rooms: [room] }), unknownRoom)],
  ['/lg', (args) => onRoom(args, LG, leave, unknownRoom)],
  ['/listg', () => ({ name: 'rooms', scope: 'own' })],
  ['/listallg', () => ({ name: 'rooms' })],
  ['/lo', () => ({ name: 'users' })],
])

/** The words of all commands. */
export const COMMAND_WORDS: readonly string[] = [...commands.keys()]

/** Reads a line that begins with `/`; a word that is none of the commands is refused. */
export function readCommand(line: string): Command {
  const { head: word, rest: args } = splitAtSpace(line)
  const read = commands.get(word.toLowerCase())
  return read === undefined ? refused({ code: 'unknown-command', command: word }) : read(args)
}

function onRoom(args: string, usage: string, read: Read, otherwise: Read): Command {
  const room = args.trim()
  if (room === '') return missing(usage)
  return isWord(room) ? read(room) : otherwise(room)
}

/** The core refuses the empty name as it refuses every other that is none. */
function badRoom(): Command {
  return { name: 'create', room: '', as: 'member' }
}

/** The lobby is no group: who talks without an address talks there. */
function leave(room: string): Command {
  if (roomKey(room) !== roomKey(LOBBY.word)) return { name: 'part', room }
  return refused({ code: 'lobby-stays', room: LOBBY })
}
