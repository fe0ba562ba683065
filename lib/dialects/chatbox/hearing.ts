// What a client of the Chat Box hears: grams and texts, with nothing between them but that each came
// in a read of its own, if all went well.

import type { Scan } from '../../wire/bare.js'
import { scanLiteral } from './scan.js'

/** The longest gram, in bytes; no literal that is longer is read. */
const MAX_GRAM_BYTES = 65_536

const OPEN_BRACE = 0x7b
/** How a gram begins that follows a text in the same read; a brace alone may be somebody's talk. */
const GRAM_STARTS = [`{'gram type'`, `{"gram type"`]

/** Takes messages out of reads. */
export class Hearing {
  /** Set while a gram goes on. */
  #scan: Scan | undefined
  #parts: Buffer[] = []
  #length = 0

  /** Whether a gram has begun and not ended. */
  get isAmid(): boolean {
    return this.#scan !== undefined
  }

  /** Whether a gram goes on for longer than any can be; nothing more can be made of what comes. */
  get isEndless(): boolean {
    return this.#length > MAX_GRAM_BYTES
  }

  /** The messages that end in this read: texts, and grams, which begin with `{`. */
  take(bytes: Buffer): readonly string[] {
    const messages: string[] = []
    let rest = bytes
    while (rest.length > 0) {
      this.#scan ??= beginsGram(rest) ? scanLiteral(OPEN_BRACE) : undefined
      const length =
        this.#scan === undefined ? textLength(rest) : this.#gramLength(rest, this.#scan)
      // A copy: a piece of a gram must not keep the whole read alive.
      this.#parts.push(Buffer.from(rest.subarray(0, length)))
      rest = rest.subarray(length)
      if (this.#scan !== undefined) break
      messages.push(Buffer.concat(this.#parts).toString())
      this.#parts = []
      this.#length = 0
    }
    return messages
  }

  /** How many of the bytes belong to the gram; if its end is among them, there is no scan after this. */
  #gramLength(bytes: Buffer, scan: Scan): number {
    const end = scan(bytes)
    if (end !== undefined) this.#scan = undefined
    const length = end ?? bytes.length
    this.#length += length
    return length
  }
}

function beginsGram(bytes: Buffer): boolean {
  return bytes[0] === OPEN_BRACE
}

/** How many bytes stand before the gram that follows a text in the same read. */
function textLength(bytes: Buffer): number {
  const starts = GRAM_STARTS.map((start) => bytes.indexOf(start)).filter((start) => start > 0)
  return Math.min(...starts, bytes.length)
}
