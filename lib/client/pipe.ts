// A screen that is none: lines in, lines out, as Unix has it. What the server says goes to standard
// output, what there is to say about it to standard error.

import type { Readable, Writable } from 'node:stream'
import { clean } from '../core/index.js'
import type { Heard } from '../dialects/client.js'
import { LenientLines, type LenientLine } from '../wire/lenient-lines.js'
import { flushed, whyUnwritten } from './flushed.js'
import type { Desk, Screen } from './screen.js'

/** The longest line that is taken from the input, in bytes; no server takes nearly as much. */
const LINE_BYTES = 1024 * 1024

/** What a pipe has in place of a screen and a keyboard. */
export interface PipeStreams {
  readonly input: Readable & { readonly isTTY?: boolean }
  readonly output: Writable
  readonly notes: Writable
}

/** Three streams as a screen. */
export class Pipe implements Screen {
  readonly #streams: PipeStreams
  readonly #lines = new LenientLines(LINE_BYTES)
  #status = ''

  constructor(streams: PipeStreams) {
    this.#streams = streams
  }

  get attended(): boolean {
    return this.#streams.input.isTTY === true
  }

  get full(): boolean {
    const { output, notes } = this.#streams
    return output.writableNeedDrain || notes.writableNeedDrain
  }

  open(desk: Desk): void {
    const { input, output, notes } = this.#streams
    const drained = (): void => {
      if (!this.full) desk.drained()
    }
    input
      .pause()
      .on('data', (bytes: Buffer) => {
        for (const line of this.#lines.take(bytes)) this.#take(line, desk)
      })
      .on('end', () => {
        const last = this.#lines.end()
        if (last !== undefined) this.#take(last, desk)
        desk.ended()
      })
      .on('error', (error) => {
        this.note(`The input cannot be read: ${error.message}.`)
        desk.ended()
      })
    output.on('drain', drained).on('error', (error: NodeJS.ErrnoException) => {
      desk.gone(whyUnwritten(error))
    })
    // Notes that nobody reads are no reason to stop.
    notes.on('drain', drained).on('error', drained)
  }

  show(heard: Heard): void {
    const { output, notes } = this.#streams
    const stream = heard.local === true ? notes : output
    stream.write(heard.shown.map((line) => `${line}\n`).join(''))
  }

  ask(question: string): void {
    if (this.attended) this.#streams.notes.write(question)
  }

  prompt(): void {
    // What a server asks comes with its next line.
  }

  named(): void {
    // Who pipes knows the name.
  }

  note(text: string): void {
    this.#streams.notes.write(`${clean(text)}\n`)
  }

  /** Of a text that changes as one looks at it, a file gets the first. */
  status(text: string): void {
    if (text !== '' && this.#status === '') this.note(text)
    this.#status = text
  }

  trace(rows: readonly string[]): void {
    this.#streams.notes.write(rows.map((row) => `${row}\n`).join(''))
  }

  hold(): void {
    this.#streams.input.pause()
  }

  release(): void {
    this.#streams.input.resume()
  }

  async close(): Promise<void> {
    const { input, output, notes } = this.#streams
    input.destroy()
    await Promise.all([flushed(output), flushed(notes)])
  }

  #take({ text, bytes, flaws }: LenientLine, desk: Desk): void {
    if (flaws.includes('cut')) this.note(`Not sent: a line of ${bytes} bytes is too long.`)
    else desk.typed(text)
  }
}
