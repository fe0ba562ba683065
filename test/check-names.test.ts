// What the kit says of servers that are wrong in ways of their own: the mistake that it is, or none.

import t from 'tap'
import { readCourse } from '../lib/check/course.js'
import { grade } from '../lib/check/grade.js'
import { lessonGround } from './support/classroom.js'
import { FAULTY } from './support/faulty-chat.js'

const ALL = ['crlf', 'bytewise', 'merged', 'lf']

/** What is not as it should be in some transcripts, as name and mistake. */
async function namesOf(
  fault: keyof typeof FAULTY,
  ids: readonly string[],
  wirings: readonly string[] = ALL,
): Promise<Readonly<Record<string, string>>> {
  const course = readCourse({ folder: 'spec/tutorial' })
  if ('problems' in course) throw new Error(course.problems.join('\n'))
  const tasks = course.tasks.filter(({ transcript }) => ids.includes(transcript.id))
  const { results } = await grade({ ...course, tasks }, lessonGround(fault, FAULTY[fault]), {
    patience: { answer: 1000, quiet: 100 },
    signal: new AbortController().signal,
    told: () => undefined,
    abilities: [],
    jobs: 4,
    wirings,
  })
  const wrong = results.filter(({ grade: judged }) => judged !== 'passed')
  return Object.fromEntries(
    wrong.map(({ transcript, diagnosis, blockedBy }) => [
      transcript.id,
      blockedBy ?? diagnosis?.mistake?.id ?? 'unnamed',
    ]),
  )
}

t.jobs = 8

const TABLE: readonly (readonly [keyof typeof FAULTY, Readonly<Record<string, string>>])[] = [
  ['nameless rooms', { 'rooms-talk': 'unnamed' }],
  ['open rooms', { 'rooms-outside': 'unnamed' }],
  ['double members', { 'rooms-again': 'unnamed' }],
  ['leaky rooms', { 'rooms-talk': 'private-leaks' }],
  ['endless errors', { 'nick-no-ascii': 'no-newline-at-end' }],
  ['silent misses', { 'private-gone': 'unnamed' }],
  ['silent misses', { 'script-order': 'unnamed' }],
  ['takes over', { 'nick-twice': 'duplicate-nick-takes-over' }],
  ['asks again', { 'nick-twice': 'unnamed' }],
  ['lowers', { 'script-at-once': 'unnamed' }],
  ['squeezes private', { 'private-text': 'trims-message' }],
  ['squeezes rooms', { 'rooms-text': 'trims-message' }],
  ['cuts long', { 'robust-long': 'unnamed' }],
  ['takes the rest', { 'script-unfinished': 'unnamed' }],
  ['one read', { 'nick-several': 'second-line-lost', 'nick-one-and-a-half': 'second-line-lost' }],
  ['deaf', { 'nick-no-ascii': 'ghost-nick', 'script-half-close': 'unnamed' }],
  ['one buffer', { 'nick-own-buffer': 'unnamed' }],
  ['drops cut letters', { 'nick-no-ascii': 'unnamed', 'nick-text-letters': 'letters-cut' }],
  ['lists in lines', { 'users-refused': 'unnamed' }],
  ['says blanks', { 'robust-blank': 'unnamed' }],
]

for (const [fault, names] of TABLE) {
  t.test(fault, { buffered: true }, async (test) => {
    test.strictSame(await namesOf(fault, Object.keys(names)), names)
  })
}

t.test('a server that takes no LF has not given a nickname twice', async (test) => {
  test.strictSame(await namesOf('only crlf', ['nick-twice'], ['lf']), { 'nick-twice': 'unnamed' })
})
