// The arena of a server that nobody knows: it need not have a question that it answers, so it is
// done with what it was sent when nothing moves any more. Bounded against servers that flood.

import type { Arena, Ear, End, Link } from './arena.js'
import type { Watch } from './idle.js'
import { pause } from './pause.js'
import { socketArena, type Address } from './sockets.js'
import type { Tongue } from './tongue.js'

/** How long to wait for what, in milliseconds. */
export interface Patience {
  /** For anything that must come. */
  readonly answer: number
  /** Until silence counts as silence, where it cannot be seen that the server is idle. */
  readonly quiet: number
}

/** Between two looks, in milliseconds. */
const BETWEEN_LOOKS = 2
/** Between two looks at what is on its way, in milliseconds: each takes a few. */
const BETWEEN_PENDING = 10
/** The longest that Linux waits until it acknowledges what has come, in milliseconds (TCP_DELACK_MAX). */
const LATEST_ACKNOWLEDGEMENT = 200
/** A server that has something to do, or no processor, gets so many times the quiet time. */
const BUSY_FACTOR = 5
/** So many cuts in letters of a line are waited for: more than a transcript has whose point they are. */
const MOST_CUTS = 16
/** The most that one connection may receive: some forty times as much as the longest transcript. */
const MOST_BYTES = 4 * 1024 * 1024
const MOST_LINES = 50_000

/** Since when nothing has moved, by `performance.now()`. */
interface Still {
  events: number
  since: number
  /** Infinity if it does not sleep. */
  asleepSince: number
  /** What was on its way at the last look at that, and when to look again. */
  pending: number
  pendingAgain: number
}

/** An arena that can be left at once. */
export interface LiveArena extends Arena {
  /** The actors who were sent so much that they stopped reading. */
  readonly flooded: ReadonlySet<string>
  /** Breaks all connections off, also for those who listen: nothing more is waited for. */
  cut(): void
}

/** Clients of a server of which nothing is known but its address, and that is watched. */
export function liveArena(address: Address, watch: Watch, patience: Patience): LiveArena {
  return new Live(address, watch, patience)
}

class Live implements LiveArena {
  readonly flooded = new Set<string>()
  readonly #arena: Arena
  readonly #patience: Patience
  readonly #watch: Watch
  readonly #cuts = new Set<() => void>()
  #cut = false
  /** Counts whatever happens on any connection. */
  #events = 0
  /** How many it was when the server was done, and when all that it had sent had come. */
  #seenAt = -1
  #heardAll = -1
  /** When something came last, by `performance.now()`. */
  #heardAt = -Infinity

  constructor(address: Address, watch: Watch, patience: Patience) {
    this.#arena = socketArena(address, patience.answer)
    this.#patience = patience
    this.#watch = watch
  }

  async connect(ear: Ear, name: string, tongue: Tongue): Promise<Link> {
    this.#events++
    if (this.#cut) ear.ended('refused')
    const bounded = new BoundedEar(ear, () => {
      this.#events++
      this.#heardAt = performance.now()
    })
    const link = await this.#arena.connect(bounded, name, tongue)
    bounded.onFlood = () => {
      this.flooded.add(name)
      link.pause()
    }
    const cut = (): void => {
      bounded.ended('reset')
      link.reset()
    }
    this.#cuts.add(cut)
    if (this.#cut) cut()
    return this.#paced(link)
  }

  /**
   * Lines that are sent one by one are to be read one by one: what comes together is for the wiring to say. So are the parts
   * of letters that segments cut: a server with a thread for each client reads several segments at once now and then, and
   * one that makes a text of each read passed one time in three.
   */
  #paced(link: Link): Link {
    let lineSent = false
    let cuts = 0
    const paced = counted(link, () => this.#events++)
    return {
      ...paced,
      send: async (segment) => {
        const cutsLetter = cuts < MOST_CUTS && beginsInLetter(segment)
        if (lineSent || cutsLetter) await this.catchUp()
        lineSent = segment.at(-1) === LF
        if (lineSent) cuts = 0
        else if (cutsLetter) cuts++
        await paced.send(segment)
      },
    }
  }

  async catchUp(answers = false): Promise<void> {
    const { answer } = this.#patience
    const began = performance.now()
    const still: Still = {
      events: -1,
      since: began,
      asleepSince: Infinity,
      pending: 0,
      pendingAgain: began,
    }
    const isSeen = (): boolean => (answers ? this.#heardAll : this.#seenAt) === this.#events
    while (!isSeen() && performance.now() - began < answer && !this.#cut) {
      const done = this.#isDone(still, answers)
      // What it had sent until that look is read in the next turn.
      await pause(done ? 0 : BETWEEN_LOOKS)
      if (done && still.events === this.#events) break
    }
    this.#seenAt = this.#events
    if (answers) this.#heardAll = this.#events
  }

  /** Looks once. It is enough to be seen idle for a moment; else all must be still for the quiet time. */
  #isDone(still: Still, answers: boolean): boolean {
    const now = performance.now()
    const asleep = this.#watch.isAsleep()
    if (still.events !== this.#events) still.since = now
    if (asleep !== true) still.asleepSince = Infinity
    else if (still.events !== this.#events || still.asleepSince === Infinity)
      still.asleepSince = now
    still.events = this.#events
    if (now - still.asleepSince >= this.#watch.seenIdle && now >= still.pendingAgain) {
      // To look at that costs some milliseconds, so this comes last, and not each time.
      const heardLately = now - this.#heardAt < LATEST_ACKNOWLEDGEMENT
      const pending = this.#watch.pending(answers && heardLately)
      if (pending === 0) return true
      if (pending !== still.pending) still.since = now
      still.pending = pending
      still.pendingAgain = now + BETWEEN_PENDING
    }
    const { quiet } = this.#patience
    const busy = asleep === false || still.pending > 0
    return now - still.since >= (busy ? BUSY_FACTOR * quiet : quiet)
  }

  cut(): void {
    this.#cut = true
    for (const cut of this.#cuts) cut()
  }
}

/** Hears no more than {@link MOST_BYTES} and {@link MOST_LINES}. */
class BoundedEar implements Ear {
  onFlood: () => void = () => undefined
  readonly #ear: Ear
  readonly #happened: () => void
  #bytes = 0
  #lines = 0

  constructor(ear: Ear, happened: () => void) {
    this.#ear = ear
    this.#happened = happened
  }

  heard(bytes: Buffer): void {
    this.#happened()
    if (this.#bytes > MOST_BYTES || this.#lines > MOST_LINES) return
    this.#bytes += bytes.length
    for (let at = bytes.indexOf(LF); at >= 0; at = bytes.indexOf(LF, at + 1)) this.#lines++
    this.#ear.heard(bytes)
    if (this.#bytes > MOST_BYTES || this.#lines > MOST_LINES) this.onFlood()
  }

  ended(end: End): void {
    this.#happened()
    this.#ear.ended(end)
  }
}

const LF = 0x0a

/** Whether the first byte can only be a later one of a letter of several bytes (RFC 3629, section 3: 80 to BF). */
function beginsInLetter(segment: Buffer): boolean {
  const [first = 0] = segment
  return first >= 0x80 && first < 0xc0
}

/** The same link; whatever it does is counted. */
function counted(link: Link, happens: () => void): Link {
  return {
    async send(segment) {
      happens()
      await link.send(segment)
    },
    halfClose() {
      happens()
      link.halfClose()
    },
    reset() {
      happens()
      link.reset()
    },
    pause() {
      link.pause()
    },
    resume() {
      happens()
      link.resume()
    },
  }
}
