// switch: makes one of the user's rooms his current one.

import { answer } from '../effect.js'
import { withCurrent } from '../membership.js'
import { forMembers, type Row } from './row.js'

/** A room's title or word. */
export interface Switch {
  readonly room: string
}

/** From now on the user speaks in that room, and hears it. Refuses `unknown-room` and `not-in-room`. */
export const switchRoom: Row<Switch> = forMembers((state, user, room) => {
  const house = withCurrent(state, user.id, room)
  const outlook = { you: user.id, house }
  return {
    state: house,
    effects: [answer(user.id, { type: 'youSwitched', room: room.name, outlook })],
  }
})
