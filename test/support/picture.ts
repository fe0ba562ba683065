// Draws what a screen shows as SVG, for documents: every run of characters of one look in its place.

import { widthOf } from '../../lib/client/terminal/width.js'

/** The columns and rows of the window that is drawn. */
export interface Frame {
  readonly title: string
  readonly columns: number
  readonly rows: number
  /** Where the cursor stands, from 0. */
  readonly cursor: { readonly column: number; readonly row: number }
}

// A cell as wide and high as one of most monospaced fonts of 15 pixels, which `textLength` makes of any other.
const CELL = { width: 9, height: 19 }
const MARGIN = 14
const BAR = 30

const PLAIN = '#d8dee9'
const FAINT = '#8792a3'

/** The terminal's own background. */
const BACKGROUND = '49'

/** A dark terminal's colours, by the parameter of SGR (ECMA-48 8.3.117) that asks for them. */
const LOOKS: Readonly<Record<string, string>> = {
  '': PLAIN,
  '0': PLAIN,
  '2': FAINT,
  '31': '#ff6b68',
  '32': '#8ac26a',
  '33': '#d7a65f',
  '34': '#6ca8f5',
  '35': '#c792ea',
  '36': '#4ec9c0',
  '39': PLAIN,
  '92': '#b5e890',
  '93': '#f2d98b',
  '94': '#9cc7ff',
  '95': '#e3b5ff',
  '96': '#8eeaf0',
}

/** `capture` is what `tmux capture-pane -e -p` gives: rows with SGR sequences among the text. */
export function drawScreen(capture: string, frame: Frame): string {
  const width = frame.columns * CELL.width + 2 * MARGIN
  const height = frame.rows * CELL.height + 2 * MARGIN + BAR
  const { column, row } = frame.cursor
  const dots = ['#ff5f57', '#febc2e', '#28c840'].map(
    (colour, n) => `<circle cx="${20 + 20 * n}" cy="${BAR / 2 + 2}" r="6" fill="${colour}"/>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"` +
      ' font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, \'DejaVu Sans Mono\', monospace" font-size="15">',
    `<title>${escape(frame.title)}</title>`,
    `<rect width="${width}" height="${height}" rx="9" fill="#1b2028"/>`,
    ...dots,
    `<text x="${width / 2}" y="${BAR / 2 + 7}" fill="${FAINT}" text-anchor="middle" font-size="13">${escape(frame.title)}</text>`,
    `<rect x="${left(column)}" y="${bottom(row) - 15}" width="${CELL.width}" height="${CELL.height}" fill="${PLAIN}"/>`,
    ...drawRows(capture),
    '</svg>',
    '',
  ].join('\n')
}

/** The runs of all rows; a look lasts until the next, over the ends of rows, too. */
function drawRows(capture: string): readonly string[] {
  const drawn: string[] = []
  let fill = PLAIN
  for (const [row, text] of capture.split('\n').entries()) {
    let column = 0
    for (const [run = '', sequence] of text.matchAll(/\x1b\[([\d;]*)m|[^\x1b]+/g)) {
      if (sequence === undefined) {
        drawn.push(drawRun(run.trimEnd(), row, column, fill))
        column += widthOf(run)
      } else for (const parameter of sequence.split(';')) fill = fillOf(parameter, fill)
    }
  }
  return drawn.filter((run) => run !== '')
}

function drawRun(text: string, row: number, column: number, fill: string): string {
  if (text === '') return ''
  const place = `x="${left(column)}" y="${bottom(row)}" textLength="${widthOf(text) * CELL.width}"`
  return `<text ${place} fill="${fill}" xml:space="preserve">${escape(text)}</text>`
}

/** Throws at a look that our terminal does not use. */
function fillOf(parameter: string, before: string): string {
  if (parameter === BACKGROUND) return before
  const fill = LOOKS[parameter]
  if (fill === undefined) throw new Error(`SGR ${parameter} is not drawn yet: add it to the looks`)
  return fill
}

function left(column: number): number {
  return MARGIN + column * CELL.width
}

/** The line on which a row's letters stand. */
function bottom(row: number): number {
  return BAR + MARGIN + row * CELL.height + 14
}

function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
