// What one client still has to be sent. Lines are appended at once, which keeps their order,
// and leave in one write a turn; nobody ever waits for a client that does not read.

import type { Socket } from 'node:net'
import type { Cut, Rendering } from '../dialects/dialect.js'
import type { Batch } from './batch.js'
import type { Gathering } from './gathering.js'

const LF = 0x0a

/** How much is handed to the kernel at once, in bytes, as long as it takes everything. */
const WHOLE_BYTES = 65_536
/** How much is handed to it at once when it has refused some, in bytes: each such piece that goes is progress. */
const PIECE_BYTES = 16_384

/** Where the lines of one turn of the event loop meet. */
export interface Turn {
  /** The batch of no lines from which this turn's sequences grow. */
  readonly start: Batch
}

/** The outbox of one socket. */
export class Outbox {
  readonly #socket: Socket
  readonly #now: () => number
  readonly #drained: () => void
  readonly #cut: Cut | undefined
  readonly #wholeBytes: number
  readonly #onWritten = (): void => {
    this.#written()
  }
  /** Whose lines it is sent now, while it is sent no others. */
  #gathering: Gathering | undefined
  /** How many bytes of the gathering are its own lines, which it is not sent. */
  #withheld = 0
  /** Its own sequence, which was sent before them. */
  #own: Batch | undefined
  #waiting: Buffer[] = []
  #waitingBytes = 0
  /** Whether the first of them begins amid a line. */
  #amidLine = false
  #stalled = false
  #progressAt = 0

  /**
   * `now` is the host's clock, in milliseconds; `drained` is called when the kernel has taken all that it had refused.
   * With `cut`, whatever is more than a piece leaves in pieces that it cuts: the kernel cuts what is larger anywhere.
   */
  constructor(socket: Socket, now: () => number, drained: () => void, cut?: Cut) {
    this.#socket = socket
    this.#now = now
    this.#drained = drained
    this.#cut = cut
    this.#wholeBytes = cut === undefined ? WHOLE_BYTES : PIECE_BYTES
  }

  /** Bytes that were sent this turn; for what a gathering was sent as text, its characters. */
  get sentBytes(): number {
    return (this.#own?.size ?? 0) + this.#gatheredBytes
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
    const first = !this.#pending
    if (this.#gathering !== undefined) this.#leave(this.#gathering, turn)
    this.#own = (this.#own ?? turn.start).with(lines)
    return first
  }

  /** Follows a gathering, which has sent nothing yet, until other lines come; returns as {@link append} does. */
  follow(gathering: Gathering): boolean {
    const first = !this.#pending
    if (this.#gathering !== undefined) this.#leave(this.#gathering, gathering.turn)
    this.#gathering = gathering
    this.#withheld = 0
    return first
  }

  /** Is not sent these lines of a gathering, if it follows that. */
  withhold(lines: Rendering, gathering: Gathering): void {
    if (gathering === this.#gathering) this.#withheld += lines.length
  }

  /** Hands over what was appended, or lets it wait behind what waits already. */
  flush(): void {
    const lines = this.#join()
    this.#gathering = undefined
    this.#own = undefined
    if (lines === undefined || this.#socket.destroyed) return
    if (!this.#stalled && lines.length <= this.#wholeBytes) {
      this.#write(lines)
      return
    }
    this.#waiting.push(lines)
    this.#waitingBytes += lines.length
    this.#advance()
  }

  /** Drops what waits, for a client that is given up, but for the rest of a line that was handed over in part. */
  discard(): void {
    const [first] = this.#waiting
    const rest = first !== undefined && this.#amidLine ? [upToLineEnd(first)] : []
    this.#waiting = rest
    this.#waitingBytes = rest.reduce((bytes, part) => bytes + part.length, 0)
  }

  /** Whether everything appended has been handed to the kernel. */
  get empty(): boolean {
    return !this.#pending && !this.#stalled
  }

  /** Whether a flush is due. */
  get #pending(): boolean {
    return this.#gathering !== undefined || this.#own !== undefined
  }

  get #gatheredBytes(): number {
    return this.#gathering === undefined ? 0 : this.#gathering.size - this.#withheld
  }

  /** What was sent since the last flush; undefined if that is nothing. */
  #join(): Buffer | undefined {
    const own = this.#own
    const gathered = this.#gathered()
    if (gathered === undefined) return own?.join()
    return own === undefined ? gathered : own.with(gathered).join()
  }

  /** What the gathering has sent it; undefined if that is nothing. */
  #gathered(): Buffer | undefined {
    if (this.#gatheredBytes === 0) return undefined
    return this.#withheld === 0 ? this.#gathering?.join() : this.#gathering?.joinFor(this)
  }

  /** Goes its own way with what was sent so far. */
  #leave(gathering: Gathering, turn: Turn): void {
    const lines = this.#gathered()
    if (lines !== undefined) this.#own = (this.#own ?? turn.start).with(lines)
    this.#gathering = undefined
    gathering.lose(this)
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
    this.#advance()
    if (!this.stalled) this.#drained()
  }

  /** Hands over piece after piece until the kernel refuses some. */
  #advance(): void {
    while (!this.#stalled && this.#waiting.length > 0) this.#write(this.#nextPiece())
  }

  /** The next of what waits: a part of one large batch, or several small ones together. */
  #nextPiece(): Buffer {
    let bytes = 0
    let count = 0
    for (const lines of this.#waiting) {
      if (bytes + lines.length > PIECE_BYTES) break
      bytes += lines.length
      count++
    }
    const [first] = this.#waiting
    if (count === 0 && first !== undefined) {
      const length = this.#cut?.(first, PIECE_BYTES) ?? PIECE_BYTES
      this.#waiting[0] = first.subarray(length)
      this.#waitingBytes -= length
      this.#amidLine = this.#cut === undefined && first[length - 1] !== LF
      return first.subarray(0, length)
    }
    this.#waitingBytes -= bytes
    this.#amidLine = false
    return Buffer.concat(this.#waiting.splice(0, count), bytes)
  }
}

/** The first line, or what there is of it; of a message without lines, all. */
function upToLineEnd(lines: Buffer): Buffer {
  const end = lines.indexOf(LF)
  return end < 0 ? lines : lines.subarray(0, end + 1)
}
