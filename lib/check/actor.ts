// One actor of a transcript: its connection, its inbox, and what a player knows of both.

import type { Arena, Ear, End, Link } from './arena.js'
import { isQuiet, type Taken } from './attempt.js'
import { Inbox } from './inbox.js'
import type { Tongue } from './tongue.js'
import type { Send } from './transcript.js'

const LF = 0x0a

/** How something is sent. */
type Manner = Pick<Send, 'form' | 'alone'>

/** A client that a transcript speaks for. */
export class Actor {
  readonly name: string
  readonly tongue: Tongue
  readonly inbox: Inbox
  readonly #link: Link
  #named = false
  #reading = true
  #sending = true
  #present = true
  #endAsked = false
  #betweenLines = true
  #acted = false
  #flushing = false
  #sent: Buffer | undefined

  private constructor(name: string, tongue: Tongue, inbox: Inbox, link: Link) {
    this.name = name
    this.tongue = tongue
    this.inbox = inbox
    this.#link = link
  }

  /** Connects to a server. `changed` is called whenever the actor has heard something. */
  static async connect(
    name: string,
    tongue: Tongue,
    arena: Arena,
    changed: () => void,
  ): Promise<Actor> {
    const inbox = new Inbox(tongue.notation.decode)
    const ear: Ear = {
      heard(bytes) {
        inbox.receive(bytes)
        changed()
      },
      ended(end: End): void {
        inbox.close(end)
        changed()
      },
    }
    const link = await arena.connect(ear, name, tongue)
    return new Actor(name, tongue, inbox, link)
  }

  /** Whether it has a connection, as far as it knows. */
  get connected(): boolean {
    return this.#present && this.inbox.end === undefined
  }

  /** Whether it has not gone by its own doing. */
  get present(): boolean {
    return this.#present
  }

  /** Whether it has not ended its own sending. */
  get sending(): boolean {
    return this.#sending && this.#present
  }

  /** Whether it can be asked a question: its nickname stands, and it is not amid a line or message. */
  get answers(): boolean {
    return this.connected && this.sending && this.#named && this.#reading && this.#betweenLines
  }

  /** Whether the server may not have seen what it did last. */
  get acted(): boolean {
    return this.#acted
  }

  /** Whether what it sent last must have left before it sends more. */
  get flushing(): boolean {
    return this.#flushing
  }

  /** The bytes of the last message it sent that is not written as its bytes. */
  get sent(): Buffer | undefined {
    return this.#sent
  }

  /** Whether the server has ended its connection, and that is neither asked for nor its own doing. */
  get dropped(): boolean {
    return this.inbox.end !== undefined && this.sending && !this.#endAsked
  }

  /** Whether there is nothing that it was not asked for. */
  get quiet(): boolean {
    return isQuiet(this.inbox) && !this.dropped
  }

  /** Sends bytes in these segments. */
  async send(segments: readonly Buffer[], { form, alone }: Manner): Promise<void> {
    const last = segments.findLast((segment) => segment.length > 0)?.at(-1)
    if (last === undefined) return
    this.#betweenLines = this.tongue.unit === 'line' ? last === LF : form !== 'fragment'
    this.#acted = true
    this.#flushing = form === 'fragment' || alone === true
    if (form === 'message') this.#sent = Buffer.concat(segments)
    for (const segment of segments) await this.#link.send(segment)
  }

  /** Asks a question, which counts for nothing that the actor did. */
  async ask(question: Buffer): Promise<void> {
    await this.#link.send(question)
  }

  /** Its nickname stands. */
  named(): void {
    this.#named = true
  }

  /** What it sent has left, and was read by itself. */
  flushed(): void {
    this.#flushing = false
  }

  /** The server has seen all that it did. */
  seen(): void {
    this.#acted = false
    this.#flushing = false
  }

  /** Sends no more, and reads on. */
  halfClose(): void {
    this.#sending = false
    this.#acted = true
    this.#link.halfClose()
  }

  /** Sends no more, and what it still receives is nothing to it. */
  leave(): void {
    this.inbox.ignore()
    this.resume()
    this.halfClose()
    this.#present = false
  }

  /** Breaks its connection off. */
  reset(): void {
    this.inbox.ignore()
    this.#acted = true
    this.#present = false
    this.#link.reset()
  }

  /** Stops reading. */
  stopReading(): void {
    this.#reading = false
    this.#link.pause()
  }

  /** Reads on. */
  resume(): void {
    this.#reading = true
    this.#link.resume()
  }

  /** This much of its inbox was asked for. */
  take({ lines, telnet, end }: Taken): void {
    this.inbox.take(lines, telnet)
    this.#endAsked ||= end
  }
}
