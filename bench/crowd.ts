// Many clients in one room, driven together: register, talk in bursts, and compare what all got.

import { Client, type Listener } from './client.js'
import { DELIVERY_BYTES, LineCheck, nickOf, spokenLine } from './verify.js'

/** Registrations under way at once: fewer than any server's queue of connections to accept. */
const CONNECTING = 64

/** How the crowd talks. */
export interface Manner {
  /** How many of the clients speak: the first ones to register. */
  readonly speakers: number
  /** Lines of each speaker that not everybody has seen yet, at most. */
  readonly window: number
  /** Without progress for so long, a line is taken for lost. */
  readonly stallSeconds: number
}

/** The server did what it must not do; the message says what, and which client saw it. */
export class Fault extends Error {}

/** Clients of the server on this port of 127.0.0.1. */
export class Crowd implements Listener {
  readonly #port: number
  readonly #manner: Manner
  readonly #speakers: readonly string[]
  readonly #clients: Client[] = []
  readonly #talkative = new Set<Client>()
  #bursts = 0
  /** Clients that still lack something of what is awaited. */
  #missing = 0
  #settle: ((fault?: Fault) => void) | undefined
  #fault: Fault | undefined

  constructor(port: number, manner: Manner) {
    this.#port = port
    this.#manner = manner
    this.#speakers = Array.from({ length: manner.speakers }, (_, speaker) => nickOf(speaker))
  }

  /** Lines that have reached everybody they were for, counted once for each receiver. */
  get deliveries(): number {
    const { speakers, window } = this.#manner
    return this.#bursts * speakers * window * (this.#clients.length - 1)
  }

  /** Brings the crowd to this number of clients; done when each has its nickname and is in the room. */
  async register(clients: number): Promise<void> {
    while (this.#clients.length < clients) {
      const batch = Math.min(CONNECTING, clients - this.#clients.length)
      await this.#everybody(batch, () => {
        for (let joined = 0; joined < batch; joined++) this.#join(this.#clients.length)
      })
    }
  }

  /** Talks for this long: a window of lines from each speaker, and the next once everybody has them. */
  async talk(seconds: number): Promise<void> {
    const end = performance.now() + seconds * 1000
    while (performance.now() < end) {
      const lines = this.#nextLines()
      this.#bursts++
      await this.#everybody(this.#clients.length, () => {
        for (const speaker of this.#talkative) speaker.say(lines)
      })
    }
  }

  /** Sees that nobody has got more than was said, and that all who only listened got the very same bytes. */
  async verify(): Promise<void> {
    await this.#everybody(this.#clients.length, () => {
      for (const client of this.#clients) client.fence()
    })
    const [witness, ...others] = this.#clients.slice(this.#speakers.length)
    const other = others.find(({ digest }) => digest.crc !== witness?.digest.crc)
    if (other !== undefined) {
      throw new Fault(`${other.nick} got other bytes than ${witness?.nick ?? 'the rest'}`)
    }
  }

  /** Closes all connections. */
  close(): void {
    for (const client of this.#clients) client.close()
  }

  received(client: Client): void {
    const { bytes } = client.digest
    const due = this.#bytesDue(client)
    if (bytes === due) this.#gotAll()
    else if (bytes > due) this.failed(`${client.nick} got more than was said`)
  }

  passed(): void {
    this.#gotAll()
  }

  failed(fault: string): void {
    this.#fault ??= new Fault(fault)
    this.#settle?.(this.#fault)
  }

  /** Starts something and waits until so many clients have got all they should. */
  async #everybody(clients: number, start: () => void): Promise<void> {
    if (this.#fault !== undefined) throw this.#fault
    const { stallSeconds } = this.#manner
    const stalled = setTimeout(() => {
      this.failed(`${this.#missing} of ${clients} clients lack what is due after ${stallSeconds} s`)
    }, stallSeconds * 1000)
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
      clearTimeout(stalled)
    }
  }

  #gotAll(): void {
    this.#missing--
    if (this.#missing === 0) this.#settle?.()
  }

  /** The speakers and the first listener have every line checked, the others their bytes as a whole. */
  #join(number: number): void {
    const nick = nickOf(number)
    const lines =
      number <= this.#speakers.length
        ? new LineCheck(this.#speakers.filter((speaker) => speaker !== nick))
        : undefined
    const client = new Client(this.#port, nick, this, lines)
    this.#clients.push(client)
    if (number < this.#speakers.length) this.#talkative.add(client)
    client.fence(`${nick}\r\n`)
  }

  #nextLines(): string {
    const { window } = this.#manner
    const first = this.#bursts * window
    return Array.from({ length: window }, (_, line) => spokenLine(first + line)).join('')
  }

  /** Bytes that a client must have by now: everything but what it said itself. */
  #bytesDue(client: Client): number {
    const { speakers, window } = this.#manner
    const others = this.#talkative.has(client) ? speakers - 1 : speakers
    return this.#bursts * others * window * DELIVERY_BYTES
  }
}
