// Every transcript of spec/ at three levels: the core without any IO, the core behind the framing
// of its dialect in chunks of any size, and the built program over sockets.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { PING, type Arena } from '../lib/check/arena.js'
import { failureText, flawText } from '../lib/check/failure.js'
import { play } from '../lib/check/play.js'
import { readTranscripts } from '../lib/check/read.js'
import { socketArena } from '../lib/check/sockets.js'
import type { Transcript } from '../lib/check/transcript.js'
import { WIRINGS, type Wiring } from '../lib/check/wiring.js'
import { line } from '../lib/dialects/line/index.js'
import { coreArena } from './support/core-arena.js'
import { startProgram } from './support/program.js'
import { randomChunks, wireArena, type Chunking } from './support/wire-arena.js'

/** The most that one answer may take on a machine with other work, in milliseconds. */
const PATIENCE = 10_000

/** After so many failures a level ends: a server that hangs takes all patience again and again. */
const ENOUGH_FAILURES = 3

type Level = 'core' | 'wire' | 'program'

/** What a transcript may need, and the levels that do not have it. */
const LACKING: ReadonlyMap<string, readonly Level[]> = new Map([
  ['bytes', ['core']],
  ['sockets', ['core', 'wire']],
  // It would take half a minute.
  ['time', ['core', 'wire', 'program']],
  // That is for servers that take one read for one line.
  ['whole-lines', []],
])

/** What other servers do: the stages of the tutorial before its clients have nicknames. */
const ELSEWHERE = /^spec\/tutorial\/0[1-4]-/

const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

const transcripts = readdirSync('spec', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => join('spec', name))
  .flatMap((file) => readTranscripts(readFileSync(file, 'utf8'), file))

function isFor(level: Level, { file, needs }: Transcript): boolean {
  return !ELSEWHERE.test(file) && !needs.some((need) => LACKING.get(need)?.includes(level))
}

/** Plays all that a level can play, each in an arena that `enter` gives. */
async function playAll(
  test: Test,
  level: Level,
  wiring: Wiring,
  patience: number,
  enter: () => Arena,
): Promise<void> {
  let failures = 0
  for (const transcript of transcripts.filter((other) => isFor(level, other))) {
    if (failures === ENOUGH_FAILURES) return
    const outcome = await play(transcript, { arena: enter(), wiring, fence: PING, patience })
    if (outcome.type === 'failed') {
      failures++
      test.fail(transcript.id, { at: null, failure: failureText(outcome.failure).split('\n') })
    } else test.pass(transcript.id)
  }
}

t.test('the transcripts are well written', (test) => {
  const flaws = transcripts.flatMap((transcript) => transcript.flaws)
  test.same(flaws.map(flawText), [], 'no flaw')
  const ids = transcripts.map(({ id }) => id)
  test.same(
    ids.filter((id, index) => ids.indexOf(id) !== index),
    [],
    'no name twice',
  )
  const needs = transcripts.flatMap((transcript) => transcript.needs)
  test.same(
    needs.filter((need) => !LACKING.has(need)),
    [],
    'no need that is not known here',
  )
  test.ok(transcripts.length > 0, 'there are some')
  test.end()
})

t.test('the core', async (test) => {
  await playAll(test, 'core', WIRINGS.lf, 0, () => coreArena(line))
})

t.test('the core behind its framing', async (test) => {
  const whole: Chunking = (bytes) => [bytes]
  const bytewise = randomChunks(SEED, 1)
  const levels: readonly (readonly [string, Wiring, Chunking])[] = [
    ['whole', WIRINGS.lf, whole],
    ['byte by byte', WIRINGS.crlf, bytewise],
    [`chunks of up to 7 bytes, SEED=${SEED}`, WIRINGS.merged, randomChunks(SEED, 7)],
    [`chunks of up to 100 bytes, SEED=${SEED}`, WIRINGS.merged, randomChunks(SEED, 100)],
  ]
  for (const [name, wiring, chunking] of levels) {
    await test.test(name, async (level) => {
      await playAll(level, 'wire', wiring, PATIENCE, () => wireArena(line, chunking))
    })
  }
})

t.test('the program', { jobs: 4 }, (test) => {
  for (const wiring of Object.values(WIRINGS)) {
    test.test(`wiring ${wiring.name}`, async (level) => {
      const { port } = await startProgram(level)
      const arena = socketArena({ host: '127.0.0.1', port }, PATIENCE)
      await playAll(level, 'program', wiring, PATIENCE, () => arena)
    })
  }
  test.end()
})
