// What happened: facts in the past tense, each the same to everyone who gets it. A dialect's
// renderer puts them into words; no sentence stands here.

import type { ConnectionId, Message, State } from './state.js'
import type { RoomName } from './name.js'

/** Why something asked for was not done: a stable code with what a renderer needs to say it. */
export type Refusal =
  | { readonly code: 'bad-nick'; readonly maxLength: number }
  | { readonly code: 'nick-in-use'; readonly nick: string }
  | { readonly code: 'unknown-nick'; readonly nick: string }
  | { readonly code: 'no-private'; readonly nick: string }
  | { readonly code: 'bad-room'; readonly maxBytes: number }
  | { readonly code: 'room-exists'; readonly room: RoomName }
  | { readonly code: 'unknown-room'; readonly room: string }
  | { readonly code: 'not-in-room'; readonly room: RoomName; readonly nick: string }
  | { readonly code: 'already-in-room'; readonly room: RoomName; readonly nick: string }
  | { readonly code: 'in-no-room' }
  | { readonly code: 'lobby-stays'; readonly room: RoomName }
  | {
      readonly code: 'too-many-rooms'
      /** Those that one user is in, has named in one line, or has made; or those of the house. */
      readonly scope: 'joined' | 'named' | 'kept' | 'all'
      readonly max: number
    }
  | { readonly code: 'unknown-command'; readonly command: string }
  | { readonly code: 'missing-argument'; readonly usage: string }
  | { readonly code: 'bad-argument'; readonly usage: string }
  /** `unfinished` is how many bytes came without a line end, where that is what ended the connection. */
  | { readonly code: 'too-long'; readonly maxBytes: number; readonly unfinished?: number }
  | { readonly code: 'name-too-long'; readonly maxBytes: number }
  | { readonly code: 'text-too-long'; readonly maxBytes: number }
  /** What was sent is not UTF-8. */
  | { readonly code: 'bad-text' }
  /** The length in front of a message is none, and nothing can be read after it. */
  | { readonly code: 'bad-frame' }
  /** What was read is no message of its protocol; `problem` says in a few words what the message lacks or has too much of. */
  | { readonly code: 'bad-message'; readonly problem: string }
  /** A message that names its sender names another one. */
  | { readonly code: 'wrong-sender' }
  /** The input ended amid a line, which is never carried out. */
  | { readonly code: 'unfinished-line' }
  /** The last try at a nickname was none either. */
  | { readonly code: 'too-many-failures'; readonly max: number }
  | { readonly code: 'registration-timeout'; readonly seconds: number }
  | { readonly code: 'registration-too-long'; readonly maxBytes: number }
  /** A newcomer speaks TLS, HTTP or the like. */
  | { readonly code: 'wrong-protocol'; readonly protocol: string }
  | { readonly code: 'server-full'; readonly max: number }
  | { readonly code: 'too-many-connections'; readonly max: number }
  | { readonly code: 'connecting-too-fast'; readonly max: number }
  /** Too many wait without a nickname, and it has waited longest. */
  | { readonly code: 'crowded-out'; readonly max: number }
  /** Too much waits that it does not read. */
  | { readonly code: 'too-slow' }
  | { readonly code: 'idle'; readonly minutes: number }
  | { readonly code: 'kicked'; readonly reason: string }
  | { readonly code: 'shutting-down' }
  /** Our own code failed. */
  | { readonly code: 'internal' }

/** A refusal's stable code, as programs see it. */
export type RefusalCode = Refusal['code']

/** Which rooms a list has. */
export type RoomsScope = 'all' | 'own'

/** Why a user went offline, for those who are told and for the operator's log. */
export type DepartureReason = 'quit' | 'disconnected' | 'connection-lost' | RefusalCode

/** Why a user entered a room: he asked for it, or came online in the lobby. */
export type EnteringReason = 'asked' | 'online'

/** Why a user left a room. */
export type LeavingReason = 'asked' | 'offline'

/** Where the asker stands, for protocols that show it: the house as it was then, which as a value costs nothing to hold. */
export interface Outlook {
  /** The asker. */
  readonly you: ConnectionId
  readonly house: State
}

/** Everything that can be told to anyone. */
export type Event =
  // to the one who asked
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'nickRequested' }
  | { readonly type: 'welcomed'; readonly nick: string; readonly outlook: Outlook }
  | { readonly type: 'greeted'; readonly motd: readonly string[] }
  | { readonly type: 'usersListed'; readonly nicks: readonly string[] }
  | {
      readonly type: 'roomsListed'
      /** All of the house, or those that the asker is in; the lobby apart. */
      readonly scope: RoomsScope
      readonly rooms: readonly RoomName[]
    }
  | { readonly type: 'membersListed'; readonly room: RoomName; readonly nicks: readonly string[] }
  | {
      readonly type: 'historyListed'
      readonly room: RoomName
      readonly messages: readonly Message[]
    }
  | { readonly type: 'ponged'; readonly token: string }
  | { readonly type: 'helped'; readonly topic: string }
  | { readonly type: 'surveyed'; readonly purpose: string; readonly outlook: Outlook }
  | { readonly type: 'youEntered'; readonly room: RoomName; readonly made: boolean }
  | { readonly type: 'youLeft'; readonly room: RoomName }
  | { readonly type: 'youMade'; readonly room: RoomName }
  | { readonly type: 'youSwitched'; readonly room: RoomName; readonly outlook: Outlook }
  | { readonly type: 'versionTold' }
  | { readonly type: 'noticesSet'; readonly on: boolean }
  | { readonly type: 'echoSet'; readonly on: boolean }
  | { readonly type: 'saidGoodbye'; readonly nick: string }
  // to an audience
  | {
      readonly type: 'said'
      readonly room: RoomName
      readonly lobby: boolean
      readonly message: Message
    }
  | { readonly type: 'told'; readonly to: string; readonly message: Message }
  | { readonly type: 'cameOnline'; readonly nick: string }
  | { readonly type: 'wentOffline'; readonly nick: string; readonly reason: DepartureReason }
  | {
      readonly type: 'roomMade'
      readonly room: RoomName
      readonly by: string
    }
  | { readonly type: 'roomGone'; readonly room: RoomName }
  | {
      readonly type: 'entered'
      readonly room: RoomName
      readonly nick: string
      readonly why: EnteringReason
    }
  | {
      readonly type: 'left'
      readonly room: RoomName
      readonly nick: string
      readonly why: LeavingReason
    }
  | {
      /** Somebody made another of his rooms his current one. */
      readonly type: 'switched'
      readonly from: RoomName
      readonly to: RoomName
      readonly nick: string
    }
  | { readonly type: 'announced'; readonly text: string }

/** An event's name. */
export type EventType = Event['type']

/** The event of one name. */
export type EventOf<Type extends EventType> = Extract<Event, { readonly type: Type }>
