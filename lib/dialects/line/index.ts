// The native dialect: the CSE 102 tutorial's chat server, for people at telnet and nc.

import { telnetLines } from '../../wire/lines.js'
import type { Dialect } from '../dialect.js'
import { parse } from './parse.js'
import { render } from './render.js'

/** `line://`, described in PROTOCOL.md. */
export const line: Dialect = { name: 'line', port: 8888, framing: telnetLines, parse, render }
