// Why something was not done, in a sentence that says what was wrong and what to do. The dialects
// share the sentences, and each gives the commands that they name.

import { cutToBytes, type Refusal, type RefusalCode, type RoomName } from '../core/index.js'
import { counted } from './words.js'

/** How much of what a client sent is repeated to it in an error, in bytes. */
const MAX_QUOTE_BYTES = 60

/** What a dialect's commands are called. */
export interface Vocabulary {
  /** Lists who is online. */
  readonly users: string
  /** Lists all rooms. */
  readonly rooms: string
  /** Goes into a room. */
  readonly enter: (room: string) => string
  /** Explains all commands. */
  readonly help: string
  /** How a room is written. */
  readonly room: (room: RoomName) => string
  /** What a nickname may be of. */
  readonly nick: string
  /** With what one connects. */
  readonly client: string
}

type Sentences = {
  readonly [Code in RefusalCode]: (
    refusal: Extract<Refusal, { readonly code: Code }>,
    vocabulary: Vocabulary,
  ) => string
}

const sentences: Sentences = {
  'bad-nick': ({ maxLength }, { nick }) =>
    `That is not a nickname. Send 1 to ${maxLength} ${nick}, nothing else.`,
  'nick-in-use': ({ nick }) =>
    `The nickname ${quote(nick)} is taken. Connect again with another one.`,
  'unknown-nick': ({ nick }, { users }) =>
    `Nobody is called ${quote(nick)}. Send ${users} for who is online.`,
  'no-private': ({ nick }) =>
    `${quote(nick)} cannot be given private lines. Say it in a room that you share.`,
  'bad-room': ({ maxBytes }) =>
    `That is not a room name. Take 1 to ${maxBytes} bytes without spaces or any of , : # @ !`,
  'room-exists': ({ room: name }, { room }) =>
    `There is a room ${quote(room(name))} already. Enter it, or take another name.`,
  'unknown-room': ({ room }, { rooms }) =>
    `There is no room ${quote(room)}. Send ${rooms} for all rooms.`,
  'not-in-room': ({ room: name }, { room, enter }) =>
    `You are not in the room ${quote(room(name))}. Send ${enter(quote(room(name)))} first.`,
  'already-in-room': ({ room: name }, { room }) =>
    `You are in the room ${quote(room(name))} already. Speak in it, or leave it.`,
  'in-no-room': (_refusal, { enter }) => `You are in no room. Send ${enter('ROOM')} first.`,
  'lobby-stays': ({ room: name }, { room }) =>
    `Everybody is in ${room(name)}, and nobody leaves it without going. Close the connection to go.`,
  'too-many-rooms': ({ scope, max }) => tooManyRooms[scope](max),
  'unknown-command': ({ command }, { help }) =>
    `There is no command ${quote(command)}. Send ${help} for all commands, or begin the line with a space to say it.`,
  'missing-argument': ({ usage }) => `Something is missing. Send ${usage}`,
  'bad-argument': ({ usage }) => `That does not fit the command. Send ${usage}`,
  'too-long': ({ maxBytes, unfinished }) =>
    `${unfinished === undefined ? 'That line was dropped' : `${unfinished} bytes came without a line end`}. ` +
    `Send at most ${maxBytes} bytes a line.`,
  'name-too-long': ({ maxBytes }) => `That name is too long. Take at most ${maxBytes} bytes.`,
  'text-too-long': ({ maxBytes }) => `That text is too long. Send at most ${maxBytes} bytes.`,
  'bad-frame': () =>
    'The length in front of a message was none. Connect again, and send the number of its bytes.',
  'bad-message': ({ problem }) =>
    `That message cannot be read: ${problem}. Send it as its protocol has it.`,
  'wrong-sender': () => 'That was sent in a name that is not yours. Send your own.',
  'bad-text': () => 'That line was dropped. Send text in UTF-8.',
  'unfinished-line': () =>
    'Your last line had no end and was not carried out. End each line with CR LF.',
  'too-many-failures': ({ max }) =>
    `${max} lines were not a nickname. Connect again and send letters and digits.`,
  'registration-timeout': ({ seconds }) =>
    `No nickname came within ${counted(seconds, 'second')}. Connect again and send one.`,
  'registration-too-long': ({ maxBytes }) =>
    `No nickname came within ${maxBytes} bytes. Connect again and send one first.`,
  'wrong-protocol': ({ protocol }, { client }) =>
    `This is a chat server, and that was ${protocol}. Connect with ${client}.`,
  'server-full': ({ max }) => `All ${max} places are taken. Try again later.`,
  'too-many-connections': ({ max }) =>
    `Your address has ${max} connections already. Close one and connect again.`,
  'connecting-too-fast': ({ max }) =>
    `Your address connected more than ${max} times in a minute. Wait a minute.`,
  'crowded-out': ({ max }) =>
    `More than ${max} connections are waiting without a nickname. Connect again and send one at once.`,
  'too-slow': () => 'You do not read what you are sent. Connect again and keep reading.',
  idle: ({ minutes }) =>
    `You sent nothing for ${counted(minutes, 'minute')}. Connect again when you like.`,
  kicked: ({ reason }) =>
    reason === ''
      ? 'The operator closed your connection.'
      : `The operator closed your connection: ${reason}`,
  'shutting-down': () => 'The server is stopping. Connect again later.',
  internal: () => 'The server made a mistake and dropped that line. Tell its operator.',
}

const tooManyRooms = {
  joined: (max: number) => `You are in ${max} rooms, the most there may be. Leave one first.`,
  named: (max: number) => `Only the first ${max} rooms were looked at. Name no more in one line.`,
  kept: (max: number) => `You have made ${max} rooms, the most there may be.`,
  all: (max: number) => `There are ${max} rooms, the most there may be. Enter one that stands.`,
}

/** The sentence for a refusal, on one line without its end, naming commands of this vocabulary. */
export function sentenceOf(refusal: Refusal, vocabulary: Vocabulary): string {
  return pick(refusal, vocabulary)
}

function pick<Code extends RefusalCode>(
  refusal: Extract<Refusal, { readonly code: Code }> & { readonly code: Code },
  vocabulary: Vocabulary,
): string {
  return sentences[refusal.code](refusal, vocabulary)
}

function quote(sent: string): string {
  return cutToBytes(sent, MAX_QUOTE_BYTES)
}
