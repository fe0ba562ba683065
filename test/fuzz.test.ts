// `npm run fuzz` itself: what it finds is written down as a transcript that can be played, and the
// same seed finds the same.

import * as assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type * as fc from 'fast-check'
import t from 'tap'
import { play } from '../lib/check/play.js'
import { readTranscripts } from '../lib/check/read.js'
import { WIRINGS } from '../lib/check/wiring.js'
import { line } from '../lib/dialects/line/index.js'
import { readFuzzOptions } from './fuzz/fuzz-options.js'
import { always, invariant, type Invariant } from './fuzz/invariant.js'
import { tryRounds } from './fuzz/rounds.js'
import { NOISE, TALKS } from './fuzz/scripts.js'
import { storyOfScript } from './fuzz/story.js'
import { documentOf } from './fuzz/tell.js'
import { PING, failureText } from './support/playing.js'
import { ROOT } from './support/root.js'
import { wireArena } from './support/wire-arena.js'

const PROGRAM = `${ROOT}/dist/test/fuzz/fuzz.js`

/** What an invariant that is false is found broken by, as a document. */
async function found(claim: Invariant, seed: number): Promise<string> {
  const broken = await claim.try(500, seed)
  assert.ok(broken !== undefined, `${claim.title} holds`)
  return documentOf(broken, { title: claim.title, seed })
}

/** Plays a document; what failed, if anything did. */
async function playDocument(text: string): Promise<string> {
  const [transcript] = readTranscripts(text, 'found.md')
  assert.ok(transcript !== undefined)
  assert.deepEqual(transcript.flaws, [])
  const setting = { arena: wireArena(line), wiring: WIRINGS.lf, fence: PING, patience: 5000 }
  const outcome = await play(transcript, setting)
  return outcome.type === 'failed' ? failureText(outcome.failure) : outcome.type
}

function nobodySays(
  title: string,
  scripts: fc.Arbitrary<readonly string[]>,
  words: string,
): Invariant {
  return invariant(
    title,
    scripts,
    (script) => {
      assert.ok(!script.join('\n').includes(words))
    },
    storyOfScript,
  )
}

t.test('what breaks a claim is a transcript that plays', async (t) => {
  const claims = [
    always('nobody is in a room', ({ after }) => {
      assert.ok(after.rooms.every(({ members }) => members.isEmpty()))
    }),
    always('nobody asks for what is not there', ({ heard }) => {
      assert.ok(!heard.some(([, event]) => event.type === 'refused'))
    }),
    nobodySays('nobody talks', TALKS, '> m'),
    nobodySays('nobody whispers', TALKS, '/w'),
    nobodySays('nobody makes noise', NOISE, '>|'),
  ]
  for (const claim of claims) {
    const text = await found(claim, 5)
    t.equal(await playDocument(text), 'passed', `${claim.title}\n${text}`)
    t.equal(await found(claim, 5), text, 'the same seed finds the same')
  }
})

t.test('rounds: what is broken is written down, the rest goes on', async (t) => {
  const out = t.testdir()
  const printed: string[] = []
  const broken = await tryRounds({
    invariants: [
      nobodySays('7: nobody talks at all', TALKS, '> m'),
      nobodySays('8: nobody is called zoe', TALKS, 'zoe'),
    ],
    milliseconds: 0,
    seed: 5,
    out: join(out, 'made', 'for it'),
    print: (text) => printed.push(text),
  })
  t.equal(broken, 1)
  const [name = ''] = readdirSync(join(out, 'made', 'for it'))
  t.equal(name, '7-nobody-talks-at-all-5.md')
  t.equal(await playDocument(readFileSync(join(out, 'made', 'for it', name), 'utf8')), 'passed')
  t.match(
    printed.join(''),
    /^broken: 7: [^]*      500  8: nobody [^]*1000 runs from seed 5: 1 broken\n$/,
  )
})

t.test('options', (t) => {
  const rows: readonly (readonly [string, unknown])[] = [
    ['--help', { ask: 'help' }],
    ['--list', { ask: 'list' }],
    [
      '--minutes 0.5 --seed 7 --only 13 --out here',
      { ask: 'run', minutes: 0.5, seed: 7, only: '13', out: 'here' },
    ],
    ['', { ask: 'run', minutes: 10, only: '', out: 'fuzz-failures' }],
    ['--minutes', { ask: 'nothing' }],
    ['--minutes x', { ask: 'nothing', problem: /--minutes takes a number from 0/ }],
    ['--minutes -1', { ask: 'nothing' }],
    ['--seed 1.5', { ask: 'nothing', problem: /--seed takes a whole number/ }],
    ['--seed 2147483648', { ask: 'nothing' }],
    ['--for ever', { ask: 'nothing', problem: /--for/ }],
  ]
  for (const [args, options] of rows) {
    t.match(readFuzzOptions(args.split(' ').filter((arg) => arg !== '')), options, args)
  }
  t.end()
})

t.test('the program', (t) => {
  const fuzz = (...args: readonly string[]): { status: number | null; said: string } => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
      encoding: 'utf8',
    })
    return { status, said: stderr + stdout }
  }
  t.match(fuzz('--only', '18:', '--minutes', '0', '--seed', '1'), {
    status: 0,
    said: /500 runs from seed 1: all held\n$/,
  })
  t.match(fuzz('--only', 'nothing of the kind'), { status: 2, said: /--list shows them/ })
  t.end()
})
