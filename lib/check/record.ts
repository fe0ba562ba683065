// Sits between people with telnet and a server, and writes down what they say and hear as a
// transcript: a first draft of a test, to be edited.

import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Address } from './sockets.js'
import { written } from './text.js'

/** What happened on one of the connections. */
type Scene =
  | { readonly type: 'connects' | 'closed' | 'resets' }
  /** It sends no more (FIN). */
  | { readonly type: 'ends' }
  | { readonly type: 'says' | 'hears'; readonly bytes: Buffer }

/** A connection that is recorded. */
interface Client {
  readonly number: number
  /** What it has said that ends in no line end yet, and heard. */
  said: Buffer
  heard: Buffer
  over: boolean
}

const LF = 0x0a
const NAME = /^[A-Za-z][A-Za-z0-9]*$/
/** What a received line cannot read on the wire and be written after `<`. */
const RESERVED = /^(?:nothing|closed|reset|closed or reset|in any order:)$/

/** Records the dialogues of all who connect to it with one server. */
export class Recorder {
  readonly #target: Address
  readonly #listener: Server
  readonly #unreachable: (reason: string) => void
  #scenes: (readonly [Client, Scene])[] = []
  readonly #sockets = new Set<Socket>()
  #clients = 0

  /** The server to record; `unreachable` hears of each client for whom it could not be reached, and why. */
  constructor(target: Address, unreachable: (reason: string) => void) {
    this.#target = target
    this.#unreachable = unreachable
    // Half-open, so that a client that ends its sending still hears the rest.
    this.#listener = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      this.#bridge(socket)
    })
  }

  /** Listens on a port of loopback, 0 for a free one; gives the port. Rejects if it cannot. */
  async listen(port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#listener.once('error', reject).listen(port, '127.0.0.1', resolve)
    })
    const address: string | AddressInfo | null = this.#listener.address()
    return typeof address === 'object' && address !== null ? address.port : port
  }

  /** Cuts everybody off; gives the transcript, a block of Markdown with its line ends. */
  end(): string {
    this.#listener.close()
    for (const socket of this.#sockets) socket.destroy()
    const names = namesOf(this.#scenes)
    const steps = this.#scenes.flatMap(([client, scene], index) => {
      const name = names.get(client) ?? ''
      if (scene.type === 'ends')
        return [`${name} ${this.#hearsOn(index) ? 'half-closes' : 'leaves'}`]
      if (scene.type === 'closed' && this.#hasLeft(index)) return []
      return stepsOf(name, scene, this.#isNickname(index, name))
    })
    return ['```chat id=recorded', ...withJoins(steps), '```', ''].join('\n')
  }

  /** Whether this is the line by which a client that has just connected takes its name. */
  #isNickname(index: number, name: string): boolean {
    const [client, scene] = this.#scenes[index] ?? []
    if (scene?.type !== 'says' || lineOf(scene.bytes) !== name) return false
    const before = this.#scenes.slice(0, index).filter(([other]) => other === client)
    return before.length === 1
  }

  /** Whether the client of this scene hears anything after it. */
  #hearsOn(index: number): boolean {
    const [client] = this.#scenes[index] ?? []
    return this.#scenes.some(
      ([other, { type }], later) => later > index && other === client && type === 'hears',
    )
  }

  /** Whether the client of this scene has ended its sending before, and heard nothing since. */
  #hasLeft(index: number): boolean {
    const [client] = this.#scenes[index] ?? []
    const end = this.#scenes.findIndex(([other, { type }]) => other === client && type === 'ends')
    return end >= 0 && !this.#hearsOn(end)
  }

  #bridge(socket: Socket): void {
    const server = connect({ ...this.#target, allowHalfOpen: true, noDelay: true })
    const client: Client = {
      number: ++this.#clients,
      said: Buffer.alloc(0),
      heard: Buffer.alloc(0),
      over: false,
    }
    const note = (scene: Scene): void => {
      if (!client.over) this.#scenes.push([client, scene])
    }
    for (const end of [socket, server]) {
      this.#sockets.add(end)
      end.on('close', () => this.#sockets.delete(end))
    }
    note({ type: 'connects' })
    socket.on('data', (bytes) => {
      server.write(bytes)
      client.said = noteLines(Buffer.concat([client.said, bytes]), 'says', note)
      // Whatever is no whole line went to the server by itself.
      if (client.said.length > 0) note({ type: 'says', bytes: client.said })
      client.said = Buffer.alloc(0)
    })
    server.on('data', (bytes) => {
      socket.write(bytes)
      client.heard = noteLines(Buffer.concat([client.heard, bytes]), 'hears', note)
    })
    // Who ends its sending may hear on; which of the two it was, what comes next tells.
    socket.on('end', () => {
      note({ type: 'ends' })
      server.end()
    })
    server.on('end', () => {
      note({ type: 'closed' })
      client.over = true
      socket.end()
    })
    socket.on('error', () => {
      note({ type: 'resets' })
      client.over = true
      server.resetAndDestroy()
    })
    server.on('error', (error: NodeJS.ErrnoException) => {
      note({ type: 'closed' })
      client.over = true
      socket.destroy()
      if (error.syscall !== 'connect' && error.syscall !== 'getaddrinfo') return
      // Nothing that a server did: there was none.
      this.#scenes = this.#scenes.filter(([other]) => other !== client)
      this.#unreachable(error.code ?? error.message)
    })
  }
}

/** Notes each whole line with its end; gives what follows the last. */
function noteLines(bytes: Buffer, type: 'says' | 'hears', note: (scene: Scene) => void): Buffer {
  let start = 0
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
    note({ type, bytes: bytes.subarray(start, end + 1) })
    start = end + 1
  }
  return bytes.subarray(start)
}

/** Each client is called as its first line says, if that is a name that nobody has yet. */
function namesOf(scenes: readonly (readonly [Client, Scene])[]): ReadonlyMap<Client, string> {
  const names = new Map<Client, string>()
  for (const [client] of scenes) {
    if (names.has(client)) continue
    const first = scenes.find(([other, { type }]) => other === client && type === 'says')?.[1]
    const line = first !== undefined && 'bytes' in first ? lineOf(first.bytes) : ''
    const free = NAME.test(line) && ![...names.values()].includes(line)
    names.set(client, free ? line : `client${client.number}`)
  }
  return names
}

function stepsOf(
  name: string,
  scene: Exclude<Scene, { readonly type: 'ends' }>,
  isNickname: boolean,
): readonly string[] {
  switch (scene.type) {
    case 'connects':
    case 'resets':
      return [`${name} ${scene.type}`]
    case 'closed':
      return [`${name} < closed`]
    case 'says': {
      if (isNickname) return [`${name} joins`]
      const whole = scene.bytes.at(-1) === LF
      const text = written(Buffer.from(lineOf(scene.bytes), 'latin1'))
      return [`${name} ${whole ? '>' : '>|'} ${text}`.trimEnd()]
    }
    case 'hears': {
      const text = written(Buffer.from(lineOf(scene.bytes), 'latin1'))
      const arrow = RESERVED.test(text) ? '<~' : '<'
      return [`${name} ${arrow} ${text}`.trimEnd()]
    }
  }
}

/** One who connects and sends its name at once comes `with` it. */
function withJoins(steps: readonly string[]): readonly string[] {
  return steps.flatMap((step) => {
    const joins = /^(\S+) joins$/.exec(step)?.[1]
    if (joins !== undefined) return [`with ${joins}`]
    const connects = /^(\S+) connects$/.exec(step)?.[1]
    return connects !== undefined && steps.includes(`${connects} joins`) ? [] : [step]
  })
}

/** Without its line end; a character a byte. */
function lineOf(bytes: Buffer): string {
  return bytes.toString('latin1').replace(/\r?\n$/, '')
}
