// A client of some dialect at its server: what the session wants done is done, lines wait until it
// is ready for them, and none of them is lost without a word.

import type {
  Client,
  ClientEffect,
  ClientOptions,
  ClientSession,
  Heard,
  Wish,
} from '../dialects/client.js'
import { Link } from './link.js'
import type { Place } from './place.js'

/**
 * How long a line waits for the session to be ready, in milliseconds. A server that does not greet as
 * its document says is spoken to all the same.
 */
const READY_PATIENCE = 2000

/** How a conversation has ended. */
export interface Ending {
  /** `wanted` by this side, or as it expected; `failed` if the server closed; `broken` if the connection broke; `unreachable` if there was none. */
  readonly how: 'wanted' | 'failed' | 'broken' | 'unreachable'
  /** A sentence for the user, or nothing. */
  readonly why: string
  /** Typed lines that did not go out. */
  readonly unsent: readonly string[]
}

/** Who is told what happens. */
export interface TalkEvents {
  opened(): void
  shown(heard: Heard): void
  asking(question: string): void
  named(nick: string): void
  lookedUp(): void
  /** Lines are better held back for now, or not any more. */
  held(held: boolean): void
  /** Bytes went out in one write, or came in one read. */
  carried(way: 'sent' | 'received', bytes: Buffer): void
  /** After each thing that happened, once all it brings is told: {@link Talk.session} may have a new prompt. */
  settled(): void
  /** The last event. */
  ended(ending: Ending): void
}

/** One conversation, from the attempt to connect on. */
export class Talk {
  readonly session: ClientSession
  readonly #events: TalkEvents
  readonly #link: Link
  /** Typed lines for which the session is not ready. */
  #waiting: string[] = []
  /** Typed lines that the kernel does not have yet. */
  readonly #underway = new Set<{ readonly line: string }>()
  /** The session has asked, or its nickname stands. */
  #isReady = false
  /** One answer is wanted, and what follows it waits for the next question or the nickname. */
  #isAsking = false
  #patience: NodeJS.Timeout | undefined
  #isHeld = true
  /** The user will type no more. */
  #hasEnded = false
  #isOpen = false
  #end: Pick<Ending, 'how' | 'why'> | undefined

  constructor(client: Client, place: Place, options: ClientOptions, events: TalkEvents) {
    this.session = client.open(options)
    this.#events = events
    this.#link = new Link(
      place,
      {
        opened: () => {
          this.#isOpen = true
          events.opened()
          this.#waitUntilReady()
          this.#apply(this.session.opened())
          if (this.session.isWaiting === true) this.#waitUntilReady()
        },
        received: (bytes) => {
          events.carried('received', bytes)
          const { isWaiting } = this.session
          this.#apply(this.session.received(bytes))
          if (isWaiting === true && this.session.isWaiting !== true) this.#beReady()
        },
        closed: () => {
          this.#apply(this.session.closed())
        },
        drained: () => {
          this.#hold()
        },
        written: (bytes) => {
          events.carried('sent', bytes)
        },
        ended: (why) => {
          this.#finish(why)
        },
      },
      client,
    )
  }

  /** A line that the user has typed, without its end. */
  typed(line: string): void {
    this.#waiting.push(line)
    this.#give()
  }

  /** What a program wants; `sent` is called once all that it sends is with the kernel. */
  wished(wish: Wish, sent: () => void): void {
    this.#apply(this.session.wished(wish), sent)
  }

  /** The user will type no more: after what waits, this side of the connection is closed. */
  ended(): void {
    this.#hasEnded = true
    this.#give()
  }

  /** The user wants to go, now. */
  quit(): void {
    this.#apply(this.session.quit())
    if (!this.#isOpen) this.#link.destroy()
  }

  /** Asks for names, unseen; gives whether there is something to wait for. */
  lookUp(): boolean {
    if (this.session.lookUp === undefined || !this.#isOpen) return false
    this.#apply(this.session.lookUp())
    return true
  }

  /** Reads no more until {@link resume}. */
  pause(): void {
    this.#link.pause()
  }

  /** Reads on. */
  resume(): void {
    this.#link.resume()
  }

  /** Breaks off, since the server has refused what cannot be put otherwise; `why` is a sentence. */
  giveUp(why: string): void {
    this.#end ??= { how: 'failed', why }
    this.#link.destroy()
  }

  /** Breaks off. */
  destroy(): void {
    this.#link.destroy()
  }

  /** Gives the session the lines it is ready for. */
  #give(): void {
    while (this.#isReady && this.#end === undefined) {
      const line = this.#waiting.shift()
      if (line === undefined) break
      if (this.#isAsking) {
        this.#isAsking = false
        this.#waitUntilReady()
      }
      this.#type(line)
    }
    this.#hold()
    if (this.#hasEnded && this.#isReady && this.#waiting.length === 0) this.#sayEnd()
  }

  #sayEnd(): void {
    this.#hasEnded = false
    this.#apply(this.session.ended())
    this.#link.halfClose()
  }

  #type(line: string): void {
    const underway = { line }
    this.#underway.add(underway)
    this.#apply(this.session.typed(line), () => {
      this.#underway.delete(underway)
    })
    if (this.session.isWaiting === true) this.#waitUntilReady()
  }

  /** Does what the session wants; `sent` is called once all that it sends is with the kernel. */
  #apply(effects: readonly ClientEffect[], sent = (): void => undefined): void {
    let writes = effects.filter(({ type }) => type === 'send').length
    const isSilent = writes === 0
    for (const effect of effects) {
      if (this.#end !== undefined) break
      this.#do(effect, () => {
        writes--
        if (writes === 0) sent()
      })
    }
    if (isSilent) sent()
    this.#hold()
    this.#events.settled()
  }

  #do(effect: ClientEffect, sent: () => void): void {
    switch (effect.type) {
      case 'send':
        this.#link.send(effect.bytes, sent)
        break
      case 'show':
        this.#events.shown(effect.heard)
        break
      case 'asking':
        this.#isAsking = true
        this.#events.asking(effect.question)
        this.#beReady()
        break
      case 'named':
        this.#isAsking = false
        this.#events.named(effect.nick)
        this.#beReady()
        break
      case 'lookedUp':
        this.#events.lookedUp()
        break
      case 'end':
        this.#end = { how: effect.failed ? 'failed' : 'wanted', why: effect.why }
        this.#link.close()
        break
    }
  }

  #waitUntilReady(): void {
    this.#isReady = false
    clearTimeout(this.#patience)
    this.#patience = setTimeout(() => {
      this.#beReady()
    }, READY_PATIENCE)
  }

  #beReady(): void {
    clearTimeout(this.#patience)
    this.#isReady = true
    // Not at once: the session is in the middle of telling what to do.
    queueMicrotask(() => {
      this.#give()
    })
  }

  /** Tells, when that changes, whether lines are better held back. */
  #hold(): void {
    const isHeld = !this.#isReady || this.#link.isFull
    if (isHeld === this.#isHeld) return
    this.#isHeld = isHeld
    this.#events.held(isHeld)
  }

  #finish(why: string | undefined): void {
    clearTimeout(this.#patience)
    const broken = this.#isOpen ? 'broken' : 'unreachable'
    const end = this.#end ?? { how: why === undefined ? 'wanted' : broken, why: why ?? '' }
    const unsent = [...[...this.#underway].map(({ line }) => line), ...this.#waiting]
    this.#end = end
    this.#events.ended({ ...end, unsent })
  }
}
