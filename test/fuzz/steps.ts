// What the claims ask of a step: who asked for what, and who heard what of it.

import type { Command, ConnectionId, Room, State } from '../../lib/core/index.js'
import type { Heard } from '../support/house.js'
import type { Step } from '../support/traces.js'

/** The lobby, then the others in the order they were made. */
export function allRooms(state: State): readonly Room[] {
  return [state.lobby, ...state.rooms.values()]
}

/** The connection whose input it is. */
export function asker({ input }: Step): ConnectionId | undefined {
  return input.type === 'command' ? input.id : undefined
}

/** What it asked for, if its nickname stood. */
export function asked(step: Step): Command | undefined {
  const { before, input } = step
  return input.type === 'command' && before.users.has(input.id) ? input.command : undefined
}

/** Whether it is a line of chat. */
export function isChat({ type }: Heard): boolean {
  return type === 'said' || type === 'told'
}

/** Whether it says why something was not done. */
export function isRefusal({ type }: Heard): boolean {
  return type === 'refused'
}

/** What one connection hears in a step. */
export function heardBy(id: ConnectionId | undefined, { heard }: Step): readonly Heard[] {
  return heard.filter(([to]) => to === id).map(([, event]) => event)
}

/** Whether it ends the connection of who asks for it. */
export function isFatal(command: Command): boolean {
  return command.name === 'refuseLine' && command.fatal === true
}
