// The reader and the player of transcripts: every notation, every flaw, every kind of failure, and
// servers that are wrong on purpose.

import { readFileSync } from 'node:fs'
import t from 'tap'
import type { Arena } from '../lib/check/arena.js'
import { flawText, type Outcome } from '../lib/check/failure.js'
import { Inbox } from '../lib/check/inbox.js'
import { exactly, fits, pattern } from '../lib/check/pattern.js'
import { Watch } from '../lib/check/idle.js'
import { liveArena } from '../lib/check/live.js'
import { play } from '../lib/check/play.js'
import { readTranscripts } from '../lib/check/read.js'
import { socketArena } from '../lib/check/sockets.js'
import { NATIVE } from '../lib/check/tongue.js'
import { bytesOf, bytesOfStrings } from '../lib/check/text.js'
import { shown } from '../lib/wire/shown.js'
import type { Step, Transcript } from '../lib/check/transcript.js'
import { WIRINGS, wired, type Wiring } from '../lib/check/wiring.js'
import { line } from '../lib/dialects/line/index.js'
import { coreArena } from './support/core-arena.js'
import { PING, failureText } from './support/playing.js'
import { smallServer, type Mistake } from './support/small-server.js'
import { randomChunks, wireArena } from './support/wire-arena.js'

/** The transcript with these lines. */
function chat(...lines: readonly string[]): Transcript {
  const [transcript] = readTranscripts(['```chat id=test', ...lines, '```'].join('\n'), 'test.md')
  if (transcript === undefined) throw new Error('no transcript')
  return transcript
}

const ANY_PATIENCE = { answer: 1000, quiet: 100 }

/** Fails the test on whatever a notation refuses. */
function never(message: string): void {
  throw new Error(message)
}

t.test('the parts of a letter are read one by one, as far as a line is about them', async (t) => {
  const server = await smallServer('none')
  t.teardown(() => server.close())
  const arena = liveArena(server.address, new Watch(server.address.port), ANY_PATIENCE)
  const ear = { heard: () => undefined, ended: () => undefined }
  const link = await arena.connect(ear, 'alice', NATIVE)
  const waits = t.capture(arena, 'catchUp', () => Promise.resolve())
  const rows: readonly (readonly [text: string, waits: number])[] = [
    ['alice', 0],
    ['été', 1 + 2],
    ['日本語, 👋', 1 + 6 + 3],
    ['é'.repeat(40), 1 + 16],
    ['é', 1 + 1],
  ]
  for (const [text, count] of rows) {
    for (const byte of Buffer.from(`${text}\r\n`)) await link.send(Buffer.of(byte))
    t.equal(waits().length, count, text)
  }
  link.reset()
})

t.test('who has gone hears no end of a line', (test) => {
  const inbox = new Inbox()
  inbox.receive(Buffer.from('You are in tea.\r\nYou are i'))
  inbox.ignore()
  inbox.receive(Buffer.from('n coffee.\r\n'))
  test.same(
    inbox.lines.map(({ bytes }) => String(bytes)),
    ['You are in tea.'],
  )
  test.equal(inbox.unfinished.length, 0)
  test.end()
})

t.test('a document', (test) => {
  const file = 'test/fixtures/transcripts.md'
  const transcripts = readTranscripts(readFileSync(file, 'utf8'), file)
  const [first, second, third, last, ...others] = transcripts
  test.same(others, [], 'blocks in other languages and within other blocks are left alone')
  test.match(first, {
    id: 'without-heading-rule',
    title: 'A document',
    rules: [],
    level: 'MUST',
    hints: [],
    needs: [],
    exclusive: false,
    strictLineEnds: false,
    file,
    line: 5,
    flaws: [],
  })
  test.match(second, {
    id: 'lines-2',
    title: 'Lines come whole',
    rules: ['LINE-2'],
    level: 'SHOULD',
    stage: 'lines',
    points: 2.5,
    hints: ['Keep one buffer for each connection.', 'Act only when it holds a line end.'],
    needs: ['bytes', 'sockets'],
    exclusive: true,
    strictLineEnds: true,
    steps: [
      { type: 'join', actors: ['alice', 'bob'], line: 18, source: 'with alice, bob' },
      { type: 'send', form: 'fragment', line: 19 },
    ],
    flaws: [],
  })
  test.match(third, {
    title: 'An anchor that names no rule',
    rules: ['LINE-3', 'LINE-4.1'],
    level: 'MAY',
    steps: [{ bytes: Buffer.from('issue # 4  # 5') }],
    flaws: [],
  })
  test.match(last, { id: 'last', title: 'An anchor that names no rule', rules: [] })
  test.same(readTranscripts('no blocks', file), [])
  test.end()
})

t.test('every step', (test) => {
  const text = (source: string): object => ({ type: 'exact', bytes: Buffer.from(source) })
  const like = (source: string): object => pattern(source, never)
  const table: readonly (readonly [readonly string[], object])[] = [
    [['with alice, bob,carol'], { type: 'join', actors: ['alice', 'bob', 'carol'] }],
    [['alice connects'], { type: 'connect', actor: 'alice' }],
    [['alice leaves'], { type: 'leave', actor: 'alice' }],
    [['alice half-closes'], { type: 'halfClose', actor: 'alice' }],
    [['alice resets'], { type: 'reset', actor: 'alice' }],
    [['alice stops reading'], { type: 'stopReading', actor: 'alice' }],
    [['alice resumes'], { type: 'resume', actor: 'alice' }],
    [['alice reconnects'], { type: 'rejoin', actor: 'alice' }],
    [['idle 31s'], { type: 'idle', milliseconds: 31_000 }],
    [['settle   # all done'], { type: 'settle', source: 'settle' }],
    [['alice > hi'], { type: 'send', actor: 'alice', form: 'line', bytes: Buffer.from('hi') }],
    [['alice   >   hi  # now'], { form: 'line', bytes: Buffer.from('  hi') }],
    [['alice >'], { form: 'line', bytes: Buffer.from('') }],
    [['alice > #bob hi #1 # 2'], { bytes: Buffer.from('#bob hi #1 # 2') }],
    [['alice > \\x20hi\\x20'], { bytes: Buffer.from(' hi ') }],
    [['alice > é \\xff'], { bytes: Buffer.from([0xc3, 0xa9, 0x20, 0xff]) }],
    [['alice >| hel'], { form: 'fragment', bytes: Buffer.from('hel') }],
    [['alice >> "a\\r\\nb" ^D {"c" x 3}'], { form: 'raw', bytes: Buffer.from('a\r\nb\x04ccc') }],
    [['alice >> ^C'], { bytes: Buffer.from('fff4fffd06', 'hex') }],
    [['alice >> ^Z ^\\ ^]'], { bytes: Buffer.from('ffedfffd06fff3fffd061d', 'hex') }],
    [['bob < alice: hi'], { type: 'line', actor: 'bob', expected: text('alice: hi') }],
    [['bob <'], { type: 'line', expected: text('') }],
    [['bob < {any} "x"'], { expected: text('{any} "x"') }],
    [['bob <~ {any}'], { type: 'line', expected: like('{any}') }],
    [['bob < nothing'], { type: 'silence' }],
    [['bob <~ nothing'], { type: 'line', expected: like('nothing') }],
    [['bob < closed'], { type: 'ending', accepts: ['closed'] }],
    [['bob < reset'], { type: 'ending', accepts: ['reset'] }],
    [['bob < closed or reset'], { type: 'ending', accepts: ['closed', 'reset'] }],
    [['bob <| "\\xff\\xfc\\x06"'], { type: 'telnet', bytes: Buffer.from('fffc06', 'hex') }],
    [['bob <| nothing'], { type: 'telnet', bytes: Buffer.alloc(0) }],
    [
      ['bob < in any order:', '  #alice: a', '', '  # no line', '    {b}'],
      { type: 'lines', expected: [text('#alice: a'), text('  {b}')] },
    ],
    [['bob <~ in any order:', '  {int}'], { type: 'lines', expected: [like('{int}')] }],
    [
      ['together:', '  alice > a', '  bob >> "b"'],
      { type: 'together', sends: [{ form: 'line' }, { form: 'raw' }] },
    ],
    [
      [
        'either:',
        '  a < x',
        'or:',
        '  a < in any order:',
        '    y',
        'or (SHOULD NOT):',
        '  b < closed',
      ],
      {
        type: 'either',
        branches: [
          { proper: true, steps: [{ type: 'line' }] },
          { proper: true, steps: [{ type: 'lines', expected: [text('y')] }] },
          { proper: false, steps: [{ type: 'ending' }] },
        ],
      },
    ],
  ]
  for (const [lines, expected] of table) {
    const { steps, flaws } = chat(...lines)
    test.same(flaws.map(flawText), [], lines.join(' / '))
    test.equal(steps.length, 1)
    test.match(steps[0], expected)
  }
  const { steps } = chat('either:', '  a < x', 'settle', 'either:', '  a < y')
  test.same(
    steps.map(({ type }) => type),
    ['either', 'settle', 'either'],
    'a group ends where the margin begins again',
  )
  test.end()
})

t.test('flaws', (test) => {
  const table: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /^test.md:1: There are no steps/],
    [['alice says hi'], /^test.md:2: This is no step. Write one of: with alice, bob · /],
    [['with alice', 'wait 300ms'], /^test.md:3: This is no step/],
    [['alice >hi'], /This is no step/],
    [['with alice bob'], /This is no step/],
    [['1alice > x'], /This is no step/],
    [['or:', '  a < x'], /This is no step/],
    [['needs'], /This is no step/],
    [['  alice > hi'], /Only the lines of a group are indented/],
    [['together:', '  a > x', '    b > y'], /^test.md:4: Only the lines of a group/],
    [['together:'], /The group is empty/],
    [['either:', 'or:', '  a < x'], /The group is empty/],
    [['bob < in any order:', 'bob < a'], /The group is empty/],
    [['together:', '  a < x'], /A group of together: takes only steps such as alice > text/],
    [['either:', '  a > x'], /A group of either: and or: takes only steps such as alice < text/],
    [['alice > \\q'], /There is no escape \\q. Write one of \\xNN/],
    [['alice > \\'], /There is no escape/],
    [['alice > {"a" x 99999999}'], /That is too long/],
    [['alice >> hi'], /hi is neither a string nor a key/],
    [['alice >> ^c'], /neither a string nor a key/],
    [['alice >>'], /There are no bytes here/],
    [['alice <| "x"'], /<\| takes telnet commands/],
    [['alice <~ {'], /A brace is not closed. Write {any}/],
    [['alice <~ {whatever}'], /{whatever} means nothing in a pattern. Write {any}/],
    [['alice <~ {re:(}'], /{re:\(} means nothing/],
    [['idle 0s'], /This is no step/],
    [['alice <~ {set:}'], /{set:} means nothing/],
    [['alice <~ \\xff'], /these bytes are not UTF-8/],
    [['hint:', 'settle'], /hint: takes a text/],
    [['needs: a b', 'settle'], /needs: takes words/],
    [['exclusive: no', 'settle'], /exclusive: takes yes/],
    [['eol: lf', 'settle'], /eol: takes strict/],
  ]
  for (const [lines, expected] of table) {
    const { flaws } = chat(...lines)
    test.ok(flaws.length > 0, lines.join(' / '))
    test.match(flaws.map(flawText).join('\n'), expected)
  }
  const fences: readonly (readonly [string, RegExp])[] = [
    ['```chat', /The block has no name/],
    ['```chat id=a/b', /id=a\/b is not allowed: id= takes letters/],
    ['```chat id=a rule=line', /rule=line is not allowed/],
    ['```chat id=a level=must', /level=must is not allowed: level= takes MUST, SHOULD, MAY/],
    ['```chat id=a stage=', /stage= is not allowed/],
    ['```chat id=a points=-1', /points=-1 is not allowed/],
    ['```chat id=a colour=red', /colour=red means nothing on a fence. Write id= rule=/],
    ['```chat id=a red', /red means nothing/],
  ]
  for (const [fence, expected] of fences) {
    const [transcript] = readTranscripts(`\n${fence}\nsettle\n\`\`\``, 'test.md')
    test.match(transcript?.flaws.map(flawText), [/^test.md:2: /], fence)
    test.match(transcript?.flaws.map(flawText), [expected])
  }
  const [open] = readTranscripts('```chat id=a\nsettle\n', 'test.md')
  test.match(open?.flaws, [{ line: 1, message: /The block has no end/ }])
  const twice = '```chat id=a\nsettle\n```\n'
  const [, second] = readTranscripts(twice + twice, 'test.md')
  test.match(second?.flaws, [{ line: 4, message: /id=a is taken/ }])
  test.end()
})

t.test('patterns', (test) => {
  const table: readonly (readonly [string, string, boolean])[] = [
    ['* {any} joined', '* bob joined', true],
    ['* {any} joined', '*  joined', true],
    ['* {any} joined', 'x * bob joined', false],
    ['{any}!', 'hi!!', true],
    ['{word} {int}', 'a-b 12', true],
    ['{word} {int}', 'a b 12', false],
    ['{int}', '-1', false],
    ['{re:[0-9]{3}|x}', '123', true],
    ['{re:[0-9]{3}|x}', '12', false],
    ['{re:[0-9]{3}|x}!', 'x!', true],
    ['users: {set: alice, bob}', 'users: bob, alice', true],
    ['users: {set: alice, bob}', 'users: bob alice', true],
    ['users: {set: alice, bob}', 'users: bob bob', false],
    ['users: {set: alice, bob}', 'users: alice bob carol', false],
    ['{set: a, a, b}', 'a b a', true],
    ['{set: a} {any}', 'a b', true],
    ['{a:word} {=a}', 'x x', false],
    ['(a.b)*[c]$^', '(a.b)*[c]$^', true],
    ['(a.b)', '(axb)', false],
    ['\\{any\\} \\x41', '{any} A', true],
    ['{"ab" x 3}{word}', 'abababc', true],
    ['é{any}', 'éa', true],
    ['', '', true],
  ]
  for (const [source, text, expected] of table) {
    const found = fits(pattern(source, never), Buffer.from(text), new Map())
    test.equal(found !== undefined, expected, `${source} and ${text}`)
  }
  const memory = fits(pattern('id {id:word}', never), Buffer.from('id a.b'), new Map())
  test.same(memory, new Map([['id', 'a.b']]))
  const again = pattern('{=id}!', never)
  test.ok(memory && fits(again, Buffer.from('a.b!'), memory))
  test.notOk(memory && fits(again, Buffer.from('axb!'), memory))
  test.notOk(fits(pattern('{any}', never), Buffer.of(0xff), new Map()), 'bad UTF-8 fits no pattern')
  test.ok(fits(exactly('\\xff', never), Buffer.of(0xff), new Map()))
  test.notOk(fits(exactly('\\xff', never), Buffer.of(0xfe), new Map()))
  test.end()
})

t.test('bytes', (test) => {
  test.same(bytesOf('\\r\\n\\t\\0\\\\\\"\\#\\{\\}\\x7f', never), Buffer.from('\r\n\t\0\\"#{}\x7f'))
  test.same(bytesOf('{"\\"}" x 2}{"a"}', never), Buffer.from('"}"}{"a"}'))
  test.same(bytesOf('{"" x 5}', never), Buffer.alloc(0))
  test.same(bytesOfStrings('"a b""c"  ^A', never), Buffer.from('a bc\x01'))
  test.equal(shown(Buffer.from('é\r\\\x80 ')), 'é\\r\\\\\\xc2\\x80\\x20')
  test.equal(shown(Buffer.of(0x41, 0xff, 0x0a)), 'A\\xff\\n')
  test.match(shown(Buffer.alloc(4096, 'a')), /^a{120}… \(4096 bytes\)$/)
  test.end()
})

t.test('an inbox', (test) => {
  const bytes = Buffer.from(
    'one\r\n\xff\xfc\x06two\ndo\xff\xfarest\xff\xf0ne\n\xff\xff\xff\x41\xff\xf6\r\nend\xff\xfb',
    'latin1',
  )
  for (const chunk of [bytes.length, 1, 2, 3]) {
    const inbox = new Inbox()
    for (let at = 0; at < bytes.length; at += chunk) inbox.receive(bytes.subarray(at, at + chunk))
    test.same(
      inbox.lines.map((received) => [received.bytes.toString('latin1'), received.crlf]),
      [
        ['one', true],
        ['two', false],
        ['done', false],
        ['\xff\xffA', true],
      ],
      'lines without telnet commands',
    )
    test.equal(inbox.telnet.toString('latin1'), '\xff\xfc\x06\xff\xfarest\xff\xf0\xff\xf6')
    test.equal(inbox.unfinished.toString('latin1'), 'end\xff\xfb')
    test.notOk(inbox.takeOut('three'))
    test.ok(inbox.takeOut('two'))
    inbox.take(1, 3)
    test.equal(inbox.lines.length, 2)
    test.equal(inbox.telnet.length, 10)
    inbox.ignore()
    inbox.receive(Buffer.from('unheard\n'))
    test.equal(inbox.lines.length, 2)
    inbox.close('closed')
    inbox.close('reset')
    test.equal(inbox.end, 'closed', 'a connection ends once')
  }
  test.end()
})

t.test('wirings', (test) => {
  const { steps } = chat('a > x', 'a >| y', 'b > z', 'together:', '  a > 1', '  a > 2', '  b > 3')
  const sent = (wiring: Wiring): readonly string[] =>
    wired(steps, wiring)
      .flatMap((step): readonly Step[] => (step.type === 'together' ? step.sends : [step]))
      .map((step) =>
        step.type === 'send' ? `${step.actor} ${step.form} ${step.bytes.toString()}` : step.type,
      )
  const { lf, crlf, bytewise, merged } = WIRINGS
  test.same(sent(lf), [
    'a raw x\n',
    'a fragment y',
    'b raw z\n',
    'a raw 1\n',
    'a raw 2\n',
    'b raw 3\n',
  ])
  test.same(sent(merged), ['a fragment x\r\ny', 'b raw z\r\n', 'a raw 1\r\n2\r\n', 'b raw 3\r\n'])
  test.same(sent(bytewise), sent(crlf))
  test.same(
    bytewise.cut(Buffer.from('abc')),
    ['a', 'b', 'c'].map((byte) => Buffer.from(byte)),
  )
  const long = Buffer.alloc(100_000, 'abcdefg')
  test.equal(bytewise.cut(long).length, 2 * 4096 + 1)
  test.same(Buffer.concat(bytewise.cut(long)), long)
  const some = randomChunks(7, 5)(long)
  test.same(Buffer.concat(some), long)
  test.same(randomChunks(7, 5)(long), some, 'the same seed cuts in the same places')
  test.ok(some.every(({ length }) => length >= 1 && length <= 5))
  test.end()
})

/** Plays lines against the core, in a wiring. */
async function playLines(
  lines: readonly string[],
  wiring: Wiring = WIRINGS.lf,
  arena: Arena = coreArena(line),
): Promise<Outcome> {
  return play(chat(...lines), { arena, wiring, fence: PING, patience: 0 })
}

/** The text of the failure that an outcome is. */
function textOf(outcome: Outcome): string {
  return outcome.type === 'failed' ? failureText(outcome.failure) : outcome.type
}

t.test('what a right server passes', async (test) => {
  const table: readonly (readonly string[])[] = [
    ['alice connects', 'alice < nothing', 'alice <| nothing'],
    ['with alice, bob', 'alice > hi', 'alice > ho', 'bob < alice: hi', 'bob < alice: ho', 'settle'],
    ['with alice, bob', 'alice >| h', 'bob < nothing', 'alice >> "i\\n"', 'bob < alice: hi'],
    ['with alice', 'alice > !ping x', 'alice < !pong x', 'alice half-closes', 'alice < closed'],
    ['with alice', 'alice half-closes'],
    ['with alice, bob', 'bob leaves', 'alice > !users', 'alice < alice', 'bob reconnects'],
    ['with alice, bob', 'bob resets', 'alice > !users', 'alice < alice', 'bob connects'],
    ['with alice, bob', 'bob stops reading', 'alice > hi', 'bob resumes', 'bob < alice: hi'],
    ['with alice', 'bob > alice', 'bob <~ !error nick-in-use {any}', 'bob < closed or reset'],
    [
      'with alice, bob',
      'together:',
      '  alice > 1',
      '  alice > 2',
      '  bob > 3',
      'bob < in any order:',
      '  alice: 2',
      '  alice: 1',
      'alice <~ in any order:',
      '  bob: {int}',
    ],
    [
      'with alice, bob, carol',
      'alice > {"a" x 20}',
      'bob < alice: {"a" x 20}',
      'either:',
      '  carol < something else',
      'or:',
      '  carol <~ {who:word}: {any}',
      'bob > 2',
      'alice < bob: 2',
      'carol < bob: 2',
    ],
    ['with alice', 'alice > a', 'eol > b', 'alice > !help ping', 'alice <~ !help {any}'],
  ]
  for (const lines of table) {
    for (const wiring of Object.values(WIRINGS)) {
      test.equal(textOf(await playLines(lines, wiring)), 'passed', lines.join(' / '))
    }
    const arena = wireArena(line, randomChunks(7, 3))
    const setting = { arena, wiring: WIRINGS.merged, fence: PING, patience: 5000 }
    test.equal(textOf(await play(chat(...lines), setting)), 'passed')
  }
  const improper = await playLines([
    'with alice',
    'alice > !ping',
    'either:',
    '  alice < !PONG',
    'or (SHOULD NOT):',
    '  alice < !pong',
  ])
  test.match(improper, { type: 'passed', improper: [{ source: 'alice < !pong' }] })
})

t.test('what is noticed', async (test) => {
  const two = 'with alice, bob'
  const table: readonly (readonly [readonly string[], string])[] = [
    [[two, 'alice > x', 'bob < alice: y'], 'bob < alice: y | "alice: y" | bob: "alice: x"'],
    [[two, 'bob < alice: y'], 'bob < alice: y | "alice: y" | bob: nothing'],
    [[two, 'alice > x'], 'the end | nothing more for bob | "alice: x"'],
    [[two, 'alice > x', 'settle', 'bob < alice: x'], 'settle | nothing more for bob | "alice: x"'],
    [[two, 'alice > x', 'bob < nothing'], 'bob < nothing | nothing | bob: "alice: x"'],
    [[two, 'alice > x', 'bob < closed'], 'bob < closed | closed | bob: "alice: x"'],
    [[two, 'bob < closed'], 'bob < closed | closed | bob: nothing'],
    [[two, 'bob < closed or reset'], 'bob < closed or reset | closed or reset | bob: nothing'],
    [['with a', 'a > !quit', 'a < !goodbye a'], 'the end | nothing more for a | closed'],
    [['with a', 'a > !quit', 'a < !goodbye a', 'a < more'], 'a < more | "more" | a: closed'],
    [['with a', 'a > !quit', 'a < !goodbye a', 'a < reset'], 'a < reset | reset | a: closed'],
    [
      [two, 'alice > x', 'bob <~ {w:word} {int}{re:a}{set: a, b}{=w}'],
      'bob <~ {w:word} {int}{re:a}{set: a, b}{=w} | a line like "{word} {int}…a b…", the names in any order | bob: "alice: x"',
    ],
    [[two, 'bob <~ {any}'], 'bob <~ {any} | a line | bob: nothing'],
    [
      [two, 'alice > x', 'alice > y', 'bob < in any order:', '  alice: x', '  alice: x'],
      'bob < in any order: | in any order: "alice: x", "alice: x" | bob: "alice: x", "alice: y"',
    ],
    [
      [two, 'alice > x', 'bob < in any order:', '  alice: x', '  alice: y'],
      'bob < in any order: | in any order: "alice: x", "alice: y" | bob: "alice: x"',
    ],
    [
      [two, 'alice > x', 'either:', '  bob < y', '  alice < z', 'or:', '  bob < closed'],
      'either: | "y", then "z"; or closed | bob: "alice: x"; alice: nothing',
    ],
    [
      [two, 'alice <| "\\xff\\xfc\\x06"'],
      'alice <| "\\xff\\xfc\\x06" | telnet ff fc 06 | alice: no telnet command',
    ],
    [['with alice', 'with alice'], 'with alice | alice not to be there | a connection'],
    [['with alice', 'alice connects'], 'alice connects | alice not to be there | a connection'],
    [
      ['alice > bob', 'bob reconnects'],
      'bob reconnects | the nickname bob to stand | "!error nick-in-use The nickname bob is taken. Connect again with another one.", closed',
    ],
    [
      [two, 'alice > x', 'bob leaves', 'bob reconnects'],
      'bob reconnects | nothing more for bob | "alice: x"',
    ],
    [['with alice', 'alice leaves', 'alice > x'], 'alice > x | alice to be there | gone before'],
    [
      ['with alice', 'alice resets', 'alice leaves'],
      'alice leaves | alice to be there | gone before',
    ],
    [
      ['with alice', 'alice half-closes', 'together:', '  alice > x'],
      'together: | alice to be there | half-closed before',
    ],
  ]
  for (const [lines, expected] of table) {
    const outcome = await playLines(lines)
    const { step, expected: wanted, got } = outcome.type === 'failed' ? outcome.failure : NO_FAILURE
    test.equal([step?.source ?? 'the end', wanted, got].join(' | '), expected)
  }
  const [flawed] = readTranscripts('```chat\nsettle', 'test.md')
  if (flawed === undefined) throw new Error('no transcript')
  test.match(await play(flawed, { arena: coreArena(line), wiring: WIRINGS.lf, patience: 0 }), {
    type: 'flawed',
    flaws: [{ line: 1 }, { line: 1 }],
  })
})

const NO_FAILURE = { step: undefined, expected: 'a failure', got: 'none' }

t.test('how a failure reads', async (test) => {
  const outcome = await playLines(['with alice, bob', 'alice > x', 'alice > y', 'bob < alice: y'])
  test.equal(
    textOf(outcome),
    [
      'test:  (test.md:5, wiring lf)',
      '  step      bob < alice: y',
      '  expected  "alice: y"',
      '  got       bob: "alice: x"',
      '  unread    bob "alice: x"',
      '  unread    bob "alice: y"',
    ].join('\n'),
  )
  test.match(
    textOf(await playLines(['with a, b', 'a > x'])),
    /^test:.*test.md:1, .*\n {2}step {6}the end\n/,
  )
})

t.test('who speaks what', (test) => {
  const tonguesOf = (...lines: readonly string[]): readonly string[] => {
    const { tongues, flaws } = chat(...lines)
    test.same(flaws, [])
    return [...tongues].map(([actor, { name }]) => `${actor} ${name}`).sort()
  }
  test.same(tonguesOf('with a over cs494, b', 'c > x'), ['a cs494', 'b line', 'c line'])
  test.same(tonguesOf('with a,b over cs494,c  over  chatapp , d'), [
    'a cs494',
    'b cs494',
    'c chatapp',
    'd line',
  ])
  test.same(
    tonguesOf(
      'a connects over cs494-lines',
      'a leaves',
      'a reconnects',
      'a connects over cs494-lines',
    ),
    ['a cs494-lines'],
  )
  const [usual] = readTranscripts('```chat id=x dialect=chatapp\nwith a, b over line\n```', 'x.md')
  test.same(
    [...(usual?.tongues.values() ?? [])].map(({ name }) => name),
    ['line', 'line'],
  )
  const [other] = readTranscripts('```chat id=x dialect=chatapp\nwith a\na < x\n```', 'x.md')
  test.equal(other?.tongues.get('a')?.name, 'chatapp')
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [['with a over irc'], /irc is no dialect. Write one of line, /],
    [['with a over cs494', 'a connects over line'], /a speaks cs494 already/],
    [['with a', 'a leaves over cs494'], /This is no step/],
    [
      ['with a over chatapp', 'a > hello'],
      /This is no message of chatapp. Write its bytes with >>/,
    ],
    [['with a over cs494', 'a > \\xff'], /This is no message of cs494/],
  ]
  for (const [lines, message] of refused) test.match(chat(...lines).flaws, [{ message }])
  const [unknown] = readTranscripts('```chat id=x dialect=irc\nwith a\n```', 'x.md')
  test.match(unknown?.flaws, [{ message: /dialect=irc is not allowed: dialect= takes line, / }])
  test.end()
})

t.test('messages of other dialects', async (test) => {
  const { steps } = chat(
    'with a over cs494, b over onlinechat, c over chatbox-lines',
    'a > x',
    'a >> "y"',
    'b > z\\n',
    'b >| 3,a',
    'b >> "bc"',
    'c connects',
    'c > 1',
    'c > 2',
  )
  test.match(wired(steps, WIRINGS.merged).slice(1), [
    { form: 'message', alone: true, bytes: Buffer.from('x') },
    { form: 'raw', alone: true, bytes: Buffer.from('y') },
    { form: 'raw', bytes: Buffer.from('2,z\n3,abc') },
    { type: 'connect' },
    { form: 'raw', alone: true, bytes: Buffer.from('1\r\n') },
    { form: 'raw', alone: false, bytes: Buffer.from('2\r\n') },
  ])
  const passes: readonly (readonly string[])[] = [
    ['with a over onlinechat, b', 'a > hi\\n', 'b < a: hi', 'b > ho', 'a < \\rb: ho\\n'],
    ['with a over cs494, b over chatbox', 'a > hi', 'a < (General) a: hi', 'b < a: hi'],
    ['with a over cs494-lines, b', 'b > 1', 'b > 2', 'a < (General) b: 1', 'a < (General) b: 2'],
    ['with a, b over onlinechat', 'a > /lo\\n', 'a <~ \\r{set: a, b}\\n', 'a leaves', 'b <~ {any}'],
    ['a connects over onlinechat', 'a < ACK', 'a >| 1', 'a >> ",a"', 'a < a', 'a <~ Welcome{any}'],
  ]
  for (const lines of passes) {
    for (const wiring of Object.values(WIRINGS)) {
      const setting = { arena: wireArena(line), wiring, fence: PING, patience: 5000 }
      test.equal(textOf(await play(chat(...lines), setting)), 'passed', lines.join(' / '))
    }
  }
  const failed = await playLines(['with a, b over onlinechat', 'a > hi\\n', 'b < a: hi\\n'])
  test.equal(
    textOf(failed),
    [
      'test:  (test.md:4, wiring lf)',
      '  step      b < a: hi\\n',
      '  expected  "a: hi\\n"',
      '  got       b: "\\ra: hi\\n", as the bytes "7,\\ra: hi\\n"',
      '  unread    b "\\ra: hi\\n", as the bytes "7,\\ra: hi\\n"',
      '  sent      a last "3,hi\\n"',
    ].join('\n'),
  )
})

t.test('an inbox of messages', (test) => {
  const texts = new Inbox((received) => [
    { written: received.toString(), length: received.length, open: true },
  ])
  texts.receive(Buffer.from('onetwothree'))
  texts.takeApart(Buffer.from('four'))
  texts.takeApart(Buffer.from(''))
  test.notOk(texts.takeOut('four'))
  test.ok(texts.takeOut('two'))
  test.same(
    texts.lines.map(({ bytes }) => bytes.toString()),
    ['one', 'three'],
  )
  test.ok(texts.takeThrough('three'))
  test.same(texts.lines, [])
  const pairs = new Inbox((received) =>
    received.length < 2 ? [] : [{ written: received.toString('latin1', 0, 1), length: 2 }],
  )
  pairs.receive(Buffer.from('a'))
  test.equal(pairs.unfinished.toString(), 'a')
  pairs.receive(Buffer.from('.b'))
  test.same(
    pairs.lines.map(({ bytes, wire }) => [bytes.toString(), wire?.toString()]),
    [['a', 'a.']],
  )
  test.equal(pairs.unfinished.toString(), 'b')
  test.end()
})

/** A dialogue that the small server passes if nothing is wrong with it. */
const DIALOGUE = chat(
  'eol: strict',
  'with alice, bob, carol',
  'alice >| hel',
  'bob < nothing',
  'alice > lo',
  'bob < alice: hello',
  'carol < alice: hello',
  'alice >> "1\\r\\n2\\r\\n"',
  'bob < alice: 1',
  'bob < alice: 2',
  'carol < in any order:',
  '  alice: 1',
  '  alice: 2',
  'alice > #bob psst',
  'bob < #alice: psst',
  'dave > alice',
  'dave <~ !error {word}',
  'dave < closed',
  'erin connects',
  'erin half-closes',
  'erin < closed',
  'carol stops reading',
  'alice > {"a" x 20000}',
  'bob < alice: {"a" x 20000}',
  'carol resumes',
  'carol < alice: {"a" x 20000}',
  'carol resets',
  'alice > !users',
  'alice <~ {set: alice, bob}',
  'bob leaves',
  'bob reconnects',
  'bob > !quit',
  'bob < closed',
)

t.test('servers with one mistake', { jobs: 4 }, (test) => {
  const table: readonly (readonly [Mistake, Wiring, RegExp])[] = [
    ['none', WIRINGS.lf, /^passed$/],
    ['none', WIRINGS.crlf, /^passed$/],
    ['none', WIRINGS.bytewise, /^passed$/],
    ['none', WIRINGS.merged, /^passed$/],
    ['forwards fragments', WIRINGS.lf, /step +bob < nothing.*got +bob: "alice: hel"/s],
    ['keeps the CR', WIRINGS.lf, /^test: .*1\\r/s],
    ['keeps the CR', WIRINGS.crlf, /step +with alice.*the nickname alice to stand/s],
    ['takes one line a read', WIRINGS.lf, /got +(bob: )?nothing/],
    ['tells everybody private lines', WIRINGS.lf, /carol.*"#alice: psst"/s],
    ['echoes', WIRINGS.lf, /alice "alice: hello"/],
    ['ends lines in LF', WIRINGS.lf, /got +bob: "alice: hello", ended by LF alone/],
    [
      'sends no line end',
      WIRINGS.lf,
      /step +with alice.*got +"!pong fence-1", a line without end/s,
    ],
    ['greets', WIRINGS.lf, /unread +\w+ "Welcome!"/],
    ['takes a nickname twice', WIRINGS.lf, /step +dave <~ .*got +dave: nothing/s],
    ['ignores the end', WIRINGS.lf, /step +erin < closed.*got +erin: nothing/s],
    ['resets at quit', WIRINGS.lf, /step +bob < closed.*got +bob: reset/s],
    ['closes at any line', WIRINGS.lf, /got +bob: nothing.*unread +alice closed/s],
    ['answers no ping', WIRINGS.lf, /the nickname alice to stand/],
  ]
  for (const [mistake, wiring, expected] of table) {
    test.test(`${mistake}, wiring ${wiring.name}`, async (one) => {
      const server = await smallServer(mistake)
      one.teardown(() => server.close())
      // Only a server that is wrong makes the player wait so long.
      const patience = mistake === 'none' ? 20_000 : 300
      const arena = socketArena(server.address, patience)
      one.match(textOf(await play(DIALOGUE, { arena, wiring, fence: PING, patience })), expected)
    })
  }
  test.end()
})

t.test('no server, and a server without a fence', async (test) => {
  const server = await smallServer('answers no ping')
  const arena = socketArena(server.address, 5000)
  const setting = { arena, wiring: WIRINGS.lf, patience: 5000 }
  test.equal(textOf(await play(DIALOGUE, setting)), 'passed', 'coming and going is fence enough')
  await server.close()
  const outcome = await play(DIALOGUE, setting)
  test.match(outcome, { failure: { expected: 'the nickname alice to stand', got: 'refused' } })
  test.match(await play(chat('alice < closed'), setting), { failure: { got: 'alice: refused' } })
})
