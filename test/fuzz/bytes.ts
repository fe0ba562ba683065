// Invariants of bytes that come in: how they are cut makes no difference, they are kept within
// bounds, and what answers them does not go on for ever.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { DEFAULT_LIMITS } from '../../lib/host/limits.js'
import { Pace } from '../../lib/host/pace.js'
import { bytesOf, markOf, type FrameLimits, type Framing } from '../../lib/wire/frame.js'
import { headered } from '../../lib/wire/header.js'
import { lengthPrefixed } from '../../lib/wire/length-prefix.js'
import { telnetLines } from '../../lib/wire/lines.js'
import { bytewise, cut, read, type Reading } from '../support/wire.js'
import { invariant, type Invariant } from './invariant.js'
import { noiseFor } from './noise.js'
import { storyOfReads } from './story.js'

/** Limits that noise meets all the time. */
const TIGHT: FrameLimits = { frameBytes: 16, unfinishedBytes: 48 }

const FRAMINGS: readonly (readonly [tongue: string, Framing])[] = [
  ['line', telnetLines],
  ['onlinechat', lengthPrefixed],
  ['chatapp', headered],
]

const LINE_ENDS = new Set([0x0a, 0x0d])
const WILL = 0xfb
const DO = 0xfd
const TIMING_MARK = 0x06

const places = fc.array(fc.nat(200), { maxLength: 10 })

/** Are-you-theres next to each other are one if they came in one read: how many there are hangs on how bytes are cut. */
function oneOfEach({ frames, answers }: Reading): Reading {
  const repeats = (frame: string, i: number): boolean =>
    [frame, frames[i - 1] ?? ''].every((each) => markOf(each) === 'are-you-there')
  return { frames: frames.filter((frame, i) => !repeats(frame, i)), answers }
}

const cuttings = FRAMINGS.map(([tongue, framing]) =>
  invariant(
    `16: however bytes are cut, the frames are the same (${tongue})`,
    fc.record({ whole: noiseFor(tongue, { maxLength: 60, asks: true }), places }),
    async ({ whole, places }) => {
      const expected = oneOfEach(await read([whole], TIGHT, framing))
      for (const reads of [cut(whole, places), bytewise(whole)]) {
        assert.deepEqual(oneOfEach(await read(reads, TIGHT, framing)), expected)
      }
      if (tongue !== 'line') return
      const ends = whole.filter((byte) => LINE_ENDS.has(byte)).length
      const lines = expected.frames.filter((frame) => markOf(frame) !== 'are-you-there')
      assert.ok(lines.length <= ends + 1)
      const texts = lines.filter((line) => markOf(line) === undefined)
      assert.ok(texts.every((line) => !/[\0\x01\b\r\n\x7f]/.test(line)))
    },
    ({ whole, places }) => storyOfReads(tongue, cut(whole, places)),
  ),
)

/** How much may wait in a reader that is paused, in characters, apart from the reads it was given last. */
const HELD = 16_384 + 2048
/** So many reads fill every reader that can be filled. */
const MOST_READS = 2000

const holdings = FRAMINGS.map(([tongue, framing]) =>
  invariant(
    `17: who does not take frames is soon read no more (${tongue})`,
    fc.array(noiseFor(tongue), { minLength: 1, maxLength: 6 }),
    async (reads) => {
      let given = 0
      const reader = framing(
        {
          // Most of what waits is bytes as they came, and a mark is longer than some that it stands for.
          frame: (text) => (given += Math.min(text.length, bytesOf(text)) + 1),
          reply: () => undefined,
          end: () => undefined,
          drain: () => undefined,
        },
        TIGHT,
      )
      reader.pause()
      for (let more = true, turn = 0; more && turn < MOST_READS; turn++) {
        more = reader.feed(reads[turn % reads.length] ?? Buffer.alloc(0))
        if (tongue === 'line') assert.ok(reader.unfinishedBytes <= TIGHT.unfinishedBytes)
      }
      assert.equal(given, 0)
      reader.resume()
      await new Promise((resolve) => setImmediate(resolve))
      reader.destroy()
      const longest = Math.max(...reads.map(({ length }) => length))
      assert.ok(given <= HELD + 4 * longest, `${given} characters were held`)
    },
    (reads) => storyOfReads(tongue, reads),
    0.25,
  ),
)

const answers = invariant(
  '18: an option is answered once, a timing mark at most each time, an answer never',
  fc.array(fc.tuple(fc.constantFrom(WILL, 0xfc, DO, 0xfe), fc.oneof(fc.nat(8), fc.nat(255)))),
  async (commands) => {
    const reads = commands.map(([verb, option]) => Buffer.of(0xff, verb, option))
    const { frames, answers } = await read(reads)
    assert.deepEqual(frames, [])
    const requests = commands.filter(([verb]) => verb === WILL || verb === DO)
    const isMark = ([verb, option]: readonly number[]): boolean =>
      verb === DO && option === TIMING_MARK
    const marks = requests.filter(isMark)
    const others = new Set(requests.filter((one) => !isMark(one)).map(String))
    assert.ok(answers.length / 2 <= 3 * (others.size + marks.length))
    assert.ok(answers.length / 2 >= 3 * others.size)
    assert.ok(marks.length === 0 || answers.includes('fffc06'))
  },
  (commands) =>
    storyOfReads(
      'line',
      commands.map(([verb, option]) => Buffer.of(0xff, verb, option)),
    ),
)

const pause = fc.oneof(
  { weight: 30, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.nat(4000) },
)
/** As how many lines one counts: mostly as itself. */
const weight = fc.oneof({ weight: 9, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 25 }))
/** A sender of short lines or of any: how long it pauses before each, in milliseconds, how many bytes that has, and as how many it counts. */
const lines = fc.constantFrom(20, 2048).chain((longest) =>
  fc.array(fc.tuple(pause, fc.nat(longest), weight), {
    maxLength: 300,
    size: 'max',
  }),
)

const paces = invariant(
  '19: in any time t at most burst and rate times t are carried out, and all in the end',
  lines,
  (lines) => {
    const { lineBurst, lineRate, byteRate } = DEFAULT_LIMITS
    const pace = new Pace(DEFAULT_LIMITS, 0)
    const done: { readonly at: number; readonly bytes: number; readonly count: number }[] = []
    let now = 0
    let free = 0
    for (const [pause, bytes, count] of lines) {
      now = Math.max(now + pause, free)
      free = now + pace.take(count, bytes, now)
      done.push({ at: now, bytes, count: bytes > 0 ? count : 0 })
    }
    for (const [first, { at: start }] of done.entries()) {
      let counted = 0
      let taken = 0
      for (const { at, bytes, count } of done.slice(first)) {
        const seconds = (at - start) / 1000
        // What is longer than the bucket leaves it in debt, which is paid before the next.
        assert.ok(taken <= byteRate * (1 + seconds) + 1, `${taken} bytes in ${seconds} s`)
        taken += bytes + 1
        const begun = counted + Math.min(count, 1)
        assert.ok(begun <= lineBurst + lineRate * seconds + 1e-6, `${begun} lines in ${seconds} s`)
        counted += count
      }
    }
  },
  (lines) =>
    storyOfReads(
      'line',
      lines.map(([, length]) => Buffer.from(`${'a'.repeat(length)}\n`)),
    ),
  0.25,
)

/** Invariants 16 to 19, where they are about what comes in. */
export const BYTES: readonly Invariant[] = [...cuttings, ...holdings, answers, paces]
