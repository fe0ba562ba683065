// version: which protocol this is; its dialect has the number.

import { answer } from '../effect.js'
import { forUsers, type Row } from './row.js'

/** Answers in the order of the other answers. */
export const version: Row<object> = forUsers((state, user) => ({
  state,
  effects: [answer(user.id, { type: 'versionTold' })],
}))
