// The host's watch: what is decided by time and not by input. One timer for all connections
// instead of timers for each; deadlines are its own, never reset by bytes.

import type { DepartureReason, Input, Refusal } from '../core/index.js'
import { formatPeer } from './address.js'
import type { Clock } from './clock.js'
import type { Connection } from './connection.js'
import type { Journal } from './journal.js'
import type { Limits } from './limits.js'

/** How often deadlines are looked at, in milliseconds. */
const ROUND = 250
/** After so many rounds that did not come, the process was stopped, and its clients were not late. */
const MISSED_ROUNDS = 4
/** How often paced readers are looked at, in milliseconds: at 20 lines a second, each line is due after 50. */
const PACE_ROUND = 25
/** So many closed newcomers may linger: a burst of them must leave descriptors for those who stay. */
const MAX_LINGERING = 32
/** At most one line of log for each reason in this time, in milliseconds; a flood must not fill a disk. */
const QUIET = 10_000

/** What the watch asks of the host. */
export interface WatchHost {
  readonly limits: Limits
  readonly clock: Clock
  /** All sockets that are open. */
  readonly connections: Iterable<Connection>
  /** Time has passed. */
  feed(input: Input): void
  /** The client must go, and is told why. */
  expel(connection: Connection, refusal: Refusal): void
}

/** Deadlines and queues of all connections. */
export class Watch {
  readonly #host: WatchHost
  readonly #journal: Journal
  readonly #queued = new Set<Connection>()
  readonly #lingering = new Set<Connection>()
  readonly #paced = new Map<Connection, number>()
  readonly #silenced = new Map<DepartureReason, { since: number; more: number }>()
  /** When the process last went on after a stop (SIGSTOP, a laptop's sleep, a stalled loop). */
  #awakeSince = -Infinity
  #lastRound = -Infinity
  /** When it was last said that rounds did not come. */
  #saidLate = -Infinity
  #rounds: NodeJS.Timeout | undefined
  #paceRounds: NodeJS.Timeout | undefined

  constructor(host: WatchHost, journal: Journal) {
    this.#host = host
    this.#journal = journal
  }

  /** Begins, at the first connection. */
  start(): void {
    if (this.#rounds !== undefined) return
    this.#lastRound = this.#host.clock()
    this.#rounds = setInterval(() => {
      this.#round()
    }, ROUND)
  }

  /** Ends, with the last connection. */
  stop(): void {
    clearInterval(this.#rounds)
    clearInterval(this.#paceRounds)
    this.#rounds = undefined
    this.#paceRounds = undefined
  }

  /** A client speaks too fast: it is read again after `delay` milliseconds. */
  releaseLater(connection: Connection, delay: number): void {
    this.#paced.set(connection, this.#host.clock() + delay)
    this.#paceRounds ??= setInterval(() => {
      this.#paceRound()
    }, PACE_ROUND)
  }

  /** Looks at a client's queue after a flush; whoever lets too much wait is closed. */
  checkQueue(connection: Connection): void {
    const { queuedBytes } = connection
    if (queuedBytes === 0) return
    this.#queued.add(connection)
    if (connection.finishedAt !== undefined) return
    if (queuedBytes > this.#host.limits.sendQueueBytes) {
      this.#host.expel(connection, { code: 'too-slow' })
    }
  }

  /** While all queues together are too long, the longest goes, also that of a client who has gone and is owed the rest. */
  checkTotal(): void {
    const max = this.#host.limits.sendQueueTotalBytes
    let total = 0
    for (const { queuedBytes } of this.#queued) total += queuedBytes
    if (total <= max) return
    for (const connection of [...this.#queued].sort(byQueue)) {
      if (total <= max) return
      total -= connection.queuedBytes
      // Who is closed already has been told why.
      if (connection.finishedAt !== undefined) connection.destroy()
      else this.#host.expel(connection, { code: 'too-slow' })
    }
  }

  /** Says that a newcomer was turned away, at most once in a while for each reason; going by itself is no news. */
  turnedAway(connection: Connection, reason: DepartureReason): void {
    if (reason === 'disconnected' || reason === 'connection-lost') return
    const now = this.#host.clock()
    const silenced = this.#silenced.get(reason)
    if (silenced !== undefined && now - silenced.since < QUIET) {
      silenced.more++
      return
    }
    this.#silenced.set(reason, { since: now, more: 0 })
    const more = silenced?.more ?? 0
    this.#journal({ what: 'turned-away', peer: formatPeer(connection.peer), reason, more })
  }

  /** A newcomer that was closed may take its last line, unless others have been closed in great number since. */
  letLinger(connection: Connection): void {
    this.#lingering.add(connection)
    if (this.#lingering.size <= MAX_LINGERING) return
    for (const oldest of this.#lingering) {
      this.#lingering.delete(oldest)
      oldest.flush()
      oldest.destroy()
      return
    }
  }

  /** The connection is closed. */
  forget(connection: Connection): void {
    this.#queued.delete(connection)
    this.#paced.delete(connection)
    this.#lingering.delete(connection)
  }

  #round(): void {
    const now = this.#host.clock()
    const before = this.#lastRound
    this.#lastRound = now
    // What came while the process was stopped lies in the kernel still: it is read before anybody is
    // late. But not twice in a row: a loop that is always late must not keep everybody for ever.
    if (now - before > MISSED_ROUNDS * ROUND && this.#awakeSince !== before) {
      this.#awakeSince = now
      this.#sayLate(now, now - before)
      return
    }
    this.#host.feed({ type: 'tick', at: now })
    this.#checkStalled(now)
    for (const connection of this.#paced.keys()) connection.probe()
    for (const connection of this.#host.connections) this.#checkDeadlines(connection, now)
  }

  #sayLate(now: number, late: number): void {
    if (now - this.#saidLate < QUIET) return
    this.#saidLate = now
    const text = `nobody was served for ${(late / 1000).toFixed(1)} s: the process was stopped, or gets too little of a processor`
    this.#journal({ what: 'warning', text })
  }

  #checkStalled(now: number): void {
    for (const connection of this.#queued) {
      const { outbox } = connection
      const since = Math.max(outbox.progressAt, this.#awakeSince)
      if (connection.queuedBytes === 0) this.#queued.delete(connection)
      else if (outbox.stalled && now - since >= this.#host.limits.stallTimeout * 1000) {
        this.#host.expel(connection, { code: 'too-slow' })
      }
    }
  }

  #checkDeadlines(connection: Connection, now: number): void {
    const { idleMinutes } = this.#host.limits
    const { cutOffAt } = connection
    if (cutOffAt !== undefined) {
      if (now >= cutOffAt) connection.destroy()
    } else if (idleMinutes > 0 && now - connection.activeAt >= idleMinutes * 60_000) {
      this.#host.expel(connection, { code: 'idle', minutes: idleMinutes })
    }
  }

  #paceRound(): void {
    const now = this.#host.clock()
    for (const [connection, due] of this.#paced) {
      if (now < due) continue
      this.#paced.delete(connection)
      connection.release()
    }
    if (this.#paced.size > 0) return
    clearInterval(this.#paceRounds)
    this.#paceRounds = undefined
  }
}

function byQueue(a: Connection, b: Connection): number {
  return b.queuedBytes - a.queuedBytes
}
