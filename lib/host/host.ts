// The host owns the state: every input goes through `feed`, one at a time, and its effects are
// carried out before the next. Output leaves once a turn of the event loop.

import type { Socket } from 'node:net'
import { inspect } from 'node:util'
import createDebug from 'debug'
import {
  LINE_BREAK,
  initialState,
  transition,
  type Command,
  type ConnectionId,
  type DepartureReason,
  type Effect,
  type Event,
  type Input,
  type Refusal,
  type State,
} from '../core/index.js'
import type { Dialect } from '../dialects/dialect.js'
import { formatPeer } from './address.js'
import { Admission } from './admission.js'
import type { Clock, Moment } from './clock.js'
import type { ConnectionHost } from './connection-host.js'
import { Connection } from './connection.js'
import { Crowds, type Crowd } from './crowd.js'
import { entryOf, messageEntryOf, type Journal } from './journal.js'
import type { Limits } from './limits.js'
import { Numbers } from './numbers.js'
import type { Turn } from './outbox.js'
import { Turns } from './turns.js'
import { Watch, type WatchHost } from './watch.js'

const debugInputs = createDebug('partyline:inputs')
const debugEffects = createDebug('partyline:effects')
// Asked once: debug looks its settings up at every asking, and there is more than one a line.
const showsInputs = debugInputs.enabled
const showsEffects = debugEffects.enabled

/** What a host is made of. */
export interface HostSettings {
  readonly limits: Limits
  readonly motd: readonly string[]
  readonly journal: Journal
  /** For deadlines: never goes back. */
  readonly clock: Clock
  /** For what is remembered: the system's own time, in milliseconds since 1970. */
  readonly timeOfDay: Clock
  /** Whether the journal is told the text of messages. */
  readonly logMessages: boolean
}

/** The one user of the core: sockets on one side, the state machine on the other. */
export class Host implements ConnectionHost, WatchHost {
  readonly limits: Limits
  readonly clock: Clock
  stopping = false

  readonly #settings: HostSettings
  readonly #connections = new Map<ConnectionId, Connection>()
  readonly #admission: Admission
  readonly #watch: Watch
  readonly #turns: Turns
  readonly #numbers = new Numbers()
  readonly #crowds = new Crowds(this.#connections)
  #state: State
  #lastId = 0
  #whenEmpty: (() => void) | undefined

  constructor(settings: HostSettings) {
    this.limits = settings.limits
    this.clock = settings.clock
    this.#settings = settings
    this.#state = initialState({ limits: settings.limits, motd: settings.motd })
    this.#admission = new Admission(settings.limits)
    this.#watch = new Watch(this, settings.journal)
    this.#turns = new Turns(settings, this.#watch)
  }

  get turn(): Turn {
    return this.#turns.turn
  }

  get now(): Moment {
    return this.#turns.now
  }

  /** What the house is now. */
  get state(): State {
    return this.#state
  }

  /** All sockets that are open, whoever is behind them. */
  get connections(): Iterable<Connection> {
    return this.#connections.values()
  }

  /** The connection of this id while its socket is open. */
  connection(id: ConnectionId): Connection | undefined {
    return this.#connections.get(id)
  }

  /** A client has connected with this dialect. */
  accept(socket: Socket, dialect: Dialect): void {
    const number = this.#numbers.take(socket.remotePort ?? 0)
    const connection = new Connection(`c${++this.#lastId}`, number, socket, dialect, this)
    const { id, exempt, peer } = connection
    this.#connections.set(id, connection)
    this.#watch.start()
    const refusal = this.#admission.arrive(peer.address, this.clock())
    if (refusal === undefined) this.feed({ type: 'open', id, exempt, number, at: this.clock() })
    else this.#turnAway(connection, refusal)
  }

  /** Something that an operator should look at. */
  warn(text: string): void {
    this.#settings.journal({ what: 'warning', text })
  }

  /** The operator speaks to everybody; `text` is clean. */
  announce(text: string): void {
    this.#settings.journal({ what: 'announced', text })
    this.feed({ type: 'announce', text, at: this.#settings.timeOfDay() })
  }

  /**
   * Lines that were read are carried out for up to half the stop timeout, everybody is told goodbye and
   * closed; resolves when all are, at the latest after the stop timeout, when the rest are cut off.
   */
  async stop(): Promise<void> {
    const start = this.clock()
    const timeout = this.limits.stopTimeout * 1000
    this.stopping = true
    for (const connection of this.#connections.values()) {
      connection.stopReading()
      connection.release()
    }
    await this.#turns.settle(this.#connections, start + timeout / 2)
    this.feed({ type: 'stop', at: this.#settings.timeOfDay() })
    if (this.#connections.size > 0) await this.#allClosed(timeout - (this.clock() - start))
    this.#watch.stop()
  }

  command(connection: Connection, command: Command): number {
    const effects = this.feed({
      type: 'command',
      id: connection.id,
      command,
      at: this.now.timeOfDay,
    })
    return effects.reduce((lines, effect) => lines + linesSaid(effect), 0) || 1
  }

  mistake(connection: Connection | undefined, error: unknown): void {
    this.#settings.journal({ what: 'mistake', stack: inspect(error) })
    try {
      const event = { type: 'refused', refusal: { code: 'internal' } } as const
      if (connection !== undefined) this.#answer(connection, event)
    } catch {
      // The same mistake again, of which the operator has been told.
    }
  }

  expel(connection: Connection, refusal: Refusal): void {
    this.feed({ type: 'expel', id: connection.id, refusal, at: this.#settings.timeOfDay() })
  }

  gone(connection: Connection, reason: DepartureReason): void {
    this.feed({ type: 'close', id: connection.id, reason, at: this.#settings.timeOfDay() })
  }

  dirty(connection: Connection): void {
    this.#turns.flush(connection)
  }

  hold(connection: Connection, delay: number): void {
    if (delay > 0) this.#watch.releaseLater(connection, delay)
    else this.#turns.release(connection)
  }

  closed(connection: Connection): void {
    if (!this.#connections.delete(connection.id)) return
    this.#numbers.free(connection.number)
    this.#admission.leave(connection.peer.address)
    this.#watch.forget(connection)
    if (this.#connections.size > 0) return
    this.#watch.stop()
    this.#whenEmpty?.()
  }

  /**
   * One input and its effects, whole before the next: nothing that this does may feed another. Returns the effects.
   * If our own code fails, its asker and the operator are told. What did not fail is carried out; where the core
   * itself failed, the state stays as it was.
   */
  feed(input: Input): readonly Effect[] {
    if (showsInputs) debugInputs('%j', input)
    const effects = this.#advance(input)
    for (const effect of effects) {
      try {
        this.#perform(effect, input)
      } catch (error) {
        this.mistake(this.#asker(input), error)
      }
    }
    return effects
  }

  #advance(input: Input): readonly Effect[] {
    try {
      const { state, effects } = transition(this.#state, input)
      this.#state = state
      return effects
    } catch (error) {
      this.mistake(this.#asker(input), error)
      return []
    }
  }

  #asker(input: Input): Connection | undefined {
    return 'id' in input ? this.#connections.get(input.id) : undefined
  }

  #perform(effect: Effect, input: Input): void {
    if (showsEffects) debugEffects('%s', JSON.stringify(effect, withoutHouse))
    if (effect.type === 'close') {
      this.#close(effect.id, effect.reason)
      return
    }
    const { to, event } = effect
    if (typeof to === 'string') {
      const connection = this.#connections.get(to)
      if (connection !== undefined) this.#answer(connection, event)
    } else {
      const silent = effect.except === undefined ? undefined : this.#connections.get(effect.except)
      for (const crowd of this.#crowds.of(to)) {
        // What one dialect cannot put into words, the others are told all the same.
        try {
          const each = this.#tell(crowd, event, silent)
          if (each > 0) this.#asker(input)?.throttle.takeTellings(each)
        } catch (error) {
          this.mistake(this.#asker(input), error)
        }
      }
    }
    this.#log(event)
  }

  #tell(crowd: Crowd, event: Event, silent: Connection | undefined): number {
    const at = this.now.timeOfDay
    const lines = crowd.voice.render(event, at)
    return lines === undefined ? 0 : crowd.tell({ event, at, lines }, silent, this.turn)
  }

  #answer(connection: Connection, event: Event): void {
    if (event.type === 'welcomed') {
      connection.named(event.nick)
      this.#settings.journal({ what: 'online', ...this.#introduce(connection, event.nick) })
    }
    const lines = connection.voiceFor(event)?.render(event, this.now.timeOfDay)
    if (lines !== undefined) connection.send(lines)
  }

  #close(id: ConnectionId, reason: DepartureReason): void {
    const connection = this.#connections.get(id)
    if (connection === undefined) return
    const { nick } = connection
    if (nick !== undefined) {
      this.#settings.journal({ what: 'offline', ...this.#introduce(connection, nick), reason })
    } else {
      this.#watch.turnedAway(connection, reason)
    }
    connection.finish(reason)
    if (nick === undefined) this.#watch.letLinger(connection)
  }

  /** Refuses a connection that the core is never told of. */
  #turnAway(connection: Connection, refusal: Refusal): void {
    this.#answer(connection, { type: 'refused', refusal })
    this.#close(connection.id, refusal.code)
  }

  #introduce(
    connection: Connection,
    nick: string,
  ): { readonly nick: string; readonly peer: string; readonly dialect: string } {
    return { nick, peer: formatPeer(connection.peer), dialect: connection.dialect.name }
  }

  #log(event: Event): void {
    const entry = entryOf(event) ?? (this.#settings.logMessages ? messageEntryOf(event) : undefined)
    if (entry !== undefined) this.#settings.journal(entry)
  }

  /** Resolves when all sockets are closed, and closes them itself after `patience` milliseconds. */
  async #allClosed(patience: number): Promise<void> {
    const timeout = setTimeout(() => {
      for (const connection of this.#connections.values()) connection.destroy()
    }, patience)
    await new Promise<void>((resolve) => (this.#whenEmpty = resolve))
    clearTimeout(timeout)
  }
}

/** How many lines an effect says to others: of what is said in several rooms each counts, and of a text each of its own. */
function linesSaid(effect: Effect): number {
  if (effect.type === 'close' || (effect.event.type !== 'said' && effect.event.type !== 'told'))
    return 0
  const { text } = effect.event.message
  return text.includes(LINE_BREAK) ? text.split(LINE_BREAK).length : 1
}

/** For a log: the state that some events hold is left out. */
function withoutHouse(key: string, value: unknown): unknown {
  return key === 'house' ? undefined : value
}
