// quit: goodbye and close.

import { answer } from '../effect.js'
import { close, depart } from '../arrival.js'
import type { Row } from './row.js'

/** Says goodbye to the user, takes him out of everything and closes his connection; a newcomer is just closed. */
export const quit: Row<object> = {
  run(state, id) {
    const user = state.users.get(id)
    if (user === undefined) return close(state, id, 'quit')
    const goodbye = answer(id, { type: 'saidGoodbye', nick: user.nick })
    const gone = depart(state, user, 'quit')
    return { state: gone.state, effects: [goodbye, ...gone.effects] }
  },
}
