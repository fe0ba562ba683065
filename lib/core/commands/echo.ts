// echo: whether a user's own public and room lines come back to him.

import { answer } from '../effect.js'
import { withManners } from '../membership.js'
import { forUsers, type Row } from './row.js'

/** On or off. */
export interface Echo {
  readonly on: boolean
}

/** Sets it and confirms it. */
export const echo: Row<Echo> = forUsers((state, user, { on }) => ({
  state: withManners(state, user, { ...user.manners, echo: on }),
  effects: [answer(user.id, { type: 'echoSet', on })],
}))
