// The parts of the comfortable screen that need no terminal: widths, wrapping, colours, completion, pastes.

import t from 'tap'
import fc from 'fast-check'
import type { Heard } from '../lib/dialects/client.js'
import { lookOf, paint } from '../lib/client/terminal/colour.js'
import { complete, isStuck } from '../lib/client/terminal/completion.js'
import { Pastes } from '../lib/client/terminal/keyboard.js'
import { concerns, linesOf, unreadRule, withTime } from '../lib/client/terminal/line.js'
import { widthOf } from '../lib/client/terminal/width.js'
import { layOut, wrap } from '../lib/client/terminal/wrap.js'

process.env['TZ'] = 'UTC'

t.test('widths', (t) => {
  const widths: Readonly<Record<string, number>> = {
    '': 0,
    'alice: hi': 9,
    žluť: 4,
    'e\u0301': 1,
    日本語: 6,
    한국: 4,
    ﾊﾝ: 2,
    '€…': 2,
    '😀': 2,
    '👩‍👩‍👧': 2,
    '🇨🇿': 2,
    '❤️': 2,
  }
  for (const [text, width] of Object.entries(widths)) {
    t.equal(widthOf(text), width, text)
    // Long texts are measured in pieces, whose ends fall anywhere.
    t.equal(widthOf(text.repeat(300)), 300 * width, `300 times ${text}`)
  }
  t.end()
})

t.test('what is heard breaks between words', (t) => {
  const rows: readonly (readonly [string, number, readonly string[]])[] = [
    ['', 5, ['']],
    ['ab cd', 5, ['ab cd']],
    ['ab cde', 5, ['ab', 'cde']],
    ['ab cd ef', 5, ['ab cd', 'ef']],
    ['ab cd   ef', 5, ['ab cd', 'ef']],
    ['ab  c', 5, ['ab  c']],
    ['  ab c', 5, ['  ab', 'c']],
    ['a:日本語', 6, ['a:日本', '語']],
    ['ab 日本', 6, ['ab 日', '本']],
    ['日本語', 3, ['日', '本', '語']],
    // A long word begins where it stands, and the terminal breaks it.
    ['abcdefgh', 5, ['abcdefgh']],
    ['abcdefgh ij', 5, ['abcdefgh', 'ij']],
    ['abcdefg i j', 5, ['abcdefg i', 'j']],
    ['e\u0301e\u0301 e\u0301e\u0301', 4, ['e\u0301e\u0301', 'e\u0301e\u0301']],
  ]
  for (const [text, columns, expected] of rows) {
    const shown = wrap(text, columns).map(({ start, end }) => text.slice(start, end))
    t.same(shown, expected, JSON.stringify([text, columns]))
  }
  const words = fc.string({ unit: fc.constantFrom('a', ' ', '日', 'e\u0301', '😀'), maxLength: 40 })
  fc.assert(
    fc.property(words, fc.integer({ min: 2, max: 12 }), (text, columns) => {
      let end = 0
      for (const row of wrap(text, columns)) {
        if (text.slice(end, row.start).trim() !== '') return false
        const words = text.slice(row.start, row.end).split(' ')
        const isBroken = words.some((word) => widthOf(word) > columns)
        if (widthOf(words.join(' ')) > columns && !isBroken) return false
        end = row.end
      }
      return text.slice(end).trim() === ''
    }),
  )
  t.end()
})

t.test('what is typed breaks at the edge', (t) => {
  type Drawn = readonly [rows: readonly string[], row: number, column: number]
  const rows: readonly (readonly [string, number, Drawn])[] = [
    ['', 0, [[''], 0, 0]],
    ['> ab', 4, [['> ab'], 0, 4]],
    ['> ab', 2, [['> ab'], 0, 2]],
    ['> abc', 5, [['> abc', ''], 1, 0]],
    ['> abc', 4, [['> abc'], 0, 4]],
    ['> abcd', 5, [['> abc', 'd'], 1, 0]],
    ['> a日b', 6, [['> a日', 'b'], 1, 1]],
    ['> ab日', 4, [['> ab', '日'], 1, 0]],
    // Between a letter and its mark the cursor stands on the letter.
    ['> e\u0301', 3, [['> e\u0301'], 0, 2]],
    ['> 0123456789abcdef', 18, [['89abc', 'def'], 1, 3]],
    ['> 0123456789abcdef', 2, [['> 012', '34567'], 0, 2]],
    ['> 0123456789abcdef', 9, [['> 012', '34567'], 1, 4]],
  ]
  for (const [line, cursor, [expected, row, column]] of rows) {
    const layout = layOut(line, cursor, 5, 2)
    const shown = layout.rows.map(({ start, end }) => line.slice(start, end))
    t.same([shown, layout.row, layout.column], [expected, row, column], `${line} at ${cursor}`)
  }
  t.end()
})

t.test('colours', (t) => {
  t.equal(lookOf('Alice'), lookOf('alice'))
  const looks = Array.from({ length: 100 }, (_, n) => lookOf(`ann${n}`))
  t.equal(new Set(looks).size, 10, 'all are in use')
  t.ok(Math.max(...looks.map((look) => looks.filter((l) => l === look).length)) < 25)
  const spans = [
    { start: 1, end: 3, look: '31' },
    { start: 4, end: 9, look: '2' },
  ]
  t.equal(paint('abcdefgh', 0, 8, spans), 'a\x1b[31mbc\x1b[0md\x1b[2mefgh\x1b[0m')
  t.equal(paint('abcdefgh', 2, 5, spans), '\x1b[31mc\x1b[0md\x1b[2me\x1b[0m')
  t.equal(paint('abcdefgh', 2, 5, []), 'cde')
  t.end()
})

t.test('completion', (t) => {
  const known = {
    commands: ['!enter', '!exit', '/quit'],
    nicks: ['bob', 'Bill', 'ann'],
    rooms: ['tea', 'Anchor'],
  }
  const rows: Readonly<Record<string, readonly string[]>> = {
    '!e': ['!enter', '!exit'],
    '!en': ['!enter '],
    '!EN': ['!enter '],
    'now !en': [],
    bo: ['bob '],
    'hello bi': ['Bill '],
    '#b': ['#Bill', '#bob'],
    '@te': ['@tea '],
    '!enter an': ['Anchor', 'ann'],
    'x ': ['Anchor', 'Bill', 'ann', 'bob', 'tea'],
    zoe: [],
  }
  for (const [text, expected] of Object.entries(rows)) {
    t.same(complete(text, known).candidates, expected, text)
  }
  t.equal(complete('hello bi', known).word, 'bi')
  const stuck = Object.keys(rows).filter((text) => {
    const found = complete(text, known)
    return found.candidates.length > 1 && isStuck(found)
  })
  t.same(stuck, ['!e', '#b', '!enter an', 'x '])
  t.equal(isStuck({ word: 'a', candidates: ['abc', 'abd'] }), false)
  t.equal(isStuck({ word: 'ab', candidates: ['ab', 'abd'] }), true)
  t.end()
})

t.test('pastes, however they are cut', (t) => {
  const typed = (text: string) => ({ text, pasted: false })
  const pasted = (text: string) => ({ text, pasted: true })
  const rows: readonly (readonly [string, ...{ text: string; pasted: boolean }[]])[] = [
    ['abc\r\t\x1b[A\x03', typed('abc\r\t\x1b[A\x03')],
    ['a\x1b[200~b\tc\r\nd\ne\r\rf\x1b[201~g\t', typed('a'), pasted('b c\rd\re\r\rf'), typed('g\t')],
    ['\x1b[200~\x03\x1b[31mred\x7f\x9b\x1b[201~\x03', pasted('[31mred'), typed('\x03')],
    ['\x1b[200~a\x1b[20x\r\x1b[201~\x1b[200~b\x1b[201~', pasted('a[20x\rb')],
    ['\x1b[2~\x1b[201~', typed('\x1b[2~\x1b[201~')],
  ]
  for (const [text, ...expected] of rows) {
    for (let size = 1; size <= text.length; size++) {
      // A lone ESC is a key of its own, so it is never held back.
      const chunks = text.match(new RegExp(`(?:\\x1b(?=\\[20)[^]|[^]){1,${size}}`, 'g')) ?? []
      const pastes = new Pastes()
      const parts: { text: string; pasted: boolean }[] = []
      for (const part of chunks.flatMap((chunk) => pastes.split(chunk))) {
        const last = parts.at(-1)
        if (last?.pasted === part.pasted) last.text += part.text
        else parts.push({ ...part })
      }
      t.same(parts, expected, JSON.stringify([text, size]))
    }
  }
  t.end()
})

t.test('what becomes of what is heard', (t) => {
  const said = (over: object): Heard => {
    return { type: 'said', from: 'bob', text: 'hi', shown: ['bob: hi'], ...over }
  }
  const look = lookOf('bob')
  t.same(linesOf(said({})), [{ text: 'bob: hi', spans: [{ start: 0, end: 3, look }] }])
  t.same(linesOf(said({ shown: ['@bob bob: hi', 'ho'], room: 'bob' })), [
    { text: '@bob bob: hi', spans: [{ start: 5, end: 8, look }] },
    { text: 'ho', spans: [] },
  ])
  t.same(
    linesOf(said({ shown: ['hi'] })),
    [{ text: 'hi', spans: [] }],
    'a client that shows no names',
  )
  const refused: Heard = { type: 'problem', text: 'no', shown: ['!error no'] }
  t.same(linesOf(refused)[0]?.spans, [{ start: 0, end: 9, look: '31' }])
  t.same(linesOf({ type: 'came', nick: 'bob', shown: ['bob came'] })[0]?.spans[0]?.look, '2')
  t.same(
    linesOf({ type: 'note', shown: ['a', 'b'] }).map(({ spans }) => spans),
    [[], []],
  )
  t.same(linesOf({ type: 'note', local: true, shown: ['a'] })[0]?.spans[0]?.look, '2')
  t.same(withTime({ text: 'ab', spans: [{ start: 0, end: 1, look }] }, 65 * 60_000), {
    text: '01:05 ab',
    spans: [
      { start: 0, end: 6, look: '2' },
      { start: 6, end: 7, look },
    ],
  })
  t.match(unreadRule(0).text, /^─+ unread since 00:00 ─+$/)

  const named: Readonly<Record<string, boolean>> = {
    alice: true,
    'hi Alice!': true,
    '@alice: see': true,
    'it was alice.': true,
    malice: false,
    alices: false,
    'alice-2 is here': false,
    'no one': false,
  }
  for (const [text, expected] of Object.entries(named)) {
    t.equal(concerns(said({ text }), 'alice'), expected, text)
  }
  t.equal(concerns(said({ private: true }), 'alice'), true)
  t.equal(concerns(said({ from: 'alice', text: 'alice' }), 'alice'), false)
  t.equal(concerns({ type: 'note', shown: ['alice'] }, 'alice'), false)
  t.end()
})
