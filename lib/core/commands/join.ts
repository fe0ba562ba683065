// join: into rooms that stand already, each on its own.

import { answer, type Effect } from '../effect.js'
import { goIn, mayEnter } from './go-in.js'
import { forRooms, forUsers, refuse, type Row } from './row.js'

/** Rooms by their titles or words. */
export interface Join {
  readonly rooms: readonly string[]
  /** Whether the user is given what each room remembers. */
  readonly history?: boolean
}

/**
 * Makes the user a member of each. Refuses, for each: `unknown-room`, `already-in-room`, `too-many-rooms`;
 * of more rooms than one may be in, the lobby among them, the rest once: one line must not be worth hundreds of answers.
 */
export const join: Row<Join> = forUsers((state, user, { rooms, history = false }, at) => {
  let next = state
  const effects: Effect[] = []
  const max = state.limits.roomsPerUser + 1
  for (const room of rooms.slice(0, max)) {
    const joined = joinOne.run(next, user.id, at, { room, history })
    next = joined.state
    effects.push(...joined.effects)
  }
  if (rooms.length > max) {
    const refusal = { code: 'too-many-rooms', scope: 'named', max } as const
    effects.push(answer(user.id, { type: 'refused', refusal }))
  }
  return { state: next, effects }
})

interface JoinOne {
  readonly room: string
  readonly history: boolean
}

const joinOne: Row<JoinOne> = forRooms((state, user, room, { history }) => {
  if (room.members.has(user.id)) {
    return refuse(state, user.id, { code: 'already-in-room', room: room.name, nick: user.nick })
  }
  const refusal = mayEnter(state, user, room)
  if (refusal !== undefined) return refuse(state, user.id, refusal)
  const inside = goIn(state, user, room)
  if (!history) return inside
  const { name, history: messages } = room
  const told = answer(user.id, { type: 'historyListed', room: name, messages })
  return { state: inside.state, effects: [...inside.effects, told] }
})
