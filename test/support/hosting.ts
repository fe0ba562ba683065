// Servers inside the test's own process: the public one, and a bare host whose clock the test
// holds and whose clients seem to come from where the test likes.

import { createServer as createListener, type Socket } from 'node:net'
import type { Test } from 'tap'
import { line } from '../../lib/dialects/line/index.js'
import { Host } from '../../lib/host/host.js'
import {
  DEFAULT_LIMITS,
  createServer,
  type Dialect,
  type Entry,
  type Journal,
  type Limits,
  type Server,
  type ServerOptions,
} from '../../lib/index.js'
import { Changes } from './changes.js'

/** A journal that a test reads and waits for. */
export class Entries {
  readonly all: Entry[] = []
  readonly #changes = new Changes()
  readonly journal: Journal = (entry) => {
    this.all.push(entry)
    this.#changes.tell()
  }

  /** The entries of one kind so far. */
  of<What extends Entry['what']>(what: What): readonly Extract<Entry, { what: What }>[] {
    return this.all.filter((entry): entry is Extract<Entry, { what: What }> => entry.what === what)
  }

  /** Resolves once so many entries of a kind are there. */
  async until(what: Entry['what'], count = 1): Promise<void> {
    await this.#changes.until(
      () => this.of(what).length >= count,
      () => `no ${what} among ${JSON.stringify(this.all)}`,
    )
  }
}

/** A public server that listens on a free port of loopback. */
export interface Served {
  readonly server: Server
  readonly url: string
  readonly entries: Entries
}

/** Starts a public server for one test. */
export async function serve(t: Test, options: ServerOptions = {}): Promise<Served> {
  const entries = new Entries()
  const server = createServer({ journal: entries.journal, ...options })
  t.teardown(() => server.close())
  return { server, url: await server.listen('line://127.0.0.1:0'), entries }
}

/** What a bare host may be given. */
export interface HostOptions {
  readonly limits?: Partial<Limits>
  readonly dialects?: readonly Dialect[]
  /** Where clients seem to come from; loopback, which they do, if left out. */
  readonly address?: string
  /** The host's clock in milliseconds; one that stands still at 0 if left out. */
  readonly clock?: () => number
}

/** A bare host, with one listener for each of its dialects. */
export interface Hosted {
  readonly host: Host
  /** One for each dialect. */
  readonly urls: readonly string[]
  readonly url: string
  readonly entries: Entries
  /** The server's ends of all connections, oldest first. */
  readonly sockets: readonly Socket[]
  /** Resolves once the server has read so many bytes of its `index`-th client. */
  readonly hasRead: (bytes: number, index?: number) => Promise<void>
  /** Resolves once the server's end of its `index`-th client is closed. */
  readonly hasClosed: (index: number) => Promise<void>
}

/** Starts a bare host for one test. */
export async function hostFor(t: Test, options: HostOptions = {}): Promise<Hosted> {
  const { address, dialects = [line] } = options
  const entries = new Entries()
  const changes = new Changes()
  const sockets: Socket[] = []
  const host = new Host({
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    motd: [],
    journal: entries.journal,
    clock: options.clock ?? (() => 0),
    timeOfDay: Date.now,
    logMessages: true,
  })
  const urls = await Promise.all(
    dialects.map((dialect) =>
      listenFor(t, (socket) => {
        if (address !== undefined)
          Object.defineProperty(socket, 'remoteAddress', { value: address })
        sockets.push(socket)
        host.accept(socket, dialect)
        for (const event of ['data', 'close']) {
          socket.on(event, () => {
            changes.tell()
          })
        }
      }),
    ),
  )
  t.teardown(() => host.stop())
  const hasRead = async (bytes: number, index = 0): Promise<void> => {
    await changes.until(
      () => (sockets[index]?.bytesRead ?? 0) >= bytes,
      () => `client ${index} was not read`,
    )
  }
  const hasClosed = async (index: number): Promise<void> => {
    await changes.until(
      () => sockets[index]?.closed === true,
      () => `client ${index} was not closed`,
    )
  }
  return { host, urls, url: urls[0] ?? '', entries, sockets, hasRead, hasClosed }
}

/** Resolves once what was sent up to now has been flushed, or its first slice if it goes to very many. */
export function endOfTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

/** Listens on a free port of loopback for one test; gives the URL. */
export function listenFor(t: Test, accept: (socket: Socket) => void): Promise<string> {
  const listener = createListener({ allowHalfOpen: true, noDelay: true }, accept)
  t.teardown(() => listener.close())
  return new Promise((resolve) => {
    listener.listen(0, '127.0.0.1', () => {
      const address = listener.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      resolve(`line://127.0.0.1:${port}`)
    })
  })
}
