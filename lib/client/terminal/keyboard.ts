// What comes from the keyboard, on its way to node:readline. Its own way is not taken, since it puts what
// arrives together at the end of the line, wherever the cursor is, and takes a Tab in it for text.

import type { Interface, Key } from 'node:readline'
import type { Readable } from 'node:stream'

/** Asks a terminal to mark what is pasted, and to do so no longer (xterm's bracketed paste mode, DEC private mode 2004). */
export const PASTE_MARKS = { on: '\x1b[?2004h', off: '\x1b[?2004l' } as const

const BEGIN = '\x1b[200~'
const END = '\x1b[201~'
const CONTROL = /[\0-\x1f\x7f]/

/** A part of what a terminal has sent. */
export interface Part {
  readonly text: string
  /** Whether all of it is text and no key; its line ends are CR. */
  readonly pasted: boolean
}

/** Types for a `node:readline` whose input is `keys`, a stream that nobody else writes to. */
export class Keyboard {
  readonly #readline: Interface
  readonly #keys: Readable
  readonly #pressed: (key: Key | undefined) => void
  readonly #pastes = new Pastes()
  #waiting: Part[] = []
  #isHeld = false
  /** What was typed last is a key that may have more characters. */
  #inKey = false

  /** `pressed` is told of each key; of text, undefined. */
  constructor(readline: Interface, keys: Readable, pressed: (key: Key | undefined) => void) {
    this.#readline = readline
    this.#keys = keys
    this.#pressed = pressed
    keys.on('keypress', (_text: string | undefined, key: Key) => {
      this.#inKey = false
      pressed(key)
    })
  }

  /** What one read of the terminal has returned. */
  take(chunk: string): void {
    this.#waiting.push(...this.#pastes.split(chunk))
    this.#type()
  }

  /** From now on what comes waits. */
  hold(): void {
    this.#isHeld = true
  }

  /** What has waited is typed. */
  release(): void {
    this.#isHeld = false
    this.#type()
  }

  #type(): void {
    while (!this.#isHeld) {
      const part = this.#waiting.shift()
      if (part === undefined) break
      const { text, pasted } = part
      const end = pasted ? text.length : this.#endOfText(text)
      const rest = end > 0 ? this.#write(text, end) : this.#press(text)
      if (rest !== '') this.#waiting.unshift({ text: rest, pasted: false })
    }
  }

  /** How much of what was typed is text, at once, and no key. */
  #endOfText(typed: string): number {
    if (this.#inKey) return 0
    const control = typed.search(CONTROL)
    return control < 0 ? typed.length : control
  }

  #write(text: string, end: number): string {
    this.#readline.write(text.slice(0, end))
    this.#pressed(undefined)
    return text.slice(end)
  }

  /** Presses a key, or a part of one that is a sequence: it is whole when the event comes. */
  #press(typed: string): string {
    const [character = ''] = typed
    this.#inKey = true
    this.#keys.emit('data', character)
    return typed.slice(character.length)
  }
}

/** Finds what is pasted by its marks, in however many pieces it comes. */
export class Pastes {
  #pasting = false
  #rest = ''

  /** The parts of what came, without the marks. Of what is pasted, tabs are spaces, and other control characters are gone. */
  split(chunk: string): readonly Part[] {
    const parts: Part[] = []
    let text = this.#rest + chunk
    for (;;) {
      const mark = this.#pasting ? END : BEGIN
      const at = text.indexOf(mark)
      if (at < 0) break
      parts.push(this.#part(text.slice(0, at)))
      text = text.slice(at + mark.length)
      this.#pasting = !this.#pasting
    }
    const end = text.length - heldBack(text, this.#pasting)
    this.#rest = text.slice(end)
    parts.push(this.#part(text.slice(0, end)))
    return parts.filter((part) => part.text !== '')
  }

  #part(text: string): Part {
    return this.#pasting ? { text: asText(text), pasted: true } : { text, pasted: false }
  }
}

/** How many units at the end may be the beginning of a mark; ESC alone is a key, unless in a paste. */
function heldBack(text: string, pasting: boolean): number {
  const mark = pasting ? END : BEGIN
  const least = pasting ? 1 : 2
  for (let length = mark.length - 1; length >= least; length--) {
    if (text.endsWith(mark.slice(0, length))) return length
  }
  // Of CR LF both are seen at once, or there would be an empty line.
  return pasting && text.endsWith('\r') ? 1 : 0
}

function asText(pasted: string): string {
  return pasted
    .replace(/\r\n?|\n/g, '\r')
    .replaceAll('\t', ' ')
    .replace(/[\0-\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029]/g, '')
}
