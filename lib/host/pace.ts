// How fast one client may speak: a bucket of lines and one of bytes, both filled by time.

import type { Limits } from './limits.js'

/** The pace of one connection. What is too fast is delayed, never dropped. */
export class Pace {
  readonly #limits: Limits
  #lines: number
  #bytes: number
  #filledAt: number

  /** Full buckets at `at`, in milliseconds. */
  constructor(limits: Limits, at: number) {
    this.#limits = limits
    this.#lines = limits.lineBurst
    this.#bytes = limits.byteRate
    this.#filledAt = at
  }

  /**
   * Takes what counts as so many lines, of so many bytes without a line's end; returns for how many milliseconds
   * no other may follow, 0 for none. An empty line counts as the byte of its end alone: people press Enter.
   */
  take(lines: number, bytes: number, at: number): number {
    const { lineBurst, lineRate, byteRate } = this.#limits
    const seconds = (at - this.#filledAt) / 1000
    this.#filledAt = at
    const taken = bytes > 0 ? lines : 0
    this.#lines = Math.min(lineBurst, this.#lines + seconds * lineRate) - taken
    this.#bytes = Math.min(byteRate, this.#bytes + seconds * byteRate) - bytes - 1
    // A line may follow once a whole one is in the bucket: at most burst + rate × t lines in any t.
    const forLine = taken > 0 ? (1 - this.#lines) / lineRate : 0
    const forByte = -this.#bytes / byteRate
    return Math.max(0, forLine, forByte) * 1000
  }
}
