// Events as ChatApp's messages. Those who come and go are shown in all rooms; what the protocol has
// no message for is left out.

import {
  LINE_BREAK,
  nicksOf,
  type Event,
  type Message,
  type Room,
  type RoomName,
  type State,
} from '../../core/index.js'
import { framed } from '../../wire/header.js'
import { wordsFor, type Voice, type Words } from '../dialect.js'
import { SERVER, faultOf } from './errors.js'
import { encodeWithin, type ChatAppMessage, type Post, type PostType } from './messages.js'
import { HOUSE_NAMES, type Names } from './names.js'

/** How many messages somebody who joins a room is sent of what was said there (section 1). */
const MOST_REMEMBERED = 10

/** The destination of what all are told. */
const ALL = 'ALL'

/** When something is told, and how its receiver calls users and rooms. */
interface Telling {
  readonly timestamp: string
  readonly names: Names
}

type Said = (telling: Telling) => readonly ChatAppMessage[]
const NOTHING: Said = () => []

const words: Words<Said> = {
  refused:
    ({ refusal }) =>
    ({ names }) => [faultOf(refusal, names)],
  welcomed:
    ({ nick, outlook }) =>
    (telling) =>
      welcome(nick, outlook.house, telling),
  greeted:
    ({ motd }) =>
    (telling) =>
      motd.map((line) => post('Message', SERVER, line, telling)),
  historyListed:
    ({ room, messages }) =>
    ({ names }) =>
      messages.flatMap((message) => chats(room, message, names)).slice(-MOST_REMEMBERED),
  said:
    ({ room, message }) =>
    ({ names }) =>
      chats(room, message, names),
  roomMade:
    ({ room }) =>
    (telling) => [post('CreateRoomMessage', SERVER, telling.names.room(room), telling)],
  entered: ({ room, nick }) => moved('JoinMessage', nick, room),
  left: ({ room, nick }) => moved('LeaveMessage', nick, room),
  announced:
    ({ text }) =>
    (telling) => [post('Message', SERVER, text, telling)],
  // What no client of this protocol can ask for, or what it has no message for.
  nickRequested: () => NOTHING,
  usersListed: () => NOTHING,
  roomsListed: () => NOTHING,
  membersListed: () => NOTHING,
  ponged: () => NOTHING,
  helped: () => NOTHING,
  surveyed: () => NOTHING,
  youEntered: () => NOTHING,
  youLeft: () => NOTHING,
  youMade: () => NOTHING,
  youSwitched: () => NOTHING,
  versionTold: () => NOTHING,
  noticesSet: () => NOTHING,
  echoSet: () => NOTHING,
  saidGoodbye: () => NOTHING,
  told: () => NOTHING,
  cameOnline: () => NOTHING,
  wentOffline: () => NOTHING,
  switched: () => NOTHING,
  roomGone: () => NOTHING,
}

/** The voice of all clients that call everything as the house does. */
export const voice: Voice = voiceWith(HOUSE_NAMES)

/** The voice of clients with these names; they may change. */
export function voiceWith(names: Names): Voice {
  return { render: (event, at) => render(event, { timestamp: timestampOf(at), names }) }
}

/** All rooms of a house, the lobby first. */
export function roomsIn(house: State): readonly Room[] {
  return [house.lobby, ...house.rooms.values()]
}

/** The server's own time stamp: `%d/%m/%Y %H:%M:%S` in its time zone. `at` is in milliseconds since 1970. */
export function timestampOf(at: number): string {
  const time = new Date(at)
  const day = [time.getDate(), time.getMonth() + 1].map(twoDigits).join('/')
  const clock = [time.getHours(), time.getMinutes(), time.getSeconds()].map(twoDigits).join(':')
  return `${day}/${String(time.getFullYear()).padStart(4, '0')} ${clock}`
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0')
}

function render(event: Event, telling: Telling): string | undefined {
  const messages = wordsFor(words, event)(telling)
  if (messages.length === 0) return undefined
  return messages.map((message) => framed(encodeWithin(message))).join('')
}

/** The acknowledgement, which the document lacks and its client waits for, then every room with everybody in it. */
function welcome(nick: string, house: State, telling: Telling): readonly Post[] {
  const { names } = telling
  const you = names.user(nick)
  return [
    post('ConnectionMessage', SERVER, 'CONNECT', telling, you),
    ...roomsIn(house).flatMap(({ name, members }) => [
      post('CreateRoomMessage', SERVER, names.room(name), telling, you),
      ...nicksOf(house, members).map((member) =>
        post('JoinMessage', names.user(member), names.room(name), telling, you),
      ),
    ]),
  ]
}

function moved(type: PostType, nick: string, room: RoomName): Said {
  return (telling) => [post(type, telling.names.user(nick), telling.names.room(room), telling)]
}

/** A message for each line of the text that is not empty; the sender's own time stamp goes before ours. */
function chats(room: RoomName, message: Message, names: Names): readonly Post[] {
  const { from, text, at, stamp: timestamp = timestampOf(at) } = message
  const lines = text.split(LINE_BREAK).filter((line) => line !== '')
  const [dest, sender] = [names.room(room), names.user(from)]
  return lines.map((data) => ({ type: 'ChatMessage', timestamp, dest, sender, data }))
}

function post(
  type: PostType,
  sender: string,
  data: string,
  { timestamp }: Telling,
  dest = ALL,
): Post {
  return { type, timestamp, dest, sender, data }
}
