// Events in the words of the line dialect. Whatever is not chat or an asked-for list begins
// with `!`, which no nickname can.

import { LOBBY, type Event, type Message, type RoomName } from '../../core/index.js'
import { wordsFor, type Words } from '../dialect.js'
import { sentenceOf, type Vocabulary } from '../sentences.js'
import { linesOf } from '../words.js'
import { helpLines } from './commands.js'

/** The number that `!version` tells; it changes when a client that knew the old one could misread the new. */
export const PROTOCOL_VERSION = 1

/** The longest text of a message that is passed on whole, in bytes: the most that --line-bytes can let in. */
const MAX_TEXT_BYTES = 65_536

const LINE_END = '\r\n'

const VOCABULARY: Vocabulary = {
  users: '!users',
  rooms: '!rooms',
  enter: (room) => `!enter ${room}`,
  help: '!help',
  room: ({ word }) => word,
  nick: 'letters and digits',
  client: 'telnet or nc',
}

type Lines = readonly string[]
const NONE: Lines = []

const words: Words<Lines> = {
  refused: ({ refusal }) => [`!error ${refusal.code} ${sentenceOf(refusal, VOCABULARY)}`],
  nickRequested: () => NONE,
  welcomed: () => NONE,
  greeted: ({ motd }) => motd.map((line) => `!motd ${line}`),
  usersListed: ({ nicks }) => [nicks.join(' ')],
  roomsListed: ({ rooms }) => [rooms.map(({ word }) => word).join(' ')],
  membersListed: ({ nicks }) => [nicks.join(' ')],
  historyListed: ({ room, messages }) => {
    const lines = messages.flatMap((message) => remembered(room, message))
    return [...lines, `!history end ${room.word} ${lines.length}`]
  },
  ponged: ({ token }) => [token === '' ? '!pong' : `!pong ${token}`],
  helped: ({ topic }) => helpLines(topic).map((line) => `!help ${line}`),
  versionTold: () => [`!version partyline ${PROTOCOL_VERSION}`],
  noticesSet: ({ on }) => [`!notices ${onOrOff(on)}`],
  echoSet: ({ on }) => [`!echo ${onOrOff(on)}`],
  surveyed: () => NONE,
  youEntered: () => NONE,
  youLeft: () => NONE,
  youMade: () => NONE,
  youSwitched: () => NONE,
  switched: () => NONE,
  saidGoodbye: ({ nick }) => [`!goodbye ${nick}`],
  said: ({ room, lobby, message }) =>
    spoken(lobby ? `${message.from}: ` : `@${room.word} ${message.from}: `, message.text),
  told: ({ message }) => spoken(`#${message.from}: `, message.text),
  cameOnline: ({ nick }) => [`!notice online ${nick}`],
  wentOffline: ({ nick }) => [`!notice offline ${nick}`],
  // That somebody comes online and goes says that he is in the lobby and no longer in it.
  entered: ({ room, nick, why }) =>
    why === 'online' ? NONE : [`!notice entered ${room.word} ${nick}`],
  left: ({ room, nick, why }) =>
    why === 'offline' && room.word === LOBBY.word ? NONE : [`!notice left ${room.word} ${nick}`],
  roomMade: () => NONE,
  roomGone: () => NONE,
  announced: ({ text }) => [`!announce ${text}`],
}

/** What tells a client of this dialect of an event: lines, each ended by CR LF. */
export function render(event: Event): string | undefined {
  const lines = wordsFor(words, event)
  const [only] = lines
  if (only === undefined) return undefined
  // Nearly all are one line, and to join takes three times as long as to add.
  return (lines.length === 1 ? only : lines.join(LINE_END)) + LINE_END
}

/** A line for each line of the text, each with the speaker in front. */
function spoken(prefix: string, text: string): Lines {
  return linesOf(prefix, text, MAX_TEXT_BYTES)
}

function remembered(room: RoomName, { from, text, at }: Message): Lines {
  return spoken(`!history ${new Date(at).toISOString()} @${room.word} ${from}: `, text)
}

function onOrOff(on: boolean): string {
  return on ? 'on' : 'off'
}
