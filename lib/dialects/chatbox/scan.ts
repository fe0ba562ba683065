// Where the dictionary of a client ends, which has no frame: at the bracket that closes its first
// one. It knows strings and comments, where brackets do not count, and nothing else of Python.

import type { Scan } from '../../wire/bare.js'

const LF = 0x0a
const CR = 0x0d
const BACKSLASH = 0x5c
const OPEN_BRACE = 0x7b
const QUOTES: readonly number[] = Array.from(`'"`, (quote) => quote.charCodeAt(0))
const OPENING: readonly number[] = Array.from('{[(', (bracket) => bracket.charCodeAt(0))
const CLOSING: readonly number[] = Array.from('}])', (bracket) => bracket.charCodeAt(0))
const HASH = 0x23

/**
 * The scan of a message that begins with `{`, undefined for another. It goes byte by byte, so that a
 * character which is cut by the end of a read does not matter. Brackets of any kind may close each
 * other: whether the whole is a literal is for its reader to say.
 */
export function scanLiteral(byte: number): Scan | undefined {
  if (byte !== OPEN_BRACE) return undefined
  const scanner = new LiteralScanner()
  return (bytes) => scanner.scan(bytes)
}

/** Where the next byte falls; `opening` is after the first quotes of a string, which may be three. */
type Position = 'code' | 'comment' | 'opening' | 'string' | 'long-string'

class LiteralScanner {
  #position: Position = 'code'
  #depth = 0
  /** The quote of the string. */
  #quote = 0
  /** How many of them have come in succession, where three count. */
  #quotes = 0
  /** Whether a backslash stands before the next byte. */
  #escaped = false

  /** The index after the byte that ends the literal, or undefined if it goes on. */
  scan(bytes: Buffer): number | undefined {
    let next = 0
    for (const byte of bytes) {
      next++
      if (this.#ends(byte)) return next
    }
    return undefined
  }

  /** Takes a byte; whether it ends the literal. */
  #ends(byte: number): boolean {
    switch (this.#position) {
      case 'code':
        return this.#takeCode(byte)
      case 'comment':
        if (byte === LF || byte === CR) this.#position = 'code'
        return false
      case 'opening':
        return this.#takeOpening(byte)
      case 'string':
      case 'long-string':
        this.#takeString(byte)
        return false
    }
  }

  #takeCode(byte: number): boolean {
    if (byte === HASH) this.#position = 'comment'
    if (QUOTES.includes(byte)) {
      this.#position = 'opening'
      this.#quote = byte
      this.#quotes = 1
    }
    if (OPENING.includes(byte)) this.#depth++
    if (!CLOSING.includes(byte)) return false
    this.#depth--
    return this.#depth === 0
  }

  #takeOpening(byte: number): boolean {
    if (byte === this.#quote) {
      this.#quotes++
      if (this.#quotes === 3) this.#enterString('long-string')
      return false
    }
    // Two quotes and something else were an empty string.
    if (this.#quotes === 2) {
      this.#position = 'code'
      return this.#takeCode(byte)
    }
    this.#enterString('string')
    this.#takeString(byte)
    return false
  }

  #enterString(position: Position): void {
    this.#position = position
    this.#quotes = 0
  }

  #takeString(byte: number): void {
    if (this.#escaped || byte !== this.#quote) {
      this.#quotes = 0
      this.#escaped = byte === BACKSLASH && !this.#escaped
      return
    }
    this.#quotes++
    if (this.#quotes === (this.#position === 'string' ? 1 : 3)) this.#position = 'code'
  }
}
