// The arena without sockets: the dialect's framing in front of the core, fed in chunks of any size.

import type { Arena, Ear, Link } from '../../lib/check/arena.js'
import { DEFAULT_LIMITS } from '../../lib/host/limits.js'
import { remarkOf, type Dialect } from '../../lib/dialects/dialect.js'
import type { ConnectionId } from '../../lib/core/index.js'
import { markOf, type FrameReader, type FrameSink } from '../../lib/wire/frame.js'
import { Floor } from './core-arena.js'

/** Cuts what one send holds into what the reads give. */
export type Chunking = (bytes: Buffer) => readonly Buffer[]

const LIMITS = {
  frameBytes: DEFAULT_LIMITS.lineBytes,
  unfinishedBytes: DEFAULT_LIMITS.unfinishedBytes,
}

/** Actors of a dialect at one core, behind its framing. */
export function wireArena(dialect: Dialect, chunking: Chunking): Arena {
  const floor = new Floor(dialect)
  return {
    async connect(ear) {
      const link = new WireLink(floor, ear, chunking)
      await turn()
      return link
    },
    catchUp: turn,
  }
}

/** Chunks of 1 to `longest` bytes, the same ones for the same seed (mulberry32). */
export function randomChunks(seed: number, longest: number): Chunking {
  let state = seed
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return (bytes) => {
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length;) {
      const length = 1 + Math.floor(random() * longest)
      chunks.push(bytes.subarray(at, at + length))
      at += length
    }
    return chunks
  }
}

class WireLink implements Link, FrameSink {
  readonly #floor: Floor
  readonly #ear: Ear
  readonly #chunking: Chunking
  readonly #reader: FrameReader
  readonly #id: ConnectionId
  #drained: () => void = () => undefined

  constructor(floor: Floor, ear: Ear, chunking: Chunking) {
    this.#floor = floor
    this.#ear = ear
    this.#chunking = chunking
    const session = floor.dialect.open()
    this.#reader = session.framing(this, LIMITS)
    const seat: Ear = {
      heard(bytes) {
        ear.heard(bytes)
      },
      ended: (end) => {
        this.#reader.destroy()
        this.#drained()
        ear.ended(end)
      },
    }
    this.#id = floor.open(seat, session)
  }

  async send(segment: Buffer): Promise<void> {
    for (const chunk of this.#chunking(segment)) {
      if (!this.#floor.isOpen(this.#id)) return
      const drained = new Promise<void>((resolve) => (this.#drained = resolve))
      const ready = this.#reader.feed(chunk)
      this.#reader.replied()
      if (!ready && this.#floor.isOpen(this.#id)) await drained
    }
  }

  halfClose(): void {
    this.#reader.end()
  }

  reset(): void {
    this.#reader.destroy()
    this.#floor.close(this.#id, 'connection-lost')
  }

  // There is no buffer on this side that could fill up.
  pause(): void {}
  resume(): void {}

  frame(text: string): void {
    const mark = markOf(text)
    if (mark === undefined) {
      this.#floor.frame(this.#id, text)
      return
    }
    const remark = remarkOf(mark, LIMITS, this.#floor.dialect.strict ?? false)
    if (remark.type === 'asked') this.#floor.command(this.#id, { name: 'ping', token: '' })
    else {
      const { refusal, fatal } = remark
      this.#floor.command(this.#id, { name: 'refuseLine', refusal, fatal })
    }
  }

  reply(bytes: Buffer): void {
    this.#ear.heard(bytes)
  }

  end(): void {
    this.#floor.close(this.#id, 'disconnected')
  }

  drain(): void {
    this.#drained()
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
