// What visitors of a soak do: each kind is one way to use a server, or to ill-treat it.

import * as fc from 'fast-check'
import { DIALECTS } from '../../lib/dialects/index.js'
import { noiseFor } from '../fuzz/noise.js'
import { CAST, WORDS } from '../fuzz/words.js'
import { Visitor, pause } from './visitor.js'

/** What a visit needs. */
export interface Surroundings {
  readonly ports: ReadonlyMap<string, number>
  /** A number from 0 up to but not 1. */
  readonly random: () => number
  /** A nickname that nobody has. */
  readonly nick: string
}

/** A visit; resolves once the visitor is gone, with what was wrong if anything was. */
export type Visit = (surroundings: Surroundings) => Promise<string | undefined>

/** So much goes to a room by one flood, in bytes: more than the kernel holds for one who does not read. */
const FLOOD_BYTES = 6_000_000
const PIT = 'pit'

const NOISE: ReadonlyMap<string, readonly Buffer[]> = new Map(
  [...DIALECTS.keys()].map((name) => [
    name,
    fc.sample(noiseFor(name, { asks: true }), { numRuns: 200, seed: 1 }),
  ]),
)

function pick<Item>(random: () => number, items: readonly Item[]): Item | undefined {
  return items[Math.floor(random() * items.length)]
}

/** Comes, of any dialect, and has a nickname. */
async function guest({ ports, random, nick }: Surroundings): Promise<Visitor> {
  const [, tongue] = pick(random, CAST) ?? ['', 'line']
  const visitor = new Visitor(ports, tongue, nick)
  await visitor.introduce()
  return visitor
}

/** Says some of what its dialect has words for. */
async function talk(visitor: Visitor, random: () => number, times: number): Promise<void> {
  for (let n = 0; n < times && !visitor.ended; n++) {
    const words = pick(random, WORDS.get(visitor.tongue.name) ?? []) ?? '~'
    visitor.say(words.replaceAll('~', `${visitor.nick} ${n}`).replaceAll('\\n', '\n'))
    await pause(50 + 1000 * random())
  }
}

async function talker(surroundings: Surroundings): Promise<string | undefined> {
  const visitor = await guest(surroundings)
  await talk(visitor, surroundings.random, 1 + 20 * surroundings.random())
  return visitor.leave()
}

/** Sends all at once and ends: as with printf and nc. */
async function piper({ ports, nick }: Surroundings): Promise<string | undefined> {
  const visitor = new Visitor(ports, 'line', nick)
  visitor.sendRaw(Buffer.from(`${nick}\nhello\n!users\n!ping end\n`))
  const problem = await visitor.leave()
  return problem ?? (visitor.receivedBytes > 0 ? undefined : `${nick} got no answers`)
}

async function resetter(surroundings: Surroundings): Promise<undefined> {
  const visitor = await guest(surroundings)
  await talk(visitor, surroundings.random, 2)
  visitor.sendRaw(Buffer.from('half a li'))
  await visitor.reset()
}

/** Reads nothing for a while, in a room where much is said. */
async function sleeper({ ports, nick, random }: Surroundings): Promise<undefined> {
  const visitor = new Visitor(ports, 'line', nick)
  await visitor.introduce()
  visitor.say(`!enter ${PIT}`)
  visitor.stall()
  await pause(5000 + 20_000 * random())
  await visitor.reset()
}

/** Says so much in a room that those who do not read are cut off. */
async function flooder({ ports, nick }: Surroundings): Promise<string | undefined> {
  const visitor = new Visitor(ports, 'line', nick)
  await visitor.introduce()
  visitor.say(`!enter ${PIT}`)
  const lines = Buffer.from(`@${PIT} ${'flood '.repeat(200)}\r\n`.repeat(50))
  for (let sent = 0; sent < FLOOD_BYTES && !visitor.ended; sent += lines.length) {
    if (!visitor.sendRaw(lines)) await pause(20)
  }
  return visitor.leave()
}

/** Sends bytes without an end, until it is cut off. */
async function babbler({ ports, nick, random }: Surroundings): Promise<string | undefined> {
  const [, tongue] = pick(random, CAST) ?? ['', 'line']
  const visitor = new Visitor(ports, tongue, nick)
  if (random() < 0.5) await visitor.introduce()
  for (let n = 0; n < 100 && !visitor.ended; n++) {
    visitor.sendRaw(Buffer.alloc(16_384, 'a'))
    await pause(5)
  }
  return visitor.leave()
}

async function rogue({ ports, nick, random }: Surroundings): Promise<string | undefined> {
  const [name = 'line', noise = []] = pick(random, [...NOISE]) ?? []
  const visitor = new Visitor(ports, name, nick)
  if (random() < 0.5) await visitor.introduce()
  for (let n = 0; n < 20 && !visitor.ended; n++) {
    visitor.sendRaw(pick(random, noise) ?? Buffer.alloc(0))
    await pause(100 * random())
  }
  if (random() < 0.5) return visitor.leave()
  await visitor.reset()
  return undefined
}

/** Comes and says nothing. */
async function knocker({ ports, nick, random }: Surroundings): Promise<string | undefined> {
  const visitor = new Visitor(ports, pick(random, [...ports.keys()]) ?? 'line', nick)
  await pause(random() < 0.5 ? 0 : 5000 * random())
  if (random() < 0.5) return visitor.leave()
  await visitor.reset()
  return undefined
}

/** Sends byte by byte. */
async function typist({ ports, nick, random }: Surroundings): Promise<string | undefined> {
  const visitor = new Visitor(ports, 'line', nick)
  for (const byte of Buffer.from(`${nick}\r\nhello\r\n#nobody hi\r\n!users\r\n`)) {
    visitor.sendRaw(Buffer.of(byte))
    await pause(100 * random())
  }
  return visitor.leave()
}

/** All kinds, by name: how often each comes among the others, and what it does. */
export const VISITS: ReadonlyMap<string, readonly [weight: number, Visit]> = new Map<
  string,
  readonly [number, Visit]
>([
  ['talker', [40, talker]],
  ['piper', [10, piper]],
  ['resetter', [10, resetter]],
  ['sleeper', [6, sleeper]],
  ['flooder', [0.4, flooder]],
  ['babbler', [4, babbler]],
  ['rogue', [15, rogue]],
  ['knocker', [10, knocker]],
  ['typist', [5, typist]],
])

/** A kind of visit, as often as its weight has it. */
export function someKind(random: () => number): string {
  const total = [...VISITS.values()].reduce((sum, [weight]) => sum + weight, 0)
  let left = random() * total
  for (const [kind, [weight]] of VISITS) {
    left -= weight
    if (left < 0) return kind
  }
  return 'talker'
}
