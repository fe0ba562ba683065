// The arena without any IO: bytes become lines by a plain split, and the core answers at once.

import type { Arena, Ear, Link } from '../../lib/check/arena.js'
import type { Command, ConnectionId, DepartureReason, Refusal } from '../../lib/core/index.js'
import type { Dialect } from '../../lib/dialects/dialect.js'
import { House, type Hearing } from './house.js'

const LF = 0x0a

/** Actors of a dialect at one core. */
export function coreArena(dialect: Dialect): Arena {
  const floor = new Floor(dialect)
  return {
    connect: (ear) => Promise.resolve(new CoreLink(floor, ear)),
    catchUp: () => Promise.resolve(),
  }
}

/** A house and the ears of those who are connected to it; what they hear is in the words of a dialect. */
export class Floor {
  readonly dialect: Dialect
  readonly #house = new House()
  readonly #seats = new Map<ConnectionId, Ear>()
  #last = 0

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }

  /** Opens a connection. */
  open(ear: Ear): ConnectionId {
    const id = `c${++this.#last}`
    this.#seats.set(id, ear)
    this.#hear(this.#house.open(id, true))
    return id
  }

  /** Whether the connection takes part. */
  isOpen(id: ConnectionId): boolean {
    return this.#seats.has(id)
  }

  /** Carries out a frame that is no mark. */
  frame(id: ConnectionId, text: string): void {
    if (!this.isOpen(id)) return
    const named = this.#house.state.users.has(id)
    this.command(id, this.dialect.parse(text, { named }))
  }

  /** Carries out a command, if there is one. */
  command(id: ConnectionId, command: Command | undefined): void {
    if (command !== undefined) this.#hear(this.#house.ask(id, command))
  }

  /** The host ends a connection and says why. */
  expel(id: ConnectionId, refusal: Refusal): void {
    this.#hear(this.#house.expel(id, refusal))
  }

  /** A connection is gone. */
  close(id: ConnectionId, reason: DepartureReason): void {
    this.#hear(this.#house.close(id, reason))
  }

  #hear(hearings: readonly Hearing[]): void {
    for (const [id, heard] of hearings) {
      const ear = this.#seats.get(id)
      if (heard.type === 'closed') {
        this.#seats.delete(id)
        ear?.ended('closed')
      } else {
        const bytes = this.dialect.render(heard)
        if (bytes !== undefined) ear?.heard(bytes)
      }
    }
  }
}

class CoreLink implements Link {
  readonly #floor: Floor
  readonly #id: ConnectionId
  #unfinished = Buffer.alloc(0)

  constructor(floor: Floor, ear: Ear) {
    this.#floor = floor
    this.#id = floor.open(ear)
  }

  send(segment: Buffer): Promise<void> {
    const bytes = Buffer.concat([this.#unfinished, segment])
    const end = bytes.lastIndexOf(LF) + 1
    this.#unfinished = bytes.subarray(end)
    const lines = bytes.subarray(0, end).toString().split('\n').slice(0, -1)
    for (const line of lines) this.#floor.frame(this.#id, line.replace(/\r$/, ''))
    return Promise.resolve()
  }

  halfClose(): void {
    this.#floor.close(this.#id, 'disconnected')
  }

  reset(): void {
    this.#floor.close(this.#id, 'connection-lost')
  }

  // There is no buffer between the two that could fill up.
  pause(): void {}
  resume(): void {}
}
