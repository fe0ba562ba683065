// Lines from a peer of whom nothing is asked: a client shows what its server sends, right or wrong.
// Where the server's own reader drops a bad line, this one gives what can be read of it and says so.

import { isUtf8 } from 'node:buffer'

const LF = 0x0a
const CR = 0x0d

/** What is wrong with a line that was received all the same. */
export type Flaw = 'cut' | 'bad-text' | 'no-end'

/** One line as far as it could be read. */
export interface LenientLine {
  /** Without its end; U+FFFD stands for what is not UTF-8. Not cleaned. */
  readonly text: string
  /** How many bytes of the peer's it stands for, without its end. */
  readonly bytes: number
  readonly flaws: readonly Flaw[]
}

/** Splits bytes at LF, CR LF and CR. Of a line it keeps the first `keptBytes` bytes. */
export class LenientLines {
  readonly #keptBytes: number
  #kept: Buffer[] = []
  #keptLength = 0
  #length = 0
  /** Set after a CR: an LF that follows belongs to the same end. */
  #afterCr = false

  constructor(keptBytes: number) {
    this.#keptBytes = keptBytes
  }

  /** Bytes of the line that has not ended. */
  get unfinishedBytes(): number {
    return this.#length
  }

  /** What is kept of the line that has not ended, as text. */
  get unfinished(): string {
    return Buffer.concat(this.#kept).toString()
  }

  /** The lines that end in these bytes. */
  take(chunk: Buffer): readonly LenientLine[] {
    const lines: LenientLine[] = []
    let start = 0
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i]
      if (byte !== LF && byte !== CR) continue
      // The LF of a CR LF, which ended its line already.
      const isSecond = byte === LF && start === i && (i === 0 ? this.#afterCr : chunk[i - 1] === CR)
      if (!isSecond) {
        this.#keep(chunk.subarray(start, i))
        lines.push(this.#finish())
      }
      start = i + 1
    }
    if (chunk.length > 0) this.#afterCr = chunk.at(-1) === CR
    this.#keep(chunk.subarray(start))
    return lines
  }

  /** No more comes: the line without an end, if there is one. */
  end(): LenientLine | undefined {
    return this.#length === 0 ? undefined : this.#finish('no-end')
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length
    const part = bytes.subarray(0, this.#keptBytes - this.#keptLength)
    if (part.length === 0) return
    this.#keptLength += part.length
    // A copy: the rest of a line must not keep the whole read alive.
    this.#kept.push(Buffer.from(part))
  }

  #finish(...flaws: Flaw[]): LenientLine {
    const bytes = this.#length
    const whole = Buffer.concat(this.#kept)
    if (bytes > whole.length) flaws.push('cut')
    // The cut may go through a character.
    else if (!isUtf8(whole)) flaws.push('bad-text')
    this.#kept = []
    this.#keptLength = 0
    this.#length = 0
    return { text: whole.toString(), bytes, flaws }
  }
}
