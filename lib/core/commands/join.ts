// join: into rooms that stand already, each on its own.

import { answer, type Effect, type Transition } from '../effect.js'
import { findRoom, type State, type User } from '../state.js'
import { goIn, mayEnter } from './go-in.js'
import { forUsers, refuse, type Row } from './row.js'

/** Rooms by their titles or words. */
export interface Join {
  readonly rooms: readonly string[]
  /** Whether the user is given what each room remembers. */
  readonly history?: boolean
}

/** Makes the user a member of each. Refuses, for each: `unknown-room`, `already-in-room`, `too-many-rooms`. */
export const join: Row<Join> = forUsers((state, user, { rooms, history = false }) => {
  let next = state
  const effects: Effect[] = []
  for (const name of rooms) {
    const current = next.users.get(user.id) ?? user
    const joined = joinOne(next, current, name, history)
    next = joined.state
    effects.push(...joined.effects)
  }
  return { state: next, effects }
})

function joinOne(state: State, user: User, name: string, history: boolean): Transition {
  const room = findRoom(state, name)
  if (room === undefined) return refuse(state, user.id, { code: 'unknown-room', room: name })
  if (room.members.has(user.id)) {
    return refuse(state, user.id, { code: 'already-in-room', room: room.name, nick: user.nick })
  }
  const refusal = mayEnter(state, user, room)
  if (refusal !== undefined) return refuse(state, user.id, refusal)
  const inside = goIn(state, user, room)
  if (!history) return inside
  const { name: title, history: messages } = room
  const told = answer(user.id, { type: 'historyListed', room: title, messages })
  return { state: inside.state, effects: [...inside.effects, told] }
}
