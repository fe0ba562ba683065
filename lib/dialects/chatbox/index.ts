// The Asynchronous Chat Box: bare commands, and dictionaries as Python writes them.

import type { Dialect } from '../dialect.js'
import { client } from './client.js'
import { lineNotation, notation } from './notation.js'
import { ChatboxSession } from './session.js'

/** `chatbox://`, described in docs/protocols/chatbox.md. The document's port, 8888, is the line dialect's. */
export const chatbox: Dialect = {
  name: 'chatbox',
  port: 8889,
  notation,
  lineNotation,
  client,
  open: () => new ChatboxSession(),
}
