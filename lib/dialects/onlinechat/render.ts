// Events in the words of OnlineChat's figures. A text that comes between what somebody types
// begins with CR, to overwrite the prompt, and ends in LF.

import {
  LOBBY,
  cutToBytes,
  utf8Length,
  type Event,
  type Message,
  type Refusal,
  type RoomName,
} from '../../core/index.js'
import { withLength } from '../../wire/length-prefix.js'
import { wordsFor, type Pacing, type Voice, type Words } from '../dialect.js'
import { sentenceOf, type Vocabulary } from '../sentences.js'
import { linesOf } from '../words.js'

const VOCABULARY: Vocabulary = {
  users: '/lo',
  rooms: '/listallg',
  enter: (room) => `/jg ${room}`,
  help: '/help',
  room: ({ word }) => word,
  nick: 'letters, digits, dots, underscores and hyphens',
  client: 'an OnlineChat client',
}

/** What the program prints (figure 12). */
const WELCOME = 'Welcome to the chat :)\nTo view instructions, type /help\n'
const HELP = `
* Messages are broadcasted by default. *
/help    View command options.
/pm <username> <message>   Send user a private message.
/gc <groupname> <message>   Send message to private group.
/cg <groupname>    Create a private group.
/jg <groupname>    Join a private group.
/lg <groupname>    Leave a private group.
/listg    List groups you are a member of.
`

/** The longest line of a message, in bytes. */
const MAX_LINE_BYTES = 8192
/** What the client reads at once, in bytes (figure 7). Joined texts fit into it; so does what is not ASCII, since the client decodes each read alone, and ends where one cuts a character. */
const READ_BYTES = 1024
/** The longest text beyond ASCII: all but its length of one read, in bytes. */
const MAX_WIDE_BYTES = READ_BYTES - '1024,'.length

const ASCII = /^[\0-\x7f]*$/

const words: Words<string | undefined> = {
  nickRequested: () => 'ACK',
  welcomed: ({ nick }) => nick,
  greeted: ({ motd }) => WELCOME + motd.map((line) => `${line}\n`).join(''),
  refused: ({ refusal }) => `${reasonOf(refusal)}\n`,
  usersListed: ({ nicks }) => listOf(nicks),
  roomsListed: ({ rooms }) => listOf(rooms.map(({ word }) => word)),
  membersListed: ({ nicks }) => listOf(nicks),
  historyListed: ({ room, messages }) =>
    messages.map((message) => spoken(inGroup(room), message)).join(''),
  helped: () => HELP,
  said: ({ room, lobby, message }) => spoken(lobby ? '' : inGroup(room), message),
  told: ({ message }) => spoken('(PM) ', message),
  cameOnline: ({ nick }) => `\r${nick} is now online.\n`,
  wentOffline: ({ nick }) => `\r${nick} has gone offline.\n`,
  // The lobby is no group of theirs, and offline is said once (figure 12).
  entered: ({ room, nick, why }) =>
    why === 'asked' && !isGeneral(room) ? `\r${nick} has joined group ${room.word}.\n` : undefined,
  left: ({ room, nick, why }) =>
    why === 'asked' && !isGeneral(room)
      ? `\r${nick} has just left group ${room.word}.\n`
      : undefined,
  youEntered: ({ room, made }) => (made ? `Group ${room.word} created.\n` : undefined),
  youMade: ({ room }) => `Group ${room.word} created.\n`,
  announced: ({ text }) => `\rserver: ${text}\n`,
  // What no client of this protocol can ask for, or what it says nothing about.
  ponged: () => undefined,
  versionTold: () => undefined,
  noticesSet: () => undefined,
  echoSet: () => undefined,
  surveyed: () => undefined,
  youLeft: () => undefined,
  youSwitched: () => undefined,
  switched: () => undefined,
  saidGoodbye: () => undefined,
  roomMade: () => undefined,
  roomGone: () => undefined,
}

/** Its client takes one read for one frame: whatever follows the first in it is lost (figure 7). */
const pacing: Pacing = { patience: 200, join }

/** The voice of all its clients. */
export const voice: Voice = { render, pacing }

function render(event: Event): Buffer | undefined {
  const text = wordsFor(words, event)
  return text === undefined ? undefined : withLength(readable(text))
}

/** A text that ends with a line, as much of it as the client can read. */
function readable(text: string): string {
  if (ASCII.test(text) || utf8Length(text) <= MAX_WIDE_BYTES) return text
  return `${cutToBytes(text, MAX_WIDE_BYTES - '\n'.length)}\n`
}

/** Two texts of lines as one frame; what is no text of lines, such as the nickname, stays alone. */
function join(earlier: Buffer, later: Buffer): Buffer | undefined {
  const texts = [textOf(earlier), textOf(later)]
  const joined = withLength(texts.join(''))
  const fits = joined.length <= READ_BYTES && texts.every((text) => text.endsWith('\n'))
  return fits ? joined : undefined
}

function textOf(frame: Buffer): string {
  return frame.toString('utf8', frame.indexOf(',') + 1)
}

function spoken(place: string, { from, text }: Message): string {
  return linesOf(`\r${place}${from}: `, text, MAX_LINE_BYTES)
    .map((line) => `${line}\n`)
    .join('')
}

function listOf(names: readonly string[]): string {
  return `\r${names.join(', ')}\n`
}

function inGroup({ word }: RoomName): string {
  return `(${word}) `
}

function isGeneral({ word }: RoomName): boolean {
  return word === LOBBY.word
}

function reasonOf(refusal: Refusal): string {
  if (refusal.code === 'room-exists') return 'A group with that name already exists.'
  return sentenceOf(refusal, VOCABULARY)
}
