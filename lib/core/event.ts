// What happened: facts in the past tense, each the same to everyone who gets it. A dialect's
// renderer puts them into words; no sentence stands here.

import type { Message } from './state.js'
import type { RoomName } from './name.js'

/** Why something asked for was not done: a stable code with what a renderer needs to say it. */
export type Refusal =
  | { readonly code: 'bad-nick'; readonly maxLength: number }
  | { readonly code: 'nick-in-use'; readonly nick: string }
  | { readonly code: 'unknown-nick'; readonly nick: string }
  | { readonly code: 'no-private'; readonly nick: string }
  | { readonly code: 'bad-room'; readonly maxBytes: number }
  | { readonly code: 'room-exists'; readonly room: string }
  | { readonly code: 'unknown-room'; readonly room: string }
  | { readonly code: 'not-in-room'; readonly room: string }
  | {
      readonly code: 'too-many-rooms'
      readonly scope: 'joined' | 'kept' | 'all'
      readonly max: number
    }
  | { readonly code: 'unknown-command'; readonly command: string }
  | { readonly code: 'missing-argument'; readonly usage: string }
  | { readonly code: 'bad-argument'; readonly usage: string }
  /** `unfinished` is how many bytes came without a line end, where that is what ended the connection. */
  | { readonly code: 'too-long'; readonly maxBytes: number; readonly unfinished?: number }
  | { readonly code: 'bad-text' }
  | { readonly code: 'unfinished-line' }
  | { readonly code: 'too-many-failures'; readonly max: number }
  | { readonly code: 'registration-timeout'; readonly seconds: number }
  | { readonly code: 'registration-too-long'; readonly maxBytes: number }
  | { readonly code: 'wrong-protocol'; readonly protocol: string }
  | { readonly code: 'server-full'; readonly max: number }
  | { readonly code: 'too-many-connections'; readonly max: number }
  | { readonly code: 'connecting-too-fast'; readonly max: number }
  | { readonly code: 'crowded-out'; readonly max: number }
  | { readonly code: 'too-slow' }
  | { readonly code: 'idle'; readonly minutes: number }
  | { readonly code: 'kicked'; readonly reason: string }
  | { readonly code: 'shutting-down' }
  | { readonly code: 'internal' }

/** A refusal's stable code, as programs see it. */
export type RefusalCode = Refusal['code']

/** Why a user went offline, for those who are told and for the operator's log. */
export type DepartureReason = 'quit' | 'disconnected' | 'connection-lost' | RefusalCode

/** Why a user left a room. */
export type LeavingReason = 'asked' | 'offline'

/** Everything that can be told to anyone. */
export type Event =
  // to the one who asked
  | { readonly type: 'refused'; readonly refusal: Refusal }
  | { readonly type: 'welcomed'; readonly nick: string; readonly motd: readonly string[] }
  | { readonly type: 'usersListed'; readonly nicks: readonly string[] }
  | { readonly type: 'roomsListed'; readonly rooms: readonly RoomName[] }
  | { readonly type: 'membersListed'; readonly room: RoomName; readonly nicks: readonly string[] }
  | {
      readonly type: 'historyListed'
      readonly room: RoomName
      readonly messages: readonly Message[]
    }
  | { readonly type: 'ponged'; readonly token: string }
  | { readonly type: 'helped'; readonly topic: string }
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
      readonly kept: boolean
    }
  | { readonly type: 'roomGone'; readonly room: RoomName }
  | { readonly type: 'entered'; readonly room: RoomName; readonly nick: string }
  | {
      readonly type: 'left'
      readonly room: RoomName
      readonly nick: string
      readonly why: LeavingReason
    }
  | { readonly type: 'announced'; readonly text: string }

/** An event's name. */
export type EventType = Event['type']

/** The event of one name. */
export type EventOf<Type extends EventType> = Extract<Event, { readonly type: Type }>
