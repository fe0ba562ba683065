// What one actor has received and not yet been asked for: lines or messages, telnet commands, the end.

import type { Decode } from '../dialects/notation.js'
import type { End } from './arena.js'

const LF = 0x0a
const CR = 0x0d
/** Telnet commands (RFC 854), the first of them EOF (RFC 1184). */
const FIRST_COMMAND = 0xec
const SB = 0xfa
const SE = 0xf0
const WILL = 0xfb
const IAC = 0xff

/** One line, or message of another dialect, as it came. */
export interface ReceivedLine {
  /** Without its line end; for a message, its written form. */
  readonly bytes: Buffer
  /** Whether CR LF ended it, and not LF alone; true for a message. */
  readonly crlf: boolean
  /** All bytes of a message, what frames it included. */
  readonly wire?: Buffer
  /** Whether it may be several texts that came in one read. */
  readonly open?: boolean | undefined
  /** Whether it may be word of somebody who came or went, which is accepted unasked. */
  readonly news?: boolean
}

/** The strict inbox of one actor. */
export class Inbox {
  readonly #decode: Decode | undefined
  /** Grows in place: a flood of lines would be copied with each read. */
  #lines: ReceivedLine[] = []
  #telnet: Buffer = EMPTY
  /** Bytes that are no whole line, or no whole telnet command, yet. */
  #text: Buffer = EMPTY
  #rest: Buffer = EMPTY
  #end: End | undefined
  #ignoring = false

  /** For lines, or for the messages that `decode` finds. */
  constructor(decode?: Decode) {
    this.#decode = decode
  }

  /** The lines that nobody has asked for, oldest first. */
  get lines(): readonly ReceivedLine[] {
    return this.#lines
  }

  /** The telnet commands that nobody has asked for. */
  get telnet(): Buffer {
    return this.#telnet
  }

  /** The bytes of a line without an end, and of a telnet command that is not whole. */
  get unfinished(): Buffer {
    return Buffer.concat([this.#text, this.#rest])
  }

  /** How the connection has ended; undefined as long as it stands. */
  get end(): End | undefined {
    return this.#end
  }

  /** Takes what was received. */
  receive(bytes: Buffer): void {
    if (this.#ignoring) return
    if (this.#decode !== undefined) this.#receiveMessages(bytes, this.#decode)
    else this.#receiveLines(bytes)
  }

  #receiveMessages(bytes: Buffer, decode: Decode): void {
    const all = Buffer.concat([this.#text, bytes])
    let start = 0
    for (const { written, length, open } of decode(all)) {
      const wire = all.subarray(start, start + length)
      start += length
      this.#lines.push({ bytes: Buffer.from(written), crlf: true, wire, open })
    }
    this.#text = all.subarray(start)
  }

  #receiveLines(bytes: Buffer): void {
    const { text, telnet, rest } = withoutTelnet(Buffer.concat([this.#rest, bytes]))
    this.#telnet = Buffer.concat([this.#telnet, telnet])
    this.#rest = rest
    const all = Buffer.concat([this.#text, text])
    const end = all.lastIndexOf(LF) + 1
    this.#text = all.subarray(end)
    for (const line of linesOf(all.subarray(0, end))) this.#lines.push(line)
  }

  /** The connection has ended. */
  close(end: End): void {
    this.#end ??= end
  }

  /** Whatever comes from now on goes unread, and with it what has come of the line that it ends. */
  ignore(): void {
    this.#ignoring = true
    this.#text = EMPTY
  }

  /** So many lines, and bytes of telnet commands, have been asked for. */
  take(lines: number, telnet = 0): void {
    this.#lines = this.#lines.slice(lines)
    this.#telnet = this.#telnet.subarray(telnet)
  }

  /** Takes the first line that reads like this out, wherever it stands; false if there is none. */
  takeOut(line: string): boolean {
    const index = this.#indexOf(line)
    if (index < 0) return false
    this.#lines = this.#lines.toSpliced(index, 1)
    return true
  }

  /** Takes everything out up to the first line that reads like this; false if there is none. */
  takeThrough(line: string): boolean {
    const index = this.#indexOf(line)
    this.#lines = this.#lines.slice(index + 1)
    return index >= 0
  }

  /** Takes everything out, and what is no whole line too; telnet commands stay. */
  takeAll(): void {
    this.#lines = []
    this.#text = EMPTY
  }

  /** Marks the lines that may be word of somebody who came or went. */
  markNews(isNews: (line: Buffer) => boolean): void {
    this.#lines = this.#lines.map((line) =>
      line.news !== true && isNews(line.bytes) ? { ...line, news: true } : line,
    )
  }

  /** Takes texts that came in one read apart where one of them is this. */
  takeApart(text: Buffer): void {
    this.#lines = this.#lines.flatMap((line) =>
      line.open === true && line.bytes.length > text.length ? apart(line.bytes, text) : [line],
    )
  }

  #indexOf(line: string): number {
    const wanted = Buffer.from(line)
    this.takeApart(wanted)
    return this.#lines.findIndex(({ bytes }) => bytes.equals(wanted))
  }
}

const EMPTY = Buffer.alloc(0)

/** What stands before a text, the text, and what follows it; without it, all as one. */
function apart(bytes: Buffer, text: Buffer): readonly ReceivedLine[] {
  const start = text.length === 0 ? -1 : bytes.indexOf(text)
  const cuts = start < 0 ? [] : [start, start + text.length]
  return [0, ...cuts]
    .map((cut, index) => bytes.subarray(cut, cuts[index]))
    .filter(({ length }) => length > 0)
    .map((part) => ({ bytes: part, crlf: true, wire: part, open: true }))
}

function linesOf(bytes: Buffer): readonly ReceivedLine[] {
  const lines: ReceivedLine[] = []
  let start = 0
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
    const crlf = end > start && bytes[end - 1] === CR
    lines.push({ bytes: bytes.subarray(start, crlf ? end - 1 : end), crlf })
    start = end + 1
  }
  return lines
}

/** Takes telnet commands out of the text, where a doubled IAC is one byte. `rest` is a command that is not whole. */
function withoutTelnet(bytes: Buffer): { text: Buffer; telnet: Buffer; rest: Buffer } {
  const text: Buffer[] = []
  const telnet: Buffer[] = []
  let start = 0
  for (let at = bytes.indexOf(IAC); at >= 0; at = bytes.indexOf(IAC, start)) {
    text.push(bytes.subarray(start, at))
    const length = commandLength(bytes, at)
    if (length === undefined) {
      return { text: Buffer.concat(text), telnet: Buffer.concat(telnet), rest: bytes.subarray(at) }
    }
    if (length === 1 || bytes[at + 1] === IAC) text.push(Buffer.of(IAC))
    else telnet.push(bytes.subarray(at, at + length))
    start = at + length
  }
  text.push(bytes.subarray(start))
  return { text: Buffer.concat(text), telnet: Buffer.concat(telnet), rest: EMPTY }
}

/** How many bytes the command at this IAC has: 1 if it begins none, undefined if it is not whole. */
function commandLength(bytes: Buffer, at: number): number | undefined {
  const verb = bytes[at + 1]
  if (verb === undefined) return undefined
  if (verb < FIRST_COMMAND) return 1
  if (verb === IAC || verb < SB) return 2
  if (verb >= WILL) return at + 2 < bytes.length ? 3 : undefined
  const end = bytes.indexOf(Buffer.of(IAC, SE), at + 2)
  return end < 0 ? undefined : end + 2 - at
}
