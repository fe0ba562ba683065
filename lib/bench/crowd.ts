// Many clients in one room, driven together: register, talk, and compare what all got.

import { Client, type Listener, type Place } from './client.js'
import { Fault } from './fault.js'
import { Latencies } from './latencies.js'
import { LineCheck } from './verify.js'
import type { Wording } from './wording.js'

/** Registrations under way at once, where the place does not say: fewer than Partyline queues. */
const CONNECTING = 64

/** What goes for clients that have not got all lines. */
const LACK = 'lack what is due'

/** How a crowd talks. */
export interface Manner {
  /** How many of the clients speak: the first ones to register. */
  readonly speakers: number
  /** Lines of each speaker that not everybody has seen yet, at most; of no account with a rate. */
  readonly window: number
  /** Lines a second of each speaker, whether seen or not; if undefined, as fast as the window allows. */
  readonly rate?: number | undefined
  /** Without progress for so long, a line is taken for lost. */
  readonly stallSeconds: number
}

/** Clients of one server in one of its rooms. */
export class Crowd implements Listener {
  /** How long lines took from when they were due to be said until a client had them; with a rate, those clients whose every line is read. */
  latencies = new Latencies()
  readonly #place: Place
  readonly #wording: Wording
  readonly #manner: Manner
  readonly #first: number
  readonly #deliveryBytes: number
  readonly #speakers: readonly string[]
  readonly #clients: Client[] = []
  readonly #talkative = new Set<Client>()
  /** Lines that each speaker has said. */
  #said = 0
  /** The first line of the talk that goes on, and when that was due. */
  #talk = { from: 0, since: 0 }
  /** Clients that still lack something of what is awaited, if anything is. */
  #missing: number | undefined
  #settle: ((fault?: Fault) => void) | undefined
  /** Ends a wait; begins anew with each progress. */
  #stalled: NodeJS.Timeout | undefined
  /** When a client last got something, on the clock of `performance`. */
  #progressAt = 0
  #fault: Fault | undefined

  /** `first` is the number of its first nickname: two crowds of one server have different ones. */
  constructor(place: Place, wording: Wording, manner: Manner, first = 0) {
    this.#place = place
    this.#wording = wording
    this.#manner = manner
    this.#first = first
    this.#deliveryBytes = wording.deliveryBytes
    this.#speakers = Array.from({ length: manner.speakers }, (_, n) => wording.nickOf(first + n))
  }

  /** Lines that have reached everybody they were for, counted once for each receiver. */
  get deliveries(): number {
    return this.#said * this.#manner.speakers * (this.#clients.length - 1)
  }

  /** Brings the crowd to this number of clients; done when each has its nickname and is in the room. */
  async register(clients: number): Promise<void> {
    while (this.#clients.length < clients) {
      const batch = Math.min(this.#place.connecting ?? CONNECTING, clients - this.#clients.length)
      await this.#everybody(batch, 'have no answer to a nickname and a !ping', () => {
        for (let joined = 0; joined < batch; joined++) this.#join(this.#clients.length)
      })
    }
  }

  /** Talks for this long; done when everybody has every line. */
  async talk(seconds: number): Promise<void> {
    const { rate } = this.#manner
    if (rate === undefined) await this.#talkInBursts(seconds)
    else await this.#talkSteadily(seconds, rate)
  }

  /** Sees that nobody has got more than was said, and that all who only listened got the very same bytes. */
  async verify(): Promise<void> {
    await this.#everybody(this.#clients.length, 'have no answer to a !ping', () => {
      for (const client of this.#clients) client.fence()
    })
    const [witness, ...others] = this.#clients.slice(this.#speakers.length)
    const other = others.find(({ digest }) => digest.crc !== witness?.digest.crc)
    if (other !== undefined) {
      throw new Fault(`${other.nick} got other bytes than ${witness?.nick ?? 'the rest'}`)
    }
  }

  /** Nobody reads any more, whatever comes; the crowd is good for nothing else then. */
  stall(): void {
    for (const client of this.#clients) client.stall()
  }

  /** Closes all connections. */
  close(): void {
    this.failed(new Fault('was closed'))
    for (const client of this.#clients) client.close()
  }

  received(client: Client, fresh: number, numbers: readonly number[]): void {
    const { bytes } = client.digest
    this.#progressAt = performance.now()
    this.#stalled?.refresh()
    this.#time(bytes - fresh, bytes, numbers)
    const due = this.#bytesDue(client)
    if (bytes === due) this.#gotAll()
    else if (bytes > due) this.failed(new Fault(`${client.nick} got more than was said`))
  }

  passed(): void {
    this.#stalled?.refresh()
    this.#gotAll()
  }

  failed(fault: Fault): void {
    this.#fault ??= fault
    this.#settle?.(this.#fault)
  }

  /** A window of lines from each speaker, and the next once everybody has them. */
  async #talkInBursts(seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      this.#talk = { from: this.#said, since: performance.now() }
      this.#say(this.#manner.window)
      await this.#everybodyHasAll()
    }
  }

  /** Lines by the clock; those that are late are said together, and their time runs from when they were due. */
  async #talkSteadily(seconds: number, rate: number): Promise<void> {
    this.#talk = { from: this.#said, since: performance.now() }
    const end = this.#talk.since + seconds * 1000
    const last = this.#said + Math.ceil(seconds * rate)
    while (this.#said < last) {
      this.#failIfStalled()
      if (this.#fault !== undefined) throw this.#fault
      const late = performance.now() - this.#dueAt(this.#said, rate)
      const lines = Math.floor((late * rate) / 1000) + 1
      if (lines > 0) this.#say(Math.min(lines, last - this.#said))
      else await pause(-late)
    }
    await this.#everybodyHasAll()
    // The last line had its share of the time too: without it there would be too many a second.
    await pause(end - performance.now())
  }

  get #lacking(): readonly Client[] {
    return this.#clients.filter((client) => client.digest.bytes < this.#bytesDue(client))
  }

  /** Lines by the clock wait for nobody: a server that hangs would be sent more and more. */
  #failIfStalled(): void {
    const { stallSeconds } = this.#manner
    const since = Math.max(this.#progressAt, this.#talk.since)
    if (performance.now() - since < stallSeconds * 1000) return
    const lacking = this.#lacking.length
    if (lacking > 0) this.#fail(lacking, this.#clients.length, LACK)
  }

  #fail(missing: number, clients: number, lack: string): void {
    const nothing = `for ${this.#manner.stallSeconds} s nobody got anything`
    this.failed(new Fault(`${missing} of ${clients} clients ${lack}, and ${nothing}`))
  }

  async #everybodyHasAll(): Promise<void> {
    const lacking = this.#lacking
    await this.#everybody(lacking.length, LACK, () => {
      if (lacking.length === 0) this.#settle?.()
    })
  }

  #say(count: number): void {
    const lines = Array.from({ length: count }, (_, n) => this.#wording.spoken(this.#said + n))
    this.#said += count
    for (const speaker of this.#talkative) speaker.say(lines.join(''))
  }

  /** When a line was due to be said, in milliseconds of `performance.now()`. */
  #dueAt(number: number, rate: number): number {
    const { from, since } = this.#talk
    return since + ((number - from) * 1000) / rate
  }

  /**
   * Notes how long each line took that came between so many bytes and so many. A burst is due at one
   * time, so there the lines need but be counted. With a rate each has its own: who does not read the
   * numbers cannot tell it, as servers may serve speakers unevenly.
   */
  #time(before: number, after: number, numbers: readonly number[]): void {
    const { rate } = this.#manner
    const now = performance.now()
    if (rate === undefined) {
      const linesIn = (bytes: number): number => Math.floor(bytes / this.#deliveryBytes)
      const lines = linesIn(after) - linesIn(before)
      if (lines > 0) this.latencies.add(now - this.#talk.since, lines)
    } else {
      for (const number of numbers) this.latencies.add(now - this.#dueAt(number, rate))
    }
  }

  /** Starts something and waits until so many clients have got all they should; `lack` tells what goes for them until then. */
  async #everybody(clients: number, lack: string, start: () => void): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault
    this.#stalled = setTimeout(() => {
      this.#fail(this.#missing ?? 0, clients, lack)
    }, this.#manner.stallSeconds * 1000)
    try {
      await new Promise<void>((resolve, reject) => {
        this.#missing = clients
        this.#settle = (fault) => {
          if (fault === undefined) resolve()
          else reject(fault)
        }
        start()
      })
    } finally {
      this.#missing = undefined
      clearTimeout(this.#stalled)
    }
  }

  #gotAll(): void {
    if (this.#missing === undefined) return
    this.#missing--
    if (this.#missing === 0) this.#settle?.()
  }

  /** The speakers and the first listener have every line checked, the others their bytes as a whole. */
  #join(number: number): void {
    const nick = this.#wording.nickOf(this.#first + number)
    const client = new Client(this.#place, nick, this, this.#checkFor(number, nick))
    this.#clients.push(client)
    if (number < this.#speakers.length) this.#talkative.add(client)
    client.fence(this.#wording.entry(nick))
  }

  #checkFor(number: number, nick: string): LineCheck | undefined {
    if (number > this.#speakers.length) return undefined
    const others = this.#speakers.filter((speaker) => speaker !== nick)
    return new LineCheck(this.#wording, others)
  }

  /** Bytes that a client must have by now: everything but what it said itself. */
  #bytesDue(client: Client): number {
    return this.#said * this.#othersOf(client) * this.#deliveryBytes
  }

  /** How many speakers it hears. */
  #othersOf(client: Client): number {
    const { speakers } = this.#manner
    return this.#talkative.has(client) ? speakers - 1 : speakers
  }
}

/** Waits for so many milliseconds, and in any case lets others have their turn. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
