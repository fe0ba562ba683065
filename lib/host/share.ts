// What one client may have of a turn of the event loop (deficit round robin): what it takes beyond
// its share is owed, and its next turns pay for that before it is heard again.

import type { Turn } from './outbox.js'

/** So many UTF-16 units of a message count as one more line: one of 64 KiB takes as long as many (36 ms, measured). */
const LINE_UNITS = 1024
/** So many bytes of answers count as one more line: a list of 168 KB takes as long as 600 lines (9 ms, measured). */
const ANSWER_BYTES = 256
/** So many who have to be told each by itself count as one more line: each takes some 0.6 µs, a line 10 (measured). */
const TELLINGS = 16

/** The share of one client. */
export class Share {
  readonly #linesPerTurn: number
  #turn: Turn
  #owed = 0

  /** `turn` is the present turn. */
  constructor(linesPerTurn: number, turn: Turn) {
    this.#linesPerTurn = linesPerTurn
    this.#turn = turn
  }

  /** Whether nothing is left of it. */
  get spent(): boolean {
    return this.#owed >= this.#linesPerTurn
  }

  /** Gives the share of this turn, once; what of earlier ones was left is lost. */
  renew(turn: Turn): void {
    if (this.#turn === turn) return
    this.#turn = turn
    this.#owed = Math.max(0, this.#owed - this.#linesPerTurn)
  }

  /** What counts as so many lines is carried out. */
  takeLines(lines: number): void {
    this.#owed += lines
  }

  /** A message of this text has come. */
  takeText(text: string): void {
    this.#owed += Math.floor(text.length / LINE_UNITS)
  }

  /** So many others have to be told each by itself of what the client did. */
  takeTellings(count: number): void {
    this.#owed += count / TELLINGS
  }

  /** The client is given an answer of so many bytes. */
  takeAnswer(bytes: number): void {
    this.#owed += bytes / ANSWER_BYTES
  }
}
