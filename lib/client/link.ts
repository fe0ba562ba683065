// One TCP connection to a server: bytes in and out, held back where the other side is slow, and an
// account of what could not be sent. It knows no dialect.

import { connect, type Socket } from 'node:net'
import { whyBroken, whyNot, type Place } from './place.js'

/** How long a connection may take to stand, in milliseconds: a third of what Linux itself would try. */
const CONNECT_PATIENCE = 40_000
/** Silence in milliseconds after which TCP asks whether the server is still there. */
const KEEP_ALIVE = 30_000
/** How long a server may take to close after this side has said all it wanted, in milliseconds. */
const LINGER = 1000

/** What happens to a connection. */
export interface LinkEvents {
  opened(): void
  /** One read. */
  received(bytes: Buffer): void
  /** The server will send no more. */
  closed(): void
  /** More can be sent; {@link Link.isFull} was true. */
  drained(): void
  /** The last event: no connection was made, it broke (`why` is a sentence), or it is over as both sides wanted. */
  ended(why: string | undefined): void
  /** These bytes went out in one write. */
  written(bytes: Buffer): void
}

/** How a connection is to be. */
export interface LinkOptions {
  /** Least time between two writes, in milliseconds. */
  readonly gap?: number | undefined
  /** Silence in milliseconds after which TCP asks whether the server is still there. */
  readonly keepAlive?: number | undefined
}

/** Something to send, and what is told once it is with the kernel. */
interface Waiting {
  readonly bytes: Buffer
  readonly sent: () => void
}

/** A connection, from the attempt on. */
export class Link {
  readonly #events: LinkEvents
  readonly #socket: Socket
  readonly #gap: number
  /** What waits for its time, where there is a gap between any two. */
  readonly #waiting: Waiting[] = []
  #timer: NodeJS.Timeout | undefined
  /** Set once no more is to be sent after what waits. */
  #isLast = false
  #isOpen = false
  #failure: Error | undefined

  constructor(place: Place, events: LinkEvents, { gap = 0, keepAlive }: LinkOptions) {
    this.#events = events
    this.#gap = gap
    const keepAliveInitialDelay = keepAlive ?? KEEP_ALIVE
    const options = { noDelay: true, keepAlive: true, keepAliveInitialDelay, allowHalfOpen: true }
    this.#socket = connect({ ...place, ...options })
    const impatience = setTimeout(() => {
      this.#socket.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }))
    }, CONNECT_PATIENCE)
    this.#socket
      .on('connect', () => {
        clearTimeout(impatience)
        this.#isOpen = true
        events.opened()
      })
      .on('data', (bytes) => {
        events.received(bytes)
      })
      .on('end', () => {
        events.closed()
      })
      .on('drain', () => {
        if (!this.isFull) events.drained()
      })
      .on('error', (error) => {
        this.#failure = error
      })
      .on('close', () => {
        clearTimeout(impatience)
        clearTimeout(this.#timer)
        const why = this.#isOpen ? whyBroken : whyNot.bind(undefined, place)
        events.ended(this.#failure === undefined ? undefined : why(this.#failure))
      })
  }

  /** Whether more waits to be sent than should; {@link LinkEvents.drained} tells when it does not. */
  get isFull(): boolean {
    return this.#waiting.length > 0 || this.#socket.writableNeedDrain
  }

  /**
   * Sends bytes in one write, after all before; after {@link halfClose} nothing, such as the answer to an option
   * that the server asks for late. `sent` is called once the kernel has them; never, if that fails.
   */
  send(bytes: Buffer, sent: () => void): void {
    if (this.#isLast) return
    if (this.#gap === 0) this.#write({ bytes, sent })
    else this.#waiting.push({ bytes, sent })
    this.#next()
  }

  /** Reads no more until {@link resume}: whoever is to see it does not keep up. */
  pause(): void {
    this.#socket.pause()
  }

  /** Reads on. */
  resume(): void {
    this.#socket.resume()
  }

  /** Sends no more after what waits; what the server says is still read. */
  halfClose(): void {
    this.#isLast = true
    this.#next()
  }

  /** Sends what waits, and closes: what the server still says is not waited for longer than {@link LINGER}. */
  close(): void {
    this.halfClose()
    this.resume()
    const linger = setTimeout(
      () => this.#socket.destroy(),
      LINGER + this.#waiting.length * this.#gap,
    )
    this.#socket.on('close', () => {
      clearTimeout(linger)
    })
  }

  /** Breaks off at once. */
  destroy(): void {
    this.#socket.destroy()
  }

  /** Sends the next that waits, unless the gap after the last is not over. */
  #next(): void {
    if (this.#timer !== undefined) return
    const next = this.#waiting.shift()
    if (next === undefined) {
      if (this.#isLast) this.#socket.end()
      return
    }
    this.#write(next)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#next()
      if (!this.isFull) this.#events.drained()
    }, this.#gap)
  }

  #write({ bytes, sent }: Waiting): void {
    this.#events.written(bytes)
    this.#socket.write(bytes, (error) => {
      if (error == null) sent()
    })
  }
}
