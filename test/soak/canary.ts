// The canary: two who do nothing but talk to each other, a numbered line every 100 ms. Whatever the
// others do, every line must come, once and in order.

import { connect, type Socket } from 'node:net'
import { Latencies } from '../../lib/bench/latencies.js'
import { pause } from './visitor.js'

/** The time between two lines, in milliseconds. */
const PERIOD = 100
/** How long the last lines may take, in milliseconds. */
const PATIENCE = 30_000

/** A pair that talks. */
export class Canary {
  /** From one's write to the other's read, in milliseconds. */
  readonly latencies = new Latencies()
  /** What was not as it must be. */
  readonly faults: string[] = []
  readonly #speaker: Socket
  readonly #listener: Socket
  readonly #sentAt: number[] = []
  #text = ''
  #heard = 0
  #timer: NodeJS.Timeout | undefined
  #leaving = false

  private constructor(speaker: Socket, listener: Socket) {
    this.#speaker = speaker
    this.#listener = listener
    for (const socket of [speaker, listener]) {
      const ended = (): void => {
        if (!this.#leaving) this.faults.push('the canary was disconnected')
      }
      socket.on('error', ended).on('end', ended)
    }
    // What others say in the lobby comes to both.
    speaker.resume()
    listener.setEncoding('latin1').on('data', (text: string) => {
      this.#read(text)
    })
  }

  /** Comes to a server of lines, and begins to talk. */
  static async at(port: number): Promise<Canary> {
    const [speaker, listener] = [
      connect({ host: '127.0.0.1', port, noDelay: true }),
      connect({ host: '127.0.0.1', port, noDelay: true }),
    ]
    speaker.write('canary1\r\n')
    listener.write('canary2\r\n')
    await pause(500)
    const canary = new Canary(speaker, listener)
    canary.#timer = setInterval(() => {
      speaker.write(`#canary2 ${canary.#sentAt.push(performance.now()) - 1}\r\n`)
    }, PERIOD)
    return canary
  }

  /** How many lines have come. */
  get heard(): number {
    return this.#heard
  }

  /** Says no more, waits for the last lines, and goes. */
  async leave(): Promise<void> {
    clearInterval(this.#timer)
    const end = performance.now() + PATIENCE
    while (this.#heard < this.#sentAt.length && performance.now() < end) await pause(PERIOD)
    const missed = this.#sentAt.length - this.#heard
    if (missed > 0) this.faults.push(`${missed} lines of the canary never came`)
    this.#leaving = true
    for (const socket of [this.#speaker, this.#listener]) {
      const gone = new Promise((resolve) => socket.once('close', resolve))
      socket.end()
      await gone
    }
  }

  #read(text: string): void {
    const lines = (this.#text + text).split('\r\n')
    this.#text = lines.pop() ?? ''
    for (const line of lines) {
      const number = /^#canary1: (\d+)$/.exec(line)?.[1]
      if (number === undefined) continue
      if (Number(number) !== this.#heard) {
        this.faults.push(`line ${number} of the canary came where ${this.#heard} was due`)
      }
      this.#heard = Number(number) + 1
      this.latencies.add(performance.now() - (this.#sentAt[Number(number)] ?? NaN))
    }
  }
}
