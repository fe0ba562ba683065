// create: a room that is kept, also while empty; its maker is not in it.

import { fold } from '../name.js'
import { findRoom, type State } from '../state.js'
import { makeRoom } from './make-room.js'
import { forUsers, refuse, type Row } from './row.js'

/** A room's title. */
export interface Create {
  readonly room: string
}

/** Makes a kept room. Refuses `room-exists`, `bad-room`, and `too-many-rooms` beyond the kept rooms one user may have made. */
export const create: Row<Create> = forUsers((state, user, { room: title }, at) => {
  const standing = findRoom(state, title)
  if (standing !== undefined) {
    return refuse(state, user.id, { code: 'room-exists', room: standing.name.title })
  }
  const by = fold(user.nick)
  const max = state.limits.keptRoomsPerUser
  if (keptBy(state, by) >= max) {
    return refuse(state, user.id, { code: 'too-many-rooms', scope: 'kept', max })
  }
  const made = makeRoom(state, user, title, { by, emptySince: at })
  if ('refusal' in made) return refuse(state, user.id, made.refusal)
  return { state: made.state, effects: made.effects }
})

function keptBy(state: State, by: string): number {
  return state.rooms.count((room) => room.kept?.by === by)
}
