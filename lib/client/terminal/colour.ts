// Colours: each nickname has one of its own, the same on every screen and every day.

/** A part of a text in a look of its own, in UTF-16 units; the end is not in it. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly look: Look
}

/** A parameter of SGR (ECMA-48 8.3.117), such as `31` for red. */
export type Look = string

/** For what is not talk: the program's own sentences, times, lists. */
export const FAINT: Look = '2'
/** For what was refused. */
export const ALARM: Look = '31'

// The sixteen colours of every terminal, which its owner has made readable on its background. Red says that
// something is wrong; black, white and the greys are the background or plain text of one terminal or another.
const NICK_LOOKS: readonly Look[] = ['32', '33', '34', '35', '36', '92', '93', '94', '95', '96']

/** The look of a nickname; upper and lower case of ASCII are the same to it. */
export function lookOf(nick: string): Look {
  // FNV-1a in 32 bits: close names, such as ann1 and ann2, come out far apart.
  let hash = 0x811c9dc5
  const name = nick.toLowerCase()
  for (let i = 0; i < name.length; i++) hash = Math.imul(hash ^ name.charCodeAt(i), 0x01000193)
  return NICK_LOOKS[(hash >>> 8) % NICK_LOOKS.length] ?? ALARM
}

/** The part of `text` from `start` to `end` in the looks that `spans` give it, as a terminal is told. Spans may not overlap. */
export function paint(text: string, start: number, end: number, spans: readonly Span[]): string {
  let painted = ''
  let done = start
  for (const span of spans) {
    const from = Math.max(done, span.start)
    const to = Math.min(end, span.end)
    if (from >= to) continue
    painted += `${text.slice(done, from)}\x1b[${span.look}m${text.slice(from, to)}\x1b[0m`
    done = to
  }
  return painted + text.slice(done, end)
}
