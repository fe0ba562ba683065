// How a load knows that a receiver got all of what was said, once and in order.

import { crc32 } from 'node:zlib'
import { shown } from '../wire/shown.js'
import type { Wording } from './wording.js'

/** What a receiver got: how much of it, and its CRC-32, by which two streams are compared. */
export class Digest {
  bytes = 0
  crc = 0

  /** The next bytes. */
  take(chunk: Uint8Array): void {
    this.bytes += chunk.length
    this.crc = crc32(chunk, this.crc)
  }
}

/** Reads every line that a receiver gets and expects each speaker's 0, 1, 2, … */
export class LineCheck {
  readonly #wording: Wording
  readonly #next = new Map<string, number>()
  #partial = ''
  #fault: string | undefined

  /** Expects the lines of these speakers alone. */
  constructor(wording: Wording, speakers: readonly string[]) {
    this.#wording = wording
    for (const nick of speakers) this.#next.set(nick, 0)
  }

  /** The first thing that was wrong, as words; undefined while nothing is. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** The next bytes, cut anywhere; gives the numbers of the lines that are whole and right with them. */
  take(chunk: Buffer): readonly number[] {
    const lines = (this.#partial + chunk.toString('latin1')).split('\r\n')
    this.#partial = lines.pop() ?? ''
    if (this.#partial.includes('\n')) this.#fault ??= endedByLf(this.#partial)
    const numbers: number[] = []
    for (const line of lines) {
      const checked = this.#check(line)
      if (typeof checked === 'number') numbers.push(checked)
      else this.#fault ??= checked
    }
    return numbers
  }

  /** The number of a line that is right, or what is wrong with it. */
  #check(line: string): number | string {
    if (line.includes('\n')) return endedByLf(line)
    const heard = this.#wording.read(line)
    const next = heard && this.#next.get(heard.nick)
    if (heard === undefined || next === undefined) {
      return `got a line that nobody sent: "${shown(Buffer.from(line, 'latin1'))}"`
    }
    const { nick, number } = heard
    this.#next.set(nick, number + 1)
    if (number === next) return number
    return `got line ${number} of ${nick}, where ${next} was due`
  }
}

function endedByLf(text: string): string {
  const [line = ''] = text.split('\n')
  return `got a line that ended by LF alone, not by CR LF: "${shown(Buffer.from(line, 'latin1'))}"`
}
