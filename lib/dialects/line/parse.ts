// A line of the tutorial's protocol as a command: its first character says what it is.

import { LOBBY_TITLE, clean, isWord, type Command, type Manners } from '../../core/index.js'
import type { Speaker } from '../dialect.js'
import { missing, refused, splitAtSpace, unknownRoom } from '../words.js'
import { findRow } from './commands.js'

/** Nicknames that this dialect registers: the document says alphanumeric; the core bounds the length. */
const NICK = /^[A-Za-z0-9]+$/

const MANNERS: Manners = {
  lobby: true,
  echo: false,
  notices: false,
  tells: true,
  focus: false,
  survey: false,
}

/** Reads one line without its end. Blank lines ask for nothing. */
export function parse(line: string, speaker: Speaker): Command | undefined {
  const text = clean(line)
  if (text.trim() === '') return undefined
  if (speaker.nick === undefined) return readNick(text)
  switch (text.charAt(0)) {
    case '#':
      return readTell(text)
    case '@':
      return readPost(text)
    case '!':
      return readCommand(text)
    default:
      return { name: 'say', room: LOBBY_TITLE, text }
  }
}

/** A nickname that is none for this dialect is given to the core as the empty one, which it refuses. */
function readNick(text: string): Command {
  return { name: 'register', nick: NICK.test(text) ? text : '', manners: MANNERS }
}

function readTell(line: string): Command {
  const { head: nick, rest: text } = splitAtSpace(line.slice(1))
  if (nick === '' || text.trim() === '') return missing('#nick text')
  return { name: 'tell', nick, text }
}

function readPost(line: string): Command {
  const { head: room, rest: text } = splitAtSpace(line.slice(1))
  if (room === '' || text.trim() === '') return missing('@room text')
  return isWord(room) ? { name: 'say', room, text } : unknownRoom(room)
}

function readCommand(line: string): Command | undefined {
  const { head: word, rest: args } = splitAtSpace(line)
  const row = findRow(word)
  if (row !== undefined) return row.read(args.trim())
  return refused({ code: 'unknown-command', command: word })
}
