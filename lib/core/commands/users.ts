// users: who is online.

import { answer } from '../effect.js'
import { forUsers, type Row } from './row.js'

/** Answers with every nickname, in the order of registration. */
export const users: Row<object> = forUsers((state, user) => {
  const nicks = state.users.valueSeq().map(({ nick }) => nick)
  return { state, effects: [answer(user.id, { type: 'usersListed', nicks: nicks.toArray() })] }
})
