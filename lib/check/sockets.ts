// The arena of a real server: one TCP connection for each actor.

import { connect, type Socket } from 'node:net'
import type { Arena, Ear, End, Link } from './arena.js'

/** Where a server listens. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** An address as people write it: an IPv6 address in brackets. */
export function addressText({ host, port }: Address): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/**
 * Clients of the server at an address. `patience` is how long, in milliseconds, the server may take to
 * close a connection of its own accord that has come and gone. `others` is where the same server listens
 * for dialects other than its first, by their names.
 */
export function socketArena(
  address: Address,
  patience: number,
  others: ReadonlyMap<string, Address> = new Map(),
): Arena {
  return {
    async connect(ear, _name, { dialect }) {
      const place = others.get(dialect) ?? address
      const socket = connect({ ...place, noDelay: true, allowHalfOpen: true })
      const link = new SocketLink(socket, ear)
      await connected(socket)
      return link
    },
    // Data that is ready is read in the order in which it became ready, so a server that has closed a
    // connection which came later has read what was sent before. It may have read it in the same turn
    // in which it took the newcomer, and not have carried it out: hence a second one.
    async catchUp() {
      await comeAndGo(address, patience)
      await comeAndGo(address, patience)
      await turn()
    },
  }
}

class SocketLink implements Link {
  readonly #socket: Socket
  readonly #ear: Ear
  #end: End | undefined
  #deaf = false

  constructor(socket: Socket, ear: Ear) {
    this.#socket = socket
    this.#ear = ear
    socket
      .on('data', (bytes) => {
        if (!this.#deaf) ear.heard(bytes)
      })
      .on('end', () => {
        this.#hearEnd('closed')
        socket.end()
      })
      .on('error', (error: NodeJS.ErrnoException) => {
        this.#hearEnd(error.syscall === 'connect' ? 'refused' : 'reset')
      })
  }

  async send(segment: Buffer): Promise<void> {
    if (this.#socket.writable) this.#socket.write(segment)
    // Each write is its own segment (no delay); the turn gives the server a chance to read it by itself.
    await turn()
  }

  halfClose(): void {
    this.#socket.end()
  }

  // On loopback a RST is queued before anything that is sent later, on whatever connection: who is
  // answered afterwards is answered by a server that can have seen it.
  reset(): void {
    this.#deaf = true
    this.#socket.resetAndDestroy()
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  #hearEnd(end: End): void {
    if (this.#deaf || this.#end !== undefined) return
    this.#end = end
    this.#ear.ended(end)
  }
}

async function connected(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve).once('close', () => {
      resolve()
    })
  })
}

/** Connects, says nothing, and waits until the server has closed too. */
async function comeAndGo(address: Address, patience: number): Promise<void> {
  const socket = connect(address)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      socket.destroy()
    }, patience)
    socket
      .on('error', () => socket.destroy())
      .on('close', () => {
        clearTimeout(timer)
        resolve()
      })
      .resume()
      .end()
  })
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
