// A frame is written as its text; the length in front follows from it.

import { withLength } from '../../wire/length-prefix.js'
import type { Decoded, Notation } from '../notation.js'

/** Texts as they are, their line ends included. */
export const notation: Notation = {
  encode: (written) => withLength(written),
  decode,
  introduce: (nick) => [withLength(nick)],
  fence: {
    ask: (token) => withLength(`/jg ${token}\n`),
    answer: (token) => `There is no room ${token}. Send /listallg for all rooms.\n`,
  },
}

function decode(received: Buffer): readonly Decoded[] {
  const frames: Decoded[] = []
  let start = 0
  for (;;) {
    const comma = received.indexOf(',', start)
    const end = comma + 1 + Number(received.toString('latin1', start, comma))
    if (comma < 0 || Number.isNaN(end) || end > received.length) return frames
    frames.push({ written: received.toString('utf8', comma + 1, end), length: end - start })
    start = end
  }
}
