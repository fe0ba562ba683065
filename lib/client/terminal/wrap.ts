// Long lines on a narrow terminal: what was heard breaks between words, what is being typed at the edge.

import { cellsOf, widthOf } from './width.js'

/** A part of a text, in UTF-16 units; the end is not in it. */
export interface Range {
  readonly start: number
  readonly end: number
}

/**
 * The rows of a clean text that is to be read. Spaces at a break do not show. Only a word that is longer than
 * `columns` makes a row wider: that is left for the terminal to break, so that a link copied from it is whole.
 */
export function wrap(text: string, columns: number): readonly Range[] {
  if (widthOf(text) <= columns) return [{ start: 0, end: text.length }]
  const rows: Range[] = []
  let start = 0
  // Where the row may be broken, and how wide it is from there on.
  let opening = 0
  let sinceOpening = 0
  let width = 0
  for (const cell of cellsOf(text)) {
    const space = cell.text === ' '
    // Scripts that put no spaces between words are written in wide characters.
    if (cell.width === 2 && !space) [opening, sinceOpening] = [cell.index, 0]
    if (width + cell.width > columns && !space) {
      if (opening > start) {
        rows.push({ start, end: endOfWords(text, start, opening) })
        start = opening
        width = sinceOpening
      } else {
        width = 0
      }
    }
    width += cell.width
    sinceOpening += cell.width
    if (space) [opening, sinceOpening] = [cell.index + 1, 0]
  }
  const end = width > columns ? endOfWords(text, start, text.length) : text.length
  return [...rows, { start, end }]
}

/** The end of the last word before `end`. */
function endOfWords(text: string, start: number, end: number): number {
  return start + text.slice(start, end).trimEnd().length
}

/** A line in the making, as it is to be drawn. */
export interface Layout {
  /** The part of the line on each row of the terminal; at least one. */
  readonly rows: readonly Range[]
  /** Where the cursor stands: the row among these and the column, both from 0. */
  readonly row: number
  readonly column: number
}

/**
 * Lays out a line that is being typed, broken at the edge. `cursor` counts UTF-16 units. Of a line with more
 * than `most` rows that many are given, the cursor's among them.
 */
export function layOut(line: string, cursor: number, columns: number, most: number): Layout {
  const rows: Range[] = []
  let start = 0
  let width = 0
  let place: { row: number; column: number } | undefined
  const breakAt = (index: number): void => {
    rows.push({ start, end: index })
    start = index
    width = 0
  }
  for (const cell of cellsOf(line)) {
    if (width + cell.width > columns) breakAt(cell.index)
    if (cell.index + cell.text.length > cursor) place ??= { row: rows.length, column: width }
    width += cell.width
  }
  // Behind a full row there is no column for the cursor.
  if (place === undefined && width >= columns) breakAt(line.length)
  place ??= { row: rows.length, column: width }
  rows.push({ start, end: line.length })
  const first = Math.max(0, place.row - most + 1)
  return { rows: rows.slice(first, first + most), row: place.row - first, column: place.column }
}
