// survey: where the user and everybody else stand.

import { answer } from '../effect.js'
import { forUsers, type Row } from './row.js'

/** What it is for, in the dialect's own terms. */
export interface Survey {
  readonly purpose: string
}

/** Answers with the house as it stands. */
export const survey: Row<Survey> = forUsers((state, user, { purpose }) => {
  const outlook = { you: user.id, house: state }
  return { state, effects: [answer(user.id, { type: 'surveyed', purpose, outlook })] }
})
