// A house for tests: a state that is fed one input after another, and who heard what of it.

import {
  initialState,
  transition,
  type Command,
  type ConnectionId,
  type DepartureReason,
  type Effect,
  type Event,
  type Input,
  type Manners,
  type Refusal,
  type Settings,
  type State,
} from '../../lib/core/index.js'

/** What one connection is told: an event, or that it is closed. */
export type Heard = Event | { readonly type: 'closed'; readonly reason: DepartureReason }

/** Who heard what. */
export type Hearing = readonly [ConnectionId, Heard]

/** How a user of the line dialect takes part. */
export const MANNERS: Manners = {
  lobby: true,
  echo: false,
  notices: false,
  tells: true,
  focus: false,
  survey: false,
}

/** Each effect as what its every recipient hears, in order. */
export function hearings(effects: readonly Effect[]): readonly Hearing[] {
  return effects.flatMap((effect): Hearing[] => {
    if (effect.type === 'close') return [[effect.id, { type: 'closed', reason: effect.reason }]]
    const { to, except, event } = effect
    const audience = typeof to === 'string' ? [to] : [...to]
    return audience.filter((id) => id !== except).map((id) => [id, event])
  })
}

/** A state as plain data, in the order that shows; two states are the same house if their dumps are equal. */
export function dump(state: State): unknown {
  const { newcomers, users, nicks, rooms } = state
  return JSON.parse(
    JSON.stringify({
      ...state,
      newcomers: [...newcomers.values()],
      users: [...users.values()],
      nicks: [...nicks].sort(),
      rooms: [...rooms.values()],
    }),
  )
}

/** A running house. Its clock stands still unless a test moves it. */
export class House {
  state: State
  /** The host's clock, in milliseconds. */
  at = 0
  #lastNumber = 0

  constructor(settings: Settings = {}) {
    this.state = initialState(settings)
  }

  /** Feeds one input and says who heard what. */
  feed(input: Input): readonly Hearing[] {
    const { state, effects } = transition(this.state, input)
    this.state = state
    return hearings(effects)
  }

  /** Opens a connection. */
  open(id: ConnectionId, exempt = false): readonly Hearing[] {
    return this.feed({ type: 'open', id, exempt, number: ++this.#lastNumber, at: this.at })
  }

  /** Opens a connection and gives it a nickname; what is heard of it is left out. */
  online(id: ConnectionId, nick: string, manners: Partial<Manners> = {}): this {
    this.open(id)
    this.ask(id, { name: 'register', nick, manners: { ...MANNERS, ...manners } })
    return this
  }

  /** Puts users into a room; what is heard of it is left out. */
  inside(room: string, ...ids: readonly ConnectionId[]): this {
    for (const id of ids) this.ask(id, { name: 'enter', room })
    return this
  }

  /** Has a connection ask for something. */
  ask(id: ConnectionId, command: Command): readonly Hearing[] {
    return this.feed({ type: 'command', id, command, at: this.at })
  }

  /** The connection is gone. */
  close(id: ConnectionId, reason: DepartureReason = 'disconnected'): readonly Hearing[] {
    return this.feed({ type: 'close', id, reason, at: this.at })
  }

  /** The host ends a connection and says why. */
  expel(id: ConnectionId, refusal: Refusal): readonly Hearing[] {
    return this.feed({ type: 'expel', id, refusal, at: this.at })
  }

  /** The clock is at `at`. */
  tick(at: number): readonly Hearing[] {
    this.at = at
    return this.feed({ type: 'tick', at })
  }

  /** The server stops. */
  stop(): readonly Hearing[] {
    return this.feed({ type: 'stop', at: this.at })
  }

  /** The titles of all rooms, in the order they were made. */
  rooms(): readonly string[] {
    return this.state.rooms
      .valueSeq()
      .map(({ name }) => name.title)
      .toArray()
  }
}
