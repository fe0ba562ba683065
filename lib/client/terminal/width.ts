// How much room text takes on a terminal. Every other file here that counts columns asks this one.

import stringWidth from 'string-width'

/** One character as its reader sees it: a letter with its marks, an emoji with its joiners. */
export interface Cell {
  /** Where it begins in the text, in UTF-16 units. */
  readonly index: number
  readonly text: string
  /** Columns: 0, 1 or 2; more only for what no terminal agrees on. */
  readonly width: number
}

const GRAPHEMES = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Up to here `Intl.Segmenter` is asked at once, in UTF-16 units: its time grows with the square (Node 20). */
const PIECE = 256

/** The columns that a clean text takes on one row (Unicode's East Asian Width; ambiguous ones are narrow). */
export function widthOf(text: string): number {
  if (text.length <= PIECE) return stringWidth(text)
  let width = 0
  for (const cell of cellsOf(text)) width += cell.width
  return width
}

/** A clean text, character by character. */
export function* cellsOf(text: string): Generator<Cell> {
  for (let start = 0; start < text.length;) {
    const cells = [...GRAPHEMES.segment(text.slice(start, start + PIECE))]
    // The last one may go on behind this piece.
    if (start + PIECE < text.length && cells.length > 1) cells.pop()
    for (const { index, segment } of cells) {
      yield { index: start + index, text: segment, width: stringWidth(segment) }
    }
    start += cells.reduce((length, { segment }) => length + segment.length, 0)
  }
}
