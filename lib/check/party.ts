// The actors of one transcript together: who is there, and when the server is done with what
// they sent. No sleeps: an order between two connections comes from asking and being answered.

import { Actor } from './actor.js'
import type { Arena, Fence } from './arena.js'
import { News } from './news.js'
import { NATIVE, type Tongue } from './tongue.js'
import type { PresenceVerb, Send } from './transcript.js'
import type { Wiring } from './wiring.js'

/** What to play against, and how. */
export interface Setting {
  readonly arena: Arena
  readonly wiring: Wiring
  /**
   * The server's question and answer for those who speak the native tongue, others have their own;
   * without one, order comes from {@link Arena.catchUp} alone.
   */
  readonly fence?: Fence
  /** How long the server may take for anything, in milliseconds; 0 for one that answers before a send resolves. */
  readonly patience: number
}

/** The actors of one transcript. */
export class Party {
  readonly #setting: Setting
  readonly #tongues: ReadonlyMap<string, Tongue>
  readonly #actors = new Map<string, Actor>()
  readonly #waiting = new Set<() => void>()
  readonly #news = new News()
  #questions = 0
  #settled = true

  /** `tongues` is what they speak, by name. */
  constructor(setting: Setting, tongues: ReadonlyMap<string, Tongue>) {
    this.#setting = setting
    this.#tongues = tongues
  }

  /** Everybody who has come, also those who have left. */
  get actors(): readonly Actor[] {
    return [...this.#actors.values()]
  }

  /** The actor of this name, connected if it was never there. */
  async actor(name: string): Promise<Actor> {
    return this.#actors.get(name) ?? (await this.connect(name))
  }

  /** Connects an actor, in the place of an earlier one of its name. */
  async connect(name: string): Promise<Actor> {
    const tongue = this.#tongues.get(name) ?? NATIVE
    const actor = await Actor.connect(name, tongue, this.#setting.arena, () => {
      for (const look of this.#waiting) look()
    })
    this.#settled = false
    this.#actors.set(name, actor)
    this.#news.connects(name)
    return actor
  }

  /**
   * Connects an actor and sends its name as the nickname; false if that does not stand in time. How
   * it is greeted is taken as read, but where nobody is greeted.
   */
  async join(name: string): Promise<boolean> {
    await this.order()
    const actor = await this.connect(name)
    const { notation, unit } = actor.tongue
    const greeted = actor.tongue !== NATIVE
    for (const message of notation.introduce(name)) {
      const bytes = this.#ended(message, actor)
      await this.send(actor, { bytes, form: 'raw', alone: greeted && unit !== 'frame' })
    }
    actor.named()
    const answered = await this.#fence(actor, this.#mayGreet(actor))
    return answered && actor.connected
  }

  /** Takes as read what these were told of each other's coming, but where nobody is told. */
  async acquaint(names: readonly string[]): Promise<boolean> {
    const actors = this.actors.filter(
      (actor) => names.includes(actor.name) && this.#mayGreet(actor) && actor.connected,
    )
    const answered = await Promise.all(actors.map((actor) => this.#fence(actor, true)))
    return !answered.includes(false)
  }

  /** Sends bytes, with nothing to fix their order among those of others. */
  async send(actor: Actor, send: Pick<Send, 'bytes' | 'form' | 'alone'>): Promise<void> {
    this.#settled = false
    await this.#flush(actor)
    const { bytes, alone } = send
    this.#news.sends(actor.name, bytes)
    await actor.send(alone === true ? [bytes] : this.#setting.wiring.cut(bytes), send)
  }

  /** An actor does something with its connection. */
  act(actor: Actor, verb: Exclude<PresenceVerb, 'connect' | 'rejoin'>): void {
    this.#settled = false
    actor[verb]()
    if (verb === 'stopReading') this.#news.stopsReading(actor.name)
    else if (verb !== 'resume') this.#news.of(actor.name)
  }

  /** The server is done with all that others than `next` did; false if it does not answer in time. */
  async order(next?: Actor): Promise<boolean> {
    const behind = this.actors.filter((actor) => actor.acted && actor !== next)
    const isDone = await this.#fenceAll(behind)
    if (next === undefined || !this.#news.isAwaited(next.name)) return isDone
    // From here on a line that names somebody is no longer word of their coming or going.
    if (this.#setting.fence === undefined) await this.#setting.arena.catchUp(true)
    this.heed()
    this.#news.isOut()
    return isDone
  }

  /** Tells word of those who come and go from all else that was received, where servers may send it. */
  heed(): void {
    if (this.#setting.fence !== undefined) return
    this.#news.mark(this.actors.filter(({ tongue }) => tongue === NATIVE))
  }

  /**
   * The server is done with everything, and everybody has received what came of it; false if it
   * does not answer in time. Without a fence, what was not waited for may still be on its way, but
   * with `surely`.
   *
   * Two rounds: after the first, all that was sent has been carried out; what came of it is ahead
   * of the answers of the second.
   */
  async settle(surely = false): Promise<boolean> {
    this.#settled ||= (await this.#fenceAll(this.actors)) && (await this.#fenceAll(this.actors))
    if (surely && this.#setting.fence === undefined) await this.#setting.arena.catchUp(true)
    return this.#settled
  }

  /** Waits until something holds, looking whenever something is heard; false if it does not in time. */
  async until(holds: () => boolean): Promise<boolean> {
    const { patience } = this.#setting
    const held = holds()
    if (held || patience === 0) return held
    return new Promise((resolve) => {
      const done = (outcome: boolean): void => {
        clearTimeout(timer)
        this.#waiting.delete(look)
        resolve(outcome)
      }
      const look = (): void => {
        if (holds()) done(true)
      }
      const timer = setTimeout(done, patience, false)
      this.#waiting.add(look)
    })
  }

  /** Everybody goes, and the server has seen it, so that all names are free. */
  async end(): Promise<void> {
    const present = this.actors.filter((actor) => actor.connected)
    for (const actor of present) actor.leave()
    await this.until(() => present.every(({ inbox }) => inbox.end !== undefined))
    for (const actor of present) actor.reset()
    await this.#setting.arena.catchUp()
  }

  /** Those who can be asked are; for the others there is what can be told from outside. */
  async #fenceAll(actors: readonly Actor[]): Promise<boolean> {
    const asked = actors.filter((actor) => actor.answers)
    const others = actors.filter((actor) => !actor.answers && (actor.connected || actor.acted))
    const answered = await Promise.all(asked.map((actor) => this.#fence(actor)))
    if (others.length > 0) await this.#setting.arena.catchUp()
    for (const actor of actors) actor.seen()
    return !answered.includes(false)
  }

  /** Whether newcomers may be told something. The native tongue greets nobody; a server that lacks its fence may do anything. */
  #mayGreet({ tongue }: Actor): boolean {
    return tongue !== NATIVE || this.#setting.fence === undefined
  }

  /** Asks one and waits for the answer, with which all that came before it is taken out if asked for. */
  async #fence(actor: Actor, takesAll = false): Promise<boolean> {
    const { fence, arena } = this.#setting
    const { inbox, name, tongue } = actor
    if (tongue === NATIVE && fence === undefined) {
      await arena.catchUp(takesAll)
      if (takesAll) inbox.takeAll()
      return true
    }
    await this.#flush(actor)
    const token = `fence-${++this.#questions}`
    const words = tongue === NATIVE && fence !== undefined ? fence : tongue.notation.fence
    await actor.ask(this.#ended(Buffer.from(words.ask(token, name)), actor))
    const wanted = words.answer(token)
    const take = (): boolean => (takesAll ? inbox.takeThrough(wanted) : inbox.takeOut(wanted))
    return this.until(() => take() || inbox.end !== undefined)
  }

  /** What an actor sent last is on its way alone, or was read by itself, where it must be. */
  async #flush(actor: Actor): Promise<void> {
    if (!actor.flushing) return
    await this.#setting.arena.catchUp()
    actor.flushed()
  }

  /** A message with the line end of the wiring, if it is a line. */
  #ended(message: Buffer, { tongue }: Actor): Buffer {
    if (tongue.unit !== 'line') return message
    return Buffer.concat([message, Buffer.from(this.#setting.wiring.lineEnd)])
  }
}
