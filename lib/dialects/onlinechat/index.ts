// OnlineChat: frames of a length and a text, groups, private messages.

import { lengthPrefixed } from '../../wire/length-prefix.js'
import type { Dialect, Session } from '../dialect.js'
import { client } from './client.js'
import { notation } from './notation.js'
import { parse } from './parse.js'
import { voice } from './render.js'

/** The longest frame, in bytes: longer than anybody types, and no burden to keep. */
const FRAME_BYTES = 65_536

/** One for all: nothing needs to be kept of a client. */
const session: Session = { framing: lengthPrefixed, voice, parse }

/** `onlinechat://`, described in docs/protocols/onlinechat.md. */
export const onlinechat: Dialect = {
  name: 'onlinechat',
  port: 8890,
  frameBytes: FRAME_BYTES,
  notation,
  client,
  open: () => session,
}
