// Bytes that mean something to a dialect, and bytes that do not: what may come from anywhere.

import * as fc from 'fast-check'
import { withHeader } from '../../lib/wire/header.js'
import { withLength } from '../../lib/wire/length-prefix.js'
import { bytes, utf8 } from '../support/wire.js'

const IAC_DO = '\xff\xfd'
const IAC_WILL = '\xff\xfb'
const TIMING_MARK = '\x06'

/** What reaches a terminal if nobody stops it, and what is no text; a character a byte. */
const wild = fc.oneof(
  fc.constantFrom(
    '\r',
    '\n',
    '\r\n',
    '\r\0',
    '\0',
    '\x01',
    '\b',
    '\x7f',
    '\xff',
    '\x80',
    '\xe2\x82',
  ),
  fc.constantFrom(
    '\x1b[2J',
    '\x1b]0;title\x07',
    '\x9b2J',
    utf8('\u202e'),
    utf8('\u2028'),
    '\x07',
    '\t',
  ),
  fc.constantFrom('hi', 'ann', utf8('é'), utf8('€'), utf8('😀'), 'a'.repeat(17), '\x01too-long 1'),
  fc.uint8Array({ maxLength: 4 }).map((noise) => Buffer.from(noise).toString('latin1')),
  fc.constantFrom('a', 'b', ' ', '!', '#', '@', '/', '{', '}', '"', "'", ',', ':', '1', '0'),
)

/** Telnet commands whose answers do not hang on how the bytes are cut. */
const telnet = fc.oneof(
  fc.constantFrom(
    '\xff\xf4',
    '\xff\xf3',
    '\xff\xed',
    '\xff\xf7',
    '\xff\xf8',
    '\xff\xfa',
    '\xff\xf0',
  ),
  fc.constantFrom(
    `${IAC_DO}\x01`,
    `${IAC_WILL}\x03`,
    '\xff\xfc\x01',
    '\xff\xfe\x03',
    '\xff\xfa\x18\0',
  ),
)
/** One answer is enough for all of one read. */
const asking = fc.constantFrom('\xff\xf6', `${IAC_DO}${TIMING_MARK}`)

const anyText = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom(
    'ann',
    'hi all',
    '/jg red\n',
    '!users',
    '#bob hi',
    '\u001b[2J',
    '\u202e',
    'x\r\ny',
  ),
)
const json = fc.record(
  {
    __type__: fc.constantFrom('ConnectionMessage', 'ChatMessage', 'JoinMessage', 'Error', ''),
    timestamp: anyText,
    dest: fc.oneof(anyText, fc.constantFrom('General', 'Server', 'ALL')),
    sender: fc.oneof(anyText, fc.constant('mallory')),
    data: fc.oneof(anyText, fc.constantFrom('CONNECT', 'General', 'QUIT')),
  },
  { requiredKeys: [] },
)
const python = fc.oneof(
  anyText.map((text) => `{'contents': ${JSON.stringify(text)}}`),
  fc.constantFrom("{'create': 'red'}", "{'join': 'red'}", "{'switch': 0}", '{', '{{', "{'a': ["),
  fc.constantFrom(
    'u!',
    'c!red',
    'j',
    'j!1',
    's',
    's!0',
    'l!',
    'b!0! hi',
    'm!',
    "{'contents': '\\x1b'}",
  ),
)

const raw = (frame: Buffer): string => frame.toString('latin1')

/** What the framing of each dialect meets beside wild bytes, by its name. */
const KINDS: ReadonlyMap<string, fc.Arbitrary<string>> = new Map([
  [
    'line',
    fc.oneof(
      telnet,
      anyText.map((text) => `${utf8(text)}\r\n`),
    ),
  ],
  [
    'onlinechat',
    fc.oneof(
      anyText.map((text) => raw(withLength(text))),
      fc.constant('3,'),
    ),
  ],
  [
    'chatapp',
    fc.oneof(
      json.map((body) => raw(withHeader(JSON.stringify(body)))),
      anyText.map((text) => raw(withHeader(text))),
      fc.constantFrom('3'.padEnd(20), '9'.repeat(20), ' '.repeat(20)),
    ),
  ],
  ['cs494', fc.oneof(telnet, anyText.map(utf8), fc.constantFrom('/create red', '/join red', '/s'))],
  ['chatbox', fc.oneof(telnet, python.map(utf8))],
])

function joined(piece: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<Buffer> {
  return fc.array(piece, { maxLength, size: 'max' }).map((pieces) => bytes(pieces.join('')))
}

/** Noise for a dialect; what is answered once a read is in it only with `asks`. */
export function noiseFor(
  dialect: string,
  { maxLength = 40, asks = false } = {},
): fc.Arbitrary<Buffer> {
  const own = KINDS.get(dialect) ?? wild
  const pieces = [wild, own, own, ...(asks ? [asking] : [])]
  return joined(fc.oneof(...pieces), maxLength)
}
