// Invariants of the server as its clients see it: the connections and the host as they are, the
// dialects and the core behind them, and sockets without a network.

import * as assert from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import * as fc from 'fast-check'
import { initialState, transition, type ConnectionId } from '../../lib/core/index.js'
import type { Host } from '../../lib/host/host.js'
import { written } from '../../lib/check/text.js'
import { hearings, type Heard } from '../support/house.js'
import { bytewise, cut } from '../support/wire.js'
import { invariant, type Invariant } from './invariant.js'
import { Scene, type Peer, type SceneOptions } from './scene.js'
import {
  ASIDE,
  FRAMED_NOISE,
  NEITHER_HERE_NOR_THERE,
  NOISE,
  STALLS,
  TALKS,
  questions,
} from './scripts.js'
import { CAST } from './words.js'
import { storyOfScript, type Story } from './story.js'

/** Of the runs of other invariants: a scene takes some milliseconds. */
const SHARE = 0.1

/** The longest line that is sent: the longest that is taken, and what stands before it (PROTOCOL.md). */
const MAX_LINE = 2048 + 128

/** A claim about a scene that was played; whatever it finds, the scene is ended. */
function scene(
  title: string,
  scripts: fc.Arbitrary<readonly string[]>,
  holds: (scene: Scene) => void | Promise<void>,
  options: SceneOptions = {},
): Invariant {
  const tryOn = async (script: readonly string[]): Promise<void> => {
    await played(script, holds, options)
  }
  const tell = (script: readonly string[]): Story => storyOfScript(script, options.limits)
  return invariant(title, scripts, tryOn, tell, SHARE)
}

/** Plays a script, and gives what `look` sees at its end. */
async function played<Seen>(
  script: readonly string[],
  look: (scene: Scene) => Seen | Promise<Seen>,
  options?: SceneOptions,
): Promise<Seen> {
  const scene = new Scene(script, options)
  try {
    await scene.play()
    return await look(scene)
  } finally {
    await scene.end()
  }
}

/** Whether all that was sent to it has come, and it still reads. */
function isWhole({ socket }: Peer): boolean {
  return !socket.stalls && !socket.destroyed
}

const CONTROLS = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/
const TELNET_ANSWER = /\xff[\xfb-\xfe][^]/g
const LINES_ONLY = /^(?:[^\r\n\t]*\r?\n)*$/

function assertClean(peer: Peer): void {
  const { received, tongue, inbox, name } = peer
  const bytes = received.toString('latin1').replace(TELNET_ANSWER, '')
  const text = Buffer.from(bytes, 'latin1')
  assert.ok(isUtf8(text), `${name} received what is not UTF-8`)
  assert.doesNotMatch(text.toString(), CONTROLS)
  if (!isWhole(peer)) return
  // Clients without framing may turn out to type lines, and telnets show it.
  const isTelnet = bytes.length < received.length
  if (tongue.unit === 'line' || isTelnet) {
    assert.match(bytes, LINES_ONLY)
    for (const line of bytes.split('\r\n')) assert.ok(line.length <= MAX_LINE)
  } else if (tongue.unit !== 'read' || !LINES_ONLY.test(bytes)) {
    assert.equal(inbox.unfinished.toString(), '', `${name} received a part of a message`)
  }
}

/** The marks of a text that nobody says twice, in order. */
function marksIn(text: string): readonly string[] {
  return text.match(/m\d+x/g) ?? []
}

/** The marks that an event holds. */
function marksOf(event: Heard): readonly string[] {
  if (event.type === 'said' || event.type === 'told') return marksIn(event.message.text)
  if (event.type !== 'historyListed') return []
  return event.messages.flatMap(({ text }) => marksIn(text))
}

/** Which marks each connection is told of, in order, by a core that is fed the same inputs. */
function marksTold({ host, inputs }: Scene): ReadonlyMap<ConnectionId, readonly string[]> {
  const told = new Map<ConnectionId, readonly string[]>()
  let state = initialState({ limits: host.limits })
  for (const input of inputs) {
    const next = transition(state, input)
    state = next.state
    for (const [id, event] of hearings(next.effects)) {
      told.set(id, [...(told.get(id) ?? []), ...marksOf(event)])
    }
  }
  return told
}

/** Whether every connection that takes part is a newcomer or a user, and the other way round. */
function assertSameConnections(host: Host): void {
  const open = [...host.connections].filter(({ finishedAt }) => finishedAt === undefined)
  const { newcomers, users } = host.state
  assert.deepEqual(
    new Set(open.map(({ id }) => id)),
    new Set([...newcomers.keys(), ...users.keys()]),
  )
  for (const { id, nick } of open) assert.equal(nick, users.get(id)?.nick)
}

const LIMITS = { sendQueueBytes: 4096, sendQueueTotalBytes: 10_000 }
/** What the kernel was given at once before it refused it. */
const HANDED_OVER = 65_536

function assertBounded({ connections }: Host): void {
  let total = 0
  for (const { queuedBytes, finishedAt } of connections) {
    const most = finishedAt === undefined ? LIMITS.sendQueueBytes : HANDED_OVER
    assert.ok(queuedBytes <= most, `${queuedBytes} bytes wait`)
    if (finishedAt === undefined) total += queuedBytes
  }
  assert.ok(total <= LIMITS.sendQueueTotalBytes, `${total} bytes wait in all`)
}

const places = fc.array(fc.nat(120), { maxLength: 6 })

/** What each has received: its messages and its telnet commands, which may pass each other. */
function receipts({ peers }: Scene): unknown {
  return peers.map(({ name, lines, telnet, socket }) => ({
    name,
    lines: lines.map(({ bytes }) => bytes.toString('latin1')),
    telnet: telnet.toString('hex'),
    ending: socket.ending,
  }))
}

const OTHERS = new Set(['alice', 'bob'])
/** The two, a third with a nickname and a fourth without. */
const TOGETHER = ['with alice, bob, mona', 'nora connects']

/** Invariants 3 to 30 where clients can see them. */
export const SCENES: readonly Invariant[] = [
  scene('3: connections that take part are those of the state (all dialects)', NOISE, (scene) => {
    assertSameConnections(scene.host)
  }),
  scene('11: what leaves is whole, clean and not too long (all dialects)', NOISE, ({ peers }) => {
    for (const peer of peers) assertClean(peer)
  }),
  scene(
    '12 to 15: what is said reaches each as the core tells it (all dialects)',
    TALKS,
    (scene) => {
      const told = marksTold(scene)
      for (const peer of scene.peers) {
        const wanted = told.get(peer.id) ?? []
        const got = marksIn(peer.received.toString('latin1'))
        assert.deepEqual(got, isWhole(peer) ? wanted : wanted.slice(0, got.length), peer.name)
      }
    },
  ),
  invariant(
    '20: all that was asked before the end is answered before the close (all dialects)',
    fc.record({ who: fc.constantFrom(...CAST), count: fc.integer({ min: 1, max: 40 }) }),
    async ({ who: [name, tongue], count }) => {
      const { socket, received } = await played([`with ${name} over ${tongue}`], async (scene) => {
        const peer = scene.existing(name)
        peer.socket.deliver(...questions(name, tongue, count))
        peer.socket.finish()
        await scene.settle()
        scene.hear()
        return peer
      })
      const got = received.toString('latin1').match(/q\d+x/g)
      assert.deepEqual(
        got,
        Array.from({ length: count }, (_, n) => `q${n}x`),
      )
      assert.equal(socket.ending, 'ended')
    },
    ({ who: [name, tongue], count }) =>
      storyOfScript([
        `with ${name} over ${tongue}`,
        ...questions(name, tongue, count).map((read) => `${name} >| ${written(read)}`),
        `${name} half-closes`,
      ]),
    SHARE,
  ),
  invariant(
    '27 and 28: what a third sends changes nothing that two others get (line)',
    fc.array(fc.oneof(fc.constantFrom(...ASIDE), NEITHER_HERE_NOR_THERE)),
    async (acts) => {
      const look = ({ peers }: Scene): unknown =>
        peers.filter(({ name }) => OTHERS.has(name)).map(({ received }) => received.toString())
      const others = acts.filter((line) => OTHERS.has(line.split(' ', 1).join()))
      assert.deepEqual(
        await played([...TOGETHER, ...acts], look),
        await played([...TOGETHER, ...others], look),
      )
    },
    (acts) => storyOfScript([...TOGETHER, ...acts]),
    SHARE,
  ),
  invariant(
    '16: however bytes are cut, everybody receives the same (line, onlinechat, chatapp)',
    fc.record({ script: FRAMED_NOISE, places }),
    async ({ script, places }) => {
      const expected = await played(script, receipts)
      for (const cutting of [bytewise, (bytes: Buffer) => cut(bytes, places)]) {
        assert.deepEqual(await played(script, receipts, { cutting }), expected)
      }
    },
    ({ script }) => storyOfScript(script),
    SHARE / 2,
  ),
  scene(
    '17: what waits for those who do not read is bounded (all dialects)',
    STALLS.map((script) => script.map((line) => line.replace(/m\d+x/, 'x'.repeat(1000)))),
    ({ peers }) => {
      for (const peer of peers) assertClean(peer)
    },
    { limits: LIMITS, atTurn: assertBounded },
  ),
  scene(
    '29: after a stop all are closed, none cut off, each told why once (all dialects)',
    NOISE,
    async (scene) => {
      const open = scene.peers.filter(({ socket }) => socket.ending === 'open' && !socket.stalls)
      const before = new Map(open.map((peer) => [peer, peer.lines.length]))
      const stopped = scene.host.stop()
      await scene.emptied()
      await stopped
      for (const { name, socket } of scene.peers) {
        assert.notEqual(socket.ending, 'open')
        assert.ok(!socket.cutOff, `${name} was cut off`)
      }
      assert.ok(scene.host.state.users.isEmpty() && scene.host.state.newcomers.isEmpty())
      for (const [{ name, lines, tongue }, count] of before) {
        if (tongue.name !== 'line') continue
        const goodbyes = lines
          .slice(count)
          .filter(({ bytes }) => /^!error shutting-down/.test(bytes.toString()))
        assert.equal(goodbyes.length, 1, name)
      }
    },
    { limits: { stopTimeout: 1 } },
  ),
  scene(
    '30: no bytes make anything of ours fail, and two others can talk',
    NOISE,
    async (scene) => {
      const mistakes = scene.entries.filter(({ what }) => what === 'mistake')
      assert.deepEqual(mistakes, [])
      const ida = await scene.join('ida')
      const ned = await scene.join('ned')
      ida.socket.deliver(Buffer.from('are you there\r\n'))
      await scene.settle()
      scene.hear()
      assert.ok(ned.received.includes('ida: are you there\r\n'))
    },
  ),
]
