// switch: makes one of the user's rooms his current one.

import { answer } from '../effect.js'
import { withCurrent } from '../membership.js'
import { currentRoom } from '../state.js'
import { forMembers, type Row } from './row.js'

/** A room's title or word. */
export interface Switch {
  readonly room: string
}

/**
 * From now on the user speaks in that room, and hears it; those who watch there, or where he was, are
 * told. Refuses `unknown-room` and `not-in-room`.
 */
export const switchRoom: Row<Switch> = forMembers((state, user, room) => {
  const house = withCurrent(state, user.id, room)
  const outlook = { you: user.id, house }
  const you = answer(user.id, { type: 'youSwitched', room: room.name, outlook })
  const before = currentRoom(state, user)
  if (before.key === room.key) return { state, effects: [you] }
  const event = { type: 'switched', from: before.name, to: room.name, nick: user.nick } as const
  return {
    state: house,
    effects: [
      you,
      { type: 'send', to: before.watchers, except: user.id, event },
      // Who watches both rooms is told once.
      {
        type: 'send',
        to: room.watchers.filterNot((id) => before.watchers.has(id)),
        except: user.id,
        event,
      },
    ],
  }
})
