// Mistakes about where a line begins and ends: TCP carries bytes, and one read is not one line.

import type { Evidence } from './evidence.js'

/** What may stand before a message: nothing, or words that end in a sign, as in `alice: ` or `<alice> `. */
const BEFORE_MESSAGE = /^(?:[^\n]*[^\w\s]\s*)?$/

/** A piece of a line went out, as if it were a line of its own. */
export function forwardsFragments({ strange, fragments, said }: Evidence): boolean {
  return strange.some(({ text }) =>
    fragments.some((piece) => {
      const before = alike(text).endsWith(alike(piece)) ? text.slice(0, -piece.length) : undefined
      // What is a whole line, or ends one of the same text, was no piece.
      const whole = said.some((line) => alike(text).endsWith(alike(line.text)) && line.text !== '')
      return before !== undefined && BEFORE_MESSAGE.test(before) && !whole
    }),
  )
}

/** Several lines of one write went out as one. */
export function mergedLines({ strange, bundles, run }: Evidence): boolean {
  const texts = strange.map(({ text }) => text)
  return bundles.some((lines) =>
    lines.slice(1).some((line, index) => {
      const previous = lines[index] ?? ''
      if (line === '') return false
      if (texts.some((text) => joins(text, previous, line))) return true
      // The second line came without the nickname that stands before the first.
      const bare = texts.includes(line)
      return (
        bare &&
        run.moments.some(({ bytes, sound }) => sound === 'received' && holds(bytes, previous))
      )
    }),
  )
}

/** A line that came with others went out only after a later write. */
export function oneLineBehind({ missing, wanted, afterProbe, said }: Evidence): boolean {
  if (!missing) return false
  return wanted.some(
    (end) =>
      said.some(({ text }) => text !== '' && end.endsWith(text)) &&
      afterProbe.some((line) => line.endsWith(end)),
  )
}

/** A line that came with others never went out. */
export function secondLineLost({ missing, wanted, bundles, strange }: Evidence): boolean {
  const lost = bundles.flatMap((lines) => lines.slice(1)).filter((line) => line !== '')
  const awaited = wanted.some((end) => lost.some((line) => end.endsWith(line)))
  // Where the next line to come is one that was sent later, this one is not late but lost.
  return awaited && (missing || strange.length > 0)
}

/** An answer has no line end. */
export function noNewlineAtEnd({ strange }: Evidence): boolean {
  return strange.some(({ whole }) => !whole)
}

/** Spaces in or around a message are not those that were sent. */
export function trimsMessage({ strange, said }: Evidence): boolean {
  return said.some(({ text }) => {
    const squeezed = squeeze(text)
    if (squeezed === text || squeezed === '') return false
    return strange.some(
      (line) => !line.text.includes(text) && squeeze(line.text).endsWith(squeezed),
    )
  })
}

/** A server may send capitals back. */
function alike(text: string): string {
  return text.toUpperCase()
}

function joins(text: string, first: string, second: string): boolean {
  const at = text.indexOf(first)
  const next = text.indexOf(second, at + first.length)
  const MOST_BETWEEN = 3
  return first !== '' && at >= 0 && next >= 0 && next - at - first.length <= MOST_BETWEEN
}

function holds(bytes: Buffer, text: string): boolean {
  return text !== '' && bytes.includes(Buffer.from(text, 'latin1'))
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
