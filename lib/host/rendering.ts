// One event in the words of each dialect that somebody who gets it speaks.

import type { Event } from '../core/index.js'
import type { Dialect } from '../dialects/dialect.js'

/** Renders an event at most once for each dialect, so that all receivers share the bytes. */
export class Rendering {
  readonly event: Event
  #dialect: Dialect | undefined
  #bytes: Buffer | undefined
  #others: Map<Dialect, Buffer | undefined> | undefined

  constructor(event: Event) {
    this.event = event
  }

  /** The bytes for clients of this dialect; undefined if it is silent about the event. */
  in(dialect: Dialect): Buffer | undefined {
    if (dialect === this.#dialect) return this.#bytes
    if (this.#dialect !== undefined) {
      this.#others ??= new Map()
      this.#others.set(this.#dialect, this.#bytes)
    }
    this.#bytes = this.#others?.has(dialect)
      ? this.#others.get(dialect)
      : dialect.render(this.event)
    this.#dialect = dialect
    return this.#bytes
  }
}
