// What text becomes on its way in: nothing is left that a terminal would obey or that hides.
// A number is a case's name: it stays, also when others go.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import t from 'tap'
import { LINE_BREAK, clean, cleanLines, cutToBytes, utf8Length } from '../lib/core/index.js'
import { MAX_LINES } from '../lib/core/text.js'
import { show } from './support/show.js'
import { RUNS } from './support/traces.js'

const ESC = '\u001b'
const BEL = '\u0007'
const ST = `${ESC}\\`
const ACUTE = '\u0301'

/** `null`: the text stays as it is. */
type Row = readonly [title: string, text: string, cleaned: string | null]

const rows: readonly Row[] = [
  ['plain', 'Hello, ~World!', null],
  ['50: arrow up', `a${ESC}[Ab`, 'ab'],
  ['52: clear screen', `a${ESC}[2Jb`, 'ab'],
  ['52: colours', `${ESC}[1;31mred${ESC}[0m`, 'red'],
  ['52: with intermediate bytes', `a${ESC}[?25 hb`, 'ab'],
  ['53: window title', `a${ESC}]0;pwn${BEL}b`, 'ab'],
  ['54: clipboard', `a${ESC}]52;c;YQ==${BEL}b`, 'ab'],
  ['55: link', `a${ESC}]8;;http://x${ST}b`, 'ab'],
  ['56: reports', `a${ESC}[6n${ESC}[c\u0005b`, 'ab'],
  ['57: DECRQSS', `a${ESC}P$q"p${ST}b`, 'ab'],
  ['57: APC, PM, SOS', `a${ESC}_x${ST}${ESC}^x${ST}${ESC}Xx${ST}b`, 'ab'],
  ['53: a string without an end', `a${ESC}]0;pwn`, 'a]0;pwn'],
  ['52: a sequence without an end', `a${ESC}[12`, 'a[12'],
  ['58: C1 sequence', 'a\u009b2Jb', 'ab'],
  ['58: C1 strings', 'a\u009d0;x\u009cb\u0090q\u009cc', 'abc'],
  ['58: a string in a string', 'a\u009d0;\u0090q\u009cb', 'a0;b'],
  ['58: other C1', 'a\u0085\u0080\u009fb', 'ab'],
  ['60: bells', BEL.repeat(2000), ''],
  ['61: overwriting', '\b\b\bbob:', 'bob:'],
  ['61: DEL and NUL', 'a\u007f\0b', 'ab'],
  ['62: bidirectional', 'a\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069b', 'ab'],
  ['63: separators', 'a\u2028b\u2029c\vd\fe', 'a b c d e'],
  ['64: invisible', 'a\u200b\ufeff\u2060\u00ad\u{e0001}\u{e007f}b', 'ab'],
  ['64: joiners stay', 'a\u200c\u200db', null],
  ['64: directional marks stay', 'a\u200e\u200fb', null],
  ['64: variation selectors stay', '\u2764\ufe0f', null],
  ['65: zalgo', `a${ACUTE.repeat(500)}b`, `a${ACUTE.repeat(8)}b`],
  ['65: eight marks stay', `a${ACUTE.repeat(8)}`, null],
  ...['\u200c', '\u200d', '\u200e', '\u200f', '\u2061', '\u3164'].map((joiner): Row => [
    `65: zalgo by way of ${show(joiner)}`,
    `a${`${ACUTE.repeat(8)}${joiner}`.repeat(50)}b${ACUTE.repeat(9)}`,
    `a${ACUTE.repeat(8)}${joiner.repeat(50)}b${ACUTE.repeat(8)}`,
  ]),
  ['65: a few marks and many joiners stay', `a${'\u200d\u0301\u200e'.repeat(8)}b`, null],
  ['66: woman technologist', '\u{1f469}\u200d\u{1f4bb}', null],
  ['66: rainbow flag', '\u{1f3f3}\ufe0f\u200d\u{1f308}'.repeat(9), null],
  ['66: family', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}\u200d\u{1f466}'.repeat(9), null],
  [
    '66: kiss, in two skins',
    '\u{1f469}\u{1f3fb}\u200d\u2764\ufe0f\u200d\u{1f48b}\u200d\u{1f468}\u{1f3ff}',
    null,
  ],
  ['66: keycaps', '1\ufe0f\u20e3#\ufe0f\u20e3*\ufe0f\u20e3'.repeat(9), null],
  ['66: Devanagari with joiners', '\u0915\u094d\u200d\u0937 \u0915\u094d\u200c\u0937\u0940', null],
  ['66: Persian with a non-joiner', '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645', null],
  [
    '66: pointed Arabic and Hebrew',
    '\u0645\u064f\u062d\u064e\u0645\u0651\u064e\u062f \u05e9\u05c1\u05b8\u05dc\u05d5\u05b9\u05dd',
    null,
  ],
  ['67: lone surrogates', 'a\ud800b\udc00c', 'abc'],
  ['69: noncharacters', 'a\ufffe\uffff\ufdd0\ufdef\u{1fffe}\u{10ffff}b', 'ab'],
  ['69: the replacement character stays', '\ufffd', '\ufffd'],
  ['70: like a notice', '* bob joined', '* bob joined'],
  ['71: TAB', 'a\tb', 'a b'],
  ['CR and LF', 'a\r\nb', 'ab'],
  ['a mark of a reader', '\u0001too-long', 'too-long'],
  ['letters of the world', 'žluť €😀 漢字 עברית العربية', 'žluť €😀 漢字 עברית العربية'],
]

t.test('clean', (t) => {
  for (const [title, text, cleaned] of rows) t.equal(clean(text), cleaned ?? text, title)
  t.end()
})

t.test('long noise is cleaned without looking at any of it again and again', (t) => {
  // So many that a look at all the rest from each of them takes minutes: the runner ends that.
  const MANY = 300_000
  const starts = ['\u0090', '\u0098', '\u009d', '\u009e', '\u009f', `${ESC}]`, `${ESC}P`, `${ESC}_`]
  for (const start of starts) {
    const rest = start.startsWith(ESC) ? start.slice(1) : ''
    t.equal(clean(start.repeat(MANY)), rest.repeat(MANY), show(start))
  }
  t.equal(clean(`${ESC}[`.repeat(MANY)), '['.repeat(MANY))
  t.equal(clean('\u009b'.repeat(MANY)), '')
  t.equal(clean(`${ESC}[${'0'.repeat(MANY)}`), `[${'0'.repeat(MANY)}`)
  t.equal(clean(`${ESC}[${'0'.repeat(MANY)}${' '.repeat(MANY)}`).length, 1 + 2 * MANY)
  t.equal(clean(`${ESC}[0; `.repeat(MANY)).length, 4 * MANY)
  t.equal(clean(`a${ACUTE.repeat(MANY)}`), `a${ACUTE.repeat(8)}`)
  t.equal(clean(`a${`${ACUTE}\u200d`.repeat(MANY)}`).length, 1 + 8 + MANY)
  t.equal(clean(`a${'\u200d'.repeat(MANY)}`).length, 1 + MANY)
  t.end()
})

/** Text rich in what must go, beside any code unit. */
const wild = fc
  .array(
    fc.oneof(
      fc.constantFrom(...rows.map(([, text]) => text.slice(0, 40)), ESC, BEL, '[', ']', '2J', ST),
      fc.constantFrom(
        ACUTE,
        ACUTE.repeat(5),
        '\u200d',
        '\u2028',
        '\u009b',
        '\u009d',
        '\u009c',
        '\ud83d',
        '\ude00',
        '\r',
        '\n',
      ),
      fc.string({ unit: 'binary', maxLength: 3 }),
      fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
    ),
    { maxLength: 30 },
  )
  .map((pieces) => pieces.join(''))

/** Decided one by one, not by the expression under test. */
function isForbidden(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  const between = (low: number, high: number): boolean => code >= low && code <= high
  return (
    between(0, 0x1f) ||
    between(0x7f, 0x9f) ||
    between(0x202a, 0x202e) ||
    between(0x2066, 0x2069) ||
    between(0xd800, 0xdfff) ||
    between(0xfdd0, 0xfdef) ||
    between(0xe0000, 0xe007f) ||
    (code & 0xfffe) === 0xfffe ||
    [0xad, 0x200b, 0x2028, 0x2029, 0x2060, 0xfeff].includes(code)
  )
}

t.test('nothing forbidden survives, and what is clean is left alone', (t) => {
  const property = fc.property(wild, (text) => {
    const cleaned = clean(text)
    assert.ok(!Array.from(cleaned).some(isForbidden))
    assert.ok(!/(?:[\u200c-\u200f]*\p{M}){9}/u.test(cleaned))
    assert.equal(clean(cleaned), cleaned)
    const lines = cleanLines(text)
    assert.ok(!lines.split(LINE_BREAK).some((line) => Array.from(line).some(isForbidden)))
    assert.equal(cleanLines(lines), lines)
  })
  fc.assert(property, { numRuns: 10 * RUNS })
  t.end()
})

t.test('every code point by itself goes or stays as it should', (t) => {
  const spaces = new Set(['\t', '\v', '\f', '\u2028', '\u2029'])
  const wrong: string[] = []
  // The basic plane, the tags, and both ends of each other plane.
  for (let code = 0; code <= 0x10ffff; code++) {
    const inPlane = code & 0xffff
    if (code > 0xffff && code >> 12 !== 0xe0 && inPlane > 1 && inPlane < 0xfffd) continue
    const character = String.fromCodePoint(code)
    const expected = spaces.has(character) ? ' ' : isForbidden(character) ? '' : character
    if (clean(character) !== expected) wrong.push(code.toString(16))
  }
  t.strictSame(wrong, [])
  t.end()
})

t.test('cleanLines keeps line breaks as one sign', (t) => {
  t.equal(cleanLines('a\r\nb\rc\nd\u2028e\u2029f'), ['a', 'b', 'c', 'd', 'e', 'f'].join(LINE_BREAK))
  t.equal(cleanLines(`a\u0007\n\n${ESC}[2Jb`), `a${LINE_BREAK}${LINE_BREAK}b`)
  t.equal(cleanLines('plain'), 'plain')
  const most = Array<string>(MAX_LINES).fill('a')
  t.equal(cleanLines(most.join('\n')), most.join(LINE_BREAK))
  t.equal(cleanLines([...most, 'b', 'c'].join('\n')), `${most.join(LINE_BREAK)}…`)
  t.end()
})

t.test('utf8Length counts as Node does', (t) => {
  const property = fc.property(wild, (text) => {
    assert.equal(utf8Length(text), Buffer.byteLength(text))
  })
  fc.assert(property, { numRuns: 10 * RUNS })
  for (const text of ['', 'a', 'é', '€', '😀', '\ud83d', '\ude00', '\ud83da', '\ude00\ud83d']) {
    t.equal(utf8Length(text), Buffer.byteLength(text), show(text))
  }
  t.end()
})

t.test('cutToBytes', (t) => {
  const cuts: readonly (readonly [text: string, maxBytes: number, cut: string])[] = [
    ['', 3, ''],
    ['hello', 5, 'hello'],
    ['hello', 100, 'hello'],
    ['hello!', 5, 'he…'],
    ['éé', 4, 'éé'],
    ['ééé', 5, 'é…'],
    ['€€', 5, '…'],
    ['😀😀', 7, '😀…'],
    ['😀😀', 6, '…'],
  ]
  for (const [text, maxBytes, cut] of cuts) {
    t.equal(cutToBytes(text, maxBytes), cut, `${show(text)} to ${maxBytes}`)
  }
  const property = fc.property(wild, fc.integer({ min: 3, max: 60 }), (text, maxBytes) => {
    const cut = cutToBytes(text, maxBytes)
    assert.ok(utf8Length(cut) <= maxBytes)
    if (utf8Length(text) <= maxBytes) assert.equal(cut, text)
    else {
      assert.ok(cut.endsWith('…'))
      const kept = cut.slice(0, -1)
      assert.ok(text.startsWith(kept))
      const [next = ''] = text.slice(kept.length)
      assert.ok(utf8Length(kept + next + '…') > maxBytes, 'not one character more would fit')
      assert.ok(!/[\ud800-\udbff]$/.test(kept) || !/^[\udc00-\udfff]/.test(text.slice(kept.length)))
    }
  })
  fc.assert(property, { numRuns: 10 * RUNS })
  t.end()
})
