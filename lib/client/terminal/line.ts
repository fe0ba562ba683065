// A line to be read, and what heard becomes of it: the words are the session's, the looks are ours.

import type { Heard } from '../../dialects/client.js'
import { ALARM, FAINT, lookOf, type Span } from './colour.js'

/** A line as it is to be shown, before it is broken for a terminal. */
export interface Line {
  /** Clean, without a line end. */
  readonly text: string
  /** The parts that do not look like the rest, in order. */
  readonly spans: readonly Span[]
}

/** A line that has one look from its beginning to its end. */
export function lineIn(look: Span['look'], text: string): Line {
  return { text, spans: [{ start: 0, end: text.length, look }] }
}

/** What was heard, line by line. */
export function linesOf(heard: Heard): readonly Line[] {
  switch (heard.type) {
    case 'said':
      return heard.shown.map((text, row) =>
        row === 0 ? withNick(text, heard.from, heard.text) : plain(text),
      )
    case 'problem':
      return heard.shown.map((text) => lineIn(ALARM, text))
    case 'came':
    case 'went':
    case 'entered':
    case 'left':
    case 'made':
    case 'gone':
      return heard.shown.map((text) => lineIn(FAINT, text))
    case 'answer':
      return heard.shown.map(plain)
    case 'note':
      return heard.shown.map((text) => (heard.local === true ? lineIn(FAINT, text) : plain(text)))
  }
}

/** The line behind the time of day, `09:05 `, in hours and minutes of this place. `time` is in milliseconds since 1970. */
export function withTime({ text, spans }: Line, time: number): Line {
  const stamp = `${timeOfDay(time)} `
  const moved = spans.map(({ start, end, look }) => ({
    start: start + stamp.length,
    end: end + stamp.length,
    look,
  }))
  return { text: stamp + text, spans: [{ start: 0, end: stamp.length, look: FAINT }, ...moved] }
}

/** Above what came while nobody was there; `time`, in milliseconds since 1970, is when a key was last pressed. */
export function unreadRule(time: number): Line {
  return lineIn(FAINT, `──── unread since ${timeOfDay(time)} ────`)
}

/** Whether this is for the user `nick` above all: told to them alone, or with their name in it (ASCII case does not count). */
export function concerns(heard: Heard, nick: string): boolean {
  if (heard.type !== 'said' || heard.from === nick) return false
  if (heard.private === true) return true
  const words = heard.text.toLowerCase().split(/[^\p{L}\p{M}\p{N}._-]+/u)
  // What ends a sentence may stand in a name, too.
  return words.some((word) => [word, word.replace(/[._-]+$/, '')].includes(nick.toLowerCase()))
}

function plain(text: string): Line {
  return { text, spans: [] }
}

/** The name stands somewhere before what was said: `ann: hello`, `@tea ann: hello`. */
function withNick(text: string, nick: string, said: string): Line {
  const head = text.slice(0, Math.max(0, text.lastIndexOf(said)))
  const start = head.lastIndexOf(nick)
  if (start < 0) return plain(text)
  return { text, spans: [{ start, end: start + nick.length, look: lookOf(nick) }] }
}

function timeOfDay(time: number): string {
  const date = new Date(time)
  return [date.getHours(), date.getMinutes()].map((n) => String(n).padStart(2, '0')).join(':')
}
