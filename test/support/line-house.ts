// A house of the line dialect without any IO: lines go in, lines come out.

import type { ConnectionId, Input, Manners, Refusal, Settings } from '../../lib/core/index.js'
import { line } from '../../lib/dialects/line/index.js'
import { House, type Hearing } from './house.js'

/** Clients of one house, who send whole lines; what each receives waits until it is asked for. */
export class LineHouse {
  readonly house: House
  readonly #session = line.open()
  readonly #heard = new Map<ConnectionId, string[]>()
  readonly #closed = new Set<ConnectionId>()

  constructor(settings: Settings = {}) {
    this.house = new House(settings)
  }

  /** A client connects. */
  connect(...ids: readonly ConnectionId[]): this {
    for (const id of ids) this.#hear(this.house.open(id))
    return this
  }

  /** Clients connect and register under their own ids. */
  with(...ids: readonly ConnectionId[]): this {
    for (const id of ids) this.connect(id).send(id, id)
    return this
  }

  /** A user of another protocol comes online. */
  withStranger(nick: string, manners: Partial<Manners>): this {
    this.house.online(nick, nick, manners)
    return this
  }

  /** A client sends one line, without its end. */
  send(id: ConnectionId, text: string): this {
    const command = this.#session.parse(text, { nick: this.house.state.users.get(id)?.nick })
    if (command !== undefined) this.#hear(this.house.ask(id, command))
    return this
  }

  /** The house is fed an input that is no line. */
  feed(input: Input): this {
    this.#hear(this.house.feed(input))
    return this
  }

  /** The operator or the host ends a connection. */
  expel(id: ConnectionId, refusal: Refusal): this {
    this.#hear(this.house.expel(id, refusal))
    return this
  }

  /** The clock is at `at`, in milliseconds. */
  tick(at: number): this {
    this.#hear(this.house.tick(at))
    return this
  }

  /** The next line that this client has received, or undefined. */
  next(id: ConnectionId): string | undefined {
    return this.#heard.get(id)?.shift()
  }

  /** All lines that this client has received since it was last asked, then `closed` if it was closed. */
  take(id: ConnectionId): readonly string[] {
    const lines = this.#heard.get(id) ?? []
    this.#heard.delete(id)
    return this.#closed.has(id) ? [...lines, 'closed'] : lines
  }

  #hear(hearings: readonly Hearing[]): void {
    for (const [id, heard] of hearings) {
      if (heard.type === 'closed') {
        this.#closed.add(id)
        continue
      }
      const lines =
        this.#session.voice.render(heard, 0)?.toString().split('\r\n').slice(0, -1) ?? []
      this.#heard.set(id, [...(this.#heard.get(id) ?? []), ...lines])
    }
  }
}
