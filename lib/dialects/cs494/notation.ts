// A message of a client is written as its text, and so is each line that it receives.

import type { Decoded, Notation } from '../notation.js'

const LF = 0x0a

const fence = {
  question: (token: string) => `/join ${token}`,
  answer: (token: string) => `There is no room ${token}. Send /list for all rooms.`,
}

/** What the document's own client sends and receives: no line ends, but between the lines of the server. */
export const notation: Notation = {
  encode: (written) => Buffer.from(written),
  decode,
  bare: true,
  introduce: (nick) => [Buffer.from(nick)],
  fence: { ask: (token) => Buffer.from(fence.question(token)), answer: fence.answer },
}

/** The same for people at telnet and nc. */
export const lineNotation: Notation = {
  encode: (written) => Buffer.from(written),
  introduce: (nick) => [Buffer.from(nick)],
  fence: { ask: (token) => Buffer.from(fence.question(token)), answer: fence.answer },
}

/** Lines without their ends; what has none is the farewell, or not whole yet. */
function decode(received: Buffer): readonly Decoded[] {
  const lines: Decoded[] = []
  let start = 0
  for (let end = received.indexOf(LF); end >= 0; end = received.indexOf(LF, start)) {
    const written = received.toString('utf8', start, end).replace(/\r$/, '')
    lines.push({ written, length: end + 1 - start })
    start = end + 1
  }
  if (received.subarray(start).equals(FAREWELL)) {
    lines.push({ written: FAREWELL.toString(), length: FAREWELL.length })
  }
  return lines
}

const FAREWELL = Buffer.from('--disconnect--')
