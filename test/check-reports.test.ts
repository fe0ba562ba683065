// The kit without a server: courses and rubrics, other names, reports of every kind, ladders, and
// recordings.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { once } from 'node:events'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { aliased } from '../lib/check/alias.js'
import { submissionsIn } from '../lib/check/batch.js'
import { readCourse } from '../lib/check/course.js'
import type { Failure } from '../lib/check/failure.js'
import type { Result, Verdict } from '../lib/check/grade.js'
import { ladderOf, ladderOfPlay } from '../lib/check/ladder/ladder.js'
import { ladderMermaid } from '../lib/check/ladder/mermaid.js'
import { rulersOf, rulersOfTranscript, rulersText } from '../lib/check/ladder/rulers.js'
import { escapeXml, ladderSvg } from '../lib/check/ladder/svg.js'
import { ladderText } from '../lib/check/ladder/text.js'
import { MISTAKES, PAGES } from '../lib/check/mistakes/index.js'
import { readTranscripts } from '../lib/check/read.js'
import { Recorder } from '../lib/check/record.js'
import { resultText, verdictText } from '../lib/check/report/console.js'
import { byHand } from '../lib/check/report/by-hand.js'
import { csvHead, csvRow, jsonReport, stagesOf } from '../lib/check/report/data.js'
import { explain } from '../lib/check/report/explain.js'
import { gradescopeFailure, gradescopeReport } from '../lib/check/report/gradescope.js'
import { htmlReport } from '../lib/check/report/html.js'
import { junitReport } from '../lib/check/report/junit.js'
import { tapReport } from '../lib/check/report/tap.js'
import type { Moment, Sound } from '../lib/check/tape.js'
import { bytesOf, written } from '../lib/check/text.js'
import { actorsOf, type Transcript } from '../lib/check/transcript.js'
import type { Run } from '../lib/check/trial.js'
import { WIRINGS } from '../lib/check/wiring.js'
import { smallServer } from './support/small-server.js'

const READING = { hints: 1, place: 'localhost 8888' }

function chat(...lines: readonly string[]): Transcript {
  const text = ['# A <title> # 1', '```chat id=test rule=LINE-2', ...lines, '```'].join('\n')
  const [transcript] = readTranscripts(text, 'test.md')
  if (transcript === undefined) throw new Error('no transcript')
  return transcript
}

const EVERYTHING = chat(
  'hint: Look <here>.',
  'with alice, bob',
  'carol connects',
  'alice >| hel',
  'bob < nothing',
  'alice > lo; #1',
  'bob < alice: hello',
  'together:',
  '  alice > a',
  '  bob >> "b\\r\\n"',
  'alice <~ {w:word} {int}{re:x}{set: a, b}{=w}',
  'bob < in any order:',
  '  alice: a',
  'either:',
  '  carol < closed',
  'or:',
  '  carol <| nothing',
  'carol stops reading',
  'carol resumes',
  'carol resets',
  'carol reconnects',
  'carol half-closes',
  'carol < reset',
  'bob leaves',
  'idle 2s',
  'settle',
)

function moment(actor: string, sound: Sound, text = '', step = 4, at = 1): Moment {
  const bytes = Buffer.from(text, 'latin1')
  return { at, actor, connection: 1, sound, bytes, length: bytes.length, step }
}

const MOMENTS: readonly Moment[] = [
  moment('alice', 'connected'),
  ...Array.from('hel', (letter) => moment('alice', 'sent', letter, 6)),
  moment('bob', 'received', 'alice: h\xff\x1b\r\nrest', 7, 2.5),
  moment('bob', 'reset', '', 7, 3),
]

const FAILURE: Failure = {
  transcript: EVERYTHING,
  wiring: 'bytewise',
  step: EVERYTHING.steps[3],
  expected: 'nothing',
  got: 'bob: "alice: h\\xff"',
  unread: [
    {
      actor: 'bob',
      unread: ['"alice: h\\xff"', 'reset'],
      lines: [Buffer.from('alice: h\xff\x1b', 'latin1')],
      unfinished: Buffer.from('rest'),
    },
  ],
  sent: [],
}

const RUN: Run = {
  wiring: 'bytewise',
  outcome: { type: 'failed', failure: FAILURE },
  moments: MOMENTS,
  milliseconds: 12,
  waited: 5,
  flooded: ['bob'],
  aftermath: { death: 'exited with code 1', answers: false, output: ['Traceback \x1b[31m'] },
}

const GOOD: Result = {
  transcript: EVERYTHING,
  stage: 'one',
  points: 2,
  grade: 'passed',
  earned: 2,
  runs: [{ ...RUN, outcome: { type: 'passed', improper: [] } }],
  remarks: [],
}
const [MISTAKE] = MISTAKES
const BAD: Result = {
  ...GOOD,
  grade: 'failed',
  earned: 0,
  runs: [RUN],
  diagnosis: { run: RUN, failure: FAILURE, ...(MISTAKE === undefined ? {} : { mistake: MISTAKE }) },
}
const TROUBLE = { problem: 'the server, "exited"', output: ['bye'] }
const VERDICT: Verdict = {
  name: 'A & B',
  target: '=server.py',
  results: [
    GOOD,
    BAD,
    { ...BAD, grade: 'not strict' },
    { ...BAD, grade: 'open' },
    { ...GOOD, grade: 'not strict', remarks: ['a remark'] },
    { ...GOOD, grade: 'blocked', earned: 0, runs: [], blockedBy: 'test' },
    { ...GOOD, grade: 'skipped', earned: 0, runs: [], remarks: ['exclusive'], stage: 'two' },
    { ...GOOD, grade: 'not run', earned: 0, runs: [], remarks: ['no time'], stage: 'two' },
    { ...GOOD, grade: 'failed', earned: 0, runs: [], remarks: ['died'], trouble: TROUBLE },
  ],
  score: 6,
  max: 14,
  began: new Date(0),
  milliseconds: 1500,
  stopped: false,
}
const NO_SERVER: Verdict = { ...VERDICT, results: [], score: 0, trouble: TROUBLE }

t.test('an explanation', (test) => {
  const lines = resultText(BAD, { ...READING, colour: false })
  test.match(lines.join('\n'), /bob has unread: reset/)
  test.match(lines.join('\n'), /the server exited with code 1/)
  test.match(lines.join('\n'), /bytes {2}alice sent {4}68 \| 65 \| 6c {3}hel\n/)
  test.match(lines.join('\n'), / {2}\| Traceback ·\[31m/)
  test.notMatch(lines.join(''), /[\0-\x1f]/, 'nothing that a terminal would obey')
  const last = { ...FAILURE, step: undefined, got: 'nothing', unread: [] }
  const end = explain({ ...BAD, diagnosis: { run: RUN, failure: last } }, { ...READING, hints: 9 })
  test.match(end, { here: /^the end/, hints: ['Look <here>.'], before: 11 })
  const hand = end?.byHand.join('\n') ?? ''
  for (const words of [
    'press Ctrl-Z',
    'fg',
    'pull the cable',
    'start nc again',
    'with -N',
    'end nc',
    'wait 2 s',
  ])
    test.match(hand + (explain(BAD, READING)?.byHand.join('\n') ?? ''), words)
  const exact = { ...FAILURE, step: EVERYTHING.steps[5] }
  const marked = explain({ ...BAD, diagnosis: { run: RUN, failure: exact } }, READING)
  test.match(marked?.bytes, [
    {},
    { who: 'expected' },
    { mark: { at: 8, says: 'differs from here on' } },
  ])
  test.equal(explain(GOOD, READING), undefined)
  test.end()
})

t.test('reports', (test) => {
  const tap = tapReport(VERDICT, READING)
  test.same(tap.slice(0, 3), ['TAP version 14', '1..9', 'ok 1 - test A <title> \\# 1'])
  test.match(tap.join('\n'), /not ok 2 .*\n {2}---\n {2}at: "rule LINE-2/)
  test.match(
    tap.join('\n'),
    /# TODO SHOULD[^]*# TODO MAY[^]*remark: "a remark"[^]*blocked by: "test"[^]*# SKIP exclusive/,
  )
  test.match(tapReport(NO_SERVER, READING).join('\n'), /Bail out! the server/)
  const stopped = tapReport({ ...VERDICT, stopped: true }, READING)
  test.match(stopped, [/^TAP/, '1..9', /^Bail out! the check was stopped/], 'and no marks')
  const junit = junitReport(VERDICT, READING)
  test.match(junit, /tests="9" failures="3" errors="1" skipped="3"/)
  test.match(junit, /<failure message="blocked by test"\/>/)
  test.match(junit, /<skipped message="SHOULD: bad-bytes-kill-server"\/>/)
  test.match(junit, /<skipped message="MAY: bad-bytes-kill-server"\/>/)
  const lf = { ...BAD, grade: 'not strict' as const, earned: 2 }
  test.match(junitReport({ ...VERDICT, results: [lf] }, READING), /failures="0" .* skipped="0"/)
  test.match(tapReport({ ...VERDICT, results: [lf] }, READING)[2], /^ok 1/)
  test.match(junit, /<failure message="bad-bytes-kill-server"\/>/)
  test.match(junit, /<error message="no time"\/>/)
  test.notMatch(junit, /[\0-\x08\x0b-\x1f]/, 'nothing that XML forbids')
  const scope: unknown = JSON.parse(gradescopeReport(VERDICT, READING))
  test.match(scope, {
    score: 6,
    stdout_visibility: 'hidden',
    tests: [
      { score: 2, max_score: 2, status: 'passed' },
      { status: 'failed' },
      { score: 0, max_score: 2, status: 'failed' },
      { status: 'failed' },
      { score: 2, status: 'passed' },
      { status: 'failed' },
      { score: 0, max_score: 0, status: undefined, tags: ['two', 'skipped'] },
    ],
  })
  const skipped = { ...VERDICT, results: VERDICT.results.slice(6, 7), score: 0, max: 0 }
  test.match(JSON.parse(gradescopeReport(skipped, READING)), {
    score: 0,
    output: /Nothing was played/,
    tests: [{ score: 0, max_score: 0, output: /exclusive/ }],
  })
  test.match(csvRow(skipped), /,0,0,,\r\n$/, 'a stage that was skipped has no points, not none')
  test.match(JSON.parse(gradescopeReport(NO_SERVER, READING)), { score: 0, tests: [] })
  test.match(JSON.parse(gradescopeFailure('why')), { score: 0, output: 'why' })
  const json: unknown = JSON.parse(jsonReport(VERDICT, READING))
  test.match(json, {
    began: '1970-01-01T00:00:00.000Z',
    results: [
      {},
      { mistake: 'bad-bytes-kill-server', runs: [{ wire: [{}, { at: 1, hex: '68', text: 'h' }] }] },
    ],
  })
  test.equal(csvHead(stagesOf(VERDICT.results)), 'time,server,score,max,one,two,trouble\r\n')
  test.equal(csvRow(VERDICT), "1970-01-01T00:00:00.000Z,'=server.py,6,14,4,0,\r\n")
  test.match(csvRow(NO_SERVER), /"the server, ""exited"""\r\n$/)
  const html = htmlReport([VERDICT], READING)
  test.match(html, /<h1>A &amp; B<\/h1>/)
  test.match(html, /A &lt;title&gt;/)
  test.notMatch(html, /<script|https?:\/\/(?!www\.w3\.org)/, 'nothing from elsewhere')
  const many = htmlReport([VERDICT, NO_SERVER], READING)
  test.match(many, /#server1/)
  test.match(many, /exited/)
  test.match(htmlReport([], READING), /Check/)
  test.match(
    verdictText(VERDICT, { ...READING, colour: false }).join('\n'),
    /6 of 14 points in 1.5 s/,
  )
  test.end()
})

t.test('ladders and rulers', (test) => {
  const drawn = ladderOf(EVERYTHING)
  test.same(drawn.actors, ['alice', 'bob', 'carol'])
  const text = ladderText(
    ladderOf(chat('with a, b', 'a >| hi', 'b < nothing', 'a > !', 'b < a: hi!')),
  )
  test.same(text.slice(2), [
    'a           b                     server',
    '|-- a --------------------------->|',
    '|           |-- b --------------->|',
    '|-- hi (no line end) ------------>|',
    '|           | hears nothing       |',
    '|-- ! --------------------------->|',
    '|           |<- a: hi! -----------|',
  ])
  test.notMatch(
    ladderText(ladderOf(EVERYTHING, true)).join('\n'),
    /alice: hello|hears nothing/,
    'blanks',
  )
  const mermaid = ladderMermaid(drawn).join('\n')
  test.match(
    mermaid,
    /^---\ntitle: A #lt;title#gt; #35; 1\n---\nsequenceDiagram\n {2}participant alice/,
  )
  test.match(mermaid, /alice->>server: lo#59; #35;1/)
  const play = ladderOfPlay('', MOMENTS, FAILURE)
  test.match(play.rungs, [
    { way: 'note', text: 'connected' },
    { way: 'out', text: 'hel' },
    { way: 'in', text: 'alice: h\\xff\\x1b␍␊rest', wrong: true, at: 2.5 },
    { text: 'reset' },
    { text: 'here: bob < nothing', wrong: true },
  ])
  test.match(ladderText(play).join('\n'), /2\.5 ms {3}<-- here it goes wrong/)
  test.match(ladderMermaid(play).join('\n'), /server--xbob: .*\(wrong\)/)
  const svg = ladderSvg(play)
  test.match(svg, /^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"[^]*class="in wrong"[^]*<\/svg>$/)
  test.equal(escapeXml('<a&"\x00\x1b'), '&lt;a&amp;&quot;\ufffd\ufffd')
  const [sent] = rulersOfTranscript(chat('a >> "one\\r\\ntw"', 'a > o'), WIRINGS.crlf)
  test.same(sent && rulersText(sent), ['└─────┘└─┘', 'one␍␊two␍␊', '└───┘└───┘'])
  const [, heard] = rulersOf(MOMENTS)
  test.same(
    heard && rulersText(heard),
    ['└────────────┘', 'alice:␠h▒·␍␊rest'.slice(0, 16), '└──────────┘└──┘'].map((row, index) =>
      index === 0 ? '└──────────────┘' : row,
    ),
  )
  test.end()
})

t.test('who a failing step is about', (test) => {
  const transcript = chat(
    'with alice, bob, alice',
    'together:',
    '  alice > a',
    '  bob > b',
    'either:',
    '  bob < x',
    'or:',
    '  carol < closed',
    'settle',
    'idle 1s',
    'alice leaves',
  )
  const about = [['alice', 'bob'], ['alice', 'bob'], ['bob', 'carol'], [], [], ['alice']]
  test.same(transcript.steps.map(actorsOf), about)
  const [join, together, either] = transcript.steps
  const wrong = [join, together, either].map((step) => {
    const { actors, rungs } = ladderOfPlay('', [moment('alice', 'connected')], {
      ...FAILURE,
      ...(step === undefined ? {} : { step }),
    })
    test.ok(
      rungs.every(({ actor }) => actors.includes(actor)),
      'also those who never came',
    )
    return rungs.filter((rung) => rung.wrong).map(({ actor, text }) => `${actor} ${text}`)
  })
  test.same(wrong, [
    ['alice here: with alice, bob, alice', 'bob here: with alice, bob, alice'],
    ['alice here: together:', 'bob here: together:'],
    ['bob here: either:', 'carol here: either:'],
  ])
  test.match(byHand(transcript, either, 'lf', 'localhost 8888'), [
    'In a terminal each for alice, bob, carol: nc localhost 8888',
  ])
  test.end()
})

t.test('other names', (test) => {
  const { transcript, original, originalMoments } = aliased(
    chat(
      'with alice, bob',
      'alice >| #bo',
      'alice > b to @tea',
      'alice > @tea hi',
      'bob <~ {any}alice{any}{set: bob, x}',
      'together:',
      '  bob > ALICE',
      'either:',
      '  alice < bob: x',
      'or:',
      '  carol < closed',
      'bob < in any order:',
      '  alice',
      'settle',
      'idle 1s',
      'bob leaves',
      'bob < nothing',
    ),
    '12',
  )
  const [join, first, second, third, line] = transcript.steps
  test.match(join, { actors: ['alice12', 'bob12'] })
  test.match(
    [first, second, third],
    [
      { bytes: Buffer.from('#bo') },
      { bytes: Buffer.from('b12 to @tea12') },
      { bytes: Buffer.from('@tea12 hi') },
    ],
  )
  test.match(line, {
    expected: { parts: [{}, { text: 'alice12' }, {}, { words: ['bob12', 'x'] }] },
  })
  test.equal(original('#bob12: ALICE12'), '#bob: ALICE')
  test.equal(original('alice12: b12 to'), 'alice: b to', 'what is left of a name that was cut')
  const bytewise = Array.from('alice12\n', (letter) => moment('alice12', 'sent', letter))
  test.same(
    originalMoments(bytewise).map(({ actor, bytes }) => actor + bytes.toString()),
    ['alicea', 'alicel', 'alicei', 'alicec', 'alicee', 'alice\n'],
  )
  test.equal(aliased(chat('settle'), '1').original('a1'), 'a1')
  test.end()
})

t.test('courses', (test) => {
  const folder = test.testdir({
    'a.md': '```chat id=a stage=one points=3\nsettle\n```\n```chat id=b stage=two\nsettle\n```\n',
    'b.md': '```chat id=c stage=one\nsettle\n```\n```chat id=d\nsettle\n```\n',
    bad: { 'x.md': '```chat id=a\nsettle\n```\n', 'y.md': '```chat id=a\nwhat\n```\n' },
    empty: {},
  })
  const problems = (choice: Parameters<typeof readCourse>[0]): string => {
    const course = readCourse(choice)
    return 'problems' in course ? course.problems.join('\n') : ''
  }
  const tasks = (choice: object): readonly string[] => {
    const course = readCourse({ folder: join(folder, '..', 'check-course'), ...choice })
    return 'tasks' in course
      ? course.tasks.map(({ transcript, stage, points }) => `${transcript.id} ${stage} ${points}`)
      : course.problems
  }
  const good = join(folder, '..', 'check-course')
  mkdirSync(good, { recursive: true })
  for (const name of ['a.md', 'b.md'])
    writeFileSync(join(good, name), readFileSync(join(folder, name)))
  const rubric = join(folder, 'rubric.json')
  writeFileSync(
    rubric,
    '{"name":"R","stages":[{"stage":"two"},{"stage":"one","transcripts":2,"points":8}]}',
  )
  test.same(tasks({}), ['a one 3', 'c one 1', 'b two 1', 'd other 1'])
  test.same(tasks({ stages: ['two'] }), ['b two 1'])
  test.same(tasks({ until: 'one' }), ['a one 3', 'c one 1'])
  test.same(tasks({ rubric }), ['b two 1', 'a one 6', 'c one 2'])
  test.match(
    problems({ folder: good, stages: ['no'] }),
    /^--stage no: there is no stage no in .*check-course, which has one, two, other$/,
  )
  test.match(
    problems({ folder: good, until: 'no' }),
    /^--until no: there is no stage no in .*check-course, which has one, two, other$/,
  )
  test.match(
    problems({ folder: join(folder, 'bad') }),
    /y.md:2: This is no step[^]*id=a is taken in .*x.md/,
  )
  test.match(problems({ folder: join(folder, 'empty') }), /holds no transcripts/)
  test.match(problems({ folder: join(folder, 'none') }), /^--spec .*none: there is no such folder/)
  test.match(problems({ folder: rubric }), /^--spec .*rubric.json: that is no folder/)
  test.match(problems({ folder: 'a\0b' }), /^--spec .*: it cannot be read \(/)
  test.match(problems({ folder: good, rubric: folder }), /^--rubric .*: it cannot be read \(EISDIR/)
  const rubrics: readonly (readonly [string, RegExp])[] = [
    [
      '{"name":"R","stages":[{"stage":"one","transcripts":3}]}',
      /stage one has 2 transcripts, not 3/,
    ],
    ['{"name":"R","stages":[]}', /^--rubric .*rubric.json: that is no rubric such as/],
    [
      '{"name":"R","stages":[{"stage":"no"}]}',
      /rubric.json: there is no stage no in .*, which has/,
    ],
    ['\ufeff{"name":"R","stages":[{"stage":"two"}]}', /^$/],
    ['{"name":"R","stages":[{"stage":"one","points":-1}]}', /is no rubric/],
    ['[]', /is no rubric/],
    ['{"name":"R","stages":[{}]}', /is no rubric/],
    ['{', /is no rubric/],
  ]
  for (const [text, expected] of rubrics) {
    writeFileSync(rubric, text)
    test.match(problems({ folder: good, rubric }), expected)
  }
  writeFileSync(join(folder, "it's.py"), '')
  test.match(
    submissionsIn(folder, 'python3 {file}')
      .map(({ name, line }) => `${name} ${line}`)
      .join('\n'),
    /it's.py python3 '.*it'\\''s.py'/,
  )
  test.end()
})

t.test('every mistake has a page', (test) => {
  for (const { id } of MISTAKES) test.ok(readFileSync(`${PAGES}/${id}.md`, 'utf8').length > 0, id)
  test.end()
})

/** For what must not happen. */
function never(reason: string): void {
  throw new Error(reason)
}

t.test('who ends its sending is recorded to the end', async (test) => {
  const server = await smallServer('none')
  const recorder = new Recorder(server.address, never)
  const port = await recorder.listen(0)
  const people = ['ann\n!ping 1\n', 'bea\n'].map(async (said) => {
    const socket = connect({ port, host: '127.0.0.1' })
    socket.end(said)
    await once(socket.resume(), 'close')
  })
  await Promise.all(people)
  const steps = recorder.end().split('\n')
  const of = (name: string): readonly string[] => steps.filter((step) => step.includes(name))
  test.same(of('ann'), [
    ...['with ann', 'ann > !ping 1', 'ann half-closes', 'ann < !pong 1', 'ann < closed'],
  ])
  test.same(of('bea'), ['with bea', 'bea leaves'], 'who hears nothing more has left')
  await server.close()
  let reason = ''
  const lost = new Recorder(server.address, (why) => (reason = why))
  const there = connect({ port: await lost.listen(0), host: '127.0.0.1' })
  await once(there.on('error', () => undefined).resume(), 'close')
  test.equal(reason, 'ECONNREFUSED')
  test.notMatch(lost.end(), 'connects', 'that is nothing to play')
})

t.test('what is recorded can be played', async (test) => {
  for (const text of ['a # b', '# x', '{"a" x 3}', 'back\\slash', 'é\x1b ', '#bob hi']) {
    const none = (message: string): void => {
      test.fail(message)
    }
    test.same(bytesOf(written(Buffer.from(text)), none), Buffer.from(text))
  }
  const server = await smallServer('none')
  const recorder = new Recorder(server.address, never)
  const port = await recorder.listen(0)
  const person = (): {
    say: (text: string, until?: string) => Promise<void>
    end: () => void
  } => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true })
    let heard = ''
    let look = (): void => undefined
    socket.setEncoding('utf8').on('data', (text: string) => {
      heard += text
      look()
    })
    return {
      async say(text, until) {
        socket.write(text)
        if (until === undefined) return
        await new Promise<void>((resolve) => {
          look = () => {
            if (heard.includes(until)) resolve()
          }
          look()
        })
      },
      end: () => socket.end(),
    }
  }
  const alice = person()
  await alice.say('alice\r\n!ping 1\r\n', '!pong 1')
  const bob = person()
  await bob.say('bob\r\n!ping 2\r\n', '!pong 2')
  await bob.say('hel')
  await bob.say('lo\r\n!ping 3\r\n', '!pong 3')
  await alice.say('!ping 4\r\n', 'bob: hello')
  await bob.say('!quit\r\n')
  await alice.say('', '!pong 4')
  alice.end()
  await server.close()
  const [transcript] = readTranscripts(recorder.end(), 'recorded.md')
  test.same(transcript?.flaws, [])
  const sources = transcript?.steps.map(({ source }) => source) ?? []
  for (const step of [
    'with alice',
    'with bob',
    'alice > !ping 1',
    'alice < !pong 1',
    'alice < bob: hello',
  ])
    test.ok(sources.includes(step), step)
})
