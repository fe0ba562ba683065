// The way out of one connection: the outbox, for those who take one read for one message a postbox
// before it, and how the socket ends.

import type { Socket } from 'node:net'
import {
  encode,
  type Cut,
  type Farewell,
  type Pacing,
  type Rendering,
} from '../dialects/dialect.js'
import type { Clock } from './clock.js'
import type { Gathering } from './gathering.js'
import type { Limits } from './limits.js'
import { Outbox, type Turn } from './outbox.js'
import { Postbox, type PostboxOwner } from './postbox.js'

/** So many bytes may wait for their time, until nothing more is read of their client. */
const POSTBOX_BYTES = 16_384

/** What an outlet asks of the host. */
export interface OutletHost {
  readonly clock: Clock
  readonly limits: Limits
  /** The present turn of the event loop. */
  readonly turn: Turn
}

/** What an outlet asks of its connection. */
export interface OutletOwner {
  /** Something waits for a {@link Outlet.flush} at the end of this turn. */
  due(): void
  /** Less waits than before. */
  eased(): void
}

/** The outlet of one connection. */
export class Outlet implements PostboxOwner {
  readonly outbox: Outbox
  readonly #socket: Socket
  readonly #host: OutletHost
  readonly #owner: OutletOwner
  #postbox: Postbox | undefined
  #farewell: Farewell | undefined
  /** Whether {@link OutletOwner.due} has been told of a message that is paced, or of the end. */
  #isDue = false
  #finished = false
  #ending = false

  /** `cut` is for large writes, see {@link Outbox}. */
  constructor(socket: Socket, host: OutletHost, owner: OutletOwner, cut?: Cut) {
    this.#socket = socket
    this.#host = host
    this.#owner = owner
    const drained = (): void => {
      this.#postbox?.advance()
      this.#endWhenEmpty()
      owner.eased()
    }
    this.outbox = new Outbox(socket, host.clock, drained, cut)
  }

  /** How many bytes wait that the kernel has not taken, or that are held back until their time comes. */
  get queuedBytes(): number {
    return this.outbox.queuedBytes + (this.#postbox?.waitingBytes ?? 0)
  }

  /** Whether so much waits that the client is not asked what more it wants. */
  get full(): boolean {
    return this.outbox.stalled || (this.#postbox?.waitingBytes ?? 0) > POSTBOX_BYTES
  }

  /** Whether messages leave at their pace, and nothing but time holds them. */
  get paced(): boolean {
    return this.#postbox?.empty === false && !this.outbox.stalled
  }

  /** Whether the kernel takes what it is given. */
  get flows(): boolean {
    return !this.outbox.stalled
  }

  /** Sends lines at the end of this turn, or with `pacing` when their time has come. */
  send(lines: Rendering, pacing?: Pacing): void {
    const bytes = encode(lines)
    if (pacing === undefined) {
      if (this.outbox.append(bytes, this.#host.turn)) this.#owner.due()
      return
    }
    this.#postbox ??= new Postbox(pacing, this.#host.limits.messageGap, this)
    this.#postbox.put(bytes)
    this.#beDue()
  }

  /** Is sent what a gathering is sent from its beginning on, at the end of its turn. */
  follow(gathering: Gathering): void {
    if (this.outbox.follow(gathering)) this.#owner.due()
  }

  /** Hands what was sent in this turn to the kernel, and the end after it if the connection is finished. */
  flush(): void {
    this.#isDue = false
    this.outbox.flush()
    this.#endWhenEmpty()
  }

  /** Ends the socket once everything has left, after a farewell if there is to be one. */
  finish(farewell: Farewell | undefined): void {
    this.#finished = true
    this.#farewell = farewell
    this.#beDue()
  }

  /** Drops what waits, for a client that is given up or gone. */
  discard(): void {
    this.outbox.discard()
    this.#postbox?.discard()
  }

  post(message: Buffer): void {
    this.outbox.append(message, this.#host.turn)
    this.outbox.flush()
    this.#owner.eased()
  }

  emptied(): void {
    this.#endWhenEmpty()
  }

  /** Once a turn: of messages that wait for their time many may come in one. */
  #beDue(): void {
    if (this.#isDue) return
    this.#isDue = true
    this.#owner.due()
  }

  #endWhenEmpty(): void {
    if (!this.#finished || this.#ending || !this.outbox.empty) return
    if (this.#postbox?.empty === false) return
    this.#ending = true
    if (this.#farewell === undefined) this.#socket.end()
    else this.#sayFarewell(this.#farewell)
  }

  /** A last message that is alone in what its client reads: a pause before it, and one after it. */
  #sayFarewell({ bytes, pause }: Farewell): void {
    setTimeout(() => {
      this.post(bytes)
      setTimeout(() => this.#socket.end(), pause)
    }, pause)
  }
}
