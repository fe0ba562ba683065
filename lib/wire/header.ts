// ChatApp's frames: a header of 20 bytes with the decimal length of the body in bytes of UTF-8,
// left-aligned and filled up with spaces, then the body.

import { counted } from './counted.js'
import type { Framing } from './frame.js'

/** How long a header is, in bytes. */
export const HEADER_BYTES = 20
/** ChatApp's MSG_MAX, the longest body, in bytes. */
export const MAX_BODY_BYTES = 2000

/** A header, or its beginning: what Python's int() takes that is written in digits and ASCII white space alone. */
const HEADER = /^[\t-\r\x1c- ]*(\d*)[\t-\r\x1c- ]*$/

/**
 * The framing of ChatApp. A length over 2,000 is `too-long`, a header without a number `bad-frame`;
 * either ends the reading, as the document has the connection closed then. The limit of a frame
 * has no say here.
 */
export const headered: Framing = counted(() => ({
  bodyBytes,
  keptBytes: MAX_BODY_BYTES,
}))

/** A body as one frame: one buffer, since ChatApp's clients need header and body in one read. */
export function withHeader(body: string): Buffer {
  return Buffer.from(framed(body))
}

/** The same as text. */
export function framed(body: string): string {
  return String(Buffer.byteLength(body)).padEnd(HEADER_BYTES) + body
}

/** How many bytes of body a header (as Latin-1) announces; undefined while it is not whole, or why it is none. */
export function bodyBytes(header: string): number | undefined | 'bad-frame' | 'too-long' {
  const [, digits] = HEADER.exec(header) ?? []
  if (digits === undefined) return 'bad-frame'
  if (header.length < HEADER_BYTES) return undefined
  if (digits === '') return 'bad-frame'
  return Number(digits) <= MAX_BODY_BYTES ? Number(digits) : 'too-long'
}

/** How many bytes from the front of framed messages are whole ones: as many as `most` bytes hold, one at least. */
export function wholeMessages(messages: Buffer, most: number): number {
  let end = 0
  for (;;) {
    const size = bodyBytes(messages.toString('latin1', end, end + HEADER_BYTES))
    const next = typeof size === 'number' ? end + HEADER_BYTES + size : Infinity
    if (next > most && end > 0) return end
    if (next >= messages.length) return messages.length
    end = next
  }
}
