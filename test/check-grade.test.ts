// Grading: what counts, what blocks what, how failures read, and servers that hang, flood or lie.

import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import t from 'tap'
import type { Course, Task } from '../lib/check/course.js'
import { STOPPED, grade, type Manner, type Result, type Verdict } from '../lib/check/grade.js'
import { openGround, ownGround, type Ground } from '../lib/check/ground.js'
import { answers, endAll } from '../lib/check/launch.js'
import { pause } from '../lib/check/pause.js'
import { readTranscripts } from '../lib/check/read.js'
import { resultText, verdictText } from '../lib/check/report/console.js'
import { rogueServer, type Rogue } from './support/rogue.js'
import { smallServer, type Mistake } from './support/small-server.js'

const LOOK = { hints: 1, place: 'localhost 8888', colour: false }

/** A course of blocks, each with what stands on its fence and its lines. */
function courseOf(...blocks: readonly (readonly [string, ...string[]])[]): Course {
  const markdown = blocks.map(([info, ...lines]) => ['```chat ' + info, ...lines, '```'].join('\n'))
  const transcripts = readTranscripts(`# Title\n\n${markdown.join('\n\n')}`, 'test.md')
  const tasks = transcripts.map((transcript): Task => ({
    transcript,
    stage: transcript.stage ?? 'other',
    points: transcript.points ?? 1,
  }))
  return { name: 'Test', tasks }
}

function mannerOf(told: (result: Result) => void = () => undefined): Manner {
  return {
    // Only a server that is wrong makes the kit wait so long.
    patience: { answer: 400, quiet: 30 },
    signal: new AbortController().signal,
    abilities: [],
    jobs: 2,
    told,
  }
}

const HI = ['with alice, bob', 'alice > hi', 'bob < alice: hi'] as const
const PIECES = [
  'with alice, bob',
  'alice >| hel',
  'bob < nothing',
  'alice > lo',
  'bob < alice: hello',
] as const
const TELL = ['with alice, bob, carol', 'alice > #bob psst', 'bob < #alice: psst'] as const

/** The grades of a course against a small server, by id. */
async function gradesOf(mistake: Mistake, course: Course, manner = mannerOf()): Promise<Verdict> {
  const server = await smallServer(mistake)
  try {
    return await grade(course, openGround(server.address, 1000), manner)
  } finally {
    await server.close()
  }
}

function summary({ results }: Verdict): readonly string[] {
  return results.map(({ transcript, grade: judged, earned, diagnosis, blockedBy }) =>
    [transcript.id, judged, earned, diagnosis?.mistake?.id, blockedBy]
      .filter((part) => part !== undefined)
      .join(' '),
  )
}

t.test('what counts', async (test) => {
  const course = courseOf(
    ['id=hi stage=one points=2', ...HI],
    ['id=pieces stage=one', ...PIECES],
    ['id=should stage=two level=SHOULD', ...HI, 'bob < more'],
    ['id=may stage=two level=MAY', ...HI, 'bob < more'],
    ['id=alone stage=two', 'exclusive: yes', ...HI],
    ['id=slow stage=two', 'needs: time', 'with alice', 'idle 9s'],
    ['id=reset stage=two', 'with alice', 'alice > !quit', 'alice < reset'],
    [
      'id=either stage=two',
      ...HI,
      'either:',
      '  bob < more',
      'or (SHOULD NOT):',
      '  bob < nothing',
    ],
    ['id=leak stage=two', ...TELL],
  )
  const told: string[] = []
  const right = await gradesOf(
    'none',
    course,
    mannerOf(({ transcript }) => told.push(transcript.id)),
  )
  test.same(summary(right), [
    'hi passed 2',
    'pieces passed 1',
    'should not strict 0',
    'may open 0',
    'alone skipped 0',
    'slow skipped 0',
    'reset not strict 1',
    'either not strict 1',
    'leak passed 1',
  ])
  test.same(
    told,
    course.tasks.map(({ transcript }) => transcript.id),
    'told in order',
  )
  test.equal(right.score, 6)
  test.equal(right.max, 8, 'what was skipped does not count')
  const [, , should, , alone, , reset, either] = right.results.map((result) =>
    resultText(result, LOOK),
  )
  test.match(
    should?.join('\n'),
    /^SHOULD  should .*0\/1 {3}wiring crlf\n.*expected "more", got bob: nothing/,
  )
  test.match(alone?.join('\n'), /skipped alone.*\n.*needs a server without other users/)
  test.match(reset?.join('\n'), /alice ended by closed, not as in: alice < reset/)
  test.match(either?.join('\n'), /accepted, but it should not be so: bob < nothing/)
  const wiringless = await gradesOf('keeps the CR', courseOf(['id=hi', ...HI]), {
    ...mannerOf(),
    wirings: ['lf'],
  })
  test.match(
    wiringless.results,
    [{ grade: 'passed', runs: [{ wiring: 'lf' }] }],
    'only these wirings',
  )
})

t.test('lines that end in LF are forgiven only beside others', async (test) => {
  const course = courseOf(['id=hi', 'alice > hi', 'alice < HI'])
  // Answers lines that end in CR LF, and waits for the end of all others.
  const strict = createServer((socket) => {
    let text = ''
    socket.setEncoding('utf8').on('data', (more: string) => {
      const lines = (text += more).split('\r\n')
      text = lines.pop() ?? ''
      for (const line of lines) socket.write(`${line.toUpperCase()}\r\n`)
    })
  }).listen(0, '127.0.0.1')
  await once(strict, 'listening')
  const address = strict.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const table: readonly (readonly [readonly string[], string])[] = [
    [['lf', 'crlf'], 'hi not strict 1'],
    [['lf', 'merged'], 'hi not strict 1'],
    [['lf'], 'hi failed 0'],
  ]
  for (const [wirings, expected] of table) {
    const ground = openGround({ host: '127.0.0.1', port }, 1000)
    const verdict = await grade(course, ground, { ...mannerOf(), wirings })
    test.same(summary(verdict), [expected], wirings.join(', '))
  }
  strict.close()
})

t.test('a server that waits for CR LF is told so once', async (test) => {
  const SAYS = ['alice connects', 'alice > hi', 'alice < HI'] as const
  const course = courseOf(
    ['id=silent stage=one', 'alice connects', 'alice < nothing'],
    ['id=first stage=one', ...SAYS],
    ['id=second stage=one', ...SAYS],
    ['id=wrong stage=two', 'alice connects', 'alice > hi', 'alice < Hi'],
    ['id=nobody stage=two', 'alice connects', 'alice > #bob hi', 'alice < #BOB HI'],
  )
  // For capitals it takes CR LF, and no line in the bargain that ends in LF alone.
  const line = `exec "${process.execPath}" -e "
    require('net').createServer((socket) => {
      let text = ''
      socket.on('error', () => undefined).on('data', (more) => {
        const lines = (text += more).split('\\r\\n')
        text = lines.pop()
        for (const line of lines) socket.write(line.toUpperCase() + '\\r\\n')
      })
    }).listen({port})"`
  for (const jobs of [1, 5]) {
    const ground = ownGround({ line, patience: 20_000 })
    const { results } = await grade(course, ground, { ...mannerOf(), jobs })
    test.same(
      results.map(({ transcript, grade: judged, earned, diagnosis, remarks }) =>
        [transcript.id, judged, earned, diagnosis?.mistake?.id, ...remarks].join(' '),
      ),
      [
        'silent passed 1 ',
        'first not strict 1  fails with lf; passes with crlf, bytewise, merged it waits for CR LF: of lines that end in LF alone it hears nothing. That costs nothing, and the rest is played without lf',
        'second passed 1 ',
        'wrong failed 0 ',
        'nobody passed 1 ',
      ],
      `${String(jobs)} at once`,
    )
    if (jobs === 1) {
      test.same(
        results.map(({ runs }) => runs.map(({ wiring }) => wiring).includes('lf')),
        [true, true, false, false, false],
      )
    }
  }
})

t.test('what no wiring fits is skipped', async (test) => {
  const course = courseOf(
    ['id=whole stage=one points=3', 'needs: whole-lines', ...HI],
    ['id=hi stage=two', ...HI],
  )
  const manner = { ...mannerOf(), wirings: ['bytewise'] }
  const verdict = await gradesOf('none', course, manner)
  test.same(summary(verdict), ['whole skipped 0', 'hi passed 1'], 'and blocks nothing')
  test.match(verdict, { score: 1, max: 1 })
  test.match(resultText(verdict.results[0] ?? no(), LOOK), [
    /^skipped whole .* not counted$/,
    /no wiring of --wiring fits it: it needs whole lines \(--wiring crlf, --wiring lf\)/,
  ])
  test.match(verdictText(verdict, LOOK).join('\n'), /stage one +0\/0 {3}1 skipped\n/)
  const [whole = no()] = course.tasks
  const none = await gradesOf('none', { ...course, tasks: [whole] }, manner)
  test.match(verdictText(none, LOOK).join('\n'), /\nNothing was played, so this tells nothing/)
})

t.test('what blocks what', async (test) => {
  const course = courseOf(
    ['id=hi stage=one', ...HI],
    ['id=pieces stage=one', ...PIECES],
    ['id=more-pieces stage=two', ...PIECES],
    ['id=leak stage=two', ...TELL],
  )
  const fragments = await gradesOf('forwards fragments', course)
  test.same(summary(fragments), [
    // Byte by byte its every line is cut.
    'hi failed 0 forwards-fragments',
    'pieces failed 0 forwards-fragments',
    'more-pieces blocked 0 hi',
    'leak blocked 0 hi',
  ])
  const text = verdictText(fragments, LOOK).join('\n')
  test.match(text, /All of stage one fails, as it does for every server that is just begun/)
  test.match(resultText(fragments.results[2] ?? no(), LOOK), [
    /blocked more-pieces.*blocked by hi$/,
  ])
  const leaks = await gradesOf('tells everybody private lines', course)
  test.same(summary(leaks), [
    'hi passed 1',
    'pieces passed 1',
    'more-pieces passed 1',
    'leak failed 0 private-leaks',
  ])
})

function no(): never {
  throw new Error('nothing there')
}

t.test('mistakes of small servers', async (test) => {
  const course = courseOf(
    ['id=hi stage=a', ...HI],
    [
      'id=two stage=b',
      'with alice, bob',
      'alice >> "one\\r\\ntwo\\r\\n"',
      'bob < alice: one',
      'bob < alice: two',
    ],
    ['id=twice stage=c', 'with alice, bob', 'carol > alice', 'carol <~ {any}', 'carol < closed'],
  )
  const table: readonly (readonly [Mistake, RegExp])[] = [
    ['keeps the CR', /hi failed 0 cr-in-nick/],
    ['takes one line a read', /two failed 0 second-line-lost/],
    ['echoes', /hi failed 0 echoes-to-sender/],
    ['sends no line end', /hi failed 0 no-newline-at-end/],
    ['greets', /hi passed 1\n[^]*twice failed 0 speaks-before-nick/],
    ['takes a nickname twice', /twice failed 0 duplicate-nick-takes-over/],
    ['says ok', /hi failed 0$/m],
    ['sends a line of two', /two failed 0 merged-lines/],
  ]
  for (const [mistake, expected] of table) {
    test.match(
      summary(await gradesOf(mistake, course, { ...mannerOf(), wirings: ['crlf'] })).join('\n'),
      expected,
      mistake,
    )
  }
})

const LATER = ['alice > hi', 'bob <~ {any}alice{any}hi'] as const

t.test('word of those who come and go', async (test) => {
  const course = courseOf(
    [
      'id=comes stage=a',
      'with alice, bob',
      'carol connects',
      'carol >| ca',
      'carol > rol',
      'carol > hello',
      'alice <~ {any}carol{any}hello',
      'bob <~ {any}carol{any}hello',
    ],
    [
      'id=goes stage=a',
      'with alice, bob',
      'bob leaves',
      'alice > #bob hi',
      'alice <~ {any}',
      'alice < nothing',
      'bob reconnects',
      ...LATER,
    ],
    ['id=breaks stage=a', 'with alice, bob, carol', 'carol resets', ...LATER],
    ['id=asked stage=a', 'with alice, bob', 'bob leaves', 'alice < bob is gone'],
    ['id=any stage=a', 'with alice, bob', 'bob leaves', 'alice <~ {any}'],
    ['id=enters stage=a', 'with alice, bob', 'alice > !enter tea', ...LATER],
    ['id=again stage=a', 'with alice', 'alice > !enter tea', 'alice > #b hi', 'alice > !enter tea'],
    [
      'id=none stage=a',
      'with alice, bob',
      'alice > !users',
      'alice <~ {any}bob',
      ...LATER,
      'bob < more',
    ],
  )
  const verdict = await gradesOf('announces', course)
  test.strictSame(summary(verdict), [
    'comes not strict 1',
    'goes not strict 1',
    'breaks not strict 1',
    'asked passed 1',
    'any passed 1',
    'enters not strict 1',
    'again failed 0',
    'none failed 0',
  ])
  const remarks = verdict.results.map(({ remarks: lines }) => lines.join('\n'))
  test.match(remarks[0], 'accepted, but it should not be so: alice < carol has come')
  test.match(remarks[1], 'alice < bob is gone\n')
  test.match(remarks[5], 'accepted, but it should not be so: alice < you are in tea now')
})

t.test('a private line is no word of who sent it and may go at any time', async (test) => {
  const course = courseOf([
    'id=leak stage=a',
    'with alice, bob, carol',
    'carol stops reading',
    'carol > #carol psst',
    'alice > #bob hello',
    'bob < #alice: hello',
  ])
  const verdict = await gradesOf('tells everybody private lines', course)
  test.strictSame(summary(verdict), ['leak failed 0 private-leaks'])
})

t.test('what one is flooded with tells of no fragments', async (test) => {
  const course = courseOf([
    'id=flood stage=a',
    'with alice, bob, carol',
    'carol stops reading',
    `carol >> {"#carol ${'to be or not to be '.repeat(12)}\\r\\n" x 24000}`,
    'alice > #bob hello',
    'bob < #alice: hello',
  ])
  const verdict = await gradesOf('tells everybody private lines', course, {
    ...mannerOf(),
    wirings: ['crlf'],
  })
  test.strictSame(summary(verdict), ['flood failed 0 private-leaks'])
})

t.test('how a failure reads', async (test) => {
  const course = courseOf([
    'id=lines-2 stage=lines points=2 rule=LINE-2',
    'hint: Keep one buffer per connection.',
    'hint: Act only when it holds a line end.',
    ...PIECES,
  ])
  const { results } = await gradesOf('forwards fragments', course, {
    ...mannerOf(),
    wirings: ['lf'],
  })
  const [failed = no()] = results
  test.same(
    resultText(failed, LOOK).map((line) => line.replace(/\d+ ms later/, 'N ms later')),
    [
      'FAIL    lines-2  Title   stage lines   0/2   wiring lf',
      '      rule LINE-2 (PROTOCOL.md), test.md:8',
      '            ok  with alice, bob',
      '            ok  alice >| hel',
      '          here  bob < nothing',
      '      expected  nothing',
      '           got  bob: "alice: hel"   N ms later',
      '         bytes  alice sent    68 65 6c   hel',
      '                bob received  61 6c 69 63 65 3a 20 68 65 6c   alice: hel',
      '      This looks like: forwards-fragments. The server treats one read() as one line. (docs/mistakes/forwards-fragments.md)',
      '      Hint 1/2: Keep one buffer per connection.   (--hints 2 for the next)',
      '      Try it:  In a terminal each for alice, bob: nc localhost 8888',
      '               alice: type  alice  Enter',
      '               bob: type  bob  Enter',
      '               alice: type  hel  and press Ctrl-D',
      '               bob should see:  nothing',
    ],
  )
  test.match(resultText(failed, { ...LOOK, colour: true })[0], /^\x1b\[31mFAIL/)
})

t.test('the other end of a connection, and what came in the place of what should', async (test) => {
  const either = ['either:', '  bob < more', 'or:', '  bob < alice: hi', '  alice < closed']
  const course = courseOf(
    ['id=ends', ...HI.slice(0, 2), 'alice > !quit', ...either],
    ['id=fails', ...HI, ...either],
    ['id=came', ...HI.slice(0, 2), 'either:', '  bob < more', 'or (SHOULD NOT):', '  bob <~ {any}'],
    ['id=twice', ...HI, 'either:', '  bob < x', 'or:', '  bob <~ {any}{re: ?}hi{re:[a-z]*}'],
  )
  const { results } = await gradesOf('resets at quit', course, {
    ...mannerOf(),
    wirings: ['crlf'],
  })
  test.same(
    results.map(({ grade: judged, remarks }) => [judged, ...remarks]),
    [
      ['not strict', 'the connection of alice ended by reset, not as in: alice < closed'],
      ['failed'],
      ['not strict', 'accepted, but it should not be so: bob < alice: hi'],
      ['failed'],
    ],
  )
  test.equal(
    results[1]?.diagnosis?.failure.expected,
    '"more"; or "alice: hi", then closed',
    'the ends that are accepted besides are not told',
  )
  test.equal(results[3]?.diagnosis?.failure.expected, '"x"; or a line like "…hi…"')
  const should = { ...(results[3] ?? no()), grade: 'not strict' as const }
  test.match(resultText(should, LOOK)[1], /^ {6}either: expected "x"; or/)
})

t.test('servers that nobody should trust', async (test) => {
  const course = courseOf(
    ['id=hi', ...HI],
    ['id=end', 'alice > alice', 'settle', 'alice half-closes', 'alice < closed'],
    ['id=goes', 'alice > alice', 'settle', 'alice leaves'],
  )
  const table: readonly (readonly [Rogue, RegExp])[] = [
    ['hangs', /got {2}bob: nothing, in 0\.\d s/],
    ['floods', /was sent so much that it stopped reading/],
    ['closes', /the nickname alice to stand\n.*got {2}closed/],
    ['prints binary', /got {2}"\\x.*", a line without end/],
  ]
  for (const [kind, expected] of table) {
    await test.test(kind, async (one) => {
      const server = await rogueServer(kind)
      one.teardown(() => server.close())
      const before = process.memoryUsage().rss
      const { results, score } = await grade(course, openGround(server.address, 1000), {
        ...mannerOf(),
        wirings: ['crlf'],
      })
      const text = results.flatMap((result) => resultText(result, LOOK)).join('\n')
      one.equal(score, 0)
      one.match(text, expected)
      if (kind === 'hangs') one.notMatch(text, 'looks like', 'who does nothing makes no mistake')
      one.ok(text.length < 20_000, 'and so is what there is to read')
      const MIB = 1024 * 1024
      one.ok(process.memoryUsage().rss - before < 300 * MIB, 'memory is bounded')
    })
  }
  const late = await rogueServer('closes late')
  const closing = courseOf([
    'id=late',
    'alice > x',
    'either:',
    '  alice < closed',
    'or:',
    '  alice < no',
    '  alice < closed',
  ])
  const verdict = await grade(closing, openGround(late.address, 1000), {
    ...mannerOf(),
    wirings: ['crlf'],
  })
  test.same(summary(verdict), ['late passed 1'], 'an alternative that may still fit is waited for')
  await late.close()
})

t.test('what was played in time counts, though an earlier one is still played', async (test) => {
  const course = courseOf(
    ['id=quick', 'alice > x', 'alice < X'],
    ['id=stuck stage=two', 'alice > stuck', 'alice < STUCK'],
    ['id=right stage=two', 'alice > x', 'alice < X'],
    ['id=wrong stage=two', 'alice > x', 'alice < x'],
    ['id=never stage=two', 'alice > stuck', 'alice < STUCK'],
  )
  const upper = program(`
    require("net").createServer((socket) => {
      socket.on("error", () => undefined)
      socket.on("data", (bytes) => String(bytes).startsWith("s") || socket.write(String(bytes).toUpperCase()))
    }).listen({port}, "127.0.0.1")`)
  const over = new AbortController()
  const own = ownGround({ line: upper, patience: 20_000 })
  let left = 0
  const ground: Ground = {
    ...own,
    async enter() {
      const place = await own.enter()
      if ('problem' in place) return place
      const leave = async (): Promise<void> => {
        await place.leave()
        left++
        // Those of quick, right and wrong: only what is stuck goes on.
        if (left === 3)
          setImmediate(() => {
            over.abort()
          })
      }
      return { ...place, leave }
    },
  }
  const { results, score } = await grade(course, ground, {
    ...mannerOf(),
    patience: { answer: 60_000, quiet: 30 },
    wirings: ['crlf'],
    signal: over.signal,
  })
  test.same(
    results.map(({ transcript, grade: judged }) => `${transcript.id} ${judged}`),
    ['quick passed', 'stuck not run', 'right passed', 'wrong failed', 'never not run'],
  )
  test.equal(score, 2)
  test.match(results[1]?.remarks, ['the time was over before it had ended'])
})

t.test('no time, no server', async (test) => {
  const over = new AbortController()
  const hanging = await rogueServer('hangs')
  const course = courseOf(['id=a', ...HI], ['id=b', ...HI])
  const patience = { answer: 60_000, quiet: 20 }
  const running = grade(course, openGround(hanging.address, 1000), {
    ...mannerOf(),
    patience,
    signal: over.signal,
  })
  setTimeout(() => {
    over.abort()
  }, 300)
  test.same(
    summary(await running),
    ['a not run 0', 'b not run 0'],
    'a deadline ends it, and gives nothing',
  )
  const stop = new AbortController()
  const stopping = grade(course, openGround(hanging.address, 1000), {
    ...mannerOf(() => {
      stop.abort(STOPPED)
    }),
    patience: { answer: 300, quiet: 20 },
    signal: stop.signal,
    jobs: 1,
  })
  const stopped = await stopping
  test.match(stopped, {
    stopped: true,
    results: [{}, { remarks: [/^the check was stopped before/] }],
  })
  test.match(verdictText(stopped, LOOK).join(''), /^Stopped before its end, so there are no points/)
  await hanging.close()
  const gone = await grade(course, openGround(hanging.address, 100), mannerOf())
  test.match(gone.trouble?.problem, /nothing answers at 127.0.0.1:\d+. Start the server first/)
  test.same(summary(gone), ['a not run 0', 'b not run 0'])
  const nowhere = await openGround({ host: '::1', port: 1 }, 1000).enter()
  test.match(nowhere, { problem: /^nothing answers at \[::1\]:1\. Start/ })
  const nobody = await openGround({ host: 'nobody.invalid', port: 1 }, 20_000).enter()
  test.match(nobody, { problem: /^(there is no host|the name) nobody\.invalid/ })
  test.match(verdictText(gone, LOOK), [/^No server: nothing answers/])
})

// The options by which tap watches its tests would make each of them slow.
const NODE = `NODE_OPTIONS= exec ${JSON.stringify(process.execPath)}`

/** A command that runs a program of Node; `{port}` stands for the port in it. */
function program(code: string): string {
  return `${NODE} -e '${code}'`
}

/** Whether a process has not ended, be it that nobody has asked how it did. */
function runs(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && !readFileSync(file, 'utf8').includes(') Z ')
}

t.test('servers of our own', async (test) => {
  const course = courseOf(
    ['id=first', 'alice connects', 'alice < nothing'],
    ['id=hi', 'alice > x', 'alice < X'],
  )
  const run = async (line: string, extra: object = {}): Promise<Verdict> =>
    grade(course, ownGround({ line, patience: 20_000, ...extra }), {
      ...mannerOf(),
      wirings: ['crlf', 'lf'],
    })
  const dies = await run(program('console.error("no module"); process.exit(3)'))
  test.equal(dies.trouble?.problem, 'the server exited with code 3 before it listened')
  test.same(dies.trouble?.output, ['no module'])
  const deaf = await run(program('setInterval(() => 1, 1000)'), { patience: 200 })
  test.match(deaf.trouble?.problem, /did not listen on port \d+ within 0.2 s/)
  const taken = await smallServer('none')
  const busy = await run(program(''), { port: taken.address.port })
  test.match(busy.trouble?.problem, /is taken by another program/)
  await taken.close()
  const inUse = await run(program('throw Error("bind: Address already in use")'))
  test.equal(inUse.trouble?.mistake?.id, 'no-reuseaddr')
  // It answers in capitals, and dies of whoever breaks off; it has a child that is to go with it.
  const upper =
    'require("child_process").spawn("sleep", ["600"], {detached: true}).unref();' +
    'console.log("pid", process.pid);' +
    'process.stdin.once("data", (port) => require("net").createServer((s) => {' +
    's.on("data", (b) => s.write(String(b).toUpperCase())).on("error", () => process.exit(7))}).listen(+port))'
  const good = await run(program(upper), { input: '{port}\n' })
  test.same(summary(good), ['first passed 1', 'hi passed 1'])
  const resets = courseOf([
    'id=reset',
    'bob connects',
    'bob > a',
    'bob < A',
    'bob resets',
    'alice > x',
    'alice < X',
  ])
  const dead = await grade(
    resets,
    ownGround({ line: program(upper), input: '{port}\n', patience: 20_000 }),
    mannerOf(),
  )
  test.match(summary(dead), ['reset failed 0 reset-kills-server'])
  const text = resultText(dead.results[0] ?? no(), LOOK).join('\n')
  test.match(text, /the server exited with code 7/)
  const pid = Number(/pid (\d+)/.exec(text)?.[1])
  test.throws(() => process.kill(pid, 0), 'no process is left')
  // Its child begins another one in a group of its own, and is gone before it.
  const orphan = `const {pid} = require("child_process").spawn("sleep", ["600"], {detached: true, stdio: "ignore"}); console.log("left", pid); process.exit()`
  const leaves = await run(`${program(orphan)}; exit 3`)
  const left = Number(/left (\d+)/.exec(leaves.trouble?.output.join('\n') ?? '')?.[1])
  while (runs(left)) await pause(5)
  test.ok(left, 'nor one that nobody waits for')
  endAll()
  test.notOk(await answers({ host: '127.0.0.1', port: 1 }))
})
