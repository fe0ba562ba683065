// What every reader that cuts bytes into frames by itself has in common: its frames go out at once,
// or wait while it is paused; reading stops once too much waits; the end comes after all frames.

import { isUtf8 } from 'node:buffer'
import { part } from './clean-run.js'
import {
  frameOfMark,
  frameOfText,
  type FrameLimits,
  type FrameReader,
  type FrameSink,
  type Framing,
  type Mark,
} from './frame.js'

/**
 * What may wait, in bytes as it was read or in UTF-16 units and one more a frame, before the reader asks to pause. Without
 * framing a pause costs borders: what is sent meanwhile comes as one read, hence as one message.
 */
const WAITING_UNITS = 16_384

/**
 * So many bytes are cut at once, so that the frames of a read wait as bytes: as 43,000 texts, 64 KiB took 2 MB
 * and 40 ms. A line that is remembered also keeps the whole string alive that it was cut from.
 */
const PIECE_BYTES = 4096

/**
 * Of a client that is held back so much is cut ahead, in the same units, and no more: a read of 64 KiB may be 32,768
 * frames, and 64 such reads that are cut in one turn take a second. A read of no more bytes is cut whole, so that
 * it does not run into the next one where nothing else tells them apart.
 */
const AHEAD_UNITS = 1024

const EMPTY = Buffer.alloc(0)

/** Where a {@link Cutter} puts what it finds. */
export interface Frames {
  /** Whether no more is wanted for now, so that the rest of a read is to be left. */
  readonly enough: boolean
  /** A whole frame as it came, without what framed it; `bad-text` stands for it if it is not valid UTF-8. */
  text(bytes: Buffer): void
  /** Frames that are valid already; no peer can have put a mark in one. */
  put(texts: readonly string[]): void
  /** A mark in the place of a frame, and how many of the peer's bytes it stands for. */
  mark(mark: Mark, bytes: number): void
  /** Nothing can be read after what was given. */
  close(): void
}

/** What one framing does by itself: it knows where a frame begins and ends. */
export interface Cutter {
  /** Bytes taken since the last frame ended. */
  readonly unfinishedBytes: number
  /** See {@link FrameReader.overheadBytes}; left out, there are none. */
  readonly overheadBytes?: number
  /** Whether it has to take each read as it came; else it is given pieces of it. */
  readonly takesReads?: true
  /** Takes bytes, of which it keeps none but a copy; returns how many. What it left, as it may once there is {@link Frames.enough}, it is given again. */
  take(chunk: Buffer): number
  /** The peer will send no more. Left out, input that ends amid a frame is marked `unfinished-line`. */
  end?(): void
  /** See {@link FrameReader.replied}. */
  replied?(): void
}

/** Makes the cutter of one connection, which may answer the peer by `sink`. */
type Cutting = (frames: Frames, limits: FrameLimits, sink: Pick<FrameSink, 'reply'>) => Cutter

/** A framing of no more than a cutter. */
export function queued(cutting: Cutting): Framing {
  return (sink, limits) => new QueuedReader(sink, (frames) => cutting(frames, limits, sink))
}

class QueuedReader implements FrameReader, Frames {
  readonly #sink: FrameSink
  readonly #cutter: Cutter
  /** Frames that have not been given, but for the first {@link #given} of them. */
  #waiting: string[] = []
  #waitingUnits = 0
  #given = 0
  #paused = false
  /** Set from the time that {@link feed} asks to pause reading until the sink is told to go on. */
  #full = false
  /** What was read and is not cut yet. */
  #rest: Buffer = EMPTY
  /** Whether the peer will send no more. */
  #ended = false
  /** Whether frames are being cut or given. */
  #busy = false
  #closed = false
  /** Set once the sink has been told of the end, or wants to hear no more. */
  #silent = false

  constructor(sink: FrameSink, cutter: (frames: Frames) => Cutter) {
    this.#sink = sink
    this.#cutter = cutter(this)
  }

  get unfinishedBytes(): number {
    return this.#cutter.unfinishedBytes
  }

  get overheadBytes(): number {
    return this.#cutter.overheadBytes ?? 0
  }

  get enough(): boolean {
    return this.#closed || !this.#mayCut()
  }

  feed(chunk: Buffer): boolean {
    if (!this.#closed) this.#rest = joined(this.#rest, chunk)
    this.#goOn()
    this.#full = this.#isFull()
    if (!this.#full && chunk.length > WAITING_UNITS) this.#rests()
    return !this.#full
  }

  end(): void {
    this.#ended = true
    this.#goOn()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#goOn()
  }

  replied(): void {
    this.#cutter.replied?.()
  }

  destroy(): void {
    this.#closed = true
    this.#silent = true
    this.#rest = EMPTY
    this.#waiting = []
    this.#waitingUnits = 0
  }

  text(bytes: Buffer): void {
    if (isUtf8(bytes)) this.put([frameOfText(bytes.toString())])
    else this.mark('bad-text', bytes.length)
  }

  mark(mark: Mark, bytes: number): void {
    this.put([frameOfMark(mark, bytes)])
  }

  put(frames: readonly string[]): void {
    if (this.#closed) return
    for (const frame of frames) {
      this.#waiting.push(frame)
      this.#waitingUnits += frame.length + 1
    }
    this.#give()
  }

  close(): void {
    this.#closed = true
    this.#rest = EMPTY
  }

  /** Gives what waits, cuts what was read, and gives that, until the sink wants no more for now. */
  #goOn(): void {
    // The sink may resume in the middle of a frame, which is then what comes next here.
    if (this.#busy) return
    this.#busy = true
    this.#give()
    while (this.#rest.length > 0 && this.#mayCut()) {
      const taken = this.#cutter.take(this.#nextPiece())
      this.#rest = taken < this.#rest.length ? this.#rest.subarray(taken) : EMPTY
    }
    if (this.#ended && this.#rest.length === 0) this.#finish()
    this.#busy = false
    this.#settle()
  }

  /** Some is cut ahead while paused: what telnet asks for is answered at once. */
  #mayCut(): boolean {
    if (!this.#paused || this.#waitingUnits < AHEAD_UNITS) return true
    return this.#cutter.takesReads === true && this.#rest.length <= AHEAD_UNITS
  }

  #nextPiece(): Buffer {
    return this.#cutter.takesReads === true ? this.#rest : part(this.#rest, 0, PIECE_BYTES)
  }

  /** Whether too much waits to read on. What is left of a read must not meet the next one if that is a border. */
  #isFull(): boolean {
    if (this.#cutter.takesReads === true && this.#rest.length > 0) return true
    return this.#rest.length + this.#waitingUnits > WAITING_UNITS
  }

  /**
   * Reads on in the next turn of the event loop: a socket gives up to 32 reads in one, and what is cheap
   * in them costs others their time all the same. 64 who sent 64 KiB of line ends a read took seconds.
   */
  #rests(): void {
    this.#full = true
    setImmediate(() => {
      this.#settle()
    })
  }

  /** The peer has sent no more than what was cut. */
  #finish(): void {
    if (this.#closed) return
    const bytes = this.unfinishedBytes
    if (this.#cutter.end !== undefined) this.#cutter.end()
    else if (bytes > 0) this.mark('unfinished-line', bytes)
    this.close()
  }

  /** Gives what waits. The sink may pause, resume or destroy this reader in the middle of it. */
  #give(): void {
    let frame = this.#next()
    while (frame !== undefined) {
      this.#sink.frame(frame)
      frame = this.#next()
    }
    // To take each off by itself would move all the others, once for each.
    this.#waiting.splice(0, this.#given)
    this.#given = 0
  }

  /** Tells the sink, once everything has been given, that it was the last or that more can be read. */
  #settle(): void {
    if (this.#waiting.length > 0 || this.#rest.length > 0 || this.#silent) return
    if (this.#closed) {
      this.#silent = true
      this.#sink.end()
    } else if (this.#full) {
      this.#full = false
      this.#sink.drain()
    }
  }

  #next(): string | undefined {
    const frame = this.#paused ? undefined : this.#waiting[this.#given]
    if (frame === undefined) return undefined
    this.#given++
    this.#waitingUnits -= frame.length + 1
    return frame
  }
}

function joined(earlier: Buffer, later: Buffer): Buffer {
  return earlier.length === 0 ? later : Buffer.concat([earlier, later])
}
