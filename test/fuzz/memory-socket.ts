// A socket without a network: the server's end of a connection whose peer is the test. What the
// peer sends comes read by read, and what the server writes is kept, or not taken while the peer stalls.

import { Socket } from 'node:net'

/** How the server has ended a connection: by a FIN, or at once. */
export type Ending = 'open' | 'ended' | 'destroyed'

/** The server's end of a connection. */
export class MemorySocket extends Socket {
  /** What the server has sent and nobody has taken. */
  #sent: Buffer[] = []
  #sentBytes = 0
  /** What the peer has sent and the server has not read. */
  readonly #unread: Buffer[] = []
  #peerEnds = false
  #peerEnded = false
  #wanted = false
  #stalls = false
  /** Goes on with a write that is not taken yet. */
  #held: (() => void) | undefined
  #ending: Ending = 'open'
  #reset = false
  #cutOff = false

  /** A connection from this address and port. */
  constructor(port: number, address: string) {
    super({ allowHalfOpen: true })
    // Of a socket that was never connected they would be undefined.
    Object.defineProperties(this, {
      remoteAddress: { value: address },
      remotePort: { value: port },
    })
  }

  /** How the server has ended it. */
  get ending(): Ending {
    return this.#ending
  }

  /** Whether the server has not waited for the peer to end, too. */
  get cutOff(): boolean {
    return this.#cutOff
  }

  /** How many bytes the server has sent in all. */
  get sentBytes(): number {
    return this.#sentBytes
  }

  /** Whether what the peer has sent waits for the server to read it, which does not want to. */
  get backlog(): number {
    return this.#unread.length
  }

  /** Whether the peer takes nothing. */
  get stalls(): boolean {
    return this.#stalls
  }

  /** The peer sends bytes, each of which the server gets in one read. */
  deliver(...reads: readonly Buffer[]): void {
    this.#unread.push(...reads.filter((bytes) => bytes.length > 0))
    this.#pull()
  }

  /** The peer sends no more. */
  finish(): void {
    if (this.#peerEnded) return
    this.#peerEnds = true
    this.#pull()
  }

  /** The peer breaks off. */
  reset(): void {
    this.#reset = true
    this.destroy(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
  }

  /** The peer stops taking what it is sent, or goes on. */
  stall(stalls: boolean): void {
    this.#stalls = stalls
    const held = this.#held
    if (stalls || held === undefined) return
    this.#held = undefined
    held()
  }

  /** Takes what the server has sent since the last time, write by write. */
  takeSent(): readonly Buffer[] {
    return this.#sent.splice(0)
  }

  override _read(): void {
    this.#wanted = true
    this.#pull()
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this._writev([{ chunk }], done)
  }

  override _writev(chunks: readonly { readonly chunk: Buffer }[], done: () => void): void {
    const go = (): void => {
      for (const { chunk } of chunks) {
        this.#sent.push(chunk)
        this.#sentBytes += chunk.length
      }
      done()
    }
    if (this.#stalls) this.#held = go
    else go()
  }

  override _final(done: () => void): void {
    if (this.#ending === 'open') this.#ending = 'ended'
    done()
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (this.#ending === 'open') this.#ending = 'destroyed'
    this.#cutOff = !this.#reset && !this.readableEnded
    super._destroy(error, done)
  }

  #pull(): void {
    while (this.#wanted) {
      const bytes = this.#unread.shift()
      if (bytes === undefined) break
      this.#wanted = this.push(bytes)
    }
    if (!this.#peerEnds || this.#unread.length > 0 || this.destroyed) return
    this.#peerEnds = false
    this.#peerEnded = true
    this.push(null)
  }
}
