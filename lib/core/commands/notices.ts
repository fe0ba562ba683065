// notices: whether a user is told who comes and goes.

import { answer } from '../effect.js'
import { withManners } from '../membership.js'
import { forUsers, type Row } from './row.js'

/** On or off. */
export interface Notices {
  readonly on: boolean
}

/** Sets it and confirms it. */
export const notices: Row<Notices> = forUsers((state, user, { on }) => ({
  state: withManners(state, user, { ...user.manners, notices: on }),
  effects: [answer(user.id, { type: 'noticesSet', on })],
}))
