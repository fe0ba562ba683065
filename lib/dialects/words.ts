// What protocols of typed commands have in common: words apart, commands that lack one, and texts
// of several lines.

import { LINE_BREAK, cleanLines, cutToBytes, type Command, type Refusal } from '../core/index.js'

/** The longest talk that is taken whole, in bytes: each room remembers ten such texts. */
const MAX_TALK_BYTES = 8192

/** Talk that may have several lines, as the house takes it: cleaned, and cut where it has too many lines or more than 8 KiB. */
export function talkOf(text: string): string {
  return cutToBytes(cleanLines(text), MAX_TALK_BYTES)
}

/** A text without its line ends. A pattern would take the square of the time for those in its middle. */
export function withoutLineEnds(text: string): string {
  let end = text.length
  while (end > 0 && /[\r\n]/.test(text.charAt(end - 1))) end--
  return text.slice(0, end)
}

/** What stands before the first space of a line, and all that follows it to the letter. */
export function splitAtSpace(line: string): { readonly head: string; readonly rest: string } {
  const space = line.indexOf(' ')
  if (space < 0) return { head: line, rest: '' }
  return { head: line.slice(0, space), rest: line.slice(space + 1) }
}

/** A line that is not carried out, and why. */
export function refused(refusal: Refusal): Command {
  return { name: 'refuseLine', refusal }
}

/** A message that ends its connection, and why. */
export function fatal(refusal: Refusal): Command {
  return { name: 'refuseLine', refusal, fatal: true }
}

/** A line that lacks what its usage shows. */
export function missing(usage: string): Command {
  return refused({ code: 'missing-argument', usage })
}

/** A line about a room that cannot be there. */
export function unknownRoom(room: string): Command {
  return refused({ code: 'unknown-room', room })
}

/**
 * A text as lines without their ends, each with `prefix` in front, so that none can be taken for
 * somebody else's; a line of more than `maxBytes` bytes of UTF-8, its prefix apart, is cut.
 */
export function linesOf(prefix: string, text: string, maxBytes: number): readonly string[] {
  if (!text.includes(LINE_BREAK)) return [prefix + cutToBytes(text, maxBytes)]
  return text.split(LINE_BREAK).map((line) => prefix + cutToBytes(line, maxBytes))
}

/** So many of something, as one says it: `1 second`, `2 seconds`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
