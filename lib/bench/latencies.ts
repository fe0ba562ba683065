// How long lines took, for any number of them in little room.

/** Steps in which a latency doubles: two that are counted alike differ by 4.4 % at most. */
const STEPS = 16
/** The least that is told apart, in milliseconds. */
const LEAST = 0.001

/** Counts latencies by their size. */
export class Latencies {
  readonly #counts = new Map<number, number>()
  #count = 0
  #max = 0

  /** How many there are. */
  get count(): number {
    return this.#count
  }

  /** The longest, in milliseconds. */
  get max(): number {
    return this.#max
  }

  /** One more, in milliseconds, or so many that are alike. */
  add(latency: number, count = 1): void {
    const step = Math.ceil(Math.log2(Math.max(latency, LEAST) / LEAST) * STEPS)
    this.#counts.set(step, (this.#counts.get(step) ?? 0) + count)
    this.#count += count
    this.#max = Math.max(this.#max, latency)
  }

  /** All of another's too. */
  addAll(other: Latencies): void {
    for (const [step, count] of other.#counts) {
      this.#counts.set(step, (this.#counts.get(step) ?? 0) + count)
    }
    this.#count += other.#count
    this.#max = Math.max(this.#max, other.#max)
  }

  /** So many of a hundred took no longer, in milliseconds; up to 4.4 % too much. NaN if there are none. */
  percentile(percent: number): number {
    let counted = 0
    for (const [step, count] of [...this.#counts].sort(([a], [b]) => a - b)) {
      counted += count
      if (counted * 100 >= percent * this.#count) {
        return Math.min(LEAST * 2 ** (step / STEPS), this.#max)
      }
    }
    return NaN
  }
}
