// The byte guard in front of the line splitter: whatever a telnet, a netcat or noise sends
// becomes whole, valid lines that end in LF. It knows bytes and telnet (RFC 854, RFC 1143),
// no stream and no chat.

import { isUtf8 } from 'node:buffer'
import { cleanRun, part } from './clean-run.js'
import { frameOfMark, type FrameLimits, type Mark } from './frame.js'
import { DO, DONT, IAC, Negotiation, WILL, WONT } from './negotiation.js'

const NUL = 0x00
const SOH = 0x01
const BS = 0x08
const LF = 0x0a
const CR = 0x0d
const DEL = 0x7f
/** Telnet commands (RFC 854, "NVT commands"; EOF, SUSP: RFC 1184). */
const EOF = 0xec
const SUSP = 0xed
const SE = 0xf0
const BRK = 0xf3
const IP = 0xf4
const AYT = 0xf6
const EC = 0xf7
const EL = 0xf8
const SB = 0xfa

const EMPTY = Buffer.alloc(0)
const LINE_END = Buffer.of(LF)

/** Where the next byte falls. */
type Position = 'text' | 'after-cr' | 'command' | 'option' | 'subnegotiation' | 'subnegotiation-iac'

/** What the guard has to say beside the lines. */
export interface GuardSink {
  /** A complete telnet answer, to be sent in the order of the output. */
  reply(bytes: Buffer): void
}

/** The guard of one connection. */
export class TelnetGuard {
  readonly #limits: FrameLimits
  readonly #sink: GuardSink
  readonly #negotiation = new Negotiation()
  /** The line so far, telnet and erased characters gone; its first `#length` bytes count. */
  #line: Buffer = EMPTY
  #length = 0
  /** Set while the line is over its limit: what comes until its end is dropped. */
  #overflow = false
  /** Bytes taken since the last line end, whether kept or not. */
  #unfinished = 0
  /** Bytes of commands and their options, and of lines that were taken back. */
  #overhead = 0
  #position: Position = 'text'
  #verb = 0
  #ended = false
  #out: Buffer[] = []
  /** Set while the mark of an AYT is the last that was found, and its answer has not gone to the kernel. */
  #asked = false

  constructor(limits: FrameLimits, sink: GuardSink) {
    this.#limits = limits
    this.#sink = sink
  }

  /** Bytes taken since the last line end. */
  get unfinishedBytes(): number {
    return this.#unfinished
  }

  /** Bytes taken in all that are part of no line: commands, and lines that they took back. */
  get overheadBytes(): number {
    return this.#overhead
  }

  /** Whether nothing more will come: the peer sent IAC EOF, or a line beyond all bounds. */
  get ended(): boolean {
    return this.#ended
  }

  /**
   * Takes what one read gave; returns whole lines, each ending in LF (or CR LF), in valid UTF-8 and
   * within the limit, possibly none. A line that is dropped leaves its {@link Mark} in its place.
   */
  take(chunk: Buffer): Buffer {
    let runs = true
    let next = 0
    while (next < chunk.length && !this.#ended) {
      const run = runs && this.#atLineStart() ? cleanRun(chunk, next, this.#limits.frameBytes) : 0
      if (run > 0) {
        this.#put(part(chunk, next, next + run))
        next += run
      } else {
        // One try a chunk: a sender of bad lines must not have the rest of each chunk checked for every line.
        if (run < 0) runs = false
        next = this.#takeLine(chunk, next)
      }
    }
    return this.#collect()
  }

  /** The peer has ended: a line it left unfinished is marked as such, never carried out. */
  end(): Buffer {
    this.#finish()
    return this.#collect()
  }

  /** The answers given to the sink have gone to the kernel: the next timing mark needs one of its own. */
  replied(): void {
    this.#negotiation.answered()
    this.#asked = false
  }

  #atLineStart(): boolean {
    return this.#position === 'text' && this.#unfinished === 0
  }

  /** Takes bytes one by one until a line has ended, or the chunk; returns the index of the next byte. */
  #takeLine(chunk: Buffer, from: number): number {
    let next = from
    while (next < chunk.length) {
      this.#takeByte(Number(chunk[next++]))
      if (this.#ended || this.#atLineStart()) break
    }
    return next
  }

  #takeByte(byte: number): void {
    switch (this.#position) {
      case 'text':
        this.#takeText(byte)
        break
      case 'after-cr':
        // CR LF and CR NUL are one line end (RFC 1123, 3.3.1); so is a CR alone.
        this.#position = 'text'
        if (byte !== LF && byte !== NUL) this.#takeText(byte)
        break
      case 'command':
        this.#takeCommand(byte)
        break
      case 'option':
        this.#overhead++
        this.#position = 'text'
        this.#answerOption(byte)
        break
      case 'subnegotiation':
        this.#count()
        if (byte === IAC) this.#position = 'subnegotiation-iac'
        break
      case 'subnegotiation-iac':
        this.#count()
        this.#position = byte === SE ? 'text' : 'subnegotiation'
        break
    }
  }

  #takeText(byte: number): void {
    switch (byte) {
      case IAC:
        this.#overhead++
        this.#position = 'command'
        return
      case LF:
      case CR:
        if (byte === CR) this.#position = 'after-cr'
        this.#endLine()
        return
      case BS:
      case DEL:
        this.#eraseCharacter()
        break
      case NUL:
      case SOH:
        break
      default:
        this.#append(byte)
    }
    this.#count()
  }

  #takeCommand(byte: number): void {
    this.#overhead++
    this.#position = 'text'
    switch (byte) {
      case IAC:
        this.#takeData(byte)
        break
      case WILL:
      case WONT:
      case DO:
      case DONT:
        this.#verb = byte
        this.#position = 'option'
        break
      case SB:
        this.#position = 'subnegotiation'
        break
      case IP:
      case BRK:
      case SUSP:
      case EL:
        this.#overhead += this.#unfinished
        this.#dropLine()
        break
      case EC:
        this.#eraseCharacter()
        break
      case AYT:
        this.#answerAreYouThere()
        break
      case EOF:
        this.#finish()
        break
      default:
        // A telnet's urgent "synch" leaves a lone IAC in the stream: only that byte is noise.
        if (byte < EOF) this.#takeText(byte)
    }
  }

  /** IAC IAC is the data byte 255, which makes the line invalid UTF-8. */
  #takeData(byte: number): void {
    this.#append(byte)
    this.#count()
  }

  #append(byte: number): void {
    if (this.#overflow) return
    if (this.#length >= this.#limits.frameBytes) {
      this.#overflow = true
      this.#line = EMPTY
      this.#length = 0
      return
    }
    if (this.#length === this.#line.length) {
      const larger = Buffer.allocUnsafe(Math.max(128, this.#line.length * 2))
      this.#line.copy(larger)
      this.#line = larger
    }
    this.#line[this.#length++] = byte
  }

  /** Takes the last code point off the line: its continuation bytes, then its first. */
  #eraseCharacter(): void {
    let end = this.#length
    while (end > 0 && isContinuation(this.#line[end - 1])) end--
    this.#length = Math.max(0, end - 1)
  }

  #endLine(): void {
    const line = this.#line.subarray(0, this.#length)
    if (this.#overflow) this.#mark('too-long')
    else if (!isUtf8(line)) this.#mark('bad-text')
    else {
      // What was erased of it; a mark tells all its bytes.
      this.#overhead += this.#unfinished - this.#length
      this.#put(Buffer.from(line), LINE_END)
    }
    this.#dropLine()
  }

  #dropLine(): void {
    this.#line = EMPTY
    this.#length = 0
    this.#overflow = false
    this.#unfinished = 0
  }

  #finish(): void {
    this.#ended = true
    if (this.#length > 0 || this.#overflow) this.#mark('unfinished-line')
    this.#dropLine()
  }

  #count(): void {
    this.#unfinished++
    if (this.#unfinished <= this.#limits.unfinishedBytes) return
    this.#mark('endless-line')
    this.#dropLine()
    this.#ended = true
  }

  #answerOption(option: number): void {
    const answer = this.#negotiation.answerTo(this.#verb, option)
    if (answer !== undefined) this.#sink.reply(answer)
  }

  /** One answer serves all that ask before it has gone, with no line between. */
  #answerAreYouThere(): void {
    if (this.#asked) return
    this.#mark('are-you-there')
    this.#asked = true
  }

  #mark(mark: Mark): void {
    this.#put(Buffer.from(frameOfMark(mark, this.#unfinished)), LINE_END)
  }

  #put(...parts: readonly Buffer[]): void {
    this.#out.push(...parts)
    this.#asked = false
  }

  #collect(): Buffer {
    const out = this.#out
    const [only] = out
    if (only === undefined) return EMPTY
    this.#out = []
    return out.length === 1 ? only : Buffer.concat(out)
  }
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80
}
