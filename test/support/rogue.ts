// Servers that no kit should trust: each does one thing that hangs, floods or confuses a client.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Address } from '../../lib/check/sockets.js'

/** What a client of it meets. */
export type Rogue = 'hangs' | 'floods' | 'closes' | 'prints binary' | 'closes late'

/** A running server. */
export interface RogueServer {
  readonly address: Address
  /** Cuts everybody off and listens no more. */
  close(): Promise<void>
}

const TREATMENTS: Readonly<Record<Rogue, (socket: Socket) => void>> = {
  // Neither reads nor answers nor closes.
  hangs: (socket) => socket.pause(),
  floods(socket) {
    const lines = Buffer.from('spam\n'.repeat(13_000))
    const flood = (): void => {
      while (socket.writable && socket.write(lines));
    }
    socket.on('drain', flood).resume()
    flood()
  },
  closes: (socket) => socket.end(),
  'prints binary': (socket) => {
    socket.on('data', (bytes) => {
      socket.write(Buffer.from(bytes.map((byte) => byte ^ 0xff)))
    })
    socket.on('end', () => socket.end())
  },
  // Says something, and closes a moment after.
  'closes late': (socket) => {
    socket.on('data', () => {
      socket.write('no\r\n')
      setTimeout(() => socket.end(), 50)
    })
  },
}

/** Starts one on a free port of loopback. */
export async function rogueServer(kind: Rogue): Promise<RogueServer> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    TREATMENTS[kind](socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return {
    address: { host: '127.0.0.1', port: address.port },
    async close() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
