// No framing at all: what one read gives is one message, as some systems have it. People at a
// telnet or netcat on the same port are told apart by their first read, and get lines.

import { part } from './clean-run.js'
import type { FrameLimits, FrameReader, Framing } from './frame.js'
import { telnetLines } from './lines.js'
import { IAC } from './negotiation.js'
import { queued, type Cutter, type Frames } from './queued-reader.js'

const LF = 0x0a
const CR = 0x0d
const TAB = 0x09
const SPACE = 0x20

const EMPTY = Buffer.alloc(0)

/**
 * Finds the end of one message that shows it by itself, as a bracket does that closes: takes the next
 * bytes of the message, and returns the index after its last byte, or undefined if it goes on.
 */
export type Scan = (bytes: Buffer) => number | undefined

/** What a protocol without framing says of its messages. */
export interface BareOptions {
  /** Largest message, in bytes; a larger one is dropped with `too-long` in its place. */
  readonly messageBytes: number
  /** Whether several lines in one read are several messages. */
  readonly splitsLines: boolean
  /** A new scan for a message that begins with this byte; undefined if what begins so ends with its read. */
  readonly scanFrom?: (byte: number) => Scan | undefined
  /**
   * Called once, before any frame, if the client turns out to be one of lines: its first read has a
   * line end in it, or begins with a telnet command. From that read on, {@link telnetLines} reads.
   */
  readonly onLineClient: () => void
}

/**
 * The framing that is none. Line ends after a message are dropped, and with nothing else it is none.
 * A scanned message may come in several reads, and others after it in the same one; without its end
 * after {@link FrameLimits.unfinishedBytes} it is `endless-line`, and nothing more is read.
 */
export function bare(options: BareOptions): Framing {
  const messages = queued((frames, limits) => new BareMessages(frames, limits, options))
  return (sink, limits) =>
    new UndecidedReader(messages(sink, limits), () => {
      options.onLineClient()
      const frameBytes = Math.min(limits.frameBytes, options.messageBytes)
      return telnetLines(sink, { ...limits, frameBytes })
    })
}

/** Reads messages, or from the first read on lines. */
class UndecidedReader implements FrameReader {
  #reader: FrameReader
  #lines: (() => FrameReader) | undefined
  #paused = false

  constructor(messages: FrameReader, lines: () => FrameReader) {
    this.#reader = messages
    this.#lines = lines
  }

  get unfinishedBytes(): number {
    return this.#reader.unfinishedBytes
  }

  get overheadBytes(): number {
    return this.#reader.overheadBytes
  }

  feed(chunk: Buffer): boolean {
    if (this.#lines !== undefined && chunk.length > 0) {
      if (isOfLines(chunk)) {
        this.#reader = this.#lines()
        if (this.#paused) this.#reader.pause()
      }
      this.#lines = undefined
    }
    return this.#reader.feed(chunk)
  }

  end(): void {
    this.#reader.end()
  }

  pause(): void {
    this.#paused = true
    this.#reader.pause()
  }

  resume(): void {
    this.#paused = false
    this.#reader.resume()
  }

  replied(): void {
    this.#reader.replied()
  }

  destroy(): void {
    this.#lines = undefined
    this.#reader.destroy()
  }
}

function isOfLines(firstRead: Buffer): boolean {
  return firstRead[0] === IAC || firstRead.includes(LF) || firstRead.includes(CR)
}

/** Cuts reads into messages. */
class BareMessages implements Cutter {
  readonly #frames: Frames
  readonly #limits: FrameLimits
  readonly #options: BareOptions
  /** Set while a scanned message goes on. */
  #scan: Scan | undefined
  /** What has come of it: the first `#length` bytes. */
  #kept = EMPTY
  #length = 0
  /** Bytes taken that no message has held, those of the one that goes on among them. */
  #unsaid = 0
  readonly takesReads = true

  constructor(frames: Frames, limits: FrameLimits, options: BareOptions) {
    this.#frames = frames
    this.#limits = limits
    this.#options = options
  }

  get unfinishedBytes(): number {
    return this.#length
  }

  get overheadBytes(): number {
    return this.#unsaid - this.#length
  }

  take(chunk: Buffer): number {
    this.#unsaid += chunk.length
    let rest = chunk
    while (rest.length > 0 && !this.#frames.enough) {
      rest = this.#scan === undefined ? this.#begin(rest) : this.#goOn(rest, this.#scan)
    }
    this.#unsaid -= rest.length
    return chunk.length - rest.length
  }

  /** Takes bytes up to where a scan has to begin, or lines, or all of them; returns the rest. */
  #begin(bytes: Buffer): Buffer {
    const message = withoutLineEnd(bytes)
    if (message.length === 0) return EMPTY
    const start = firstShown(message)
    const first = message[start]
    this.#scan = first === undefined ? undefined : this.#options.scanFrom?.(first)
    if (this.#scan !== undefined) return bytes.subarray(start)
    if (this.#options.splitsLines) return this.#putLines(bytes)
    this.#put(message)
    return EMPTY
  }

  /** Takes bytes up to the end of the scanned message, or all of them; returns the rest. */
  #goOn(bytes: Buffer, scan: Scan): Buffer {
    const end = scan(bytes)
    const taken = part(bytes, 0, end ?? bytes.length)
    const most = this.#limits.unfinishedBytes
    if (this.#length + taken.length > most) {
      this.#frames.mark('endless-line', most + 1)
      this.#frames.close()
      return EMPTY
    }
    if (end === undefined) this.#keep(taken)
    else this.#finish(taken)
    return bytes.subarray(taken.length)
  }

  /** Gives the scanned message, of which this is the last part. */
  #finish(last: Buffer): void {
    if (this.#length === 0) this.#put(last)
    else {
      this.#keep(last)
      this.#put(this.#kept.subarray(0, this.#length))
    }
    this.#scan = undefined
    this.#kept = EMPTY
    this.#length = 0
  }

  #keep(bytes: Buffer): void {
    const length = this.#length + bytes.length
    if (length > this.#kept.length) {
      const larger = Buffer.allocUnsafe(Math.max(length, 2 * this.#kept.length))
      this.#kept.copy(larger)
      this.#kept = larger
    }
    bytes.copy(this.#kept, this.#length)
    this.#length = length
  }

  /** Gives lines, as many as are wanted; returns the rest. */
  #putLines(bytes: Buffer): Buffer {
    let start = 0
    for (let end = 0; end <= bytes.length; end++) {
      if (end < bytes.length && !isLineEnd(Number(bytes[end]))) continue
      const line = start
      start = end + 1
      // A view takes 100 ns, and a read may be 65,536 line ends.
      if (end === line) continue
      this.#put(bytes.subarray(line, end))
      if (this.#frames.enough) break
    }
    return bytes.subarray(start)
  }

  #put(message: Buffer): void {
    this.#unsaid -= message.length
    if (message.length > this.#options.messageBytes) this.#frames.mark('too-long', message.length)
    else this.#frames.text(message)
  }
}

/** The index of the first byte that is not blank, or the length if all are. */
function firstShown(bytes: Buffer): number {
  let index = 0
  while (index < bytes.length && isBlank(Number(bytes[index]))) index++
  return index
}

function withoutLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length
  while (end > 0 && isLineEnd(Number(bytes[end - 1]))) end--
  return part(bytes, 0, end)
}

function isLineEnd(byte: number): boolean {
  return byte === LF || byte === CR
}

/** White space that may stand before a message which has its own end; Python's literal_eval skips it, too. */
function isBlank(byte: number): boolean {
  return byte === SPACE || byte === TAB || isLineEnd(byte)
}
