// How much of one client is heard: its share of each turn of the event loop, and its pace.

import type { Limits } from './limits.js'
import type { Turn } from './outbox.js'
import { Pace } from './pace.js'
import { Share } from './share.js'

/** The throttle of one connection. What is too much waits, and is never dropped. */
export class Throttle {
  readonly #share: Share
  readonly #pace: Pace | undefined
  #closedUntil = -Infinity

  /** For a client that is `exempt` no pace is kept. `turn` is the present turn, `at` the time in milliseconds. */
  constructor(limits: Limits, exempt: boolean, turn: Turn, at: number) {
    this.#share = new Share(limits.linesPerTurn, turn)
    this.#pace = exempt ? undefined : new Pace(limits, at)
  }

  /** Whether nothing is left of its share of this turn. */
  spent(turn: Turn): boolean {
    this.#share.renew(turn)
    return this.#share.spent
  }

  /** For how many milliseconds it is too fast, 0 for not. */
  delay(at: number): number {
    return Math.max(0, this.#closedUntil - at)
  }

  /** A message of this text has come in this turn. */
  takeText(text: string, turn: Turn): void {
    this.#share.renew(turn)
    this.#share.takeText(text)
  }

  /** The client was given an answer of so many bytes. */
  takeAnswer(bytes: number): void {
    this.#share.takeAnswer(bytes)
  }

  /** So many others had to be told each by itself of what the client did. */
  takeTellings(count: number): void {
    this.#share.takeTellings(count)
  }

  /** What counts as so many lines, of so many bytes without a line's end, was carried out. */
  takeLines(lines: number, bytes: number, at: number): void {
    this.#share.takeLines(lines)
    this.#wait(this.#pace?.take(lines, bytes, at), at)
  }

  /** So many bytes came that are part of no line. */
  takeOverhead(bytes: number, at: number): void {
    this.#wait(this.#pace?.take(0, bytes, at), at)
  }

  #wait(delay: number | undefined, at: number): void {
    if (delay !== undefined) this.#closedUntil = Math.max(this.#closedUntil, at + delay)
  }
}
