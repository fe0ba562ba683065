// The server's lines, read for what they say: the figures print most of them, and everything else
// is shown as it is.

import { clean } from '../../core/index.js'
import type { Heard } from '../client.js'

/** A line of the server, clean and without its end. */
export interface Line {
  readonly text: string
  /** Whether it comes between what the user types, as told by a CR in front: then it answers nothing but a question for a list. */
  readonly interrupts: boolean
}

type Meaning = (shown: readonly string[], ...parts: readonly [string, string, string]) => Heard

const FORMS: readonly (readonly [RegExp, Meaning])[] = [
  [/^([^\s:]+) is now online\.$/, (shown, nick) => ({ type: 'came', nick, shown })],
  [/^([^\s:]+) has gone offline\.$/, (shown, nick) => ({ type: 'went', nick, shown })],
  [
    /^([^\s:]+) has joined group (\S+)\.$/,
    (shown, nick, room) => ({ type: 'entered', nick, room, shown }),
  ],
  [
    /^([^\s:]+) has just left group (\S+)\.$/,
    (shown, nick, room) => ({ type: 'left', nick, room, shown }),
  ],
  [/^Group (\S+) created\.$/, (shown, room) => ({ type: 'made', room, shown })],
  [
    /^\(PM\) ([^\s:]+): (.*)$/,
    (shown, from, text) => ({ type: 'said', from, text, private: true, shown }),
  ],
  [
    /^\((\S+)\) ([^\s:]+): (.*)$/,
    (shown, room, from, text) => ({ type: 'said', from, text, room, shown }),
  ],
  [/^server: /, (shown) => ({ type: 'note', shown })],
  [/^([^\s:]+): (.*)$/, (shown, from, text) => ({ type: 'said', from, text, shown })],
]

/** Names with commas between them. */
const LIST = /^(?:[^\s:,]+(?:, *[^\s:,]+)*)?$/

/**
 * The lines of a text. A text that begins with LF leaves the line of the prompt that way, which is no
 * line of its own.
 */
export function linesIn(text: string): readonly Line[] {
  return text
    .replace(/^\n/, '')
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => ({ text: clean(line), interrupts: line.startsWith('\r') }))
}

/** What a line says in a form of the figures; undefined for any other. */
export function heardOf(line: string): Heard | undefined {
  for (const [form, meaning] of FORMS) {
    const [whole, first = '', second = '', third = ''] = form.exec(line) ?? []
    if (whole !== undefined) return meaning([line], first, second, third)
  }
  return undefined
}

/** The names of a line that may be a list; undefined for one that cannot be. */
export function namesIn({ text, interrupts }: Line): readonly string[] | undefined {
  if (!interrupts || !LIST.test(text)) return undefined
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
