// ChatApp's messages as commands, each checked in the order in which its contract names the errors.

import {
  LINE_BREAK,
  clean,
  cleanLines,
  utf8Length,
  type Command,
  type Manners,
  type Refusal,
} from '../../core/index.js'
import { fatal, refused } from '../words.js'
import { CONNECTION_LOST } from './errors.js'
import { DATA_MAX, NAME_MAX, type ChatAppMessage, type Post } from './messages.js'
import type { ClientNames } from './names.js'

const MANNERS: Manners = {
  lobby: false,
  echo: true,
  notices: false,
  tells: false,
  focus: false,
  survey: true,
}

const EMPTY: Refusal = { code: 'missing-argument', usage: 'a string that is not empty' }

/** A message that cannot be read, and so ends the connection. */
export function unreadable(problem: string): Command {
  return fatal({ code: 'bad-message', problem })
}

/** What the first message asks for: to connect, under a name that `names` then knows. All else, and a name that is none, ends the connection. */
export function commandOfNewcomer(message: ChatAppMessage, names: ClientNames): Command {
  if (message.type !== 'ConnectionMessage') return unreadable(NO_CONNECT)
  const { sender, data } = message
  if (data === 'QUIT') return { name: 'quit' }
  if (data !== 'CONNECT') return unreadable(NO_CONNECT)
  const flaw = flawOfName(sender)
  if (flaw !== undefined) return fatal(flaw)
  return { name: 'register', nick: names.introduce(sender), manners: MANNERS, ifTaken: 'close' }
}

const NO_CONNECT = 'the first one is no ConnectionMessage with the data CONNECT'

/** What a message of a user asks for who calls himself `self`; undefined for one that asks for nothing. */
export function commandOfUser(message: ChatAppMessage, self: string): Command | undefined {
  if (message.type === 'Error') {
    return message.code === CONNECTION_LOST ? { name: 'quit' } : undefined
  }
  const flaw = flawOf(message, self)
  if (flaw !== undefined) return refused(flaw)
  const { type, timestamp, dest, data } = message
  switch (type) {
    case 'ConnectionMessage':
      return data === 'QUIT' ? { name: 'quit' } : undefined
    case 'CreateRoomMessage':
      return { name: 'create', room: clean(data), as: 'founder' }
    case 'JoinMessage':
      return { name: 'join', rooms: [clean(data)], history: true }
    case 'LeaveMessage':
      return { name: 'part', room: clean(data) }
    case 'ChatMessage': {
      const stamp = timestamp === '' ? {} : { stamp: timestamp }
      return { name: 'say', room: clean(dest), text: cleanLines(data), ...stamp }
    }
    case 'Message':
      return undefined
  }
}

/** What can be said against a message without looking anything up. */
function flawOf({ type, dest, sender, data }: Post, self: string): Refusal | undefined {
  switch (type) {
    case 'CreateRoomMessage':
      return flawOfName(data)
    case 'JoinMessage':
    case 'LeaveMessage':
      return flawOfName(data) ?? flawOfSender(sender, self)
    case 'ChatMessage':
      return isBlank(data)
        ? EMPTY
        : (flawOfName(dest) ?? flawOfData(data) ?? flawOfSender(sender, self))
    case 'ConnectionMessage':
    case 'Message':
      return undefined
  }
}

/** What is wrong with a text that is said. */
export function flawOfText(data: string): Refusal | undefined {
  return isBlank(data) ? EMPTY : flawOfData(data)
}

/** What is wrong with a name of a user or a room. */
export function flawOfName(name: string): Refusal | undefined {
  if (isBlank(name)) return EMPTY
  return utf8Length(name) > NAME_MAX ? { code: 'name-too-long', maxBytes: NAME_MAX } : undefined
}

function flawOfData(data: string): Refusal | undefined {
  return utf8Length(data) > DATA_MAX ? { code: 'text-too-long', maxBytes: DATA_MAX } : undefined
}

function flawOfSender(sender: string, self: string): Refusal | undefined {
  return sender === self ? undefined : { code: 'wrong-sender' }
}

/** Whether nothing is left of a string once it is clean, but line breaks. */
function isBlank(text: string): boolean {
  return cleanLines(text).replaceAll(LINE_BREAK, '') === ''
}
