// Python literals, in which the Chat Box writes its dictionaries: read as ast.literal_eval reads
// them and written as repr prints them. Nothing is ever evaluated.

/**
 * What a literal stands for: None is null; lists and tuples are arrays, and dictionaries are maps in
 * their order. A number is an integer up to 2^53 - 1 either way, since the Chat Box counts ports.
 */
export type Literal = string | number | boolean | null | readonly Literal[] | LiteralDict

/** A dictionary; the number 1 and the string '1' are two keys. */
export type LiteralDict = ReadonlyMap<string | number, Literal>

/** Whether this is a dictionary. */
export function isDict(literal: Literal | undefined): literal is LiteralDict {
  return literal instanceof Map
}

/** Whether this is a list or a tuple. */
export function isList(literal: Literal | undefined): literal is readonly Literal[] {
  return Array.isArray(literal)
}

/** Longest text that is read, in UTF-16 units: no more than may wait for the end of one. */
const MAX_LENGTH = 65_536
/** Brackets within each other; a dictionary of the Chat Box has three. */
const MAX_DEPTH = 32

/**
 * The literal that a text is; undefined for anything else, for one too long or nested too deep, and
 * for what Python knows besides: floats, larger integers, bytes, sets, named characters (`\N{…}`),
 * other keys than strings and integers, and a tuple outside of brackets. Unlike in Python, escapes
 * of two surrogates make one character.
 */
export function readLiteral(text: string): Literal | undefined {
  if (text.length > MAX_LENGTH || text.includes('\0')) return undefined
  return new LiteralReader(text.replace(/\r\n?/g, '\n')).read()
}

/** A literal to the letter as repr of CPython 3 prints it, arrays as lists. A number must be a safe integer, else it throws. */
export function writeLiteral(literal: Literal): string {
  if (literal === null) return 'None'
  if (typeof literal === 'string') return writeString(literal)
  if (typeof literal === 'number') return writeInteger(literal)
  if (typeof literal === 'boolean') return literal ? 'True' : 'False'
  if (isList(literal)) return `[${literal.map(writeLiteral).join(', ')}]`
  const entries = [...literal].map(([key, value]) => `${writeLiteral(key)}: ${writeLiteral(value)}`)
  return `{${entries.join(', ')}}`
}

function writeInteger(integer: number): string {
  if (!Number.isSafeInteger(integer)) throw new RangeError(`${integer} is no safe integer`)
  return String(integer)
}

function writeString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  const written = text.replace(UNPRINTABLE, (character) =>
    character === "'" && quote === '"' ? character : escaped(character),
  )
  return quote + written + quote
}

/** What repr escapes: what str.isprintable does not hold for, the backslash, and the quote. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}|[\\']/gu

const WRITTEN_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

function escaped(character: string): string {
  const code = Number(character.codePointAt(0))
  const hex = code.toString(16)
  if (code <= 0xff) return WRITTEN_ESCAPES.get(character) ?? `\\x${hex.padStart(2, '0')}`
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`
}

const BLANKS_AT_THE_START = /[ \t]*/y
/** Where no bracket is open, only the end of the text may follow a line end. */
const BLANKS = /[ \t\f]*/y
const BLANKS_IN_BRACKETS = /(?:[ \t\f\n]|\\\n|#[^\n]*)*/y
const BLANKS_AT_THE_END = /[ \t\f]*(?:#[^\n]*)?\n*/y

const OPENING_QUOTE = /[uU]?(?:'''|"""|'|")/y
/** A run of plain characters, one that may end the string, or an escape; `\x`, `\u`, `\U` need all their digits. */
const PIECE =
  /[^\\'"\n]+|['"\n]|\\(?:[0-7]{1,3}|x[\dA-Fa-f]{2}|u[\dA-Fa-f]{4}|U[\dA-Fa-f]{8}|[^xuUN])/y

const READ_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['\\', '\\'],
  ["'", "'"],
  ['"', '"'],
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\n', ''],
])

const SIGN = /[-+]/y
const DIGITS = /0[xX](?:_?[\dA-Fa-f])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|[1-9](?:_?\d)*|0(?:_?0)*/y

const WORD = /[A-Za-z]+/y
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ['True', true],
  ['False', false],
  ['None', null],
])

/** Reads one text from its beginning to its end; each method reads on from where the last one stopped. */
class LiteralReader {
  readonly #text: string
  #at = 0
  #depth = 0

  constructor(text: string) {
    this.#text = text
  }

  read(): Literal | undefined {
    this.#match(BLANKS_AT_THE_START)
    const literal = this.#value()
    this.#match(BLANKS_AT_THE_END)
    return this.#at === this.#text.length ? literal : undefined
  }

  #value(): Literal | undefined {
    const first = this.#text.charAt(this.#at)
    if (/['"uU]/.test(first)) return this.#strings()
    if (/[-+\d]/.test(first)) return this.#integer()
    if (this.#take('{')) return this.#dict()
    if (this.#take('[')) return this.#list(']')?.items
    if (this.#take('(')) return this.#tuple()
    return WORDS.get(this.#match(WORD) ?? '')
  }

  #dict(): LiteralDict | undefined {
    const dict = new Map<string | number, Literal>()
    const whole = this.#items('}', () => {
      const key = this.#value()
      this.#skipBlanks()
      if ((typeof key !== 'string' && typeof key !== 'number') || !this.#take(':')) return false
      this.#skipBlanks()
      const value = this.#value()
      if (value === undefined) return false
      dict.set(key, value)
      return true
    })
    return whole === undefined ? undefined : dict
  }

  /** A literal in brackets of its own, unless a comma makes it a tuple. */
  #tuple(): Literal | undefined {
    const list = this.#list(')')
    if (list === undefined) return undefined
    const [first] = list.items
    return list.items.length === 1 && !list.endsInComma ? first : list.items
  }

  #list(close: string): { items: readonly Literal[]; endsInComma: boolean } | undefined {
    const items: Literal[] = []
    const endsInComma = this.#items(close, () => {
      const item = this.#value()
      if (item === undefined) return false
      items.push(item)
      return true
    })
    return endsInComma === undefined ? undefined : { items, endsInComma }
  }

  /** Items up to the closing bracket, each read by `item`; whether the last has a comma, or undefined if they are none. */
  #items(close: string, item: () => boolean): boolean | undefined {
    if (++this.#depth > MAX_DEPTH) return undefined
    let comma = true
    this.#skipBlanks()
    while (!this.#take(close)) {
      if (!comma || !item()) return undefined
      this.#skipBlanks()
      comma = this.#take(',')
      this.#skipBlanks()
    }
    this.#depth--
    return comma
  }

  /** A string, or several that follow one another, which are one. */
  #strings(): string | undefined {
    let whole = ''
    do {
      const part = this.#string()
      if (part === undefined) return undefined
      whole += part
      this.#skipBlanks()
    } while (/['"uU]/.test(this.#text.charAt(this.#at)))
    return whole
  }

  #string(): string | undefined {
    const quote = this.#match(OPENING_QUOTE)?.replace(/^u/i, '')
    if (quote === undefined) return undefined
    let text = ''
    while (!this.#take(quote)) {
      const piece = this.#match(PIECE)
      if (piece === undefined || (piece === '\n' && quote.length === 1)) return undefined
      const characters = piece.startsWith('\\') ? unescaped(piece) : piece
      if (characters === undefined) return undefined
      text += characters
    }
    return text
  }

  #integer(): number | undefined {
    const sign = this.#match(SIGN)
    if (sign !== undefined) this.#skipBlanks()
    const size = Number(this.#match(DIGITS)?.replaceAll('_', ''))
    if (!Number.isSafeInteger(size)) return undefined
    return sign === '-' ? 0 - size : size
  }

  #skipBlanks(): void {
    this.#match(this.#depth === 0 ? BLANKS : BLANKS_IN_BRACKETS)
  }

  #take(token: string): boolean {
    const found = this.#text.startsWith(token, this.#at)
    if (found) this.#at += token.length
    return found
  }

  /** Takes what a sticky pattern matches here. */
  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }
}

/** What an escape stands for: itself if Python knows none; undefined beyond the last code point. */
function unescaped(escape: string): string | undefined {
  const kind = escape.charAt(1)
  if (/[0-7]/.test(kind)) return String.fromCharCode(parseInt(escape.slice(1), 8))
  if (!/[xuU]/.test(kind)) return READ_ESCAPES.get(kind) ?? escape
  const code = parseInt(escape.slice(2), 16)
  return code <= 0x10ffff ? String.fromCodePoint(code) : undefined
}
