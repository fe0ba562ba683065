// The actors of one transcript together: who is there, and when the server is done with what
// they sent. No sleeps: an order between two connections comes from asking and being answered.

import { Actor } from './actor.js'
import type { Arena, Fence } from './arena.js'
import type { PresenceVerb, Send } from './transcript.js'
import type { Wiring } from './wiring.js'

/** What to play against, and how. */
export interface Setting {
  readonly arena: Arena
  readonly wiring: Wiring
  /** The server's question and answer; without one, order comes from {@link Arena.catchUp} alone. */
  readonly fence?: Fence
  /** How long the server may take for anything, in milliseconds; 0 for one that answers before a send resolves. */
  readonly patience: number
}

/** The actors of one transcript. */
export class Party {
  readonly #setting: Setting
  readonly #actors = new Map<string, Actor>()
  readonly #waiting = new Set<() => void>()
  #questions = 0
  #settled = true

  constructor(setting: Setting) {
    this.#setting = setting
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
    const actor = await Actor.connect(name, this.#setting.arena, () => {
      for (const look of this.#waiting) look()
    })
    this.#settled = false
    this.#actors.set(name, actor)
    return actor
  }

  /** Connects an actor and sends its name as the nickname; false if that does not stand in time. */
  async join(name: string): Promise<boolean> {
    await this.order()
    const actor = await this.connect(name)
    const bytes = Buffer.from(name + this.#setting.wiring.lineEnd)
    await this.send(actor, { bytes, form: 'raw' })
    actor.named()
    const answered = await this.#fence(actor)
    return answered && actor.connected
  }

  /** Sends bytes, with nothing to fix their order among those of others. */
  async send(actor: Actor, { bytes, form }: Pick<Send, 'bytes' | 'form'>): Promise<void> {
    this.#settled = false
    await actor.send(this.#setting.wiring.cut(bytes), form)
  }

  /** An actor does something with its connection. */
  act(actor: Actor, verb: Exclude<PresenceVerb, 'connect' | 'rejoin'>): void {
    this.#settled = false
    actor[verb]()
  }

  /** The server is done with all that others than `next` did; false if it does not answer in time. */
  async order(next?: Actor): Promise<boolean> {
    const behind = this.actors.filter((actor) => actor.acted && (actor !== next || actor.flushing))
    return this.#fenceAll(behind)
  }

  /**
   * The server is done with everything, and everybody has received what came of it; false if it
   * does not answer in time.
   *
   * Two rounds: after the first, all that was sent has been carried out; what came of it is ahead
   * of the answers of the second.
   */
  async settle(): Promise<boolean> {
    if (this.#settled) return true
    this.#settled = (await this.#fenceAll(this.actors)) && (await this.#fenceAll(this.actors))
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

  async #fence(actor: Actor): Promise<boolean> {
    const { fence, wiring, arena } = this.#setting
    if (fence === undefined) {
      await arena.catchUp()
      return true
    }
    const token = `fence-${++this.#questions}`
    await actor.ask(Buffer.from(fence.ask(token) + wiring.lineEnd))
    const { inbox } = actor
    return this.until(() => inbox.takeOut(fence.answer(token)) || inbox.end !== undefined)
  }
}
