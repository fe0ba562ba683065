// How bytes are written in a transcript: UTF-8 with backslash escapes.

import { escaped } from '../wire/shown.js'

/** Takes what is wrong with a piece of notation, with what is allowed. Reading goes on after it. */
export type Refuse = (message: string) => void

/** The most bytes that one repetition may make. */
const MAX_REPEATED_BYTES = 16 * 1024 * 1024

const ESCAPED: ReadonlyMap<string, string> = new Map([
  ['r', '\r'],
  ['n', '\n'],
  ['t', '\t'],
  ['0', '\0'],
  ...['\\', '"', '#', '{', '}'].map((character): [string, string] => [character, character]),
])
/** A byte in hex, another escape, a repetition, or other text. */
const TOKEN =
  /\\x(?<hex>[0-9a-fA-F]{2})|\\(?<escape>[^]?)|(?<repeated>\{"(?:[^"\\]|\\[^])*" x \d+\})|[^\\{]+|\{/gu
const REPEATED = /^\{"(?<text>.*)" x (?<count>\d+)\}$/su
const WORD =
  /(?<string>"(?:[^"\\]|\\[^])*")|(?<repeated>\{"(?:[^"\\]|\\[^])*" x \d+\})|(?<other>\S+)/gu

/** What telnet sends for its own keys (measured with those of inetutils and netkit). */
const TELNET_KEYS: ReadonlyMap<string, Buffer> = new Map([
  ['^C', Buffer.of(0xff, 0xf4, 0xff, 0xfd, 0x06)],
  ['^\\', Buffer.of(0xff, 0xf3, 0xff, 0xfd, 0x06)],
  ['^Z', Buffer.of(0xff, 0xed, 0xff, 0xfd, 0x06)],
])

/** The bytes of a text with escapes and repetitions. */
export function bytesOf(text: string, refuse: Refuse): Buffer {
  const pieces: Buffer[] = []
  for (const { 0: token, groups = {} } of text.matchAll(TOKEN)) {
    const { hex, escape, repeated } = groups
    if (hex !== undefined) pieces.push(Buffer.from(hex, 'hex'))
    else if (escape !== undefined) pieces.push(Buffer.from(unescape(escape, refuse)))
    else if (repeated !== undefined) pieces.push(repetition(repeated, refuse))
    else pieces.push(Buffer.from(token))
  }
  return Buffer.concat(pieces)
}

/** The bytes of strings, repetitions and keys that stand one after the other, as in `"one\n" ^C`. */
export function bytesOfStrings(source: string, refuse: Refuse): Buffer {
  const pieces: Buffer[] = []
  for (const { groups = {} } of source.matchAll(WORD)) {
    const { string, repeated, other } = groups
    if (string !== undefined) pieces.push(bytesOf(string.slice(1, -1), refuse))
    else if (repeated !== undefined) pieces.push(repetition(repeated, refuse))
    else pieces.push(key(other ?? '', refuse))
  }
  if (pieces.length === 0) refuse('There are no bytes here. Write them as a string: "text\\r\\n"')
  return Buffer.concat(pieces)
}

/** Bytes as they are written in a transcript after an arrow: {@link bytesOf} gives the same bytes again. */
export function written(bytes: Buffer): string {
  // What looks like a comment or a repetition would be read as one.
  return escaped(bytes)
    .replace(/(^|\s)#(?=\s|$)/g, '$1\\#')
    .replace(/\{(?=")/g, '\\{')
}

function unescape(escape: string, refuse: Refuse): string {
  const character = ESCAPED.get(escape)
  if (character !== undefined) return character
  refuse(`There is no escape \\${escape}. Write one of \\xNN \\r \\n \\t \\0 \\\\ \\" \\# \\{ \\}`)
  return ''
}

function repetition(source: string, refuse: Refuse): Buffer {
  const { text = '', count = '' } = REPEATED.exec(source)?.groups ?? {}
  const once = bytesOf(text, refuse)
  if (once.length * Number(count) <= MAX_REPEATED_BYTES) {
    return Buffer.alloc(once.length * Number(count), once)
  }
  refuse(`That is too long. A repetition makes at most ${MAX_REPEATED_BYTES} bytes`)
  return Buffer.alloc(0)
}

function key(name: string, refuse: Refuse): Buffer {
  const CONTROL = 0x1f
  if (/^\^[@-_]$/.test(name)) {
    return TELNET_KEYS.get(name) ?? Buffer.of(name.charCodeAt(1) & CONTROL)
  }
  refuse(`${name} is neither a string nor a key. Write "text", {"text" x 10}, or a key: ^A to ^_`)
  return Buffer.alloc(0)
}
