// history: a room's last lines, for its members.

import { answer } from '../effect.js'
import { forMembers, type Row } from './row.js'

/** A room's title or word, and how many of its last messages at most (all that are remembered if left out). */
export interface History {
  readonly room: string
  readonly count?: number
}

/** Answers with the last messages, oldest first. Refuses `unknown-room` and `not-in-room`. */
export const history: Row<History> = forMembers((state, user, room, { count }) => {
  const messages = room.history.slice(Math.max(0, room.history.length - (count ?? Infinity)))
  return {
    state,
    effects: [answer(user.id, { type: 'historyListed', room: room.name, messages })],
  }
})
