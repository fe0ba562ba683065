// One client of the load: a socket, a nickname, and a check of all that comes in.

import { connect, type Socket } from 'node:net'
import { Digest, type LineCheck } from './verify.js'

/**
 * All sockets read into this one buffer, one after the other: what came is looked at before the next
 * read, so none needs a buffer of its own and nothing is left for the garbage collector.
 */
const READ_BUFFER = Buffer.allocUnsafeSlow(65536)

/** Puts what a client says and hears into another protocol than the line dialect. */
export interface Interpreter {
  /** What to write now for these lines, each with its CR LF. */
  say(lines: string): string
  /** What the client hears of bytes that came, if anything. */
  hear(bytes: Buffer): Buffer
}

/** Where a server listens, and how it is spoken to. */
export interface Place {
  readonly host: string
  readonly port: number
  /** Makes the interpreter of one client, which may write by itself; left out, the line dialect is spoken. */
  readonly interpret?: ((write: (text: string) => void) => Interpreter) | undefined
  /** Registrations under way at once, if not as many as {@link Crowd} has by itself. */
  readonly connecting?: number | undefined
}

/** What a client tells the crowd that it belongs to. */
export interface Listener {
  /** More has come in, so many bytes of it; and the numbers of the lines that this made whole, if lines are read. */
  received(client: Client, fresh: number, numbers: readonly number[]): void
  /** The answer to {@link Client.fence} has come. */
  passed(client: Client): void
  /** Something that must not happen, in words that begin with the nickname. */
  failed(fault: string): void
}

const FENCE = '!ping bench\r\n'
const FENCE_ANSWER = '!pong bench\r\n'

/** A client that is connected, or connecting. */
export class Client {
  readonly nick: string
  readonly digest = new Digest()
  readonly #socket: Socket
  readonly #listener: Listener
  readonly #lines: LineCheck | undefined
  readonly #interpreter: Interpreter | undefined
  /** What has come since the fence was sent; undefined while there is none. */
  #answered: string | undefined
  #closing = false

  /** With a line check every line is read; without, only the digest is kept. */
  constructor(place: Place, nick: string, listener: Listener, lines?: LineCheck) {
    this.nick = nick
    this.#listener = listener
    this.#lines = lines
    this.#interpreter = place.interpret?.((text) => {
      this.#write(text)
    })
    const onread = { buffer: READ_BUFFER, callback: (length: number) => this.#read(length) }
    this.#socket = connect({ host: place.host, port: place.port, noDelay: true, onread })
      .on('error', (error) => {
        this.#fail(error.message)
      })
      .on('close', () => {
        this.#fail('was disconnected')
      })
  }

  /** Writes these bytes as they are. */
  say(lines: string): void {
    this.#write(this.#interpreter?.say(lines) ?? lines)
  }

  /** Writes the lines and a `!ping`: nothing but its answer may come now. */
  fence(lines = ''): void {
    this.#answered = ''
    this.say(lines + FENCE)
  }

  /** Reads nothing more; that the server loses patience with it is no fault. */
  stall(): void {
    this.#closing = true
    this.#socket.pause()
  }

  /** Resets the connection, which leaves no port behind in TIME-WAIT. */
  close(): void {
    this.#closing = true
    this.#socket.resetAndDestroy()
  }

  #write(text: string): void {
    this.#socket.write(text, 'latin1')
  }

  #read(length: number): true {
    const read = READ_BUFFER.subarray(0, length)
    const bytes = this.#interpreter?.hear(read) ?? read
    if (bytes.length === 0) return true
    if (this.#answered === undefined) this.#take(bytes)
    else this.#approach(this.#answered + bytes.toString('latin1'))
    return true
  }

  #take(bytes: Buffer): void {
    this.digest.take(bytes)
    const numbers = this.#lines?.take(bytes) ?? []
    if (this.#lines?.fault !== undefined) this.#fail(this.#lines.fault)
    else this.#listener.received(this, bytes.length, numbers)
  }

  #approach(answered: string): void {
    this.#answered = answered
    if (answered === FENCE_ANSWER) {
      this.#answered = undefined
      this.#listener.passed(this)
    } else if (!FENCE_ANSWER.startsWith(answered)) {
      this.#fail(`got what nobody should get: ${JSON.stringify(answered.slice(0, 100))}`)
    }
  }

  #fail(fault: string): void {
    if (!this.#closing) this.#listener.failed(`${this.nick} ${fault}`)
  }
}
