// register: the newcomer's nickname, and with it the user.

import { answer, type Transition } from '../effect.js'
import { dismiss } from '../arrival.js'
import { toWatchers, withMember } from '../membership.js'
import { fold, isNick, isReserved } from '../name.js'
import type { Manners, Newcomer, State, User } from '../state.js'
import { countFailure, forNewcomers, type Row } from './row.js'

/** What becomes of a newcomer whose nickname is in use: it is closed, asked again, or given the next free `nick1`, `nick2`, …, which also cuts one that is too long. */
export type IfTaken = 'close' | 'ask-again' | 'number'

/** The nickname asked for, and how the user's client takes part. */
export interface Register {
  readonly nick: string
  readonly manners: Manners
  /** Left out, it is closed. */
  readonly ifTaken?: IfTaken
}

/** Gives the newcomer its nickname. Refuses what is none (`bad-nick`, try again) and one in use (`nick-in-use`). */
export const register: Row<Register> = forNewcomers((state, newcomer, args) => {
  const { manners, ifTaken = 'close' } = args
  const nick = ifTaken === 'number' ? numbered(state, args.nick) : args.nick
  if (!isNick(nick, state.limits.nickLength)) return countFailure(state, newcomer)
  if (isFree(state, nick)) return welcome(state, newcomer, nick, manners)
  const refusal = { code: 'nick-in-use', nick } as const
  if (ifTaken === 'close') return dismiss(state, newcomer, refusal)
  return countFailure(state, newcomer, refusal)
})

function welcome(state: State, newcomer: Newcomer, nick: string, manners: Manners): Transition {
  const { id, number } = newcomer
  const user: User = { id, nick, number, manners, current: state.lobby.key, rooms: [] }
  const named: State = {
    ...state,
    newcomers: state.newcomers.delete(id),
    users: state.users.set(id, user),
    nicks: state.nicks.set(fold(nick), id),
    watchers: manners.notices ? state.watchers.add(id) : state.watchers,
    surveyors: manners.survey ? state.surveyors.add(id) : state.surveyors,
  }
  const { lobby, motd } = state
  const house = manners.lobby ? withMember(named, user, lobby) : named
  const entered = { type: 'entered', room: lobby.name, nick, why: 'online' } as const
  return {
    state: house,
    effects: [
      answer(id, { type: 'welcomed', nick, outlook: { you: id, house } }),
      answer(id, { type: 'greeted', motd }),
      { type: 'send', to: state.watchers, event: { type: 'cameOnline', nick } },
      ...(manners.lobby ? toWatchers(state, lobby.watchers, entered) : []),
    ],
  }
}

/** The first of `nick`, `nick1`, `nick2`, … that is free, shortened where it would be too long. */
function numbered(state: State, nick: string): string {
  let candidate = nick.slice(0, state.limits.nickLength)
  for (let number = 1; !isFree(state, candidate); number++) {
    const suffix = String(number)
    candidate = nick.slice(0, state.limits.nickLength - suffix.length) + suffix
  }
  return candidate
}

function isFree(state: State, nick: string): boolean {
  return !isReserved(nick) && !state.nicks.has(fold(nick))
}
