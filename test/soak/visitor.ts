// One visitor of a soak: a client that may do anything with its connection, but for one thing: it
// goes at last, and waits until it is gone.

import { connect, type Socket } from 'node:net'
import { NATIVE, TONGUES, type Tongue } from '../../lib/check/tongue.js'

/** How long a server may take to end a connection that its client has ended, in milliseconds. */
const PATIENCE = 30_000

/** A client's connection. */
export class Visitor {
  readonly tongue: Tongue
  readonly nick: string
  readonly #socket: Socket
  readonly #gone: Promise<void>
  #receivedBytes = 0

  /** Begins to connect. */
  constructor(ports: ReadonlyMap<string, number>, tongue: string, nick: string) {
    this.tongue = TONGUES.get(tongue) ?? NATIVE
    this.nick = nick
    const port = ports.get(this.tongue.dialect) ?? 0
    this.#socket = connect({ host: '127.0.0.1', port, noDelay: true, allowHalfOpen: true })
    this.#socket
      .on('data', (bytes) => (this.#receivedBytes += bytes.length))
      // To be cut off is what some of them are here for.
      .on('error', () => undefined)
    this.#gone = new Promise((resolve) => this.#socket.once('close', resolve))
  }

  /** How many bytes it has received. */
  get receivedBytes(): number {
    return this.#receivedBytes
  }

  /** Whether the server has ended the connection, or it is gone. */
  get ended(): boolean {
    return this.#socket.readableEnded || this.#socket.destroyed
  }

  /** Takes its nickname, a pause after each message of it. */
  async introduce(): Promise<void> {
    for (const message of this.tongue.notation.introduce(this.nick)) {
      this.send(message)
      await pause(50)
    }
  }

  /** Sends a message as its dialect writes it. */
  say(written: string): void {
    const message = this.tongue.notation.encode(written, this.nick)
    if (message !== undefined) this.send(message)
  }

  /** Sends bytes; those of a line get its end. */
  send(bytes: Buffer): void {
    const whole = this.tongue.unit === 'line' ? Buffer.concat([bytes, Buffer.from('\r\n')]) : bytes
    this.sendRaw(whole)
  }

  /** Sends bytes as they are; false if they wait in this process. */
  sendRaw(bytes: Buffer): boolean {
    return this.#socket.writable && this.#socket.write(bytes)
  }

  /** Reads no more. */
  stall(): void {
    this.#socket.pause()
  }

  /** Breaks off. */
  async reset(): Promise<void> {
    this.#socket.resetAndDestroy()
    await this.#gone
  }

  /** Sends no more and reads until the server has ended, too; says what was wrong if it does not. */
  async leave(): Promise<string | undefined> {
    this.#socket.resume().end()
    const late = pause(PATIENCE).then(() => 'late' as const)
    if ((await Promise.race([this.#gone, late])) !== 'late') return undefined
    this.#socket.destroy()
    return `${this.nick}, who left, was not let go in ${PATIENCE / 1000} s`
  }
}

/** Resolves after so many milliseconds. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds).unref())
}
