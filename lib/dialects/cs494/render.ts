// Events in words of our own where the CS494 document has none, one line each: its client prints
// what it gets, and two that come together stay apart.

import {
  LOBBY,
  type Event,
  type EventType,
  type Message,
  type Refusal,
  type RefusalCode,
  type RoomName,
} from '../../core/index.js'
import { wordsFor, type Farewell, type Voice, type Words } from '../dialect.js'
import { sentenceOf, type Vocabulary } from '../sentences.js'
import { linesOf } from '../words.js'
import { HELP_LINES } from './commands.js'
import { FAREWELL } from './document.js'

/** The longest text, in bytes: with room, nicknames and line end it stays within a message of 1,024 (section 2). */
const MAX_TEXT_BYTES = 900

const VOCABULARY: Vocabulary = {
  users: '/users',
  rooms: '/list',
  enter: (room) => `/join ${room}`,
  help: '/?',
  room: ({ word }) => word,
  nick: 'letters, digits, dots, underscores and hyphens',
  client: 'a CS494 client, telnet or nc',
}

/** Is compared with the whole text of one read (3.4), so it is alone in its write. */
const farewell: Farewell = { bytes: Buffer.from(FAREWELL), pause: 50 }

type Lines = readonly string[]
const NONE: Lines = []

const words: Words<Lines> = {
  nickRequested: () => ['Welcome to Partyline.', 'Please send a username.'],
  welcomed: ({ nick }) => [
    `Hello ${nick}. You are in the room ${LOBBY.word}: what you send goes to everybody there.`,
    'Send /? for all commands.',
  ],
  greeted: ({ motd }) => motd,
  refused: ({ refusal }) => reasonsOf(refusal),
  usersListed: ({ nicks }) => nicks,
  roomsListed: ({ rooms }) => [LOBBY, ...rooms].map(({ word }) => word),
  membersListed: ({ nicks }) => nicks,
  historyListed: ({ room, messages }) => messages.flatMap((message) => spoken(room, message)),
  ponged: () => ['pong'],
  helped: () => HELP_LINES,
  said: ({ room, message }) => spoken(room, message),
  told: ({ to, message: { from, text } }) =>
    linesOf(`(Private To: ${to}) ${from}: `, text, MAX_TEXT_BYTES),
  wentOffline: ({ nick }) => [`${nick} has disconnected.`],
  youEntered: ({ room }) => [`You have joined the room ${room.word}.`],
  youLeft: ({ room }) => [`You have left the room ${room.word}.`],
  youMade: ({ room }) => [
    `The room ${room.word} has been created. Send /join ${room.word} to be in it.`,
  ],
  saidGoodbye: () => ['You have been disconnected.'],
  announced: ({ text }) => [`server: ${text}`],
  // What no client of this protocol can ask for, or what it says nothing about.
  cameOnline: () => NONE,
  entered: () => NONE,
  left: () => NONE,
  roomMade: () => NONE,
  roomGone: () => NONE,
  surveyed: () => NONE,
  youSwitched: () => NONE,
  switched: () => NONE,
  versionTold: () => NONE,
  noticesSet: () => NONE,
  echoSet: () => NONE,
}

/** What the farewell says to those who have one. */
const SAID_BY_FAREWELL: ReadonlySet<EventType | RefusalCode> = new Set<EventType | RefusalCode>([
  'saidGoodbye',
  'kicked',
  'shutting-down',
  'too-slow',
  'idle',
])

/** The voice of the document's own client: lines that end in LF, and a farewell of its own. */
export const voice: Voice = { render: renderBare, farewell }

/** The voice of people at telnet and nc: lines that end in CR LF. */
export const lineVoice: Voice = { render: (event) => bytesOf(wordsFor(words, event), '\r\n') }

function renderBare(event: Event): Buffer | undefined {
  const said = event.type === 'refused' ? event.refusal.code : event.type
  if (SAID_BY_FAREWELL.has(said)) return undefined
  // Whether a telnet reads this first message is not known yet.
  return bytesOf(wordsFor(words, event), event.type === 'nickRequested' ? '\r\n' : '\n')
}

function bytesOf(lines: Lines, lineEnd: string): Buffer | undefined {
  if (lines.length === 0) return undefined
  return Buffer.from(lines.map((line) => line + lineEnd).join(''))
}

function spoken({ word }: RoomName, { from, text }: Message): Lines {
  return linesOf(`(${word}) ${from}: `, text, MAX_TEXT_BYTES)
}

function reasonsOf(refusal: Refusal): Lines {
  // Of whispers to nobody the document says that no message is sent (4.8).
  if (refusal.code === 'unknown-nick') return NONE
  if (refusal.code !== 'nick-in-use') return [sentenceOf(refusal, VOCABULARY)]
  return [`The username ${refusal.nick} is taken. Please send another one.`]
}
