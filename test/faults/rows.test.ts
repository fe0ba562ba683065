// Bad input and bad peers against the real program, row by row of docs/faults.md: the one who does it
// gets what is promised, and a canary pair notices nothing.

import t, { type Test } from 'tap'
import { Canaries } from './canaries.js'
import { deadlines } from './inputs-lines.js'
import { queues, stalls, vanishing } from './peers.js'
import type { Row } from './row.js'
import { INPUTS } from './rows.js'
import { setScene, startServer } from './scene.js'

const PRINTABLE = /^[^\0-\x09\x0b-\x1f\x7f-\x9f]*$/
/** What takes a minute otherwise takes a second. */
const BRIEF = [
  '--registration-timeout',
  '1',
  '--stall-timeout',
  '1',
  '--send-queue-bytes',
  '1000000000',
]

/** Plays the rows at one server, beside a canary pair. */
async function play(t: Test, rows: readonly Row[], args: readonly string[] = []): Promise<void> {
  const server = await startServer(args)
  t.teardown(() => server.running.stop('SIGKILL'))
  const scene = await setScene(server)
  const canaries = await Canaries.at(server.url)
  for (const { number, promise, play } of rows) {
    await t.resolves(play(scene), `${number}: ${promise}`)
  }
  const { sung, wrong } = await canaries.stop()
  t.same(wrong, [], 'the canaries heard everything')
  t.ok(sung > 0, 'and there was something to hear')
  t.match(server.running.stdout, PRINTABLE, 'the log has no controls')
  t.same(await server.running.stop(), { code: 0, signal: null })
  t.equal(server.running.stderr, '')
}

t.jobs = 2
t.test('bad input and bad peers', { buffered: true }, (t) =>
  play(t, [...INPUTS, ...vanishing, ...queues]),
)
t.test('those who let time pass', { buffered: true }, (t) =>
  play(t, [...deadlines, ...stalls], BRIEF),
)
