// A reader of frames, fed as a test likes, and what it gave.

import { clean } from '../../lib/core/index.js'
import { markOf, type FrameLimits, type Framing } from '../../lib/wire/frame.js'
import { telnetLines } from '../../lib/wire/lines.js'

/** The server's own limits. */
export const LIMITS: FrameLimits = { frameBytes: 2048, unfinishedBytes: 65536 }

/** What a reader gave for some input. */
export interface Reading {
  /** Frames as given, marks with their U+0001. */
  readonly frames: readonly string[]
  /** Telnet answers in hex. */
  readonly answers: string
}

/** Feeds the reads to a new reader, then the end of the input. */
export async function read(
  reads: readonly Buffer[],
  limits = LIMITS,
  framing: Framing = telnetLines,
): Promise<Reading> {
  const frames: string[] = []
  const answers: Buffer[] = []
  await new Promise<void>((resolve) => {
    const reader = framing(
      {
        frame: (text) => frames.push(text),
        reply: (bytes) => answers.push(bytes),
        end: resolve,
        drain: () => undefined,
      },
      limits,
    )
    for (const bytes of reads) reader.feed(bytes)
    reader.end()
  })
  return { frames, answers: Buffer.concat(answers).toString('hex') }
}

/** Frames as a parser sees them: marks as `<too-long>`, the others cleaned. */
export function seen(frames: readonly string[]): readonly string[] {
  return frames.map((frame) => {
    const mark = markOf(frame)
    return mark === undefined ? clean(frame) : `<${mark}>`
  })
}

/** Bytes from a string whose characters are bytes (`\xff` is IAC). */
export function bytes(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}

/** The UTF-8 of a text, for {@link bytes}. */
export function utf8(text: string): string {
  return Buffer.from(text).toString('latin1')
}

/** Each byte a read of its own. */
export function bytewise(whole: Buffer): readonly Buffer[] {
  return Array.from(whole, (_, i) => whole.subarray(i, i + 1))
}

/** Cut at these places, which may come in any order and more than once. */
export function cut(whole: Buffer, places: readonly number[]): readonly Buffer[] {
  const ends = [...places.filter((place) => place < whole.length), whole.length]
  ends.sort((a, b) => a - b)
  return ends.map((end, i) => whole.subarray(ends[i - 1] ?? 0, end))
}

/** The whole, byte by byte, and every cut in two (at most a hundred of them). */
export function chunkings(whole: Buffer): readonly (readonly Buffer[])[] {
  const step = Math.max(1, Math.floor(whole.length / 100))
  const places = Array.from({ length: Math.floor(whole.length / step) }, (_, i) => i * step)
  return [[whole], bytewise(whole), ...places.map((place) => cut(whole, [place]))]
}
