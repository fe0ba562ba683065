// What a connection carries, for eyes: each read and write byte by byte (`--hex`), or under rulers
// that show where it ends and where the lines do (`--trace`).

import type { Decode } from '../dialects/notation.js'
import { lineLengths, ruler, sign } from '../wire/rulers.js'

/** How the bytes are to be shown. */
export interface TraceOptions {
  readonly hex: boolean
  readonly rulers: boolean
  /** How messages are taken off what was received; left out where they are lines. */
  readonly decode?: Decode | undefined
}

/** Bytes in a row of hex, and of rulers. */
const HEX_BYTES = 16
const RULER_BYTES = 64

/** Longest message whose end is looked for, in bytes: as long as any that a dialect has. */
const MESSAGE_BYTES = 65_536

const LF = 0x0a
const EMPTY = Buffer.alloc(0)

/** One direction of a connection, from its first byte on. */
interface Course {
  /** How many reads or writes there were, and their bytes. */
  pieces: number
  bytes: number
  /** Whether the last message has not ended. */
  isOpen: boolean
  /** What has come of it, where messages are not lines. */
  begun: Buffer
}

/** Draws what one connection carries. */
export class Trace {
  readonly #options: TraceOptions
  readonly #courses = { sent: newCourse(), received: newCourse() }

  constructor(options: TraceOptions) {
    this.#options = options
  }

  /** The rows for one write or one read, without line ends; none of their characters is a control. */
  rows(way: 'sent' | 'received', bytes: Buffer): readonly string[] {
    const course = this.#courses[way]
    course.pieces++
    const head =
      way === 'sent'
        ? `-> write ${course.pieces}: ${bytes.length} bytes`
        : `<- read ${course.pieces}: ${bytes.length} bytes`
    const hex = this.#options.hex ? hexRows(bytes, course.bytes) : []
    const rulers = this.#options.rulers ? this.#rulerRows(way, bytes) : []
    course.bytes += bytes.length
    return [head, ...hex, ...rulers]
  }

  /** The piece, its bytes, and the messages in it; in rows of so many bytes. */
  #rulerRows(way: 'sent' | 'received', bytes: Buffer): readonly string[] {
    const course = this.#courses[way]
    const before = course.isOpen
    const lengths = this.#messageLengths(way, bytes, course)
    const text = [...bytes].map(sign).join('')
    const piece = ruler([bytes.length])
    const messages = ruler(lengths, { before, after: course.isOpen })
    const rows: string[] = []
    for (let at = 0; at < text.length; at += RULER_BYTES) {
      for (const drawn of [piece, text, messages]) {
        rows.push(`   ${drawn.slice(at, at + RULER_BYTES)}`)
      }
    }
    return rows
  }

  /** The messages of one piece, as far as they lie in it; says of the course whether the last goes on. */
  #messageLengths(way: 'sent' | 'received', bytes: Buffer, course: Course): readonly number[] {
    const { decode } = this.#options
    if (decode === undefined) {
      course.isOpen = bytes.at(-1) !== LF
      return lineLengths(bytes)
    }
    // Nothing but each write by itself tells what a client means to be a message.
    if (way === 'sent') return [bytes.length]
    const earlier = course.begun.length
    const all = Buffer.concat([course.begun, bytes])
    const ends = decode(all).map(({ length }) => length)
    const whole = ends.reduce((sum, length) => sum + length, 0)
    course.isOpen = whole < all.length
    const rest = all.subarray(whole)
    course.begun = rest.length > MESSAGE_BYTES ? EMPTY : Buffer.from(rest)
    const lengths = course.isOpen ? [...ends, rest.length] : ends
    return lengths.map((length, index) => (index === 0 ? length - earlier : length))
  }
}

function newCourse(): Course {
  return { pieces: 0, bytes: 0, isOpen: false, begun: EMPTY }
}

/** Offset in all that this direction has carried, the bytes in hex, and as signs. */
function hexRows(bytes: Buffer, from: number): readonly string[] {
  const rows: string[] = []
  for (let at = 0; at < bytes.length; at += HEX_BYTES) {
    const part = [...bytes.subarray(at, at + HEX_BYTES)]
    const hex = part.map((byte) => byte.toString(16).padStart(2, '0')).join(' ')
    const offset = String(from + at).padStart(8)
    rows.push(`${offset}  ${hex.padEnd(3 * HEX_BYTES)} ${part.map(sign).join('')}`)
  }
  return rows
}
