// What the load sends, and how it knows that a receiver got all of it, once and in order.

import { crc32 } from 'node:zlib'

/** Length of a line's text in bytes, line end apart. */
export const TEXT_BYTES = 80

const LINE_END = '\r\n'
const FILLING = ' '.padEnd(TEXT_BYTES - 8, 'x')
const LINE = /^(b\d{5}): (\d{8}) x{71}$/

/** The nickname of a client by its number; all are of one length. */
export function nickOf(client: number): string {
  return `b${String(client).padStart(5, '0')}`
}

/** The line with this number as its speaker sends it, CR LF included. */
export function spokenLine(number: number): string {
  return String(number).padStart(8, '0') + FILLING + LINE_END
}

/** Length in bytes of a line as its receivers get it: `nick: text` and CR LF. */
export const DELIVERY_BYTES = nickOf(0).length + 2 + TEXT_BYTES + LINE_END.length

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
  readonly #next = new Map<string, number>()
  #partial = ''
  #fault: string | undefined

  constructor(speakers: readonly string[]) {
    for (const nick of speakers) this.#next.set(nick, 0)
  }

  /** The first thing that was wrong, as words; undefined while nothing is. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** The next bytes, cut anywhere. */
  take(chunk: Buffer): void {
    const lines = (this.#partial + chunk.toString('latin1')).split(LINE_END)
    this.#partial = lines.pop() ?? ''
    for (const line of lines) this.#fault ??= this.#check(line)
  }

  #check(line: string): string | undefined {
    const [, nick = '', digits = ''] = LINE.exec(line) ?? []
    const number = Number(digits)
    const next = this.#next.get(nick)
    if (next === undefined) return `got a line that nobody sent: ${JSON.stringify(line)}`
    this.#next.set(nick, number + 1)
    if (number === next) return undefined
    return `got line ${number} of ${nick}, where ${next} was due`
  }
}
