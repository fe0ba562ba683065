// Lines are written as they are.

import type { Notation } from '../notation.js'

/** Each message is a line; who writes it leaves its end to the wiring. */
export const notation: Notation = {
  encode: (written) => Buffer.from(written),
  introduce: (nick) => [Buffer.from(nick)],
  fence: {
    ask: (token) => Buffer.from(`!ping ${token}`),
    answer: (token) => `!pong ${token}`,
  },
}
