// quit: goodbye and close.

import { answer } from '../effect.js'
import { depart } from '../arrival.js'
import { forUsers, type Row } from './row.js'

/** Says goodbye to the user, takes him out of everything and closes his connection. */
export const quit: Row<object> = forUsers((state, user, _args, at) => {
  const goodbye = answer(user.id, { type: 'saidGoodbye', nick: user.nick })
  const gone = depart(state, user, 'quit', at)
  return { state: gone.state, effects: [goodbye, ...gone.effects] }
})
