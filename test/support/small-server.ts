// A small chat server of the kind a student writes, right or with one mistake: what the player
// must find out. Nicknames, talk, `#nick`, `!users`, `!ping`, `!quit`, and a word about `!enter`; lines
// end in LF or CR LF.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import type { Address } from '../../lib/check/sockets.js'

/** What is wrong with the server. */
export type Mistake =
  | 'none'
  | 'forwards fragments'
  | 'keeps the CR'
  | 'takes one line a read'
  | 'tells everybody private lines'
  | 'echoes'
  | 'ends lines in LF'
  | 'sends no line end'
  | 'greets'
  | 'takes a nickname twice'
  | 'ignores the end'
  | 'resets at quit'
  | 'closes at any line'
  | 'answers no ping'
  | 'announces'
  | 'says ok'
  | 'sends a line of two'

/** A running server. */
export interface SmallServer {
  readonly address: Address
  /** Cuts everybody off and listens no more. */
  close(): Promise<void>
}

/** Starts a server with this mistake on a free port of loopback. */
export async function smallServer(mistake: Mistake): Promise<SmallServer> {
  const room = new SmallRoom(mistake)
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    room.welcome(socket)
    socket.on('close', () => sockets.delete(socket))
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

class SmallRoom {
  readonly #mistake: Mistake
  readonly #users = new Map<Socket, string>()
  readonly #unfinished = new Map<Socket, string>()

  constructor(mistake: Mistake) {
    this.#mistake = mistake
  }

  welcome(socket: Socket): void {
    if (this.#mistake === 'greets') this.#send(socket, 'Welcome!')
    socket
      .on('data', (bytes) => {
        this.#read(socket, bytes.toString('latin1'))
      })
      .on('error', () => socket.destroy())
      .on('end', () => {
        if (this.#mistake !== 'ignores the end') socket.end()
      })
      .on('end', () => {
        this.#leave(socket)
      })
      .on('close', () => {
        this.#leave(socket)
      })
  }

  #read(socket: Socket, text: string): void {
    const lines = ((this.#unfinished.get(socket) ?? '') + text).split('\n')
    const rest = lines.pop() ?? ''
    this.#unfinished.set(socket, rest)
    if (this.#mistake === 'forwards fragments' && rest !== '' && this.#users.has(socket)) {
      this.#unfinished.set(socket, '')
      lines.push(rest)
    }
    const taken = this.#mistake === 'takes one line a read' ? lines.slice(0, 1) : lines
    if (this.#mistake === 'sends a line of two') taken.splice(0, 2, taken.slice(0, 2).join(' '))
    for (const line of taken) {
      this.#line(socket, this.#mistake === 'keeps the CR' ? line : line.replace(/\r$/, ''))
    }
  }

  #line(socket: Socket, line: string): void {
    const nick = this.#users.get(socket)
    if (nick === undefined) this.#register(socket, line)
    else if (line.startsWith('!ping ')) {
      if (this.#mistake !== 'answers no ping') this.#send(socket, `!pong ${line.slice(6)}`)
    } else if (line === '!users') this.#send(socket, [...this.#users.values()].join(' '))
    else if (line === '!quit' || this.#mistake === 'closes at any line') this.#quit(socket)
    else if (this.#mistake === 'says ok') this.#send(socket, 'ok')
    else if (line.startsWith('!enter ')) this.#send(socket, `you are in ${line.slice(7)} now`)
    else if (line.startsWith('#')) this.#tell(socket, nick, line)
    else this.#say(socket, `${nick}: ${line}`)
  }

  #register(socket: Socket, nick: string): void {
    const taken = [...this.#users.values()].includes(nick)
    if (!taken || this.#mistake === 'takes a nickname twice') {
      this.#users.set(socket, nick)
      if (this.#mistake === 'announces') this.#say(socket, `${nick} has come`)
      return
    }
    this.#send(socket, '!error nick-in-use')
    socket.end()
  }

  #leave(socket: Socket): void {
    const nick = this.#users.get(socket)
    this.#users.delete(socket)
    if (nick !== undefined && this.#mistake === 'announces') this.#say(socket, `${nick} is gone`)
  }

  #quit(socket: Socket): void {
    this.#users.delete(socket)
    if (this.#mistake === 'resets at quit') socket.resetAndDestroy()
    else socket.end()
  }

  #tell(socket: Socket, from: string, line: string): void {
    const [to, ...words] = line.slice(1).split(' ')
    const text = `#${from}: ${words.join(' ')}`
    const there = [...this.#users].filter(([, nick]) => nick === to)
    if (this.#mistake === 'tells everybody private lines') this.#say(socket, text)
    else if (there.length === 0 && this.#mistake === 'announces') this.#send(socket, 'who?')
    else for (const [other] of there) this.#send(other, text)
  }

  #say(socket: Socket, text: string): void {
    for (const other of this.#users.keys()) {
      if (other !== socket || this.#mistake === 'echoes') this.#send(other, text)
    }
  }

  #send(socket: Socket, text: string): void {
    const ends: Partial<Record<Mistake, string>> = {
      'ends lines in LF': '\n',
      'sends no line end': '',
    }
    if (socket.writable) socket.write(Buffer.from(text + (ends[this.#mistake] ?? '\r\n'), 'latin1'))
  }
}
