// One line that says how far a long run is: on a terminal it is written over again and again,
// elsewhere each is a line of its own, and there are fewer of them.

/** How often it is renewed, in milliseconds: on a terminal, and elsewhere. */
const TERMINAL_PAUSE = 200
const PLAIN_PAUSE = 10_000

/** The progress of one run, on standard error. */
export class Progress {
  readonly #stream = process.stderr
  #shownAt = -Infinity

  /** Shows a line if it is time for one, `text` without its end. */
  show(text: () => string): void {
    const now = performance.now()
    const pause = this.#stream.isTTY ? TERMINAL_PAUSE : PLAIN_PAUSE
    if (now - this.#shownAt < pause) return
    this.#shownAt = now
    this.#stream.write(this.#stream.isTTY ? `\r\u001b[K${text()}` : `${text()}\n`)
  }

  /** Takes the line away, before something else is printed. */
  clear(): void {
    if (this.#stream.isTTY) this.#stream.write('\r\u001b[K')
    this.#shownAt = -Infinity
  }
}

/** A time as a person reads it: `1:05` for 65,000 ms. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
