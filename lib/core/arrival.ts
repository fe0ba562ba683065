// Connections that come and go, apart from what they ask for: opening, closing, deadlines,
// and what the operator does to them.

import { answer, unchanged, type Effect, type Transition } from './effect.js'
import type { DepartureReason, Refusal } from './event.js'
import { withoutMember } from './membership.js'
import { fold } from './name.js'
import {
  initialState,
  roomAt,
  type ConnectionId,
  type Newcomer,
  type State,
  type User,
} from './state.js'

/** From this share of maxClients on, newcomers have less time (see crowdedTimeout). */
const CROWDED = 0.8

/** A connection as the host announces it. */
export interface Arrival {
  readonly id: ConnectionId
  /** Whether it is left out of maxNewcomers, as connections on loopback are. */
  readonly exempt: boolean
  /** A number that no other connection has, for protocols that show one; such as its port. */
  readonly number: number
}

/** A connection is there, and is asked for a nickname. A second opening of the same id changes nothing. */
export function open(state: State, arrival: Arrival, at: number): Transition {
  const { id, exempt, number } = arrival
  if (state.newcomers.has(id) || state.users.has(id)) return unchanged(state)
  if (state.stopping) return turnAway(state, id, { code: 'shutting-down' })
  const { maxClients, maxNewcomers } = state.limits
  if (connections(state) >= maxClients) {
    return turnAway(state, id, { code: 'server-full', max: maxClients })
  }
  const newcomer: Newcomer = { id, since: at, failures: 0, exempt, number }
  const oldest = exempt ? undefined : oldestIfCrowded(state)
  const { state: cleared, effects } = oldest
    ? dismiss(state, oldest, { code: 'crowded-out', max: maxNewcomers })
    : unchanged(state)
  return {
    state: { ...cleared, newcomers: cleared.newcomers.set(id, newcomer) },
    effects: [...effects, answer(id, { type: 'nickRequested' })],
  }
}

/** A connection is gone, or is to go without a word: out of everything, its nickname free at once. */
export function close(state: State, id: ConnectionId, reason: DepartureReason): Transition {
  const user = state.users.get(id)
  if (user !== undefined) return depart(state, user, reason)
  if (!state.newcomers.has(id)) return unchanged(state)
  return {
    state: { ...state, newcomers: state.newcomers.delete(id) },
    effects: [{ type: 'close', id, reason }],
  }
}

/** Time has passed: newcomers beyond their deadline go. */
export function tick(state: State, at: number): Transition {
  const { registrationTimeout, crowdedTimeout, maxClients } = state.limits
  const crowded = connections(state) > CROWDED * maxClients
  const seconds = crowded ? Math.min(crowdedTimeout, registrationTimeout) : registrationTimeout
  let next = state
  // In place: to copy them all for each newcomer took 4 s for 16,000.
  const effects: Effect[] = []
  for (const newcomer of state.newcomers.values()) {
    if (at - newcomer.since < seconds * 1000) break
    const dismissed = dismiss(next, newcomer, { code: 'registration-timeout', seconds })
    next = dismissed.state
    effects.push(...dismissed.effects)
  }
  return { state: next, effects }
}

/** The operator or the host ends a connection with a reason that its user is told. */
export function expel(state: State, id: ConnectionId, refusal: Refusal): Transition {
  const newcomer = state.newcomers.get(id)
  if (newcomer !== undefined) return dismiss(state, newcomer, refusal)
  const user = state.users.get(id)
  if (user === undefined) return unchanged(state)
  const told = answer(id, { type: 'refused', refusal })
  const gone = depart(state, user, refusal.code)
  return { state: gone.state, effects: [told, ...gone.effects] }
}

/** The operator speaks to everybody online. */
export function announce(state: State, text: string): Transition {
  const event = { type: 'announced', text } as const
  return { state, effects: [...state.users.keys()].map((id) => answer(id, event)) }
}

/** The server stops: one goodbye to each connection, and nobody new. */
export function stop(state: State): Transition {
  if (state.stopping) return unchanged(state)
  const ids = [...state.newcomers.keys(), ...state.users.keys()]
  const goodbye = { type: 'refused', refusal: { code: 'shutting-down' } } as const
  const effects = ids.flatMap((id): Effect[] => [
    answer(id, goodbye),
    { type: 'close', id, reason: 'shutting-down' },
  ])
  return { state: { ...initialState(state), stopping: true }, effects }
}

/** Tells a newcomer why and closes it. */
export function dismiss(state: State, newcomer: Newcomer, refusal: Refusal): Transition {
  return turnAway(
    { ...state, newcomers: state.newcomers.delete(newcomer.id) },
    newcomer.id,
    refusal,
  )
}

/** Takes a user out of its rooms and off the list, tells those who watch, and closes its connection. */
export function depart(state: State, user: User, reason: DepartureReason): Transition {
  const watchers = state.watchers.delete(user.id)
  const surveyors = state.surveyors.delete(user.id)
  let next: Transition = { state: { ...state, watchers, surveyors }, effects: [] }
  for (const key of [...user.rooms, state.lobby.key]) {
    const room = roomAt(next.state, key)
    const current = next.state.users.get(user.id)
    if (room === undefined || current === undefined || !room.members.has(user.id)) continue
    next = after(next, withoutMember(next.state, current, room, 'offline'))
  }
  return after(next, {
    state: {
      ...next.state,
      users: next.state.users.delete(user.id),
      nicks: next.state.nicks.delete(fold(user.nick)),
    },
    effects: [
      { type: 'send', to: watchers, event: { type: 'wentOffline', nick: user.nick, reason } },
      { type: 'close', id: user.id, reason },
    ],
  })
}

function connections(state: State): number {
  return state.newcomers.size + state.users.size
}

function turnAway(state: State, id: ConnectionId, refusal: Refusal): Transition {
  return {
    state,
    effects: [
      answer(id, { type: 'refused', refusal }),
      { type: 'close', id, reason: refusal.code },
    ],
  }
}

function oldestIfCrowded(state: State): Newcomer | undefined {
  const { maxNewcomers } = state.limits
  if (state.newcomers.size < maxNewcomers) return undefined
  const counted = state.newcomers.valueSeq().filter((newcomer) => !newcomer.exempt)
  return counted.count() < maxNewcomers ? undefined : counted.first()
}

function after(first: Transition, second: Transition): Transition {
  return { state: second.state, effects: [...first.effects, ...second.effects] }
}
