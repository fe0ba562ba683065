// members: who is in a room.

import { answer } from '../effect.js'
import { nicksOf } from '../state.js'
import { forRooms, type Row } from './row.js'

/** A room's title or word. */
export interface Members {
  readonly room: string
}

/** Answers with the members' nicknames, in the order they entered. Refuses `unknown-room`. */
export const members: Row<Members> = forRooms((state, user, room) => {
  const nicks = nicksOf(state, room.members)
  return {
    state,
    effects: [answer(user.id, { type: 'membersListed', room: room.name, nicks })],
  }
})
