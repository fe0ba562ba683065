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

/** The columns that a clean text takes on one row (Unicode's East Asian Width; ambiguous ones are narrow). */
export function widthOf(text: string): number {
  return stringWidth(text)
}

/** A clean text, character by character. */
export function* cellsOf(text: string): Generator<Cell> {
  for (const { index, segment } of GRAPHEMES.segment(text)) {
    yield { index, text: segment, width: widthOf(segment) }
  }
}
