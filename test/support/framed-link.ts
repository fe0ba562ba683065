// A client without a socket: what it sends comes in reads of any size to the framing of its dialect,
// and what that finds goes to a core at once.

import type { Ear, Link } from '../../lib/check/arena.js'
import type { ConnectionId } from '../../lib/core/index.js'
import { commandOfMark, type Dialect } from '../../lib/dialects/dialect.js'
import { DEFAULT_LIMITS } from '../../lib/host/limits.js'
import { markOf, type FrameLimits, type FrameReader, type FrameSink } from '../../lib/wire/frame.js'
import type { Floor } from './core-arena.js'

/** Cuts what one send holds into what the reads give. */
export type Chunking = (bytes: Buffer) => readonly Buffer[]

/** Each send is one read. */
export const whole: Chunking = (bytes) => [bytes]

/** A client whose segments are cut into reads, and read by the framing of its dialect. */
export class FramedLink implements Link, FrameSink {
  readonly #floor: Floor
  readonly #ear: Ear
  readonly #dialect: Dialect
  readonly #limits: FrameLimits
  readonly #chunking: Chunking
  readonly #reader: FrameReader
  readonly #id: ConnectionId
  #drained: () => void = () => undefined

  constructor(floor: Floor, ear: Ear, dialect: Dialect, chunking: Chunking = whole) {
    this.#floor = floor
    this.#ear = ear
    this.#dialect = dialect
    const { lineBytes, unfinishedBytes } = DEFAULT_LIMITS
    this.#limits = { frameBytes: dialect.frameBytes ?? lineBytes, unfinishedBytes }
    this.#chunking = chunking
    const session = dialect.open()
    this.#reader = session.framing(this, this.#limits)
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
    if (mark === undefined) this.#floor.frame(this.#id, text)
    else {
      const strict = this.#dialect.strict ?? false
      this.#floor.command(this.#id, commandOfMark(mark, this.#limits, strict))
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
