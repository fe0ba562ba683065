// The arena without any IO: bytes become lines by a plain split, or whole frames, and the core
// answers at once.

import type { Arena, Ear, Link } from '../../lib/check/arena.js'
import type { Command, ConnectionId, DepartureReason, Refusal } from '../../lib/core/index.js'
import { DIALECTS } from '../../lib/dialects/index.js'
import { encode, voiceFor, type Dialect, type Session } from '../../lib/dialects/dialect.js'
import type { Tongue } from '../../lib/check/tongue.js'
import { FramedLink } from './framed-link.js'
import { House, type Hearing } from './house.js'

const LF = 0x0a

/** An arena where one can also connect without saying what one speaks. */
export interface FloorArena extends Arena {
  connect(ear: Ear, name?: string, tongue?: Tongue): Promise<Link>
}

/** Actors at one core; `dialect` is for those who name none, in lines if they speak the same. */
export function coreArena(dialect: Dialect): FloorArena {
  const floor = new Floor(dialect)
  return {
    connect(ear, _name, tongue) {
      const spoken = tongue === undefined ? undefined : DIALECTS.get(tongue.dialect)
      const isOfLines = spoken === undefined || spoken === dialect
      const link = isOfLines ? new CoreLink(floor, ear) : new FramedLink(floor, ear, spoken)
      return Promise.resolve(link)
    },
    catchUp: () => Promise.resolve(),
  }
}

/** A house and the ears of those who are connected to it. What they hear is in the words of their sessions, `dialect` if they bring none. */
export class Floor {
  readonly dialect: Dialect
  readonly #house = new House()
  readonly #seats = new Map<ConnectionId, Seat>()
  #last = 0

  constructor(dialect: Dialect) {
    this.dialect = dialect
  }

  /** Opens a connection. */
  open(ear: Ear, session: Session = this.dialect.open()): ConnectionId {
    const id = `c${++this.#last}`
    this.#seats.set(id, { ear, session })
    this.#hear(this.#house.open(id, true))
    return id
  }

  /** Whether the connection takes part. */
  isOpen(id: ConnectionId): boolean {
    return this.#seats.has(id)
  }

  /** Carries out a frame that is no mark. */
  frame(id: ConnectionId, text: string): void {
    const session = this.#seats.get(id)?.session
    const nick = this.#house.state.users.get(id)?.nick
    this.command(id, session?.parse(text, { nick }))
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
      const seat = this.#seats.get(id)
      if (seat === undefined) continue
      if (heard.type === 'closed') {
        this.#seats.delete(id)
        const { farewell } = seat.session.voice
        if (farewell !== undefined && heard.reason !== 'disconnected')
          seat.ear.heard(farewell.bytes)
        seat.ear.ended('closed')
      } else {
        const lines = voiceFor(seat.session, heard)?.render(heard, this.#house.at)
        if (lines !== undefined) seat.ear.heard(encode(lines))
      }
    }
  }
}

/** Who sits there, and what is spoken with him. */
interface Seat {
  readonly ear: Ear
  readonly session: Session
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
