// A message of a client is written as its text, and so is each line that it receives.

import type { Decoded, Notation } from '../notation.js'
import { FAREWELL } from './document.js'

const LF = 0x0a

/** What people at telnet and nc send and receive. */
export const lineNotation: Notation = {
  encode: (written) => Buffer.from(written),
  introduce: (nick) => [Buffer.from(nick)],
  fence: {
    ask: (token) => Buffer.from(`/join ${token}`),
    answer: (token) => `There is no room ${token}. Send /list for all rooms.`,
  },
}

/** The same for the document's own client: no line ends, but between the lines of the server. */
export const notation: Notation = { ...lineNotation, decode, bare: true }

/** Lines without their ends; what has none is the farewell, or not whole yet. */
function decode(received: Buffer): readonly Decoded[] {
  const lines: Decoded[] = []
  let start = 0
  for (let end = received.indexOf(LF); end >= 0; end = received.indexOf(LF, start)) {
    const written = received.toString('utf8', start, end).replace(/\r$/, '')
    lines.push({ written, length: end + 1 - start })
    start = end + 1
  }
  if (received.toString('latin1', start) === FAREWELL) {
    lines.push({ written: FAREWELL, length: FAREWELL.length })
  }
  return lines
}
