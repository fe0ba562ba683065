// PROTOCOL.md against the program and spec/line: its grammar, examples, tables, rules and links.

import { readFileSync, readdirSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { readTranscripts } from '../lib/check/read.js'
import type { Transcript } from '../lib/check/transcript.js'
import type { Refusal, RefusalCode } from '../lib/core/index.js'
import { line } from '../lib/dialects/line/index.js'
import { LIMITS } from '../lib/host/limits.js'
import { Grammar } from './support/grammar.js'
import { judgeClientLine, judgeServerLine } from './support/line-grammar.js'
import { LineHouse } from './support/line-house.js'
import { readProtocol, type ExampleLine } from './support/protocol-document.js'
import { show } from './support/show.js'
import { receivedLines, sentLines } from './support/spoken.js'

const protocol = readProtocol('PROTOCOL.md')
const grammar = new Grammar(protocol.abnf)

const folder = 'spec/line/'
const transcripts: readonly Transcript[] = readdirSync(folder)
  .sort()
  .flatMap((file) => readTranscripts(readFileSync(folder + file, 'utf8'), file))

const TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/u

/** The house in which examples take place: whoever `client` is has only connected, the others are registered. */
function houseOf(example: readonly ExampleLine[]): LineHouse {
  const house = new LineHouse()
  for (const actor of new Set(example.map((step) => step.actor))) {
    const [first] = example.filter((step) => step.actor === actor && step.sent)
    if (actor === 'client' || first?.text === actor) house.connect(actor)
    else house.with(actor)
  }
  return house
}

t.test('the program does what the examples show', (t) => {
  const operators = /^!(?:motd|announce) /u
  for (const example of protocol.examples) {
    if (example.some(({ text }) => operators.test(text))) continue
    const house = houseOf(example)
    for (const { actor, sent, text } of example) {
      if (sent) house.send(actor, text)
      else t.equal(house.next(actor)?.replace(TIME, 'TIME'), text.replace(TIME, 'TIME'), show(text))
    }
    for (const { actor } of example)
      t.strictSame(
        house.take(actor).filter((heard) => heard !== 'closed'),
        [],
        actor,
      )
  }
  t.end()
})

t.test('every line shown is in the grammar, and every rule of the grammar is shown', (t) => {
  const shown = [
    ...protocol.examples.flat().map(({ sent, actor, text }) => {
      return sent
        ? judgeClientLine(grammar, actor !== 'client', text)
        : judgeServerLine(grammar, text)
    }),
    ...transcripts.flatMap(sentLines).flatMap((text) => {
      return [judgeClientLine(grammar, true, text), judgeClientLine(grammar, false, text)]
    }),
    ...transcripts
      .flatMap(({ steps }) => steps.flatMap(receivedLines))
      .map((text) => judgeServerLine(grammar, text)),
  ]
  t.strictSame(
    shown.flatMap(({ complaints }) => complaints),
    [],
  )
  const used = new Set(shown.flatMap((verdict) => verdict.used))
  t.strictSame(
    grammar.rules.filter((rule) => !used.has(rule)),
    [],
    'no rule is left over',
  )
  t.end()
})

t.test('the grammar refuses what is none', (t) => {
  const none: readonly (readonly [string, string])[] = [
    ['newcomer-line', 'al ice\r\n'],
    ['newcomer-line', 'été\r\n'],
    ['newcomer-line', '!users\r\n'],
    ['newcomer-line', `${'a'.repeat(51)}\r\n`],
    ['user-line', 'hello'],
    ['user-line', 'a\u0007b\r\n'],
    ['user-line', '#bob\r\n'],
    ['user-line', '@tea  \r\n'],
    ['user-line', '@a,b hi\r\n'],
    ['user-line', '!\r\n'],
    ['user-line', '!user\r\n'],
    ['user-line', '!enter a b\r\n'],
    ['user-line', '!echo onoff\r\n'],
    ['user-line', '!history tea 1234567890\r\n'],
    ['server-line', 'alice bob\n'],
    ['server-line', 'alice  bob\r\n'],
    ['server-line', 'alice:hello\r\n'],
    ['server-line', '#alice hello\r\n'],
    ['server-line', '@tea hello\r\n'],
    ['server-line', '@two words alice: hello\r\n'],
    ['server-line', '!error\r\n'],
    ['server-line', '!error Bad-Nick No.\r\n'],
    ['server-line', '!ERROR bad-nick No.\r\n'],
    ['server-line', '!version partyline\r\n'],
    ['server-line', '!notice entered tea\r\n'],
    ['server-line', '!history 2026-03-14 @tea alice: x\r\n'],
    ['server-line', '!nothing known\r\n'],
    ['server-line', 'alice: \u001b[2J\r\n'],
    ['server-line', 'alice: one\r\nbob: two\r\n'],
  ]
  for (const [rule, text] of none) t.notOk(grammar.match(rule, text), `${rule} ${show(text)}`)
  t.end()
})

t.test('the program and the grammar agree about any line', (t) => {
  const piece = fc.constantFrom(
    ...[
      '!',
      '#',
      '@',
      ' ',
      '  ',
      'me',
      'a',
      'Z9',
      ',',
      ':',
      '.',
      'é',
      '\u00a0',
      '\t',
      '\u200b',
      '7',
    ],
    ...['!users', '!Enter', '!leave', '!ROOMS', '!members', '!help', '!ping', '!history', '!echo'],
    ...[
      '!version',
      '!notices',
      'on',
      'OFF',
      'General',
      'enter',
      '\u3000',
      '\u{1f407}',
      '/',
      '1234567890',
    ],
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), fc.boolean(), (pieces, named) => {
      const { complaints } = judgeClientLine(grammar, named, pieces.join(''))
      if (complaints.length > 0) throw new Error(complaints.join('\n'))
    }),
    { numRuns: 2000 },
  )
  t.pass('2,000 lines')
  t.end()
})

t.test('the table of limits is the program’s', (t) => {
  const rows = protocol.table('Option of this server')
  const documented = rows.map(([option, value]) => [option, value])
  const actual = Object.entries(LIMITS).map(([name, { default: value, unit }]) => {
    const option = name.replace(/[A-Z]/gu, (letter) => `-${letter.toLowerCase()}`)
    return [`--${option}`, `${value} ${unit}`]
  })
  t.strictSame(documented.sort(), actual.sort())
  for (const [option, value = '', minimum = ''] of rows) {
    t.ok(Number(minimum) <= Number.parseInt(value), `${String(option)}: the default is enough`)
  }
  t.end()
})

/** What this dialect never refuses: its lines make no room that must not stand, switch none, and have no frames. */
type ForeignCode =
  | 'room-exists'
  | 'already-in-room'
  | 'in-no-room'
  | 'lobby-stays'
  | 'name-too-long'
  | 'text-too-long'
  | 'bad-frame'
  | 'bad-message'
  | 'wrong-sender'

t.test('the table of errors is the program’s', (t) => {
  const { voice } = line.open()
  // Each with the values that the document's example has.
  const refusals: {
    readonly [Code in Exclude<RefusalCode, ForeignCode>]: Refusal & { code: Code }
  } = {
    'bad-nick': { code: 'bad-nick', maxLength: 50 },
    'nick-in-use': { code: 'nick-in-use', nick: 'alice' },
    'too-many-failures': { code: 'too-many-failures', max: 10 },
    'registration-timeout': { code: 'registration-timeout', seconds: 60 },
    'registration-too-long': { code: 'registration-too-long', maxBytes: 4096 },
    'wrong-protocol': { code: 'wrong-protocol', protocol: 'HTTP' },
    'unknown-nick': { code: 'unknown-nick', nick: 'zoe' },
    'no-private': { code: 'no-private', nick: 'bob' },
    'bad-room': { code: 'bad-room', maxBytes: 50 },
    'unknown-room': { code: 'unknown-room', room: 'tea' },
    'not-in-room': { code: 'not-in-room', room: { title: 'tea', word: 'tea' }, nick: 'alice' },
    'too-many-rooms': { code: 'too-many-rooms', scope: 'joined', max: 20 },
    'unknown-command': { code: 'unknown-command', command: '!shout' },
    'missing-argument': { code: 'missing-argument', usage: '#nick text' },
    'bad-argument': { code: 'bad-argument', usage: '!users' },
    'too-long': { code: 'too-long', maxBytes: 2048 },
    'bad-text': { code: 'bad-text' },
    'unfinished-line': { code: 'unfinished-line' },
    'server-full': { code: 'server-full', max: 1000 },
    'crowded-out': { code: 'crowded-out', max: 256 },
    'too-many-connections': { code: 'too-many-connections', max: 64 },
    'connecting-too-fast': { code: 'connecting-too-fast', max: 120 },
    'too-slow': { code: 'too-slow' },
    idle: { code: 'idle', minutes: 30 },
    kicked: { code: 'kicked', reason: 'lunch' },
    'shutting-down': { code: 'shutting-down' },
    internal: { code: 'internal' },
  }
  const rows = protocol.table('Code')
  const documented = rows.map(([code = '', , , sentence = '']) => `!error ${code} ${sentence}\r\n`)
  const actual = Object.values(refusals).map((refusal) =>
    voice.render({ type: 'refused', refusal }, 0)?.toString(),
  )
  t.strictSame(documented.sort(), actual.sort())
  for (const [code = '', , connection = ''] of rows) {
    t.match(connection, /^(?:kept|closed|kept; closed if it never ends)$/u, code)
  }
  t.end()
})

t.test('every rule has a transcript, and every transcript a rule', (t) => {
  const ids = protocol.rules.map(({ id }) => id)
  t.strictSame(ids, [...new Set(ids)], 'no rule stands twice')
  const known = new Set(ids)
  for (const { id, rules } of transcripts) {
    t.not(rules.length, 0, `${id} shows some rule`)
    const unknown = rules.filter((rule) => !known.has(rule))
    t.strictSame(unknown, [], `${id} shows rules that exist`)
  }
  const index = ids
    .map((rule) => [
      rule,
      transcripts
        .filter(({ rules }) => rules.includes(rule))
        .map(nameOf)
        .join(' '),
    ])
    .filter(([, names]) => names !== '')
  t.strictSame(protocol.table('Rule'), index, 'appendix B lists them')
  const shown = new Set(transcripts.flatMap(({ rules }) => rules))
  for (const { id, checkedIn } of protocol.rules) {
    if (checkedIn === undefined) t.ok(shown.has(id), `${id} has a transcript`)
    else t.ok(readFileSync(checkedIn, 'utf8').includes(`'${id}: `), `${id} is in ${checkedIn}`)
  }
  t.end()
})

function nameOf({ id }: Transcript): string {
  return id
}

t.test('links within the document lead somewhere', (t) => {
  for (const link of protocol.links) t.ok(protocol.anchors.includes(link), link)
  t.end()
})
