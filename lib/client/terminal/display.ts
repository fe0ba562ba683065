// A terminal as something that is drawn on: how often, how much at once, and whether it keeps up.

import type { Writable } from 'node:stream'
import { Canvas, type Footing } from './canvas.js'
import type { Line } from './line.js'

/** A terminal that can be written to, as `process.stdout` is one. */
export interface TerminalOutput extends Writable {
  /** Its size in characters; 0 where that is not known. */
  readonly columns: number
  readonly rows: number
  /** Whether it is to get colours: not with NO_COLOR. */
  hasColors(): boolean
}

/** How long a change may wait for others to be drawn together with it, in milliseconds: two frames of a monitor. */
const DRAW_INTERVAL = 30
/** Lines drawn at once: some ten screens, which takes a terminal a few milliseconds. */
const LINES_A_DRAW = 500
/** The size of a terminal that does not tell its own. */
const USUAL_SIZE = { columns: 80, rows: 24 }
const BELL = '\x07'

/** Draws on one terminal, no more often than is of use to its reader. */
export class Display {
  readonly #output: TerminalOutput
  readonly #footing: () => Footing
  readonly #drained: () => void
  readonly #canvas: Canvas
  #waiting: Line[] = []
  #drawnAt = -Infinity
  #timer: NodeJS.Timeout | undefined
  #anew = false
  /** Another program has the terminal. */
  #away = false
  /** The terminal takes nothing for now. */
  #choked = false

  /** `footing` is asked for at each drawing; `drained` is called when the display is not {@link full} any more. */
  constructor(output: TerminalOutput, footing: () => Footing, drained: () => void) {
    this.#output = output
    this.#footing = footing
    this.#drained = drained
    this.#canvas = new Canvas(output.hasColors())
  }

  /** Whether so much waits to be drawn that no more should come. */
  get full(): boolean {
    return this.#waiting.length >= LINES_A_DRAW
  }

  /** Shows a line above the footing. */
  print(line: Line): void {
    this.#waiting.push(line)
    if (this.#waiting.length === LINES_A_DRAW) {
      clearTimeout(this.#timer)
      this.#timer = undefined
    }
    this.changed()
  }

  /** Rings the terminal's bell. */
  ring(): void {
    this.#output.write(BELL)
  }

  /** The footing is another now. */
  changed(): void {
    if (this.#timer !== undefined || this.#choked || this.#away) return
    const due = this.full ? 0 : this.#drawnAt + DRAW_INTERVAL - performance.now()
    this.#timer = setTimeout(() => {
      this.#draw(this.#footing())
    }, due)
  }

  /** The window has another size. */
  resized(): void {
    this.#anew = true
    this.changed()
  }

  /** Begins on an empty screen. */
  clear(): void {
    this.#canvas.forget()
    this.resized()
  }

  /** Draws all that waits and takes the footing away, so that another program finds the cursor below. */
  leave(): void {
    this.#away = true
    do this.#draw(undefined)
    while (this.#waiting.length > 0)
  }

  /** Draws the footing where another program has left the cursor. */
  enter(): void {
    this.#away = false
    this.#canvas.lost()
    this.changed()
  }

  #draw(footing: Footing | undefined): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const lines = this.#waiting.splice(0, LINES_A_DRAW)
    const canvas = this.#canvas
    const { columns, rows } = this.#output
    const size = columns > 0 && rows > 0 ? { columns, rows } : USUAL_SIZE
    const drawing = this.#anew
      ? canvas.anew(lines, footing, size)
      : canvas.add(lines, footing, size)
    this.#anew = false
    this.#drawnAt = performance.now()
    if (!this.#output.write(drawing)) this.#choke()
    else if (this.#waiting.length > 0) this.changed()
    if (lines.length === LINES_A_DRAW && !this.full) this.#drained()
  }

  #choke(): void {
    this.#choked = true
    this.#output.once('drain', () => {
      this.#choked = false
      this.changed()
    })
  }
}
