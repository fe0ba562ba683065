// The record of one play: what each actor sent and received, when, in which pieces, and at which
// step. Bounded, so that a server that floods cannot fill the memory of those who watch it.

import type { Arena, Ear, End, Link } from './arena.js'

/** What happened on one connection. */
export type Sound =
  | 'connected'
  | 'sent'
  | 'received'
  /** The client has sent its FIN. */
  | 'half-closed'
  /** The client has broken off. */
  | 'broke off'
  | 'stopped reading'
  | 'resumed'
  /** The server has ended it, or there never was a connection. */
  | End

/** One entry of the record. */
export interface Moment {
  /** Milliseconds since the play began. */
  readonly at: number
  /** The actor. */
  readonly actor: string
  /** The actor's connections are counted from 1. */
  readonly connection: number
  readonly sound: Sound
  /** For `sent` and `received`: the bytes of one write or one read, at most {@link KEPT_BYTES} of them. */
  readonly bytes: Buffer
  /** How many bytes there were. */
  readonly length: number
  /** The line of the file that holds the step during which it happened; 0 before the first and after the last. */
  readonly step: number
}

/** The most bytes that are kept of one piece. */
const KEPT_BYTES = 16 * 1024
/** The most moments that are kept: bytewise, the longest transcripts have some ten thousand. */
const KEPT_MOMENTS = 50_000
/** The most bytes that all moments together keep. */
const KEPT_IN_ALL = 8 * 1024 * 1024

/** The record of a play. */
export class Tape {
  readonly #began = performance.now()
  readonly #moments: Moment[] = []
  readonly #connections = new Map<string, number>()
  #kept = 0
  #step = 0

  /** What happened, in order. */
  get moments(): readonly Moment[] {
    return this.#moments
  }

  /** Milliseconds since the play began. */
  get now(): number {
    return performance.now() - this.#began
  }

  /** From now on things happen during the step on this line of the file. */
  reach(step: number): void {
    this.#step = step
  }

  /** An actor begins a connection; gives its number. */
  begin(actor: string): number {
    const connection = (this.#connections.get(actor) ?? 0) + 1
    this.#connections.set(actor, connection)
    return connection
  }

  /** Keeps what happened. */
  note(actor: string, connection: number, sound: Sound, bytes: Buffer = EMPTY): void {
    if (this.#moments.length >= KEPT_MOMENTS || this.#kept >= KEPT_IN_ALL) return
    const kept = bytes.subarray(0, KEPT_BYTES)
    this.#kept += kept.length
    const { length } = bytes
    const step = this.#step
    this.#moments.push({ at: this.now, actor, connection, sound, bytes: kept, length, step })
  }
}

const EMPTY = Buffer.alloc(0)

/** The same arena, with all that happens in it on a tape. */
export function taped(arena: Arena, tape: Tape): Arena {
  return {
    async connect(ear, name, tongue) {
      const connection = tape.begin(name)
      const note = (sound: Sound, bytes?: Buffer): void => {
        tape.note(name, connection, sound, bytes)
      }
      const ends = new Set<End>()
      const listening: Ear = {
        heard(bytes) {
          note('received', bytes)
          ear.heard(bytes)
        },
        ended(end) {
          ends.add(end)
          note(end)
          ear.ended(end)
        },
      }
      const link = await arena.connect(listening, name, tongue)
      if (!ends.has('refused')) note('connected')
      return tapedLink(link, note)
    },
    catchUp: (answers) => arena.catchUp(answers),
  }
}

type Note = (sound: Sound, bytes?: Buffer) => void

function tapedLink(link: Link, note: Note): Link {
  let reading = true
  return {
    async send(segment) {
      if (segment.length > 0) note('sent', segment)
      await link.send(segment)
    },
    halfClose() {
      note('half-closed')
      link.halfClose()
    },
    reset() {
      note('broke off')
      link.reset()
    },
    pause() {
      note('stopped reading')
      reading = false
      link.pause()
    },
    resume() {
      if (!reading) note('resumed')
      reading = true
      link.resume()
    },
  }
}
