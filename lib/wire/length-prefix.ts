// OnlineChat's frames: `<bytes>,<text>`, the decimal length of the text in bytes of UTF-8 before
// it, and nothing between two of them. `7,flowers` is one.

import { counted } from './counted.js'
import type { Framing } from './frame.js'

/** A longer text is no slip: whoever announces one does not speak this protocol, or means harm. */
const MAX_TEXT_BYTES = 1024 * 1024

/**
 * The framing of OnlineChat. A length of one to nine digits (leading zeros are allowed) up to 1 MiB;
 * any other beginning is `bad-frame`. A text beyond the limit of a frame is skipped as `too-long`.
 */
export const lengthPrefixed: Framing = counted(({ frameBytes }) => ({
  bodyBytes: textBytes,
  keptBytes: frameBytes,
}))

/** A text as one frame. */
export function withLength(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text)},${text}`)
}

function textBytes(prefix: string): number | undefined | 'bad-frame' {
  if (/^\d{1,9}$/.test(prefix)) return undefined
  const [, digits] = /^(\d+),$/.exec(prefix) ?? []
  const length = Number(digits)
  return length <= MAX_TEXT_BYTES ? length : 'bad-frame'
}
