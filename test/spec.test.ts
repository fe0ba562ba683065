// Every transcript of spec/ at three levels: the core without any IO, the core behind the framings
// of the dialects in chunks of any size, and the built program over sockets.

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { PING, type Arena } from '../lib/check/arena.js'
import { failureText, flawText } from '../lib/check/failure.js'
import { play } from '../lib/check/play.js'
import { readTranscripts } from '../lib/check/read.js'
import { socketArena, type Address } from '../lib/check/sockets.js'
import type { Transcript } from '../lib/check/transcript.js'
import { NATIVE } from '../lib/check/tongue.js'
import { WIRINGS, type Wiring } from '../lib/check/wiring.js'
import { DIALECTS } from '../lib/dialects/index.js'
import { line } from '../lib/dialects/line/index.js'
import { coreArena } from './support/core-arena.js'
import { runProgram } from './support/program.js'
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
])

/** The most rooms that the program has: few, so that {@link SWEEP} is short. */
const MAX_ROOMS = 40

/**
 * Takes the rooms away that a transcript has left behind, kept and empty: in a full house each new room
 * takes the place of one. Those of these two go with them.
 */
const SWEEP = sweep('first', 'second')

const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

const transcripts = readdirSync('spec', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .sort()
  .map((name) => join('spec', name))
  .flatMap((file) => readTranscripts(readFileSync(file, 'utf8'), file))

function isFor(level: Level, { needs }: Transcript): boolean {
  return !needs.some((need) => LACKING.get(need)?.includes(level))
}

/** Whether a transcript is another one in this wiring: without lines their ends make no difference, and without frames nothing does. */
function isOtherIn(wiring: Wiring, { tongues }: Transcript): boolean {
  const units = new Set([...tongues.values()].map(({ unit }) => unit))
  return (
    units.has('line') || wiring === WIRINGS.lf || (units.has('frame') && wiring !== WIRINGS.crlf)
  )
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
  const played = transcripts.filter((other) => isFor(level, other) && isOtherIn(wiring, other))
  for (const transcript of played) {
    if (failures === ENOUGH_FAILURES) return
    const setting = { arena: enter(), wiring, fence: PING, patience }
    const outcome = await play(transcript, setting)
    if (level === 'program' && [...transcript.tongues.values()].some((one) => one !== NATIVE)) {
      await play(SWEEP, setting)
    }
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
  const inChunks = (longest: number): Wiring => ({
    ...WIRINGS.merged,
    name: `chunks of up to ${longest} bytes, SEED=${SEED}`,
    cut: randomChunks(SEED, longest),
  })
  for (const wiring of [WIRINGS.lf, WIRINGS.bytewise, inChunks(7), inChunks(100)]) {
    await test.test(wiring.name, async (level) => {
      await playAll(level, 'wire', wiring, PATIENCE, () => wireArena(line))
    })
  }
})

t.test('the program', { jobs: 4 }, (test) => {
  for (const wiring of Object.values(WIRINGS)) {
    test.test(`wiring ${wiring.name}`, async (level) => {
      const arena = await programArena(level)
      await playAll(level, 'program', wiring, PATIENCE, () => arena)
    })
  }
  test.end()
})

function sweep(...actors: readonly string[]): Transcript {
  const share = MAX_ROOMS / actors.length
  const lines = actors.map((actor) => {
    const rooms = Array.from({ length: share }, (_, index) => `"!enter ${actor}${index}\\n"`)
    return `${actor} >> ${rooms.join(' ')}`
  })
  const source = ['```chat id=sweep', `with ${actors.join(', ')}`, ...lines, '```']
  const [transcript] = readTranscripts(source.join('\n'), 'sweep')
  if (transcript === undefined) throw new Error('no transcript')
  return transcript
}

/** The program, which listens on a port for each dialect. */
async function programArena(test: Test): Promise<Arena> {
  const names = [...DIALECTS.keys()]
  const listen = names.flatMap((name) => ['--listen', `${name}://127.0.0.1:0`])
  const running = runProgram(test, {
    args: [...listen, '--message-gap', '20', '--max-rooms', String(MAX_ROOMS)],
  })
  const addresses = new Map<string, Address>()
  for (const name of names) {
    const [, port] = await running.printed(
      new RegExp(`^listening on ${name}://\\S+:(\\d+)\\n`, 'm'),
    )
    addresses.set(name, { host: '127.0.0.1', port: Number(port) })
  }
  const native = addresses.get(line.name) ?? { host: '127.0.0.1', port: line.port }
  return socketArena(native, PATIENCE, addresses)
}
