// tell: a private line to one user.

import { answer } from '../effect.js'
import { findUser } from '../state.js'
import { forUsers, refuse, type Row } from './row.js'

/** A nickname in any ASCII case, and clean text. */
export interface Tell {
  readonly nick: string
  readonly text: string
}

/** Gives the line to that user alone. Refuses `unknown-nick`, and `no-private` for a client that has no form for it. */
export const tell: Row<Tell> = forUsers((state, user, { nick, text }, at) => {
  const target = findUser(state, nick)
  if (target === undefined) return refuse(state, user.id, { code: 'unknown-nick', nick })
  if (!target.manners.tells) {
    return refuse(state, user.id, { code: 'no-private', nick: target.nick })
  }
  const message = { from: user.nick, text, at }
  return { state, effects: [answer(target.id, { type: 'told', to: target.nick, message })] }
})
