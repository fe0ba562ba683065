// One client of the load: a socket, a nickname, and a check of all that comes in.

import { connect, type Socket } from 'node:net'
import { shown } from '../wire/shown.js'
import { Fault, Unreachable } from './fault.js'
import { Sieve } from './sieve.js'
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
  /** Something has happened that must not. */
  failed(fault: Fault): void
}

const FENCE = '!ping bench\r\n'
/** Its answer, where the server has `!ping` and where it has not. */
const FENCE_ANSWER = /^!(?:pong bench|error unknown-command(?: .*)?)\r\n$/
/** What the server says of something that it does not do, or of a client that it closes. */
const REFUSAL = /^!error (.*)\r\n$/
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['too-slow', 'This program did not read fast enough: take a smaller --rate or --window'],
])
/** Why there is no connection and what to do, by the system's error. */
const CANNOT_CONNECT: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'nothing listens there: start the server, or give its address'],
  ['ENOTFOUND', 'there is no such host: give its right name'],
  ['EAI_AGAIN', 'there is no such host: give its right name'],
  ['EMFILE', 'no more sockets may be open: raise `ulimit -n`, or take fewer --clients'],
])

/** A client that is connected, or connecting. */
export class Client {
  readonly nick: string
  readonly digest = new Digest()
  readonly #socket: Socket
  readonly #listener: Listener
  readonly #lines: LineCheck | undefined
  readonly #interpreter: Interpreter | undefined
  readonly #sieve = new Sieve()
  /** Whether the answer to a fence is still to come. */
  #fenced = false
  /** Whether the first fence has been answered. */
  #registered = false
  /** What was taken for the answer of a server that has no `!ping`. */
  #unknown: string | undefined
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
      .on('error', (error: NodeJS.ErrnoException) => {
        const reason = CANNOT_CONNECT.get(error.code ?? '')
        if (reason === undefined) this.#fail(`${nick} ${error.message}`)
        else this.#end(new Unreachable(`cannot connect to ${place.host}:${place.port}: ${reason}`))
      })
      .on('close', () => {
        this.#fail(`${nick} was disconnected`)
      })
  }

  /** Writes these bytes as they are. */
  say(lines: string): void {
    this.#write(this.#interpreter?.say(lines) ?? lines)
  }

  /** Writes the lines and a `!ping`: no talk may come before its answer. */
  fence(lines = ''): void {
    this.#fenced = true
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
    const { talk, words } = this.#sieve.take(bytes)
    if (talk.length > 0) this.#take(talk)
    for (const word of words) this.#heed(word)
    return true
  }

  #take(bytes: Buffer): void {
    if (this.#fenced) {
      const fault = this.#registered
        ? `${this.nick} got what nobody should get: ${quoted(bytes)}`
        : `a newcomer got ${quoted(bytes)}, where only lines that begin with ! may come: this is no server of the line protocol`
      this.#fail(fault)
      return
    }
    this.digest.take(bytes)
    const numbers = this.#lines?.take(bytes) ?? []
    if (this.#lines?.fault !== undefined) this.#fail(`${this.nick} ${this.#lines.fault}`)
    else this.#listener.received(this, bytes.length, numbers)
  }

  /** Takes the server's own words; those that say nothing of this load are to be ignored, as by any client. */
  #heed(word: string): void {
    const [, refusal] = REFUSAL.exec(word) ?? []
    if (!word.endsWith('\r\n')) {
      this.#fail(
        `the server ended a line by LF alone, not by CR LF: ${quoted(Buffer.from(word, 'latin1'))}`,
      )
    } else if (this.#fenced && FENCE_ANSWER.test(word)) {
      this.#fenced = false
      this.#registered = true
      this.#unknown = refusal
      this.#listener.passed(this)
    } else if (word.startsWith('!pong') && this.#unknown !== undefined) {
      // It has a !ping after all: what it does not know is what was sent before, !enter.
      this.#fail(saidBy(this.#unknown))
    } else if (word.startsWith('!pong')) {
      this.#fail(`${this.nick} got what nobody should get: ${quoted(Buffer.from(word, 'latin1'))}`)
    } else if (refusal !== undefined) {
      const said = saidBy(refusal)
      const advice = ADVICE.get(refusal.split(' ', 1).join(''))
      this.#fail(advice === undefined ? said : `${said} - ${advice}`)
    }
  }

  #fail(fault: string): void {
    this.#end(new Fault(fault))
  }

  #end(fault: Fault): void {
    if (!this.#closing) this.#listener.failed(fault)
  }
}

/** What a server said in words of its own. */
function saidBy(refusal: string): string {
  return `the server said: ${shown(Buffer.from(refusal, 'latin1'))}`
}

/** What came, for a person to see: nothing of it reaches the terminal as it is. */
function quoted(bytes: Buffer): string {
  return `"${shown(bytes)}"`
}
