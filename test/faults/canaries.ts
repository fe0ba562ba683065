// The canary pair: two clients who send each other a numbered line ten times a second. Whatever is
// done to a server, they are to notice nothing of it.

import { Client } from '../support/client.js'

/** Time between two lines of one canary, in milliseconds. */
const BEAT = 100

/** What came of the lines. */
export interface Song {
  /** How many lines each sent. */
  readonly sung: number
  /** Who missed a line, or got one out of order; empty if all is well. */
  readonly wrong: readonly string[]
  /** How long each line took to the other, in milliseconds, in rising order. */
  readonly delays: readonly number[]
}

/** A pair at one server. */
export class Canaries {
  readonly #names: readonly string[]
  readonly #pair: readonly Client[]
  readonly #sentAt: number[] = []
  readonly #delays: number[] = []
  readonly #singing: NodeJS.Timeout

  private constructor(names: readonly string[], pair: readonly Client[]) {
    this.#names = names
    this.#pair = pair
    for (const { socket } of pair) {
      socket.on('data', (text: string) => {
        this.#time(text)
      })
    }
    this.#singing = setInterval(() => {
      this.#sing()
    }, BEAT)
  }

  /** Two who begin at once; `names` must be free. */
  static async at(url: string, names = ['canary1', 'canary2']): Promise<Canaries> {
    const pair = await Promise.all(names.map((name) => Client.named(url, name)))
    return new Canaries(names, pair)
  }

  /** How many lines each has sent. */
  get sung(): number {
    return this.#sentAt.length
  }

  /** Ends the song. Rejects if a canary was closed, or an answer does not come. */
  async stop(): Promise<Song> {
    clearInterval(this.#singing)
    // The other's last line may be carried out after one's own fence.
    const first = await Promise.all(this.#pair.map((canary) => canary.fence()))
    const rest = await Promise.all(this.#pair.map((canary) => canary.fence()))
    const heard = first.map((lines, n) => [...lines, ...(rest[n] ?? [])])
    for (const canary of this.#pair) canary.end()
    const wrong = heard.flatMap((lines, n) => this.#faults(lines, this.#names[n] ?? ''))
    const delays = this.#delays.sort((a, b) => a - b)
    return { sung: this.sung, wrong, delays }
  }

  #sing(): void {
    this.#sentAt.push(performance.now())
    const song = this.#sentAt.length
    for (const [n, canary] of this.#pair.entries()) {
      canary.say(`#${this.#names[1 - n] ?? ''} song ${song}`)
    }
  }

  #time(text: string): void {
    const now = performance.now()
    for (const [, song] of text.matchAll(/: song (\d+)\r\n/g)) {
      this.#delays.push(now - (this.#sentAt[Number(song) - 1] ?? NaN))
    }
  }

  /** Says so if songs are missing for one canary, or not in their place. */
  #faults(lines: readonly string[], name: string): readonly string[] {
    const songs = lines.filter((line) => line.includes(': song '))
    const wanted = this.#sentAt.map((_, n) => `: song ${n + 1}`)
    const inOrder = songs.every((line, n) => line.endsWith(wanted[n] ?? 'nothing'))
    if (inOrder && songs.length === wanted.length) return []
    return [`${name} heard ${songs.length} of ${wanted.length} songs, or not in their order`]
  }
}

/** What all but a hundredth of the delays, in rising order, stay under; 0 if there are none. */
export function p99(delays: readonly number[]): number {
  return delays[Math.ceil(delays.length * 0.99) - 1] ?? 0
}
