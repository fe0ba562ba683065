// What a load says in the line dialect, and what its receivers get for it.

const LINE_END = '\r\n'
/** Digits of a line's number, and their base: 36 to the 8th, more lines of each speaker than can ever be said. */
const NUMBER_DIGITS = 8
const NUMBER_BASE = 36

/** How the lines of one crowd look. */
export interface Form {
  /** What its nicknames begin with; five digits follow. */
  readonly prefix: string
  /** Length of a line's text in bytes, `@room` and line end apart; 10 at least. */
  readonly textBytes: number
  /** The room it speaks in, by its word; the lobby if undefined. */
  readonly room?: string | undefined
}

/** Whose line it is and which one. */
export interface Heard {
  readonly nick: string
  readonly number: number
}

/** Nicknames and lines of one crowd. */
export class Wording {
  readonly #form: Form
  readonly #filling: string
  readonly #delivery: RegExp

  constructor(form: Form) {
    this.#form = form
    const { prefix, textBytes, room } = form
    this.#filling = ' '.padEnd(textBytes - NUMBER_DIGITS, 'x')
    const place = room === undefined ? '' : `@${room} `
    this.#delivery = new RegExp(
      `^${place}(${prefix}\\d{5}): ([\\da-z]{${NUMBER_DIGITS}}) x{${this.#filling.length - 1}}$`,
    )
  }

  /** The nickname of a client by its number; all are of one length. */
  nickOf(client: number): string {
    return this.#form.prefix + String(client).padStart(5, '0')
  }

  /** What a client sends to take part, each line with its CR LF. */
  entry(nick: string): string {
    const { room } = this.#form
    return nick + LINE_END + (room === undefined ? '' : `!enter ${room}${LINE_END}`)
  }

  /** The line with this number as its speaker sends it, CR LF included. */
  spoken(number: number): string {
    return `${this.#place}${number.toString(NUMBER_BASE).padStart(NUMBER_DIGITS, '0')}${this.#filling}${LINE_END}`
  }

  /** The same line as its receivers get it, CR LF included. */
  delivered(nick: string, number: number): string {
    const { length } = this.#place
    return `${this.#place}${nick}: ${this.spoken(number).slice(length)}`
  }

  /** Length in bytes of a line as its receivers get it, CR LF included. */
  get deliveryBytes(): number {
    return this.delivered(this.nickOf(0), 0).length
  }

  /** Reads a line that a receiver got, without its CR LF; undefined if it is none that a crowd says. */
  read(line: string): Heard | undefined {
    const [, nick, digits = ''] = this.#delivery.exec(line) ?? []
    return nick === undefined ? undefined : { nick, number: parseInt(digits, NUMBER_BASE) }
  }

  get #place(): string {
    const { room } = this.#form
    return room === undefined ? '' : `@${room} `
  }
}
