// Events in the words of the Chat Box: grams where the document has them, and texts. People at
// telnet and nc get texts alone, in lines.

import {
  cutToBytes,
  type Event,
  type EventType,
  type Message,
  type Refusal,
  type RefusalCode,
} from '../../core/index.js'
import { wordsFor, type Voice, type Words } from '../dialect.js'
import { sentenceOf, type Vocabulary } from '../sentences.js'
import { linesOf } from '../words.js'
import { choiceOf, gramOf, switchedTo, usersIn, welcomeOf, type ChoiceGram } from './answers.js'
import { CREATE_LINE, CREATE_TOPIC, MENU_LINES } from './commands.js'
import { writeGram } from './grams.js'

/** The largest message of a client, in bytes: as much as may wait for the end of a dictionary. */
export const MAX_MESSAGE_BYTES = 65_536

/** The longest text, in bytes: its client reads 1,000 at once, and a character that is cut is a crash. */
const MAX_TEXT_BYTES = 1000

/** The time in which a goodbye is alone, in milliseconds: its client takes all of one read for one message. */
const PAUSE = 20
/** Pauses of more than this may be owed before texts are joined, in milliseconds. */
const PATIENCE = 200

const VOCABULARY: Vocabulary = {
  users: 'u!',
  rooms: 'j',
  enter: () => 'j and its number',
  help: 'm!',
  room: ({ title }) => title,
  nick: 'letters, digits, dots, underscores and hyphens',
  client: 'a Chat Box client, telnet or nc',
}

type Lines = readonly string[]
const NONE: Lines = []

const words: Words<Lines> = {
  nickRequested: () => NONE,
  welcomed: ({ nick }) => [welcomeOf(nick)],
  greeted: ({ motd }) => (motd.length === 0 ? NONE : ['Message of the day:', ...motd]),
  refused: ({ refusal }) => [reasonOf(refusal)],
  ponged: () => ['The server is here.'],
  helped: ({ topic }) => (topic === CREATE_TOPIC ? [CREATE_LINE] : MENU_LINES),
  surveyed: ({ purpose, outlook }) => {
    const choice = choiceOf(purpose, outlook, Infinity)
    return choice === undefined ? usersIn(outlook.house) : choiceLines(choice)
  },
  youEntered: ({ room: { title }, made }) => [
    made
      ? `You have made the room ${title} and are a member of it. Type s to switch to it.`
      : `You are a member of the room ${title} now. Type s to switch to it.`,
  ],
  youLeft: ({ room }) => [`You have left the room ${room.title} and are back in General.`],
  youSwitched: ({ room, outlook }) => [switchedTo(room, outlook)],
  saidGoodbye: ({ nick }) => [`Goodbye, ${nick}.`],
  said: ({ message }) => spoken('', message),
  told: ({ message }) => spoken('(private) ', message),
  entered: ({ room, nick }) => [`${nick} has joined the room ${room.title}.`],
  left: ({ room, nick }) => [`${nick} has left the room ${room.title}.`],
  switched: ({ from, to, nick }) => [
    `${nick} has switched from the room ${from.title} to ${to.title}.`,
  ],
  announced: ({ text }) => [`server: ${text}`],
  // What no client of this protocol can ask for, or what it says nothing about.
  usersListed: () => NONE,
  roomsListed: () => NONE,
  membersListed: () => NONE,
  historyListed: () => NONE,
  versionTold: () => NONE,
  noticesSet: () => NONE,
  echoSet: () => NONE,
  youMade: () => NONE,
  cameOnline: () => NONE,
  wentOffline: () => NONE,
  roomMade: () => NONE,
  roomGone: () => NONE,
}

/** Ends the document's client when it is all that one read gives (3.7). */
const FAREWELL = Buffer.from('exit()')

/** What the document's client is told otherwise than people are: it sends no lines, and the farewell is enough. */
const SAID_OTHERWISE = new Map<EventType | RefusalCode, Lines>([
  ['saidGoodbye', NONE],
  ['kicked', NONE],
  ['shutting-down', NONE],
  ['too-slow', NONE],
  ['idle', NONE],
  ['too-long', [`That was too long. Send at most ${MAX_MESSAGE_BYTES} bytes in a message.`]],
  ['unfinished-line', ['Your last dictionary was not closed, and was not carried out.']],
])

/** The voice of the document's own client: one message a write, each of them a gram, or a text without a line end. */
export const gramVoice: Voice = {
  render: renderGram,
  pacing: { patience: PATIENCE, join },
  farewell: { bytes: FAREWELL, pause: PAUSE },
}

/** The voice of people at telnet and nc: lines that end in CR LF. */
export const lineVoice: Voice = {
  render: (event) => {
    const lines = wordsFor(words, event)
    return lines.length === 0 ? undefined : Buffer.from(`${lines.join('\r\n')}\r\n`)
  },
}

function renderGram(event: Event): Buffer | undefined {
  const gram = gramOf(event)
  if (gram !== undefined) return Buffer.from(writeGram(gram))
  const said = event.type === 'refused' ? event.refusal.code : event.type
  const lines = SAID_OTHERWISE.get(said) ?? wordsFor(words, event)
  // A brace anywhere would make the client evaluate the text.
  const text = lines.join('\n').replaceAll('{', '｛')
  return text === '' ? undefined : Buffer.from(cutToBytes(text, MAX_TEXT_BYTES))
}

/** Two texts as one; a gram must be alone. */
function join(earlier: Buffer, later: Buffer): Buffer | undefined {
  const fits = earlier.length + 1 + later.length <= MAX_TEXT_BYTES
  if (!fits || isGram(earlier) || isGram(later)) return undefined
  return Buffer.concat([earlier, Buffer.from('\n'), later])
}

function isGram(message: Buffer): boolean {
  return message.includes('{')
}

/** The prompt, and the rooms by their numbers. */
export function choiceLines(choice: ChoiceGram): Lines {
  const rooms = choice.type === 'room choose' ? choice.rooms : choice.joined
  const rows = rooms.map((title, number) => `${number} ${title}${remarkOn(title, choice)}`)
  return [choice.prompt, ...rows]
}

function remarkOn(title: string, choice: ChoiceGram): string {
  if (choice.type === 'room choose') return choice.joined.includes(title) ? ' (joined)' : ''
  return choice.type === 'switch room' && choice.current === title ? ' (you are here)' : ''
}

function spoken(mark: string, { from, text }: Message): Lines {
  return linesOf(`${mark}${from}: `, text, MAX_MESSAGE_BYTES)
}

function reasonOf(refusal: Refusal): string {
  if (refusal.code === 'lobby-stays') {
    const { title } = refusal.room
    return `Are you sure? Nobody leaves the room ${title} without quitting. Type q! to quit.`
  }
  if (refusal.code === 'bad-room') {
    return `That is no name of a room. Take up to ${refusal.maxBytes} bytes, of which some can be seen.`
  }
  return sentenceOf(refusal, VOCABULARY)
}
