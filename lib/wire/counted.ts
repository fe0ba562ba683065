// Frames that say how long they are: a prefix with the number of bytes, then the body. What the
// prefix looks like is each framing's own; all the rest is here.

import type { FrameLimits, Framing, Mark } from './frame.js'
import { queued, type Cutter, type Frames } from './queued-reader.js'

/** What a framing says of itself. */
export interface Counting {
  /**
   * Reads a prefix as far as it came, its bytes as Latin-1: the bytes of the body once it is whole,
   * undefined while it goes on, or the mark after which nothing can be read.
   */
  bodyBytes(prefix: string): number | undefined | Extract<Mark, 'bad-frame' | 'too-long'>
  /** Longest body that is kept; a longer one is skipped, with `too-long` in its place. */
  readonly keptBytes: number
}

/** The framing of which this is said. */
export function counted(counting: (limits: FrameLimits) => Counting): Framing {
  return queued((frames, limits) => new CountedFrames(frames, counting(limits)))
}

class CountedFrames implements Cutter {
  readonly #frames: Frames
  readonly #counting: Counting
  #prefix = ''
  /** How long the body is, once the prefix is whole. */
  #length: number | undefined
  /** How much of the body has come. */
  #taken = 0
  /** Where the body is put together; undefined if it is skipped. */
  #body: Buffer | undefined

  constructor(frames: Frames, counting: Counting) {
    this.#frames = frames
    this.#counting = counting
  }

  get unfinishedBytes(): number {
    return this.#prefix.length + this.#taken
  }

  take(chunk: Buffer): number {
    let next = 0
    while (next < chunk.length && !this.#frames.enough) {
      if (this.#length === undefined) this.#takePrefix(Number(chunk[next++]))
      else next += this.#takeBody(chunk.subarray(next), this.#length)
    }
    return next
  }

  /** Byte by byte, so that a prefix is refused at the same byte in whatever reads it comes. */
  #takePrefix(byte: number): void {
    this.#prefix += String.fromCharCode(byte)
    const length = this.#counting.bodyBytes(this.#prefix)
    if (typeof length === 'string') {
      this.#frames.mark(length, this.#prefix.length)
      this.#frames.close()
    } else if (length !== undefined) {
      this.#length = length
      this.#body = length > this.#counting.keptBytes ? undefined : Buffer.allocUnsafe(length)
      this.#endIfWhole(length)
    }
  }

  /** Returns how many of the bytes belong to the body. */
  #takeBody(bytes: Buffer, length: number): number {
    const part = bytes.subarray(0, length - this.#taken)
    if (this.#body !== undefined) part.copy(this.#body, this.#taken)
    this.#taken += part.length
    this.#endIfWhole(length)
    return part.length
  }

  #endIfWhole(length: number): void {
    if (this.#taken < length) return
    if (this.#body === undefined) this.#frames.mark('too-long', length)
    else this.#frames.text(this.#body)
    this.#prefix = ''
    this.#length = undefined
    this.#taken = 0
    this.#body = undefined
  }
}
