// What one client still has to be sent. Lines are appended at once, which keeps their order,
// and leave in one write a turn; nobody ever waits for a client that does not read.

import type { Socket } from 'node:net'
import type { Batch } from './batch.js'

/** How much is handed to a stalled socket at once, in bytes: each such piece that goes is progress. */
const PIECE_BYTES = 65_536

/** Where the lines of one turn of the event loop meet. */
export interface Turn {
  /** The batch of no lines from which this turn's sequences grow. */
  readonly start: Batch
}

/** The outbox of one socket. */
export class Outbox {
  readonly #socket: Socket
  readonly #now: () => number
  readonly #onWritten = (): void => {
    this.#written()
  }
  #batch: Batch | undefined
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #stalled = false
  #progressAt = 0

  /** `now` is the host's clock, in milliseconds. */
  constructor(socket: Socket, now: () => number) {
    this.#socket = socket
    this.#now = now
  }

  /** Bytes that the kernel has not taken; what this turn has added counts from its flush on. */
  get queuedBytes(): number {
    return this.#stalled ? this.#waitingBytes + this.#socket.writableLength : 0
  }

  /** Whether the kernel has refused bytes that still wait. */
  get stalled(): boolean {
    return this.#stalled
  }

  /** Since when the kernel has taken nothing, while {@link stalled}; in milliseconds of the host's clock. */
  get progressAt(): number {
    return this.#progressAt
  }

  /** Adds whole lines; returns whether they are the first since the last {@link flush}, which is then due. */
  append(lines: Buffer, turn: Turn): boolean {
    const batch = this.#batch
    this.#batch = (batch ?? turn.start).with(lines)
    return batch === undefined
  }

  /** Hands over what was appended, or lets it wait behind what waits already. */
  flush(): void {
    const batch = this.#batch
    if (batch === undefined) return
    this.#batch = undefined
    if (this.#socket.destroyed) return
    if (this.#stalled) {
      this.#waiting.push(batch.join())
      this.#waitingBytes += batch.size
    } else {
      this.#write(batch.join())
    }
  }

  /** Drops what waits, for a client that is given up; lines already handed over stay whole. */
  discard(): void {
    this.#waiting = []
    this.#waitingBytes = 0
  }

  /** Whether everything appended has been handed to the kernel. */
  get empty(): boolean {
    return this.#batch === undefined && !this.#stalled
  }

  #write(bytes: Buffer): void {
    this.#socket.write(bytes, this.#onWritten)
    if (this.#socket.writableLength === 0) return
    this.#stalled = true
    this.#progressAt = this.#now()
  }

  #written(): void {
    if (!this.#stalled || this.#socket.writableLength > 0) return
    this.#stalled = false
    while (!this.stalled && this.#waiting.length > 0) this.#write(this.#nextPiece())
  }

  #nextPiece(): Buffer {
    let bytes = 0
    let count = 0
    for (const lines of this.#waiting) {
      if (count > 0 && bytes + lines.length > PIECE_BYTES) break
      bytes += lines.length
      count++
    }
    this.#waitingBytes -= bytes
    return Buffer.concat(this.#waiting.splice(0, count), bytes)
  }
}
