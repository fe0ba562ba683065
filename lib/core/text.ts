// What text may be: cleaned once on the way in, so that no state holds anything that a
// terminal would obey. Pure string work; nothing here knows a protocol.

/** Stands for a line break inside a text, for dialects whose messages may carry one: LINE SEPARATOR (U+2028). */
export const LINE_BREAK = '\u2028'

/** The most lines that one text keeps: each of them is sent with its speaker in front. */
export const MAX_LINES = 100

/** The most combining marks that one base character keeps (more is "zalgo" that covers other lines). */
const MAX_MARKS = 8

// What takes no room of its own, so that marks after it still fall on the base before it:
// combining marks, joiners and directional marks, and what else is invisible.
const NO_BASE = '\\p{M}\\p{Cf}\\p{Default_Ignorable_Code_Point}'

/** Ends what was cut. */
const ELLIPSIS = '…'

const PLAIN = /^[\x20-\x7e]*$/
// A control sequence and a control string (OSC, DCS, APC, PM, SOS) as ECMA-48 5.4 and 5.6 have them.
const CONTROL_SEQUENCE = /(?:\x1b\[|\x9b)[\x30-\x3f]*[\x20-\x2f]*[\x40-\x7e]/g
// No string holds what begins another: else each beginning would be sought to the end of the line.
const CONTROL_STRING =
  /(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)/g
const SPACES = /[\t\v\f\u2028\u2029]/g
const BREAKS = /\r\n|[\r\n\u2028\u2029]/g
// C0, DEL, C1; bidirectional overrides and isolates (CVE-2021-42574); invisible characters;
// tags; noncharacters; half a surrogate pair.
const REMOVED =
  /[\0-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\u00ad\ufdd0-\ufdef\ufffe\uffff\u{e0000}-\u{e007f}]|[\u{1fffe}\u{1ffff}\u{2fffe}\u{2ffff}\u{3fffe}\u{3ffff}\u{4fffe}\u{4ffff}\u{5fffe}\u{5ffff}\u{6fffe}\u{6ffff}\u{7fffe}\u{7ffff}\u{8fffe}\u{8ffff}\u{9fffe}\u{9ffff}\u{afffe}\u{affff}\u{bfffe}\u{bffff}\u{cfffe}\u{cffff}\u{dfffe}\u{dffff}\u{efffe}\u{effff}\u{ffffe}\u{fffff}\u{10fffe}\u{10ffff}]|\p{Cs}/gu
const MARK = /\p{M}/gu
const OVER_ONE_BASE = new RegExp(`[${NO_BASE}]{${String(MAX_MARKS + 1)},}`, 'gu')
// Of what has room of its own, white space and two blank patterns (Braille, musical) do not show.
const VISIBLE = new RegExp(`[^${NO_BASE}\\p{Z}\\u2800\\u{1d159}]`, 'u')

/**
 * Cleans one line of untrusted text for every place it may reach: other people's terminals, logs, lists.
 *
 * Takes and gives characters without a line end. Whole control sequences and control strings go, then
 * every C0, DEL and C1 control, bidirectional overrides, invisible characters, tags, noncharacters and
 * lone surrogates; TAB, VT, FF, LS and PS become one space; of the combining marks on one base eight
 * stay, joiners among them or not. Joiners and variation selectors stay, so that emoji and scripts which need them
 * arrive untouched.
 * Never refuses; `clean(clean(x))` is `clean(x)`. (Net-Unicode, RFC 5198, asks for the absence of controls.)
 */
export function clean(text: string): string {
  if (PLAIN.test(text)) return text
  return text
    .replace(CONTROL_STRING, '')
    .replace(CONTROL_SEQUENCE, '')
    .replace(SPACES, ' ')
    .replace(REMOVED, '')
    .replace(OVER_ONE_BASE, keepFirstMarks)
}

/** Whether a clean text shows: at least one of its characters is no white space, no mark and not invisible. */
export function isVisible(text: string): boolean {
  return VISIBLE.test(text)
}

/**
 * Cleans a text that may hold line breaks (CR LF, CR, LF, LS, PS): each becomes one {@link LINE_BREAK}.
 * Of more than {@link MAX_LINES} lines the rest goes, and the last that stays ends in `…`.
 */
export function cleanLines(text: string): string {
  const lines = text.replace(BREAKS, '\n').split('\n')
  const kept = lines.slice(0, MAX_LINES).map(clean).join(LINE_BREAK)
  return lines.length > MAX_LINES ? kept + ELLIPSIS : kept
}

/** The number of bytes of `text` in UTF-8; a lone surrogate counts as the three bytes of U+FFFD. */
export function utf8Length(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x80) continue
    if (unit < 0x800) bytes += 1
    else if (isHighSurrogate(unit) && isLowSurrogate(text.charCodeAt(i + 1))) {
      bytes += 2
      i++
    } else bytes += 2
  }
  return bytes
}

/** Cuts `text` to at most `maxBytes` (3 or more) bytes of UTF-8 at a character boundary, ending in `…` if anything went. */
export function cutToBytes(text: string, maxBytes: number): string {
  const MOST_BYTES_A_UNIT = 3
  if (text.length * MOST_BYTES_A_UNIT <= maxBytes || utf8Length(text) <= maxBytes) return text
  const room = maxBytes - utf8Length(ELLIPSIS)
  let kept = ''
  let bytes = 0
  for (const character of text) {
    bytes += utf8Length(character)
    if (bytes > room) break
    kept += character
  }
  return kept + ELLIPSIS
}

/** Takes marks beyond the most out of what follows one base; the joiners stay. */
function keepFirstMarks(run: string): string {
  let marks = 0
  return run.replace(MARK, (mark) => (++marks > MAX_MARKS ? '' : mark))
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff
}
