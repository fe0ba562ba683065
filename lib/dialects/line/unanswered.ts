// Lines of a client that may still be answered. A server answers in order and does not say what it
// answers, and most lines have no answer when all goes well; so a client has to keep account.

import type { Wish } from '../client.js'

/** A line that was sent. */
export interface Unanswered {
  /** The list it asks for, which must come or be refused; left out for lines that are only answered by errors. */
  readonly to?: 'users' | 'rooms' | 'members'
  /** The word that an error about it would repeat: the nickname, the room or the command. */
  readonly about: string
  /** The code that no error about it has. */
  readonly never?: string
  /** Set if the user is not to see the answer: until when it is waited for, in milliseconds since 1970. */
  readonly unseen?: number
  /** What a program wished by it. */
  readonly wish?: Wish
}

/** An error: its sentence, and its code if it has one. */
interface Problem {
  readonly text: string
  readonly code?: string | number | undefined
}

/** More than that is not remembered: a server that answers nothing is no reason to keep it all. */
const MOST = 100

/** Lines without an answer, the oldest first. */
export class Unanswereds {
  #lines: readonly Unanswered[] = []

  /** Whether a list that the user asked for has not come. */
  get isOwed(): boolean {
    return this.#lines.some(({ to, unseen }) => to !== undefined && unseen === undefined)
  }

  /** Whether something that the user is not to see has not come. */
  get hasUnseen(): boolean {
    return this.#lines.some(({ unseen }) => unseen !== undefined)
  }

  /** A line was sent. */
  add(line: Unanswered): void {
    this.#lines = [...this.#lines, line].slice(-MOST)
  }

  /** A list has come: the line that it answers. All before that went well. */
  answered(now: number): Unanswered | undefined {
    this.#forget(now)
    return this.#takeAt(this.#lines.findIndex(({ to }) => to !== undefined))
  }

  /**
   * An error has come: the line that it is about, as far as that can be told. It cannot be about one
   * after the first list, which would have come before it.
   */
  refused({ text, code }: Problem, now: number): Unanswered | undefined {
    this.#forget(now)
    const first = this.#lines.findIndex(({ to }) => to !== undefined)
    const possible = first < 0 ? this.#lines : this.#lines.slice(0, first + 1)
    const words = text.toLowerCase().split(/[\s.,:;'"()]+/u)
    const index = possible.findIndex(
      ({ about, never }) =>
        words.includes(about.toLowerCase()) && (never === undefined || never !== code),
    )
    if (index >= 0) return this.#takeAt(index)
    // An error that may be about something else must not be kept from the user.
    const [only, ...others] = possible
    return others.length === 0 && only?.unseen === undefined ? this.#takeAt(0) : undefined
  }

  #takeAt(index: number): Unanswered | undefined {
    const line = this.#lines[index]
    if (line !== undefined) this.#lines = this.#lines.slice(index + 1)
    return line
  }

  #forget(now: number): void {
    this.#lines = this.#lines.filter(({ unseen = Infinity }) => unseen > now)
  }
}
