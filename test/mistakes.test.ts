// The named mistakes: the kit, played against the teaching server with each, names it, blames no
// stage for anything else, and prints what is recorded in test/fixtures/verdicts.

import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { readCourse, type Course } from '../lib/check/course.js'
import { grade, type Result } from '../lib/check/grade.js'
import { MISTAKES as NAMED } from '../lib/check/mistakes/index.js'
import { resultText } from '../lib/check/report/console.js'
import { MISTAKES } from '../lib/teach/index.js'
import { lessonsGround } from './support/classroom.js'

/** The stage that is about each mistake. */
const STAGES: Readonly<Record<string, readonly string[]>> = {
  nick: [
    ...['forwards-fragments', 'merged-lines', 'second-line-lost', 'one-line-behind', 'nick-cut'],
    ...[
      'letters-cut',
      'cr-in-nick',
      'nick-from-fragment',
      'duplicate-nick-takes-over',
      'ghost-nick',
    ],
    ...['speaks-before-nick', 'echoes-to-sender', 'unicode-alnum', 'trims-message'],
  ],
  private: ['private-leaks', 'unknown-nick-kills-session', 'no-newline-at-end'],
  users: ['command-leaks'],
  robust: [
    ...['no-leave-on-reset', 'bad-bytes-kill-session', 'bad-bytes-kill-server'],
    ...['reset-kills-server'],
  ],
}

/** Played in half a minute of silence, so not with the others. */
const SLOW = 'idle-timeout'
/** It moves 5 MB and is about no mistake of these. */
const HEAVY = 'robust-no-reader'
/** Where the reports are that were recorded. With `RECORD=true` they are written anew. */
const RECORDED = 'test/fixtures/verdicts'
/** What a server within this process owes comes in some milliseconds; a loaded machine may take longer. */
const PATIENCE = { answer: 1000, quiet: 100 }

const tutorial = readCourse({ folder: 'spec/tutorial' })
if ('problems' in tutorial) throw new Error(tutorial.problems.join('\n'))

async function play(
  mistake: string,
  course: Course,
  wirings?: readonly string[],
): Promise<readonly Result[]> {
  const { results } = await grade(course, lessonsGround('chat', { mistake }), {
    patience: PATIENCE,
    abilities: [],
    jobs: 4,
    signal: new AbortController().signal,
    told: () => undefined,
    ...(wirings === undefined ? {} : { wirings }),
  })
  return results
}

/** The tasks of the tutorial that some stage or all have. */
function tasksOf(course: Course, stage?: string): Course {
  const tasks = course.tasks.filter(
    (task) => task.transcript.id !== HEAVY && (stage ?? task.stage) === task.stage,
  )
  return { ...course, tasks }
}

/** What the console shows: a line for each transcript, and all about the first that is not as it should be. */
function reportOf(results: readonly Result[]): string {
  const look = { hints: 1, place: 'localhost 8888', colour: false }
  const first = results.find(({ grade }) => grade !== 'passed' && grade !== 'skipped')
  const lines = results.flatMap((result) => {
    const text = resultText(result, look)
    return result === first ? text : text.slice(0, 1)
  })
  return lines.map((line) => `${withoutTimes(line)}\n`).join('')
}

function withoutTimes(line: string): string {
  return line.replace(/\d+ ms later/g, 'N ms later').replace(/in \d+\.\d s/g, 'in N s')
}

t.jobs = 8

for (const [stage, mistakes] of Object.entries(STAGES)) {
  for (const mistake of mistakes) {
    t.test(mistake, { buffered: true }, async (t) => {
      const own = await play(mistake, tasksOf(tutorial, stage))
      const wrong = own.filter(({ grade }) => grade === 'failed' || grade === 'not strict')
      t.equal(wrong[0]?.diagnosis?.mistake?.id, mistake, `stage ${stage} names it`)

      const strangers = own.filter(
        ({ grade, diagnosis }) =>
          grade !== 'passed' && (diagnosis?.mistake?.id ?? mistake) !== mistake,
      )
      t.strictSame(
        stage === 'robust' ? strangers.map(({ transcript }) => transcript.id) : [],
        [],
        'what ends a server is told from what else was sent to it',
      )

      const all = await play(mistake, tasksOf(tutorial), ['crlf'])
      const others = all.filter((result) => result.stage !== stage && result.grade === 'failed')
      const reasons = others.map(({ transcript, diagnosis }) => [
        transcript.id,
        diagnosis?.mistake?.id ?? 'unnamed',
      ])
      t.strictSame(
        reasons.filter(([, name]) => name !== mistake),
        [],
        'no other stage is red for another reason',
      )

      const report = reportOf(own)
      const file = `${RECORDED}/${mistake}.txt`
      if (process.env['RECORD'] === 'true') writeFileSync(file, report)
      t.equal(report, readFileSync(file, 'utf8'), 'the report is the recorded one')
    })
  }
}

t.test('every mistake has its page, its server and its place here', (t) => {
  const names = NAMED.map(({ id }) => id).sort()
  const pages = readdirSync('docs/mistakes').filter((name) => name !== 'README.md')
  t.strictSame(pages.map((name) => name.replace(/\.md$/, '')).sort(), names, 'pages')
  const played = [...Object.values(STAGES).flat(), SLOW].sort()
  t.strictSame([...MISTAKES.keys()].sort(), played, 'played here')
  t.strictSame(names, [...played, 'no-reuseaddr'].sort(), 'the kit knows no others')
  const list = readFileSync('docs/mistakes/README.md', 'utf8')
  for (const name of names) t.ok(list.includes(`(${name}.md)`), `${name} is listed`)
  t.end()
})
