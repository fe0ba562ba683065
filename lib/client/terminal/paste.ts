// What comes from the keyboard, with pasted text made harmless: of a paste only text and line ends are
// left, so that no Tab in it completes and no control character in it is taken for a key.

import { Transform } from 'node:stream'

/** Asks a terminal to mark what is pasted, and to do so no longer (xterm's bracketed paste mode, DEC private mode 2004). */
export const PASTE_MARKS = { on: '\x1b[?2004h', off: '\x1b[?2004l' } as const

const BEGIN = '\x1b[200~'
const END = '\x1b[201~'

/**
 * Takes what a terminal sends, as strings, and gives it on. Line ends within a paste become CR, which is the key Enter;
 * tabs become spaces; other control characters go. The marks go too. All else passes as it is.
 */
export function guardPastes(): Transform {
  let pasting = false
  let rest = ''
  return new Transform({
    decodeStrings: false,
    transform(chunk: string, _encoding, done) {
      const text = rest + chunk
      let start = 0
      const pass = (end: number): void => {
        const part = text.slice(start, end)
        if (pasting) this.push(asText(part))
        // readline completes only at a Tab that ends a chunk: it takes any other for pasted.
        else for (const keys of part.split(/(?<=\t)/)) this.push(keys)
      }
      for (;;) {
        const mark = pasting ? END : BEGIN
        const at = text.indexOf(mark, start)
        if (at < 0) break
        pass(at)
        start = at + mark.length
        pasting = !pasting
      }
      const end = text.length - heldBack(text.slice(start), pasting)
      pass(end)
      rest = text.slice(end)
      done()
    },
  })
}

/** How many units at the end may be the beginning of a mark; ESC alone is a key, unless in a paste. */
function heldBack(text: string, pasting: boolean): number {
  const mark = pasting ? END : BEGIN
  const least = pasting ? 1 : 2
  for (let length = mark.length - 1; length >= least; length--) {
    if (text.endsWith(mark.slice(0, length))) return length
  }
  // Of CR LF both are seen at once, or Enter would be pressed twice.
  return pasting && text.endsWith('\r') ? 1 : 0
}

function asText(pasted: string): string {
  return pasted
    .replace(/\r\n?|\n/g, '\r')
    .replaceAll('\t', ' ')
    .replace(/[\0-\x0c\x0e-\x1f\x7f-\x9f]/g, '')
}
