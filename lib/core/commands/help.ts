// help: how to speak the asker's own protocol; its dialect has the words.

import { answer } from '../effect.js'
import { forUsers, type Row } from './row.js'

/** What to explain, in the dialect's own terms; empty for everything. */
export interface Help {
  readonly topic: string
}

/** Answers in the order of the other answers. */
export const help: Row<Help> = forUsers((state, user, { topic }) => ({
  state,
  effects: [answer(user.id, { type: 'helped', topic })],
}))
