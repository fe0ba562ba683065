// rooms: which rooms there are.

import { answer } from '../effect.js'
import type { RoomsScope } from '../event.js'
import { isLobby, roomsOf } from '../state.js'
import { forUsers, type Row } from './row.js'

/** All of the house, or those that the asker is in; all if left out. */
export interface Rooms {
  readonly scope?: RoomsScope
}

/** Answers with the rooms but the lobby, in the order they were made or entered. */
export const rooms: Row<Rooms> = forUsers((state, user, { scope = 'all' }) => {
  const listed =
    scope === 'all'
      ? [...state.rooms.values()]
      : roomsOf(state, user).filter((room) => !isLobby(state, room))
  const names = listed.map(({ name }) => name)
  return { state, effects: [answer(user.id, { type: 'roomsListed', scope, rooms: names })] }
})
