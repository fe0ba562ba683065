// A scene: the host and its connections as they are, over sockets without a network, and the
// actors of a script one step after the other. Nothing waits for time but what the server does by time.

import * as assert from 'node:assert/strict'
import { Inbox, type ReceivedLine } from '../../lib/check/inbox.js'
import { readTranscripts } from '../../lib/check/read.js'
import { NATIVE, type Tongue } from '../../lib/check/tongue.js'
import type { PresenceVerb, Send, Step, Transcript } from '../../lib/check/transcript.js'
import type { ConnectionId, Effect, Input, State } from '../../lib/core/index.js'
import { DIALECTS } from '../../lib/dialects/index.js'
import { line } from '../../lib/dialects/line/index.js'
import type { Connection } from '../../lib/host/connection.js'
import { Host, type HostSettings } from '../../lib/host/host.js'
import type { Entry } from '../../lib/host/journal.js'
import { DEFAULT_LIMITS, type Limits } from '../../lib/host/limits.js'
import { MemorySocket } from './memory-socket.js'

/** Lines of one client that are carried out in one turn: few, so that it is often held back. */
const LINES_PER_TURN = 4
/** So many turns without any change, and the server is done: no step has more lines than fit into them. */
const QUIET_TURNS = 5

/** One client. */
export interface Peer {
  readonly name: string
  readonly tongue: Tongue
  readonly id: ConnectionId
  readonly socket: MemorySocket
  readonly inbox: Inbox
  /** All bytes that it has received; its lines or messages, and its telnet commands by themselves. */
  received: Buffer
  lines: readonly ReceivedLine[]
  telnet: Buffer
  /** Whether it has not gone, nor ended its sending, by its own doing. */
  present: boolean
  sending: boolean
}

/** A step that was taken, and what came of it. */
export interface Moment {
  readonly step: Step
  /** Whether its actor could do it: who is gone sends nothing, and who is there does not come. */
  readonly taken: boolean
  readonly before: State
  /** What each actor has received since the moment before, but for those who have left, and what those are greeted with who come by `with`. */
  readonly heard: ReadonlyMap<string, readonly ReceivedLine[]>
}

/** What is different from a usual house. */
export interface SceneOptions {
  readonly limits?: Partial<Limits>
  /** How what an actor sends comes to the server; in one read if left out. */
  readonly cutting?: (bytes: Buffer) => readonly Buffer[]
  /** Called at the end of each turn of the event loop. */
  readonly atTurn?: (host: Host) => void
}

/** A script as a transcript; throws if a line of it is no step. */
export function transcriptOf(script: readonly string[]): Transcript {
  // There must be a step; a settle does nothing here.
  const block = ['```chat id=script', ...script, 'settle', '```']
  const [transcript] = readTranscripts(block.join('\n'), 'script')
  const [flaw] = transcript?.flaws ?? []
  if (transcript === undefined || flaw !== undefined) {
    throw new Error(`${flaw?.message ?? 'no script'}: ${script[(flaw?.line ?? 0) - 2] ?? ''}`)
  }
  return transcript
}

/** The scene of one script. */
export class Scene {
  readonly host: Host
  /** What the operator was told. */
  readonly entries: Entry[] = []
  /** Everything that the core was fed. */
  readonly inputs: Input[] = []
  readonly #transcript: Transcript
  readonly #atTurn: (host: Host) => void
  readonly #cutting: (bytes: Buffer) => readonly Buffer[]
  readonly #peers = new Map<string, Peer>()
  readonly #sockets = new Set<MemorySocket>()
  #connections = 0

  constructor(script: readonly string[], { limits, atTurn, cutting }: SceneOptions = {}) {
    this.#transcript = transcriptOf(script)
    this.#atTurn = atTurn ?? (() => undefined)
    this.#cutting = cutting ?? ((bytes) => [bytes])
    this.host = new RecordingHost(this.inputs, {
      limits: { ...DEFAULT_LIMITS, linesPerTurn: LINES_PER_TURN, messageGap: 0, ...limits },
      motd: [],
      journal: (entry) => this.entries.push(entry),
      clock: () => 0,
      timeOfDay: () => 0,
      logMessages: false,
    })
  }

  /** Those who are there, or were last of their name. */
  get peers(): readonly Peer[] {
    return [...this.#peers.values()]
  }

  /** The last connection of this name. */
  peer(name: string): Peer | undefined {
    return this.#peers.get(name)
  }

  /** Takes all steps. */
  async play(): Promise<readonly Moment[]> {
    const moments: Moment[] = []
    for (const step of this.#transcript.steps) moments.push(await this.perform(step))
    return moments
  }

  /** Takes one step, and waits until the server is done with it. */
  async perform(step: Step): Promise<Moment> {
    const before = this.host.state
    const taken = step.type === 'send' ? this.#send(step) : await this.#move(step)
    if (taken) await this.settle()
    const greeted = step.type === 'join' ? step.actors : step.type === 'rejoin' ? [step.actor] : []
    return { step, taken, before, heard: this.hear(greeted) }
  }

  /** Waits until the server is done with everything. */
  async settle(): Promise<void> {
    for (let quiet = 0; quiet < QUIET_TURNS;) {
      const { state } = this.host
      const sent = this.#sentBytes
      await turn()
      this.#atTurn(this.host)
      const changed = state !== this.host.state || sent !== this.#sentBytes
      const waits = [...this.host.connections].some((connection) => this.#waits(connection))
      quiet = changed || waits ? 0 : quiet + 1
      // Messages that are kept apart, and farewells, wait for their time.
      if (waits) await new Promise((resolve) => setTimeout(resolve, 1))
    }
  }

  /** Somebody who speaks lines comes and has a nickname. */
  async join(name: string): Promise<Peer> {
    await this.#join(name)
    this.hear()
    return this.existing(name)
  }

  /** The last connection of a name that must have one. */
  existing(name: string): Peer {
    const peer = this.peer(name)
    if (peer === undefined) throw new Error(`${name} never came`)
    return peer
  }

  /** Those whom the server closes go, and so do those who do not read, until nobody is there. */
  async emptied(): Promise<void> {
    while ([...this.host.connections].length > 0) {
      for (const socket of this.#sockets) {
        if (socket.stalls) socket.reset()
        else if (socket.ending !== 'open') socket.finish()
      }
      await new Promise((resolve) => setTimeout(resolve, 1))
    }
    this.hear()
  }

  /** Everybody is gone, and so are the host's timers. */
  async end(): Promise<void> {
    for (const socket of this.#sockets) socket.reset()
    while ([...this.host.connections].length > 0) await turn()
  }

  get #sentBytes(): number {
    return this.peers.reduce((sum, { socket }) => sum + socket.sentBytes, 0)
  }

  /** Whether something is to leave by itself. */
  #waits(connection: Connection): boolean {
    const socket = this.peers.find(({ id }) => id === connection.id)?.socket
    if (socket === undefined || socket.stalls || socket.destroyed) return false
    return (
      connection.queuedBytes > 0 ||
      (connection.finishedAt !== undefined && socket.ending === 'open')
    )
  }

  #connect(name: string): Peer {
    const tongue = this.#transcript.tongues.get(name) ?? NATIVE
    const dialect = DIALECTS.get(tongue.dialect) ?? line
    const socket = new MemorySocket(50_000 + this.#connections, '127.0.0.1')
    const id = `c${++this.#connections}`
    const inbox = new Inbox(tongue.notation.decode)
    const peer = {
      name,
      tongue,
      id,
      socket,
      inbox,
      received: EMPTY,
      lines: [],
      telnet: EMPTY,
      present: true,
      sending: true,
    }
    this.#peers.set(name, peer)
    this.#sockets.add(socket)
    this.host.accept(socket, dialect)
    return peer
  }

  async #join(name: string): Promise<boolean> {
    if (this.#isThere(name)) return false
    const { socket, tongue } = this.#connect(name)
    for (const message of tongue.notation.introduce(name)) {
      socket.deliver(tongue.unit === 'line' ? Buffer.concat([message, LINE_END]) : message)
      await this.settle()
    }
    return true
  }

  #send({ actor, bytes, form }: Send): boolean {
    const { socket, sending } = this.peer(actor) ?? this.#connect(actor)
    const whole = form === 'line' ? Buffer.concat([bytes, LINE_END]) : bytes
    if (sending) socket.deliver(...this.#cutting(whole))
    return sending
  }

  async #move(step: Step): Promise<boolean> {
    if (!('over' in step)) return false
    if (step.type === 'join') {
      for (const name of step.actors) await this.#join(name)
      return true
    }
    const { type, actor } = step
    if (type === 'rejoin') return this.#join(actor)
    if (type === 'connect') return !this.#isThere(actor) && this.#connect(actor).sending
    const peer = this.peer(actor)
    if (peer === undefined || !this.#isThere(actor)) return false
    await act(peer, type)
    return true
  }

  /** Whether one of this name has not gone by its own doing, nor been closed. */
  #isThere(name: string): boolean {
    const peer = this.peer(name)
    return peer !== undefined && peer.present && peer.socket.ending === 'open'
  }

  /** What has come since the last time; what those are greeted with is left out, but for lines. */
  hear(greeted: readonly string[] = []): ReadonlyMap<string, readonly ReceivedLine[]> {
    const heard = new Map<string, readonly ReceivedLine[]>()
    for (const peer of this.#peers.values()) {
      const { name, socket, inbox, tongue } = peer
      const writes = socket.takeSent()
      peer.received = Buffer.concat([peer.received, ...writes])
      for (const bytes of writes) inbox.receive(bytes)
      if (socket.ending !== 'open' && inbox.end === undefined) inbox.close('closed')
      const { lines, telnet } = inbox
      inbox.take(lines.length, telnet.length)
      peer.lines = [...peer.lines, ...lines]
      peer.telnet = Buffer.concat([peer.telnet, telnet])
      const counts = peer.present && (tongue === NATIVE || !greeted.includes(name))
      if (counts) heard.set(name, lines)
    }
    return heard
  }
}

const EMPTY = Buffer.alloc(0)
const LINE_END = Buffer.from('\r\n')

/** A host whose inputs are kept. */
class RecordingHost extends Host {
  readonly #inputs: Input[]
  #feeds = false

  constructor(inputs: Input[], settings: HostSettings) {
    super(settings)
    this.#inputs = inputs
  }

  override feed(input: Input): readonly Effect[] {
    this.#inputs.push(input)
    assert.ok(!this.#feeds, 'an input comes in the middle of another')
    this.#feeds = true
    try {
      return super.feed(input)
    } finally {
      this.#feeds = false
    }
  }
}

/** Does something with a connection that stands. */
async function act(peer: Peer, verb: Exclude<PresenceVerb, 'connect' | 'rejoin'>): Promise<void> {
  const { socket } = peer
  switch (verb) {
    case 'leave':
    case 'halfClose':
      peer.present = verb === 'halfClose'
      peer.sending = false
      socket.stall(false)
      socket.finish()
      break
    case 'reset':
      peer.present = false
      peer.sending = false
      socket.reset()
      await new Promise((resolve) => socket.once('close', resolve))
      break
    case 'stopReading':
    case 'resume':
      socket.stall(verb === 'stopReading')
      break
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
