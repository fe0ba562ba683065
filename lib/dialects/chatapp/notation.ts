// A message is written as its class's short name, its data, and what else it has: `Create "red"`,
// `Chat "hi" to "red" from "alice"`, `Error 22 "…"`. What is in quotes is JSON.

import { HEADER_BYTES, bodyBytes, withHeader } from '../../wire/header.js'
import type { Decoded, Notation } from '../notation.js'
import { faultOf } from './errors.js'
import { POST_TYPES, decode, encode, type ChatAppMessage, type PostType } from './messages.js'
import { HOUSE_NAMES } from './names.js'

const SHORT_NAMES: Readonly<Record<PostType, string>> = {
  ConnectionMessage: 'Connection',
  CreateRoomMessage: 'Create',
  JoinMessage: 'Join',
  LeaveMessage: 'Leave',
  ChatMessage: 'Chat',
  Message: 'Message',
}

const TEXT = '("(?:[^"\\\\]|\\\\.)*")'
const POST = new RegExp(`^(\\w+) ${TEXT}(?: to ${TEXT})?(?: from ${TEXT})?(?: at ${TEXT})?$`)
const FAULT = new RegExp(`^Error (\\d+) ${TEXT}$`)

/** What a message carries that says nothing else. */
const STAMP = '31/12/2026 23:59:58'

/** The form of the server's own stamps, which are never written. */
const SERVER_STAMP = /^\d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d$/

/**
 * Left out are, in what is sent, `to "Server"`, the actor in `from`, and a stamp that counts for nothing; in what is
 * received, a stamp of the form of the server's own. What begins with `{` is a body as it stands.
 */
export const notation: Notation = {
  encode(written, actor) {
    const body = written.startsWith('{') ? written : bodyOf(written, actor)
    return body === undefined ? undefined : withHeader(body)
  },
  decode: messagesIn,
  introduce: (nick) => [sent('ConnectionMessage', nick, 'CONNECT')],
  fence: {
    ask: (token, actor) => sent('JoinMessage', actor, token),
    answer: (room) => writtenOf(faultOf({ code: 'unknown-room', room }, HOUSE_NAMES)),
  },
}

function sent(type: PostType, sender: string, data: string): Buffer {
  return withHeader(encode({ type, timestamp: STAMP, dest: 'Server', sender, data }))
}

function bodyOf(written: string, actor: string): string | undefined {
  const message = readFault(written) ?? readPost(written, actor)
  return message && encode(message)
}

function readFault(written: string): ChatAppMessage | undefined {
  const [, code, data] = FAULT.exec(written) ?? []
  const text = unquoted(data)
  return text === undefined ? undefined : { type: 'Error', code: Number(code), data: text }
}

function readPost(written: string, actor: string): ChatAppMessage | undefined {
  const [, short = '', ...quoted] = POST.exec(written) ?? []
  const [data, dest = 'Server', sender = actor, timestamp = STAMP] = quoted.map(unquoted)
  const type = POST_TYPES.find((one) => SHORT_NAMES[one] === short)
  if (type === undefined || data === undefined) return undefined
  return { type, timestamp, dest, sender, data }
}

/** The text of a JSON string; undefined if it is none. */
function unquoted(json: string | undefined): string | undefined {
  if (json === undefined) return undefined
  try {
    return String(JSON.parse(json))
  } catch {
    return undefined
  }
}

/** Whole messages from the front; once a header is none, all the rest is one. */
function messagesIn(received: Buffer): readonly Decoded[] {
  const messages: Decoded[] = []
  let start = 0
  while (start < received.length) {
    const size = bodyBytes(received.toString('latin1', start, start + HEADER_BYTES))
    if (size === undefined) break
    const isFrame = typeof size === 'number'
    const end = isFrame ? start + HEADER_BYTES + size : received.length
    if (end > received.length) break
    const written = isFrame
      ? writtenBody(received.toString('utf8', start + HEADER_BYTES, end))
      : received.toString('latin1', start)
    messages.push({ written, length: end - start })
    start = end
  }
  return messages
}

function writtenBody(body: string): string {
  const read = decode(body)
  return 'problem' in read ? body : writtenOf(read.message)
}

function writtenOf(message: ChatAppMessage): string {
  const data = JSON.stringify(message.data)
  if (message.type === 'Error') return `Error ${message.code} ${data}`
  const { type, dest, sender, timestamp } = message
  const route = `to ${JSON.stringify(dest)} from ${JSON.stringify(sender)}`
  const stamp = SERVER_STAMP.test(timestamp) ? '' : ` at ${JSON.stringify(timestamp)}`
  return `${SHORT_NAMES[type]} ${data} ${route}${stamp}`
}
