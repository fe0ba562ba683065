// The native dialect: the CSE 102 tutorial's chat server, for people at telnet and nc.

import { telnetLines } from '../../wire/lines.js'
import type { Dialect, Session } from '../dialect.js'
import { client } from './client.js'
import { notation } from './notation.js'
import { parse } from './parse.js'
import { render } from './render.js'

/** One for all: nothing needs to be kept of a client. */
const session: Session = { framing: telnetLines, voice: { render }, parse }

/** `line://`, described in PROTOCOL.md. */
export const line: Dialect = { name: 'line', port: 8888, notation, client, open: () => session }
