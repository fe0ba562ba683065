// Why something was not done, by the codes and in the words of ChatApp's table (4.b).

import type { Refusal, RefusalCode, RoomName } from '../../core/index.js'
import { MAX_BODY_BYTES } from '../../wire/header.js'
import { sentenceOf, type Vocabulary } from '../sentences.js'
import { DATA_MAX, NAME_MAX, type Fault } from './messages.js'
import type { Names } from './names.js'

/** How the server is called as a sender, and as the other end of a connection that is lost. */
export const SERVER = 'Server'

/** The code for a connection that one side gives up. */
export const CONNECTION_LOST = 2

/** The code for a username that is taken. */
export const NICK_IN_USE = 3

/** The code for all that the table has no code for. */
export const UNSPECIFIED = 99

const VOCABULARY: Vocabulary = {
  users: 'a JoinMessage',
  rooms: 'a CreateRoomMessage',
  enter: () => 'a JoinMessage',
  help: 'a ConnectionMessage',
  room: ({ title }) => title,
  nick: 'characters',
  client: 'a ChatApp client',
}

type Of<Code extends RefusalCode> = Extract<Refusal, { readonly code: Code }>

type Faults = {
  readonly [Code in RefusalCode]?: (
    refusal: Of<Code>,
    names: Names,
  ) => readonly [code: number, data: string]
}

const lost = () => [CONNECTION_LOST, `CONNECTION ERROR: lost connection from ${SERVER}`] as const

const faults: Faults = {
  kicked: lost,
  'shutting-down': lost,
  'too-slow': lost,
  idle: lost,
  'nick-in-use': ({ nick }, names) => [
    NICK_IN_USE,
    `CONNECTION ERROR: ${names.user(nick)} username already in use`,
  ],
  'too-long': () => [4, `MSG ERROR: msg in message exceeds ${MAX_BODY_BYTES}`],
  'missing-argument': () => [20, 'ERROR: empty string submitted'],
  'name-too-long': () => [21, `ERROR: name exceeds MAX length ${NAME_MAX}`],
  'bad-nick': ({ maxLength }) => [21, `ERROR: name exceeds MAX length ${maxLength}`],
  'unknown-room': ({ room }) => [22, `ROOM ERROR: ${room} does not exist`],
  'wrong-sender': () => [
    23,
    'USER ERROR: username does not match username associated with connection',
  ],
  'already-in-room': (refusal, names) => [24, membership(refusal, names, 'already joined to')],
  'room-exists': ({ room }, names) => [25, `ROOM ERROR: ${names.room(room)} name already in use`],
  'text-too-long': () => [26, `MSG ERROR: data in message exceeds ${DATA_MAX}`],
  'not-in-room': (refusal, names) => [27, membership(refusal, names, 'not joined to')],
  'bad-room': ({ maxBytes }) => [
    UNSPECIFIED,
    `That is no room name. Take 1 to ${maxBytes} bytes that show.`,
  ],
  'unfinished-line': () => [
    UNSPECIFIED,
    'Your last message was shorter than its header said. Connect again and send it whole.',
  ],
}

/** The error that a client is sent: the generic one where the table has none that fits. */
export function faultOf(refusal: Refusal, names: Names): Fault {
  const [code, data] = pick(refusal, names) ?? [UNSPECIFIED, sentenceOf(refusal, VOCABULARY)]
  return { type: 'Error', code, data }
}

function pick<Code extends RefusalCode>(
  refusal: Of<Code> & { readonly code: Code },
  names: Names,
): readonly [number, string] | undefined {
  return faults[refusal.code]?.(refusal, names)
}

function membership(
  { nick, room }: { readonly nick: string; readonly room: RoomName },
  names: Names,
  what: string,
): string {
  return `ROOM ERROR: ${names.user(nick)} username ${what} ${names.room(room)}`
}
