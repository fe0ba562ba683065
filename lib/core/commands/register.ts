// register: the newcomer's nickname, and with it the user.

import { answer, type Transition } from '../effect.js'
import { dismiss } from '../arrival.js'
import { withMember } from '../membership.js'
import { fold, isNick, isReserved } from '../name.js'
import type { Manners, Newcomer, State, User } from '../state.js'
import { countFailure, forNewcomers, type Row } from './row.js'

/** The nickname asked for, and how the user's client takes part. */
export interface Register {
  readonly nick: string
  readonly manners: Manners
}

/** Gives the newcomer its nickname. Refuses what is none (`bad-nick`, try again) and one in use (`nick-in-use`, then close). */
export const register: Row<Register> = forNewcomers((state, newcomer, { nick, manners }) => {
  if (!isNick(nick, state.limits.nickLength)) return countFailure(state, newcomer)
  if (isReserved(nick) || state.nicks.has(fold(nick))) {
    return dismiss(state, newcomer, { code: 'nick-in-use', nick })
  }
  return welcome(state, newcomer, { id: newcomer.id, nick, manners, rooms: [] })
})

function welcome(state: State, newcomer: Newcomer, user: User): Transition {
  const { id, nick, manners } = user
  const named: State = {
    ...state,
    newcomers: state.newcomers.delete(newcomer.id),
    users: state.users.set(id, user),
    nicks: state.nicks.set(fold(nick), id),
    watchers: manners.notices ? state.watchers.add(id) : state.watchers,
  }
  return {
    state: manners.lobby ? withMember(named, user, named.lobby) : named,
    effects: [
      answer(id, { type: 'welcomed', nick, motd: state.motd }),
      { type: 'send', to: state.watchers, event: { type: 'cameOnline', nick } },
    ],
  }
}
