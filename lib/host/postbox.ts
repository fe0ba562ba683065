// Messages for a client that takes all of one read for one message: each leaves in a write of its
// own, some time after the one before it. Only connections of such clients have one.

import type { Pacing } from '../dialects/dialect.js'

/** What a postbox asks of its connection. */
export interface PostboxOwner {
  /** Whether the kernel takes what it is given: else the client would read several messages as one. */
  readonly flows: boolean
  /** Hands one message to the kernel at once. */
  post(message: Buffer): void
  /** Everything has left, and the last message has been alone for long enough. */
  emptied(): void
}

/** The postbox of one connection. */
export class Postbox {
  readonly #pacing: Pacing
  readonly #gap: number
  readonly #owner: PostboxOwner
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #pause: NodeJS.Timeout | undefined

  constructor(pacing: Pacing, gap: number, owner: PostboxOwner) {
    this.#pacing = pacing
    this.#gap = gap
    this.#owner = owner
  }

  /** Bytes that wait for their time. */
  get waitingBytes(): number {
    return this.#waitingBytes
  }

  /** Whether nothing waits, and the last message has been alone for long enough. */
  get empty(): boolean {
    return this.#pause === undefined && this.#waiting.length === 0
  }

  /** Takes a message, complete and framed. */
  put(message: Buffer): void {
    this.#waiting.push(message)
    this.#waitingBytes += message.length
    this.advance()
  }

  /** Posts the next message if its time has come. */
  advance(): void {
    if (this.#pause !== undefined || !this.#owner.flows) return
    const message = this.#next()
    if (message === undefined) {
      this.#owner.emptied()
      return
    }
    // Set before the post, which may let the client ask for more. A timer may fire up to a millisecond early.
    this.#pause = setTimeout(() => {
      this.#pause = undefined
      this.advance()
    }, this.#gap + 1)
    this.#owner.post(message)
  }

  /** Drops what waits, for a client that is given up or gone. */
  discard(): void {
    this.#waiting = []
    this.#waitingBytes = 0
    clearTimeout(this.#pause)
    this.#pause = undefined
  }

  /** The first of what waits, joined with those after it as long as too many pauses are owed. */
  #next(): Buffer | undefined {
    const pacing = this.#pacing
    let taken = 0
    let message: Buffer | undefined
    for (const later of this.#waiting) {
      const owed = (this.#waiting.length - taken) * this.#gap
      const joined: Buffer | undefined =
        message === undefined
          ? later
          : owed > pacing.patience
            ? pacing.join(message, later)
            : undefined
      if (joined === undefined) break
      message = joined
      taken++
      this.#waitingBytes -= later.length
    }
    this.#waiting = this.#waiting.slice(taken)
    return message
  }
}
