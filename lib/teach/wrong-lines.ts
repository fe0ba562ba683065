// Framings that are wrong on purpose: the ways in which a read is taken for a line. Each is right
// but for one function, which looks for lines in what has come so far.

import { isUtf8 } from 'node:buffer'
import {
  frameOfMark,
  type FrameLimits,
  type FrameReader,
  type FrameSink,
  type Framing,
} from '../wire/frame.js'

/** Lines found in a text, without their ends, and what is left of it for the next read. */
interface Found {
  readonly lines: readonly string[]
  readonly rest: string
}

/** Looks for lines in all that has come and was not yet a line. Each character is one byte. */
type Look = (text: string) => Found

/** How the first line of a connection is found, which is the nickname, and how all the others are. */
interface Looks {
  readonly first: Look
  readonly others: Look
  /** What is made of a read before lines are looked for; left out, nothing. */
  readonly read?: (chunk: Buffer) => Buffer
}

/** The first line, when it is whole. */
const firstLine: Look = (text) => firstLineUpTo(text, (end) => end)

/** All lines that are whole. */
const wholeLines: Look = (text) => {
  const lines = text.split('\n')
  const rest = lines.pop() ?? ''
  return { lines: lines.map(withoutCr), rest }
}

/** Whatever has come is a line, its end or no end. */
const allOfIt: Look = (text) => {
  const { lines, rest } = wholeLines(text)
  return { lines: rest === '' ? lines : [...lines, withoutCr(rest)], rest: '' }
}

/** Everything up to the last line end is one line. */
const upToLastEnd: Look = (text) => {
  const end = text.lastIndexOf('\n')
  if (end < 0) return { lines: [], rest: text }
  return { lines: [withoutCr(text.slice(0, end))], rest: text.slice(end + 1) }
}

/** Once there is a line, what has come with it is thrown away. */
const firstAlone: Look = (text) => {
  const { lines, rest } = firstLine(text)
  return lines.length === 0 ? { lines, rest } : { lines, rest: '' }
}

/** The first line as if its end were two bytes. */
const twoBytesCut: Look = (text) => firstLineUpTo(text, (end) => end - 1)

/** The first line with its CR. */
const crKept: Look = (text) => {
  const end = text.indexOf('\n')
  return end < 0
    ? { lines: [], rest: text }
    : { lines: [text.slice(0, end)], rest: text.slice(end + 1) }
}

/** The first read is the first line. */
const firstRead: Look = (text) => {
  const { lines, rest } = firstLine(text)
  return lines.length > 0 || text === '' ? { lines, rest } : { lines: [withoutCr(text)], rest: '' }
}

/** Forwards a piece of a line as if it were one. */
export const forwardsFragments: Framing = framingOf({ first: firstLine, others: allOfIt })
/** Takes the lines of one read for one line. */
export const mergesLines: Framing = framingOf({ first: firstLine, others: upToLastEnd })
/** Takes the first line of a read and throws the others away. */
export const losesSecondLine: Framing = framingOf({ first: firstLine, others: firstAlone })
/** Makes a text of each read, so that of a letter that came in two there are only signs for what is no letter. */
export const cutsLetters: Framing = framingOf({
  first: firstLine,
  others: wholeLines,
  read: (chunk) => Buffer.from(chunk.toString()),
})
/** Takes one line at each read; the others wait for the next read. */
export const takesOneLine: Framing = framingOf({ first: firstLine, others: firstLine })
/** Cuts two bytes off the first line, whatever they are. */
export const cutsNick: Framing = framingOf({ first: twoBytesCut, others: wholeLines })
/** Keeps the CR of the first line. */
export const keepsCr: Framing = framingOf({ first: crKept, others: wholeLines })
/** Takes the first read for the first line. */
export const takesFirstRead: Framing = framingOf({ first: firstRead, others: wholeLines })

function framingOf(looks: Looks): Framing {
  return (sink, limits) => new WrongReader(sink, limits, looks)
}

class WrongReader implements FrameReader {
  readonly overheadBytes = 0
  readonly #sink: FrameSink
  readonly #limits: FrameLimits
  readonly #looks: Looks
  #look: Look
  #text = ''
  #ended = false

  constructor(sink: FrameSink, limits: FrameLimits, looks: Looks) {
    this.#sink = sink
    this.#limits = limits
    this.#looks = looks
    this.#look = looks.first
  }

  get unfinishedBytes(): number {
    return this.#text.length
  }

  feed(chunk: Buffer): boolean {
    const { read } = this.#looks
    this.#text += (read?.(chunk) ?? chunk).toString('latin1')
    if (this.#look === this.#looks.first && this.#find()) this.#look = this.#looks.others
    if (this.#look === this.#looks.others) this.#find()
    if (this.#text.length > this.#limits.unfinishedBytes) {
      this.#give(frameOfMark('endless-line', this.#text.length))
    }
    return true
  }

  end(): void {
    if (!this.#ended) this.#sink.end()
    this.#ended = true
  }

  pause(): void {
    // A lesson holds nothing back.
  }

  resume(): void {
    // Nothing was held back.
  }

  replied(): void {
    // It answers nothing by itself.
  }

  destroy(): void {
    this.#ended = true
  }

  /** Whether there were lines. */
  #find(): boolean {
    const { lines, rest } = this.#look(this.#text)
    this.#text = rest
    for (const line of lines) this.#give(frameOf(line, this.#limits))
    return lines.length > 0
  }

  #give(frame: string): void {
    if (!this.#ended) this.#sink.frame(frame)
  }
}

function firstLineUpTo(text: string, cut: (end: number) => number): Found {
  const end = text.indexOf('\n')
  if (end < 0) return { lines: [], rest: text }
  return { lines: [withoutCr(text.slice(0, Math.max(0, cut(end))))], rest: text.slice(end + 1) }
}

function withoutCr(line: string): string {
  return line.replace(/\r$/, '')
}

/** A line as text, or the mark of one that is too long or no text. */
function frameOf(line: string, { frameBytes }: FrameLimits): string {
  const bytes = Buffer.from(line, 'latin1')
  if (bytes.length > frameBytes) return frameOfMark('too-long', bytes.length)
  if (!isUtf8(bytes)) return frameOfMark('bad-text', bytes.length)
  // A mark begins with U+0001, and nobody may forge one.
  return bytes.toString().replaceAll('\u0001', '')
}
