// ChatApp's messages and the JSON they are written in: as Python's json.dumps prints it on the way
// out, field by field on the way in.

import { cutToBytes } from '../../core/index.js'
import { MAX_BODY_BYTES } from '../../wire/header.js'

/** ChatApp's NAME_MAX: the longest username, room name or time stamp, in bytes of UTF-8. */
export const NAME_MAX = 50
/** ChatApp's DATA_MAX: the longest data of a message, in bytes of UTF-8. */
export const DATA_MAX = 1000

/** The names of the classes of messages (4.a). */
export const POST_TYPES = [
  'ConnectionMessage',
  'CreateRoomMessage',
  'JoinMessage',
  'LeaveMessage',
  'ChatMessage',
  'Message',
] as const

const FIELDS = ['timestamp', 'dest', 'sender', 'data'] as const

/** One of them. */
export type PostType = (typeof POST_TYPES)[number]

/** A message that is no error; its fields as on the wire, of any length. */
export interface Post {
  readonly type: PostType
  readonly timestamp: string
  readonly dest: string
  readonly sender: string
  readonly data: string
}

/** An error; the codes are in the document's table (4.b). */
export interface Fault {
  readonly type: 'Error'
  readonly code: number
  readonly data: string
}

/** Everything that is sent, in either direction. */
export type ChatAppMessage = Post | Fault

/** A message that was read, or in a few words why it is none. */
export type Reading = { readonly message: ChatAppMessage } | { readonly problem: string }

/** The body of a message: one JSON object in ASCII. */
export function encode(message: ChatAppMessage): string {
  if (message.type === 'Error') {
    const { code, data } = message
    return `{"__type__": "Error", "code": ${code}, "data": ${json(data)}}`
  }
  // As one text: a house of 900 users in 20 rooms is 19,000 messages for who comes.
  const { type, timestamp, dest, sender, data } = message
  return (
    `{"__type__": "${type}", "timestamp": ${json(timestamp)}, ` +
    `"dest": ${json(dest)}, "sender": ${json(sender)}, "data": ${json(data)}}`
  )
}

/** The same with its data cut, at a character boundary, until data and body are within ChatApp's bounds; the other fields are of names' lengths. */
export function encodeWithin(message: ChatAppMessage): string {
  // In JSON no character that clean text has takes more than three times its bytes.
  const MOST_GROWTH = 3
  let most = DATA_MAX
  for (;;) {
    const body = encode({ ...message, data: cutToBytes(message.data, most) })
    const excess = body.length - MAX_BODY_BYTES
    if (excess <= 0) return body
    most -= Math.ceil(excess / MOST_GROWTH)
  }
}

/**
 * Reads a body. A problem are: no JSON, no object, a type that is none of the document's, a field that
 * is missing or no string, an error's code that is no number. Of a field that comes twice the last
 * counts, and fields that no message has are ignored. Lengths are not looked at.
 */
export function decode(body: string): Reading {
  const fields = fieldsOf(body)
  if (fields === undefined) return { problem: 'it is no JSON object' }
  const name = fields.get('__type__')
  // The document writes "Error " once, with a space.
  if (name === 'Error' || name === 'Error ') return readFault(fields)
  const type = POST_TYPES.find((known) => known === name)
  if (type === undefined) return { problem: 'its __type__ is none' }
  const [timestamp, dest, sender, data] = FIELDS.map((field) => textOf(fields.get(field)))
  if (timestamp === undefined || dest === undefined || sender === undefined || data === undefined) {
    return { problem: 'its timestamp, dest, sender or data is missing or no string' }
  }
  return { message: { type, timestamp, dest, sender, data } }
}

type Fields = ReadonlyMap<string, unknown>

/** The members of an object in a map, where no name means anything to the language. */
function fieldsOf(body: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(body)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? new Map<string, unknown>(Object.entries(value)) : undefined
  } catch {
    return undefined
  }
}

/** The document shows the code once as a number and once as a string. */
function readFault(fields: Fields): Reading {
  const code = fields.get('code')
  const data = textOf(fields.get('data'))
  const isCode =
    Number.isSafeInteger(code) || (typeof code === 'string' && /^ *\d{1,9} *$/.test(code))
  if (!isCode || data === undefined) return { problem: 'its code or data is missing or none' }
  return { message: { type: 'Error', code: Number(code), data } }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

/** JSON in ASCII, escaped as json.dumps does; a surrogate without its other half stays one. */
function json(value: string): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
