// Bytes as people can see them: UTF-8 with backslash escapes, nothing that a terminal would obey.

import { isUtf8 } from 'node:buffer'

/** How those characters are shown that a reader of messages sees often. */
const SHOWN_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ['\r', '\\r'],
  ['\n', '\\n'],
])

/** Bytes as a reader can see them: text as it is, everything else as escapes; long ones cut, with their length. */
export function shown(bytes: Buffer): string {
  const MOST = 120
  if (bytes.length <= MOST) return escaped(bytes)
  return `${escaped(bytes.subarray(0, MOST))}… (${bytes.length} bytes)`
}

/** The same of any length; a backslash is escaped, too. */
export function escaped(bytes: Buffer): string {
  const text = isUtf8(bytes) ? bytes.toString() : bytes.toString('latin1')
  const unseen = isUtf8(bytes) ? /[\0-\x1f\x7f-\x9f\\]| $/gu : /[^\x20-\x7e]|\\| $/gu
  return text.replace(unseen, (character) => {
    const escape = SHOWN_ESCAPES.get(character)
    if (escape !== undefined) return escape
    return [...Buffer.from(character, isUtf8(bytes) ? 'utf8' : 'latin1')]
      .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
      .join('')
  })
}
