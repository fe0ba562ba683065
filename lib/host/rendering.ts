// One event in each voice that somebody who gets it is told in.

import type { Event } from '../core/index.js'
import type { Voice } from '../dialects/dialect.js'

/** Renders an event at most once for each voice, so that all receivers share the bytes. */
export class Rendering {
  readonly event: Event
  #voice: Voice | undefined
  #bytes: Buffer | undefined
  #others: Map<Voice, Buffer | undefined> | undefined

  constructor(event: Event) {
    this.event = event
  }

  /** The bytes for clients of this voice; undefined if it is silent about the event. */
  in(voice: Voice): Buffer | undefined {
    if (voice === this.#voice) return this.#bytes
    if (this.#voice !== undefined) {
      this.#others ??= new Map()
      this.#others.set(this.#voice, this.#bytes)
    }
    this.#bytes = this.#others?.has(voice) ? this.#others.get(voice) : voice.render(this.event)
    this.#voice = voice
    return this.#bytes
  }
}
