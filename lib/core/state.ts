// What the house is at one moment: readonly values, shared structure, no behaviour but reading.
// Immutable's ordered collections stand wherever an order shows to anyone.

import { Map, OrderedMap, OrderedSet } from 'immutable'
import { DEFAULT_CORE_LIMITS, type CoreLimits } from './limits.js'
import { fold, LOBBY, roomKey, type RoomName } from './name.js'

/** A connection's name inside the house, chosen by the host, never used twice and never shown to anyone. */
export type ConnectionId = string

/** A folded room word: the key of {@link State.rooms}. */
export type RoomKey = string

/** A connection whose nickname does not stand yet. */
export interface Newcomer {
  readonly id: ConnectionId
  /** When it connected, in milliseconds of the clock for deadlines. */
  readonly since: number
  /** Lines so far that were no nickname. */
  readonly failures: number
  /** Whether it is left out of maxNewcomers, as connections on loopback are. */
  readonly exempt: boolean
  /** See {@link User.number}. */
  readonly number: number
}

/** How a user's client takes part: set by its dialect at registration, changed by the user's own commands. */
export interface Manners {
  /** Whether it is in the lobby from the start. */
  readonly lobby: boolean
  /** Whether its own lines come back to it, as the others see them. */
  readonly echo: boolean
  /** Whether it is told who comes and goes: online, and in the rooms that it hears. */
  readonly notices: boolean
  /** Whether it can be given private messages. */
  readonly tells: boolean
  /** Whether it hears the talk of its current room alone, and not that of all its rooms. */
  readonly focus: boolean
  /** Whether it is told of every room that is made and of everybody who enters and leaves one. */
  readonly survey: boolean
}

/** A connection whose nickname stands. */
export interface User {
  readonly id: ConnectionId
  /** As typed; compared by its fold. */
  readonly nick: string
  /** Tells it from all others who are connected, for protocols that show a number; chosen by the host. */
  readonly number: number
  readonly manners: Manners
  /** The room it speaks in when it names none: the lobby, until it switches. */
  readonly current: RoomKey
  /** The rooms it is in, the lobby apart, in the order it entered them. */
  readonly rooms: readonly RoomKey[]
}

/** One line of room talk. */
export interface Message {
  readonly from: string
  /** Clean text; a line break inside it, where a dialect has such, is LINE_BREAK. */
  readonly text: string
  /** When it was said, in milliseconds since 1970. */
  readonly at: number
  /** The sender's own time stamp, where its dialect carries one: clean, at most 50 bytes. */
  readonly stamp?: string
}

/** A room, the lobby included. */
export interface Room {
  readonly key: RoomKey
  readonly name: RoomName
  /** Everybody in it, in the order of entering. */
  readonly members: OrderedSet<ConnectionId>
  /** Those of the members who hear its talk; the very set of members while that is everybody. */
  readonly listeners: OrderedSet<ConnectionId>
  /** Those of the listeners who are told of comings and goings. */
  readonly watchers: OrderedSet<ConnectionId>
  /** The last messages, oldest first. */
  readonly history: readonly Message[]
  /** Set for a room that stays while empty: the folded nickname of its maker. */
  readonly keptBy: string | undefined
}

/** Everything the house knows. Old states stay true: nothing in one is ever changed. */
export interface State {
  readonly limits: CoreLimits
  /** Clean lines that each user gets when its nickname stands. */
  readonly motd: readonly string[]
  /** Connected, nickname not yet standing; oldest first. */
  readonly newcomers: OrderedMap<ConnectionId, Newcomer>
  /** Nickname standing, in the order of registration. */
  readonly users: OrderedMap<ConnectionId, User>
  /** Folded nickname to connection. */
  readonly nicks: Map<string, ConnectionId>
  readonly lobby: Room
  /** All rooms but the lobby, in the order they were made. */
  readonly rooms: OrderedMap<RoomKey, Room>
  /** How many kept rooms of each maker stand, by folded nickname; nobody has none. */
  readonly keptCounts: Map<string, number>
  /** The kept rooms that nobody is in, the one empty longest first. */
  readonly emptyKept: OrderedSet<RoomKey>
  /** The users who are told who comes online and goes offline. */
  readonly watchers: OrderedSet<ConnectionId>
  /** The users who are told of every room, and who enters and leaves it. */
  readonly surveyors: OrderedSet<ConnectionId>
  /** Set once the server is stopping: nobody registers any more. */
  readonly stopping: boolean
}

/** What a house starts from. */
export interface Settings {
  readonly limits?: Partial<CoreLimits>
  /** Clean lines without line ends. */
  readonly motd?: readonly string[]
}

const NOBODY = OrderedSet<ConnectionId>()

/** An empty house. */
export function initialState(settings: Settings = {}): State {
  return {
    limits: { ...DEFAULT_CORE_LIMITS, ...settings.limits },
    motd: settings.motd ?? [],
    newcomers: OrderedMap(),
    users: OrderedMap(),
    nicks: Map(),
    lobby: emptyRoom(LOBBY),
    rooms: OrderedMap(),
    keptCounts: Map(),
    emptyKept: OrderedSet(),
    watchers: NOBODY,
    surveyors: NOBODY,
    stopping: false,
  }
}

/** A room of this name with nobody in it; kept if it has a maker to keep it by. */
export function emptyRoom(name: RoomName, keptBy?: string): Room {
  return {
    key: roomKey(name.word),
    name,
    members: NOBODY,
    listeners: NOBODY,
    watchers: NOBODY,
    history: [],
    keptBy,
  }
}

/** The room of this name (title or word, any ASCII case), the lobby included; undefined if there is none. */
export function findRoom(state: State, name: string): Room | undefined {
  if (name === state.lobby.name.word) return state.lobby
  // Most names are their own keys, and to make a key costs more than to look for one.
  return state.rooms.get(name) ?? roomAt(state, roomKey(name))
}

/** The room under this key, the lobby included; undefined if there is none. */
export function roomAt(state: State, key: RoomKey): Room | undefined {
  return key === state.lobby.key ? state.lobby : state.rooms.get(key)
}

/** Whether this room is the lobby. */
export function isLobby(state: State, room: Room): boolean {
  return room.key === state.lobby.key
}

/** The user of this nickname (any ASCII case); undefined if nobody has it. */
export function findUser(state: State, nick: string): User | undefined {
  const id = state.nicks.get(fold(nick))
  return id === undefined ? undefined : state.users.get(id)
}

/** The nicknames of these connections, in their order. */
export function nicksOf(state: State, ids: OrderedSet<ConnectionId>): readonly string[] {
  const nicks: string[] = []
  for (const id of ids) {
    const user = state.users.get(id)
    if (user !== undefined) nicks.push(user.nick)
  }
  return nicks
}

/** The state with this room in the place of the one under its key. */
export function withRoom(state: State, room: Room): State {
  // Field by field, since each line said comes by here: a spread of a spread costs V8 250 ns, this 10.
  const { limits, motd, newcomers, users, nicks, keptCounts, emptyKept } = state
  const { watchers, surveyors, stopping } = state
  const [lobby, rooms] = isLobby(state, room)
    ? [room, state.rooms]
    : [state.lobby, state.rooms.set(room.key, room)]
  return {
    limits,
    motd,
    newcomers,
    users,
    nicks,
    lobby,
    rooms,
    keptCounts,
    emptyKept,
    watchers,
    surveyors,
    stopping,
  }
}

/** The rooms that this user is in, the lobby first, then in the order he entered them. */
export function roomsOf(state: State, user: User): readonly Room[] {
  const rooms = user.rooms.map((key) => state.rooms.get(key)).filter((room) => room !== undefined)
  return state.lobby.members.has(user.id) ? [state.lobby, ...rooms] : rooms
}

/** The room that this user speaks in when he names none. */
export function currentRoom(state: State, user: User): Room {
  return state.rooms.get(user.current) ?? state.lobby
}
