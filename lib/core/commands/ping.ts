// ping: an answer in its turn, so that its asker knows all earlier lines are done.

import { answer } from '../effect.js'
import type { Row } from './row.js'

/** Clean text that comes back as it is; may be empty. */
export interface Ping {
  readonly token: string
}

/** Answers anybody who is connected, nickname or not. */
export const ping: Row<Ping> = {
  run(state, id, _at, { token }) {
    const connected = state.users.has(id) || state.newcomers.has(id)
    return { state, effects: connected ? [answer(id, { type: 'ponged', token })] : [] }
  },
}
