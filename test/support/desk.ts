// A terminal that is none, and the running client behind it: what a screen writes and asks for is kept.

import { PassThrough, Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { setTimeout as wait } from 'node:timers/promises'
import type { Desk } from '../../lib/client/screen.js'
import type { TerminalInput } from '../../lib/client/terminal/terminal.js'
import type { TerminalOutput } from '../../lib/client/terminal/display.js'
import type { Known } from '../../lib/dialects/client.js'
import { DEADLINE } from './running.js'

/** What a screen is given in the place of `process.stdin`. */
export class Keyboard extends PassThrough implements TerminalInput {
  raw = false

  setRawMode(raw: boolean): void {
    this.raw = raw
  }
}

/** What a screen is given in the place of `process.stdout`. */
export class Paper extends Writable implements TerminalOutput {
  columns = 40
  rows = 10
  /** All that was written, as it was. */
  written = ''
  readonly #colours: boolean
  #stalled: (() => void) | undefined
  #stalls = false

  constructor(colours = false) {
    super({ decodeStrings: false, highWaterMark: 1024 })
    this.#colours = colours
  }

  hasColors(): boolean {
    return this.#colours
  }

  /** All that was written but for what steers a terminal. */
  get text(): string {
    return stripVTControlCharacters(this.written).replaceAll('\r', '')
  }

  /** How often `part` was written. */
  count(part: string): number {
    return this.written.split(part).length - 1
  }

  /** Resolves once `part` was written; rejects with all that was at the deadline. */
  async shows(part: string): Promise<void> {
    for (const start = Date.now(); !this.text.includes(part);) {
      if (Date.now() - start > DEADLINE) throw new Error(`no ${part} in:\n${this.text}`)
      await wait(5)
    }
  }

  /** Takes no more, as a terminal does that is stopped; and after that again. */
  stall(stalls: boolean): void {
    this.#stalls = stalls
    if (!stalls) this.#stalled?.()
  }

  override _write(chunk: string, _encoding: string, done: () => void): void {
    this.written += chunk
    if (this.#stalls) this.#stalled = done
    else done()
  }
}

/** A running client that only remembers what it was asked. */
export class RestingDesk implements Desk {
  readonly known: Known = { commands: ['!enter'], nicks: ['bob', 'bea'], rooms: ['tea'] }
  /** Lines typed, and `quit`, `gone` and so on between parentheses. */
  readonly asked: string[] = []

  typed(line: string): void {
    this.asked.push(line)
  }

  quit(): void {
    this.asked.push('(quit)')
  }

  ended(): void {
    this.asked.push('(ended)')
  }

  drained(): void {
    this.asked.push('(drained)')
  }

  gone(): void {
    this.asked.push('(gone)')
  }

  lookUp(): Promise<void> {
    this.asked.push('(lookUp)')
    return Promise.resolve()
  }
}
