// What a terminal has to be told so that others' lines stand above and the line in the making below,
// as on paper: all scrolls back as always. Gives strings; writing them is another's.

import { FAINT, paint } from './colour.js'
import { lineIn, type Line } from './line.js'
import { layOut, wrap } from './wrap.js'

/** A terminal's size, in characters. */
export interface Size {
  readonly columns: number
  readonly rows: number
}

/** What stands below all that was heard. */
export interface Footing {
  /** A row above the line in the making; none if empty. */
  readonly status: string
  /** The prompt and what is typed. */
  readonly line: Line
  /** Where in the line the cursor stands, in UTF-16 units. */
  readonly cursor: number
}

/** Lines kept for when the window's size changes: more than most windows have rows. */
const LINES_KEPT = 300

// Of ECMA-48, and private modes that every terminal since the VT220 has.
const HOME = '\x1b[H'
const ERASE_ROW = '\x1b[2K'
const DOWN = '\x1b[B'
const NEW_ROW = '\r\n'
const CURSOR = { off: '\x1b[?25l', on: '\x1b[?25h' }
// While the footing is drawn the terminal must not break rows: it may hold another opinion on a character's width.
const BREAKING = { off: '\x1b[?7l', on: '\x1b[?7h' }
const CONTROLS = /[\0-\x1f\x7f-\x9f]/g

/** Knows what it has drawn, and so how to draw over it. */
export class Canvas {
  readonly #colours: boolean
  #recent: readonly Line[] = []
  /** How many rows the footing has, and in which of them, from 0, the cursor was left. */
  #height = 1
  #cursorRow = 0

  /** `colours` says whether the terminal is to get any. */
  constructor(colours: boolean) {
    this.#colours = colours
  }

  /** New lines in the place of the footing, and the footing (or nothing) below them. */
  add(lines: readonly Line[], footing: Footing | undefined, size: Size): string {
    this.#remember(lines)
    const erased = `\r${move(this.#cursorRow, 'A')}${erase(this.#height)}`
    const rows = lines.flatMap((line) => this.#rowsOf(line, size))
    return framed(erased + rows.map((row) => row + NEW_ROW).join('') + this.#draw(footing, size))
  }

  /**
   * The last lines, as many as there is room for, and the footing, whatever the terminal shows: a window that has
   * changed its size may have broken its rows anew, or not.
   */
  anew(lines: readonly Line[], footing: Footing | undefined, size: Size): string {
    this.#remember(lines)
    const below = this.#draw(footing, size)
    const rows = this.#recent.slice(-size.rows).flatMap((line) => this.#rowsOf(line, size))
    const shown = rows.slice(-Math.max(1, size.rows - this.#height)).map((row) => row + NEW_ROW)
    return framed(HOME + erase(size.rows) + shown.join('') + below)
  }

  /** Forgets what was shown: the next drawing begins where the cursor is. */
  forget(): void {
    this.#recent = []
    this.lost()
  }

  /** Another program has written: the next drawing begins where the cursor is. */
  lost(): void {
    this.#height = 1
    this.#cursorRow = 0
  }

  #remember(lines: readonly Line[]): void {
    this.#recent = [...this.#recent, ...lines].slice(-LINES_KEPT)
  }

  #draw(footing: Footing | undefined, size: Size): string {
    this.lost()
    if (footing === undefined) return ''
    const { status, line, cursor } = footing
    const above = status === '' ? [] : this.#statusRow(status, size)
    const most = Math.max(1, size.rows - 1 - above.length)
    const { rows, row, column } = layOut(line.text, cursor, size.columns, most)
    const below = rows.map(({ start, end }) => this.#paint(line, start, end))
    this.#height = above.length + rows.length
    this.#cursorRow = above.length + row
    return (
      BREAKING.off +
      [...above, ...below].join(NEW_ROW) +
      `\r${move(rows.length - 1 - row, 'A')}${move(column, 'C')}` +
      BREAKING.on
    )
  }

  /** A status too long for one row is cut. */
  #statusRow(text: string, { columns }: Size): readonly string[] {
    const [range = { start: 0, end: 0 }] = layOut(text, 0, columns, 1).rows
    return [this.#paint(lineIn(FAINT, text), range.start, range.end)]
  }

  #rowsOf(line: Line, { columns }: Size): readonly string[] {
    return wrap(line.text, columns).map(({ start, end }) => this.#paint(line, start, end))
  }

  /** The only way of a text to the terminal. What is clean already stays as it is. */
  #paint({ text, spans }: Line, start: number, end: number): string {
    return paint(text.replace(CONTROLS, ' '), start, end, this.#colours ? spans : [])
  }
}

/** Moves the cursor up (`A`) or right (`C`). */
function move(by: number, direction: 'A' | 'C'): string {
  return by > 0 ? `\x1b[${by}${direction}` : ''
}

/**
 * Erases so many rows from the cursor's on, and leaves it in the first. Row by row: at the top of a screen some
 * terminals put what is erased at once among the rows scrolled off.
 */
function erase(rows: number): string {
  return Array.from({ length: rows }, () => ERASE_ROW).join(DOWN) + move(rows - 1, 'A')
}

function framed(drawing: string): string {
  return CURSOR.off + drawing + CURSOR.on
}
