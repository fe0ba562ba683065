// The CS494 chat application: bare text, rooms that one joins, text for all one's rooms at once.

import { bare } from '../../wire/bare.js'
import type { Dialect, Session, Voice } from '../dialect.js'
import { client } from './client.js'
import { MAX_MESSAGE_BYTES } from './document.js'
import { lineNotation, notation } from './notation.js'
import { parse } from './parse.js'
import { lineVoice, voice } from './render.js'

/** What is spoken with one client: its voice changes once it turns out to be a telnet. */
class Cs494Session implements Session {
  voice: Voice = voice
  readonly parse = parse
  readonly framing = bare({
    messageBytes: MAX_MESSAGE_BYTES,
    splitsLines: true,
    onLineClient: () => {
      this.voice = lineVoice
    },
  })
}

/** `cs494://`, described in docs/protocols/cs494.md. */
export const cs494: Dialect = {
  name: 'cs494',
  port: 1234,
  frameBytes: MAX_MESSAGE_BYTES,
  notation,
  lineNotation,
  client,
  open: () => new Cs494Session(),
}
