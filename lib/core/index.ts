// The public names of the core.

export {
  LOBBY,
  LOBBY_TITLE,
  fold,
  isNick,
  isReserved,
  isWord,
  roomKey,
  roomName,
  wordOf,
} from './name.js'
export type { RoomName } from './name.js'
export { CORE_LIMITS, DEFAULT_CORE_LIMITS, MAX_SECONDS, defaultsOf } from './limits.js'
export type { CoreLimitName, CoreLimits, Limit } from './limits.js'
export { LINE_BREAK, clean, cleanLines, cutToBytes, isVisible, utf8Length } from './text.js'
export {
  currentRoom,
  findRoom,
  findUser,
  initialState,
  isLobby,
  nicksOf,
  roomsOf,
} from './state.js'
export type {
  ConnectionId,
  Manners,
  Message,
  Newcomer,
  Room,
  RoomKey,
  Settings,
  State,
  User,
} from './state.js'
export type {
  DepartureReason,
  EnteringReason,
  Event,
  EventOf,
  EventType,
  LeavingReason,
  Outlook,
  Refusal,
  RefusalCode,
  RoomsScope,
} from './event.js'
export type { Audience, Effect, Transition } from './effect.js'
export type { Command, CommandName } from './commands/index.js'
export type { IfTaken } from './commands/register.js'
export { transition } from './transition.js'
export type { Input } from './transition.js'
