// Every transcript of spec/ at three levels: the core without any IO, the core behind the framings
// of the dialects in chunks of any size, and the built program over sockets.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import type { Arena } from '../lib/check/arena.js'
import { flawText } from '../lib/check/failure.js'
import type { Setting } from '../lib/check/party.js'
import { play } from '../lib/check/play.js'
import { readTranscripts } from '../lib/check/read.js'
import { NATIVE } from '../lib/check/tongue.js'
import type { Transcript } from '../lib/check/transcript.js'
import { WIRINGS, type Wiring } from '../lib/check/wiring.js'
import { line } from '../lib/dialects/line/index.js'
import { coreArena } from './support/core-arena.js'
import { PING, failureText } from './support/playing.js'
import { programArena, sweep } from './support/program-arena.js'
import { randomChunks, wireArena } from './support/wire-arena.js'

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
  // There each is the first that a program plays.
  ['fresh', ['program']],
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

/** Whether a transcript is another one in this wiring: without lines their ends make no difference, and without frames nothing does. */
function isOtherIn(wiring: Wiring, { tongues }: Transcript): boolean {
  const units = new Set([...tongues.values()].map(({ unit }) => unit))
  return (
    units.has('line') || wiring === WIRINGS.lf || (units.has('frame') && wiring !== WIRINGS.crlf)
  )
}

function needsFresh({ needs }: Transcript): boolean {
  return needs.includes('fresh')
}

/** Whether nobody in it speaks but lines to the native port. */
function isNative({ tongues }: Transcript): boolean {
  return [...tongues.values()].every((tongue) => tongue === NATIVE)
}

/** Plays transcripts, each in an arena that `enter` gives, and what is to be done after each. */
async function playAll(
  test: Test,
  played: readonly Transcript[],
  wiring: Wiring,
  patience: number,
  enter: () => Arena,
  after?: (setting: Setting) => Promise<void>,
): Promise<void> {
  let failures = 0
  for (const transcript of played) {
    if (failures === ENOUGH_FAILURES) return
    const setting = { arena: enter(), wiring, fence: PING, patience }
    const outcome = await play(transcript, setting)
    await after?.(setting)
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
  const played = transcripts.filter((transcript) => isFor('core', transcript))
  await playAll(test, played, WIRINGS.lf, 0, () => coreArena(line))
})

t.test('the core behind its framing', async (test) => {
  const inChunks = (longest: number): Wiring => ({
    ...WIRINGS.merged,
    name: `chunks of up to ${longest} bytes, SEED=${SEED}`,
    cut: randomChunks(SEED, longest),
  })
  for (const wiring of [WIRINGS.lf, WIRINGS.bytewise, inChunks(7), inChunks(100)]) {
    const played = transcripts.filter(
      (transcript) => isFor('wire', transcript) && isOtherIn(wiring, transcript),
    )
    await test.test(wiring.name, async (level) => {
      await playAll(level, played, wiring, PATIENCE, () => wireArena(line))
    })
  }
})

t.test('the program', { jobs: 4 }, (test) => {
  const suited = transcripts.filter((transcript) => isFor('program', transcript))
  const wirings = Object.values(WIRINGS)
  const fresh = transcripts.filter(needsFresh)
  test.ok(
    fresh.length <= wirings.length,
    'there are programs enough for those who need a fresh one',
  )
  // Pauses between messages take time, and how frames are cut was played above: others in one wiring.
  const others = suited.filter((transcript) => !isNative(transcript))
  for (const [index, wiring] of wirings.entries()) {
    const first = fresh.slice(index, index + 1)
    const share = others.filter((_, at) => at % wirings.length === index)
    test.test(`lines in wiring ${wiring.name}, some others`, async (level) => {
      const arena = await programArena(level, PATIENCE)
      const enter = (): Arena => arena
      await playAll(level, [...first, ...share], WIRINGS.bytewise, PATIENCE, enter, sweep)
      await playAll(level, suited.filter(isNative), wiring, PATIENCE, enter)
    })
  }
  test.end()
})
