// A message of a client is written as its text, and so is each text or gram that it receives, but
// for the numbers of users, which differ from run to run.

import type { Decoded, Notation } from '../notation.js'
import { readGram } from './grams.js'
import { writeRequest } from './requests.js'
import { scanLiteral } from './scan.js'

const LF = 0x0a
const OPEN_BRACE = 0x7b

/** A number as the key of a dictionary. */
const KEY = /(?<=\{|, )\d+(?=: )/g

/** The same for both kinds of clients. */
function answer(token: string): string {
  return `There is no room ${token}. Send j for all rooms.`
}

/** What the document's own client sends and receives. In a gram, `<ann>` stands for ann's number. */
export const notation: Notation = {
  encode: (written) => Buffer.from(written),
  decode,
  bare: true,
  introduce: (nick) => [Buffer.from(nick)],
  fence: {
    ask: (token) => Buffer.from(writeRequest({ type: 'join', room: token })),
    answer,
  },
}

/** What people at telnet and nc type and read. */
export const lineNotation: Notation = {
  encode: (written) => Buffer.from(written),
  introduce: (nick) => [Buffer.from(nick)],
  fence: { ask: (token) => Buffer.from(`j!${token}`), answer },
}

/** Grams and texts; texts that were joined are written one by one. */
function decode(received: Buffer): readonly Decoded[] {
  const messages: Decoded[] = []
  for (let start = 0; start < received.length;) {
    const length = firstLength(received.subarray(start))
    if (length === undefined) break
    const text = received.toString('utf8', start, start + length)
    const open = received[start] !== OPEN_BRACE
    messages.push({ written: named(text.replace(/\n$/, '')), length, open })
    start += length
  }
  return messages
}

/** The bytes of the first message, a line end after it included; undefined for a gram that is not whole. */
function firstLength(received: Buffer): number | undefined {
  const scan = scanLiteral(received.readUInt8())
  if (scan !== undefined) return scan(received)
  const end = received.findIndex((byte) => byte === LF || byte === OPEN_BRACE)
  if (end < 0) return received.length
  return received[end] === LF ? end + 1 : end
}

/** A gram with nicknames for the numbers; any other text as it is. */
function named(text: string): string {
  const gram = readGram(text)
  if (gram === undefined || !('scene' in gram)) return text
  const nicks = new Map([...gram.scene.rooms.values()].flatMap((users) => [...users]))
  return text.replace(KEY, (number) => `<${nicks.get(Number(number)) ?? number}>`)
}
