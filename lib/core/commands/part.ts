// part: out of a room that one must be in.

import { answer, type Transition } from '../effect.js'
import { withoutMember } from '../membership.js'
import { isLobby, type Room, type State, type User } from '../state.js'
import { forMembers, forThoseWithin, refuse, type Row } from './row.js'

/** A room's title or word. */
export interface Part {
  readonly room: string
}

/** Takes the user out, and says so to him. Refuses `unknown-room`, `not-in-room`, and `lobby-stays` as {@link partCurrent} does. */
export const part: Row<Part> = forMembers(goOut)

/**
 * Takes the user out of his current room, which is the lobby then. Refuses `not-in-room`, and
 * `lobby-stays` to those who hear one room alone: they would be nowhere.
 */
export const partCurrent: Row<object> = forThoseWithin(goOut)

function goOut(state: State, user: User, room: Room): Transition {
  if (user.manners.focus && isLobby(state, room)) {
    return refuse(state, user.id, { code: 'lobby-stays', room: room.name })
  }
  const gone = withoutMember(state, user, room, 'asked')
  const you = answer(user.id, { type: 'youLeft', room: room.name })
  return { state: gone.state, effects: [you, ...gone.effects] }
}
