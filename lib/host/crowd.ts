// Whom one audience is made of: a crowd for each voice that its members are told in. In one turn of
// the loop most of a crowd is sent the same lines, so their sequence is kept once for all of them.

import type { OrderedSet } from 'immutable'
import type { ConnectionId, Event } from '../core/index.js'
import { encode, type Rendering, type Voice } from '../dialects/dialect.js'
import type { Connection } from './connection.js'
import { Gathering } from './gathering.js'
import type { Turn } from './outbox.js'

/** An event, when it is told, and how a crowd's voice puts it. */
export interface Telling {
  readonly event: Event
  /** In milliseconds since 1970. */
  readonly at: number
  readonly lines: Rendering
}

/** The members of one audience who are told of an event in the same words. */
export class Crowd {
  readonly voice: Voice
  /** Those who are sent what all of them are sent. */
  readonly #followers: readonly Connection[]
  /** Those who are not told of everything, or not at once. */
  readonly #apart: readonly Connection[]
  #gathering: Gathering | undefined

  constructor(voice: Voice, members: readonly Connection[]) {
    this.voice = voice
    this.#followers = members.filter((member) => !member.apart)
    this.#apart = members.filter((member) => member.apart)
  }

  /**
   * Tells all members of an event, but not one of them, at the end of `turn`, which is the present one. Returns how
   * many of them had to be told each by itself.
   */
  tell({ event, at, lines }: Telling, except: Connection | undefined, turn: Turn): number {
    if (this.#gathering?.turn !== turn) this.#gathering = this.#gather(turn)
    this.#gathering.add(lines, except?.outbox)
    if (this.#apart.length === 0) return 0
    // Once for all of them, whom nothing joins that could be encoded at once.
    const bytes = encode(lines)
    for (const member of this.#apart) {
      if (member === except) continue
      const voice = member.voiceFor(event)
      const own = voice === this.voice ? bytes : voice?.render(event, at)
      if (own !== undefined) member.send(own)
    }
    return this.#apart.length
  }

  #gather(turn: Turn): Gathering {
    const gathering = new Gathering(turn)
    for (const member of this.#followers) member.follow(gathering)
    return gathering
  }
}

/** The crowds of all audiences. */
export class Crowds {
  readonly #connections: ReadonlyMap<ConnectionId, Connection>
  readonly #known = new WeakMap<OrderedSet<ConnectionId>, readonly Crowd[]>()

  /** Looks members up in `connections`; whoever is not there has gone. */
  constructor(connections: ReadonlyMap<ConnectionId, Connection>) {
    this.#connections = connections
  }

  /** The crowds of an audience, made once for each set that the state holds: a set costs four times an array to walk. */
  of(audience: OrderedSet<ConnectionId>): readonly Crowd[] {
    const known = this.#known.get(audience)
    if (known !== undefined) return known
    const listeners = new Map<Voice, Connection[]>()
    for (const id of audience) {
      const connection = this.#connections.get(id)
      if (connection === undefined) continue
      const others = listeners.get(connection.voice)
      if (others === undefined) listeners.set(connection.voice, [connection])
      else others.push(connection)
    }
    const crowds = Array.from(listeners, ([voice, members]) => new Crowd(voice, members))
    this.#known.set(audience, crowds)
    return crowds
  }
}
