// Faults of those who are connected: they vanish, they break off, they read nothing.

import { deepEqual, equal } from 'node:assert/strict'
import { Caller } from './caller.js'
import { hasRead, isGone, othersHear, scenario, stillTalks, type Row, type Scene } from './row.js'

/** Lines of 2,000 bytes, so many that no kernel holds them all for a reader that stalls. */
const FLOOD: readonly string[] = Array.from({ length: 3000 }, (_, n) => `${n} `.padEnd(2000, 'x'))
/** So many lines of it are sent at once, so that only those who stall have a queue. */
const WAVE = 100
const KNOCKS = 50

/** The rows. */
export const vanishing: readonly Row[] = [
  scenario('F-1', 'a reset in mid line frees the nickname at once', async (scene) => {
    const alice = await Caller.named(scene.url, 'alice')
    alice.send('never sai')
    await hasRead(scene)
    alice.client.reset()
    const again = await Caller.named(scene.url, 'alice', '!enter r')
    await othersHear(scene, {})
    await stillTalks(scene, again)
    await again.leave()
  }),
  scenario('F-2', 'so does an end with unread lines', async (scene) => {
    const alice = await Caller.named(scene.url, 'alice')
    alice.client.socket.pause()
    scene.bob.say(...Array<string>(100).fill('#alice never read'))
    await scene.bob.fence()
    alice.client.socket.destroy()
    await isGone(scene, 'alice')
    await othersHear(scene, {})
  }),
  scenario('F-38', 'who is told goodbye and stays is sent nothing more', async (scene) => {
    const alice = await Caller.named(scene.url, 'alice')
    alice.say('!quit')
    await alice.closed()
    deepEqual(alice.take(), ['!goodbye alice'])
    alice.say('hello?', '!users')
    scene.bob.say('hello', '#alice hello')
    await scene.bob.fence()
    const [refusal] = scene.bob.take()
    equal(refusal, '!error unknown-nick Nobody is called alice. Send !users for who is online.')
    await scene.witness.fence()
    deepEqual(scene.witness.take(), ['bob: hello'])
    await alice.leave()
    deepEqual(alice.take(), [])
  }),
  scenario('F-41', 'who has gone before being looked at leaves nothing', async (scene) => {
    for (let n = 0; n < KNOCKS; n++) {
      const knock = await Caller.to(scene.url)
      knock.client.reset()
    }
    await hasRead(scene)
    await othersHear(scene, {})
  }),
]

/** Bob says more than any kernel holds; those who read hear every line. */
async function flood(scene: Scene, readers: readonly Caller[]): Promise<void> {
  const { bob, witness } = scene
  for (let sent = 0; sent < FLOOD.length; sent += WAVE) {
    const wave = FLOOD.slice(sent, sent + WAVE)
    bob.say(...wave)
    await bob.fence()
    for (const reader of [witness, ...readers]) {
      await reader.fence()
      deepEqual(
        reader.take(),
        wave.map((line) => `bob: ${line}`),
      )
    }
  }
}

async function stalled(url: string, nick: string): Promise<Caller> {
  const caller = await Caller.named(url, nick)
  caller.client.socket.pause()
  return caller
}

/** Rows in which the length of a queue decides. */
export const queues: readonly Row[] = [
  scenario('F-8', 'half of a crowd stalls, the others hear every line', async (scene) => {
    const { url } = scene
    const readers = [await Caller.named(url, 'r1'), await Caller.named(url, 'r2')]
    const deaf = [await stalled(url, 'd1'), await stalled(url, 'd2'), await stalled(url, 'd3')]
    await flood(scene, readers)
    for (const nick of ['d1', 'd2', 'd3']) await isGone(scene, nick)
    for (const one of deaf) one.client.reset()
    for (const one of readers) await one.leave()
    equal(scene.running.stdout.match(/ is offline .*: too-slow\n/g)?.length, deaf.length)
  }),
]

/** Rows in which time decides: `--stall-timeout` is short, and the queue as long as can be. */
export const stalls: readonly Row[] = [
  scenario('F-6', 'a reader that stalls is closed, and nobody waits for it', async (scene) => {
    const deaf = await stalled(scene.url, 'deaf')
    await flood(scene, [])
    await scene.running.printed(/^deaf is offline .*: too-slow\n/m)
    await isGone(scene, 'deaf')
    deaf.client.reset()
    await othersHear(scene, {})
  }),
]
