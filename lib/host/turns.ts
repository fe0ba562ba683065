// The turns of the event loop. In each the clocks are read once; when it ends, what was sent leaves, and
// who was held back is heard again.

import type { ConnectionId } from '../core/index.js'
import { Batch } from './batch.js'
import type { Clock, Moment } from './clock.js'
import type { Connection } from './connection.js'
import type { Turn } from './outbox.js'
import type { Watch } from './watch.js'

/** So many outboxes are flushed before other sockets are looked at: 9,000 at once took 146 ms or more (measured). */
const FLUSHES_A_SLICE = 512

/** How often it is looked whether clients have read what their next lines wait for, in milliseconds. */
const SETTLE_ROUND = 5

/** The clocks of a host: one for deadlines, and the system's own. */
interface Clocks {
  readonly clock: Clock
  readonly timeOfDay: Clock
}

/** The turns of one host. */
export class Turns {
  readonly #clocks: Clocks
  readonly #watch: Watch
  #turn: Turn = { start: Batch.empty() }
  #now: Moment | undefined
  #dirty: Connection[] = []
  #held = new Set<Connection>()
  #ends = false

  /** `watch` looks at each queue after its flush, and then at all of them. */
  constructor(clocks: Clocks, watch: Watch) {
    this.#clocks = clocks
    this.#watch = watch
  }

  /** The present turn. */
  get turn(): Turn {
    return this.#turn
  }

  /** The time, read once a turn: to read a clock took a twentieth of all that a line to ten clients takes. */
  get now(): Moment {
    // The end of the turn forgets it, so there has to be one.
    this.#schedule()
    return (this.#now ??= { clock: this.#clocks.clock(), timeOfDay: this.#clocks.timeOfDay() })
  }

  /** Resolves when none of the connections is held back any more, at the latest at `deadline` by the clock for deadlines. */
  async settle(
    connections: ReadonlyMap<ConnectionId, Connection>,
    deadline: number,
  ): Promise<void> {
    // A released reader gives its share of lines before the loop turns.
    do
      await new Promise((done) => {
        if (this.#ends) setImmediate(done)
        else setTimeout(done, SETTLE_ROUND)
      })
    while (holdsAny(connections) && this.#clocks.clock() < deadline)
  }

  /** Flushes a connection when this turn ends, or soon after if there are many. */
  flush(connection: Connection): void {
    this.#dirty.push(connection)
    this.#schedule()
  }

  /** Releases a connection when this turn ends. */
  release(connection: Connection): void {
    this.#held.add(connection)
    this.#schedule()
  }

  #schedule(): void {
    if (this.#ends) return
    this.#ends = true
    setImmediate(() => {
      this.#end()
    })
  }

  #end(): void {
    this.#ends = false
    this.#now = undefined
    this.#turn = { start: Batch.empty() }
    const dirty = this.#dirty
    this.#dirty = dirty.length > FLUSHES_A_SLICE ? dirty.splice(FLUSHES_A_SLICE) : []
    for (const connection of dirty) {
      connection.flush()
      this.#watch.checkQueue(connection)
    }
    this.#watch.checkTotal()
    const held = this.#held
    this.#held = new Set()
    for (const connection of held) connection.release()
    if (this.#dirty.length > 0) this.#schedule()
  }
}

function holdsAny(connections: ReadonlyMap<ConnectionId, Connection>): boolean {
  for (const connection of connections.values()) if (connection.held) return true
  return false
}
