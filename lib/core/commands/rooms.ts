// rooms: which rooms there are.

import { answer } from '../effect.js'
import { forUsers, type Row } from './row.js'

/** Answers with every room but the lobby, in the order they were made. */
export const rooms: Row<object> = forUsers((state, user) => {
  const names = state.rooms.valueSeq().map(({ name }) => name)
  return { state, effects: [answer(user.id, { type: 'roomsListed', rooms: names.toArray() })] }
})
