// A row of the catalogue (docs/faults.md): what is sent to a server, and what must come of it. Rows
// are played one after the other, so that whatever anybody hears is the row's doing.

import { deepEqual, equal, match, ok } from 'node:assert/strict'
import type { Running } from '../support/running.js'
import { show } from '../support/show.js'
import { Caller } from './caller.js'

/** Where rows are played. */
export interface Scene {
  /** `line://HOST:PORT` of the server under test. */
  readonly url: string
  /** Somebody in the room `r`, whom alice may talk to. */
  readonly bob: Caller
  /** Somebody whom nothing concerns but lobby talk. */
  readonly witness: Caller
  /** The process of the server, whose standard output is its log. */
  readonly running: Running
}

/** A row. */
export interface Row {
  /** Its number in the catalogue, such as `I-17`. */
  readonly number: string
  /** What is promised, in a few words. */
  readonly promise: string
  /** Rejects if the promise is not kept. */
  readonly play: (scene: Scene) => Promise<void>
}

/** Who somebody is. */
type Standing = 'newcomer' | 'user' | 'gone'

/** What alice sends, and all that may come of it. */
export interface Exchange {
  /** Who she is when she sends it: a user in the room `r` if left out. */
  readonly as?: 'newcomer'
  /** TCP segments: the server has read each before the next is sent. */
  readonly sends: string | Buffer | readonly (string | Buffer)[]
  /** What everybody in the lobby hears her say. */
  readonly said?: readonly string[]
  /** Lines that bob alone hears. */
  readonly bobHears?: readonly string[]
  /** Lines to herself. */
  readonly answers?: readonly (string | RegExp)[]
  /** TELNET answers, in hex. */
  readonly telnet?: string
  /** How her connection ends after it, if she does that. */
  readonly then?: 'fin'
  /** Who she is then: the same as before if left out. */
  readonly leaves?: Standing
}

/** How often the others are asked for what must have come, before it is taken for lost. */
const MAX_QUESTIONS = 500

/** A row with a story of its own. */
export function scenario(
  number: string,
  promise: string,
  play: (scene: Scene) => Promise<void>,
): Row {
  return { number, promise, play }
}

/** A row of exchanges, one after the other. */
export function row(number: string, promise: string, ...exchanges: readonly Exchange[]): Row {
  return scenario(number, promise, async (scene) => {
    for (const exchange of exchanges) await perform(scene, exchange)
  })
}

/** An error line with this code, whatever its sentence. */
export function error(code: string): RegExp {
  return new RegExp(`^!error ${code} \\S`)
}

/** Bytes written in hex, blanks between. */
export function hex(text: string): Buffer {
  return Buffer.from(text.replaceAll(' ', ''), 'hex')
}

/**
 * Resolves once the server has read what anybody sent before. Data that is ready is read in the
 * order in which it became ready, so two answers to one who asks later show it.
 */
export async function hasRead({ bob }: Scene): Promise<void> {
  for (let n = 0; n < 2; n++) await bob.fence()
}

/** Resolves once nobody online is called so; what the witness heard until then is forgotten. */
export async function isGone({ witness }: Scene, nick: string): Promise<void> {
  for (let n = 0; n < MAX_QUESTIONS; n++) {
    witness.say('!users')
    await witness.fence()
    const names = witness.take().at(-1) ?? ''
    if (!names.split(' ').includes(nick)) return
  }
  throw new Error(`${nick} is online still`)
}

/** What the others have heard since they were asked last. */
export async function othersHear(
  { bob, witness }: Scene,
  heard: { readonly bob?: readonly string[]; readonly lobby?: readonly string[] },
): Promise<void> {
  const { lobby = [], bob: alone = [] } = heard
  await Promise.all([bob.fence(), witness.fence()])
  deepEqual(witness.take(), lobby, 'what the lobby hears')
  deepEqual(bob.take(), [...lobby, ...alone], 'what bob hears')
}

/** Whether lines are those that are wanted. */
export function sameLines(
  lines: readonly string[],
  wanted: readonly (string | RegExp)[],
  whose: string,
): void {
  equal(lines.length, wanted.length, `${whose}: ${show(lines)}, wanted: ${wanted.join()}`)
  for (const [n, want] of wanted.entries()) {
    const line = lines[n] ?? ''
    if (typeof want === 'string') equal(line, want)
    else match(line, want)
  }
}

/** Alice talks and is talked to as ever. */
export async function stillTalks(scene: Scene, alice: Caller): Promise<void> {
  const { bob } = scene
  alice.say('still here', '#bob and to you', '@r and in the room')
  await alice.fence()
  await othersHear(scene, {
    lobby: ['alice: still here'],
    bob: ['#alice: and to you', '@r alice: and in the room'],
  })
  bob.say('#alice and back')
  await bob.fence()
  await alice.fence()
  deepEqual(alice.take(), ['#bob: and back'])
}

async function perform(scene: Scene, exchange: Exchange): Promise<void> {
  const alice =
    exchange.as === 'newcomer'
      ? await Caller.to(scene.url)
      : await Caller.named(scene.url, 'alice', '!enter r')
  try {
    await observe(scene, exchange, alice)
  } catch (error) {
    // The next row is to find the scene as this one did.
    alice.client.reset()
    await isGone(scene, 'alice')
    const sent = bytesOf(exchange).toString('latin1').slice(0, 200)
    throw new Error(`after ${show(sent)}: ${String(error)}`, { cause: error })
  }
}

async function observe(scene: Scene, exchange: Exchange, alice: Caller): Promise<void> {
  const { as = 'user', answers = [], telnet = '', said = [], bobHears = [] } = exchange
  const { leaves = exchange.then === 'fin' ? 'gone' : as } = exchange
  for (const segment of segmentsOf(exchange)) {
    alice.send(segment)
    await hasRead(scene)
  }
  if (exchange.then === 'fin') alice.client.end()
  // Before she sends anything more: what is due must not wait for it.
  for (let n = 0; n < MAX_QUESTIONS && scene.bob.waiting < said.length; n++) await scene.bob.fence()
  if (leaves === 'gone') await alice.closed()
  else {
    if (leaves === 'newcomer') alice.say('alice')
    // Who is in the room already stays in it.
    alice.say('!enter r')
    await alice.fence()
  }
  sameLines(alice.take(), answers, 'what she is told')
  equal(alice.takeTelnet(), telnet, 'TELNET answers')
  await othersHear(scene, { lobby: said.map((text) => `alice: ${text}`), bob: bobHears })
  if (leaves === 'gone') {
    alice.client.end()
    return
  }
  await stillTalks(scene, alice)
  await alice.leave()
  ok(alice.waiting === 0, 'no word at the end')
}

function segmentsOf({ sends }: Exchange): readonly (string | Buffer)[] {
  return typeof sends === 'string' || Buffer.isBuffer(sends) ? [sends] : sends
}

function bytesOf(exchange: Exchange): Buffer {
  return Buffer.concat(segmentsOf(exchange).map((segment) => Buffer.from(segment)))
}
