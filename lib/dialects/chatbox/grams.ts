// The dictionaries that the server sends, which the Chat Box document calls grams, and back.
// Sections are those of the document.

import {
  isDict,
  isList,
  readLiteral,
  writeLiteral,
  type Literal,
  type LiteralDict,
} from './literal.js'

/** Where a user is: titles of rooms. */
export interface Place {
  readonly current: string
  readonly joined: readonly string[]
}

/** Who is where. Every number that stands in `rooms` has its place in `tracker`. */
export interface Scene {
  /** By title: the nicknames in each room, by number. */
  readonly rooms: ReadonlyMap<string, ReadonlyMap<number, string>>
  readonly tracker: ReadonlyMap<number, Place>
}

/** A gram; rooms by their titles. */
export type Gram =
  /** The user begins in this room, or has switched to it (5.1). */
  | {
      readonly type: 'welcome alert'
      readonly prompt: string
      readonly room: string
      readonly scene: Scene
    }
  /** All users of all rooms (6.2). */
  | { readonly type: 'echo rooms'; readonly scene: Scene }
  /** The rooms there are, and those that the user is in (6.5). */
  | {
      readonly type: 'room choose'
      readonly prompt: string
      readonly rooms: readonly string[]
      readonly joined: readonly string[]
    }
  /** The rooms that the user is in, to switch (6.6). */
  | {
      readonly type: 'switch room'
      readonly prompt: string
      readonly joined: readonly string[]
      readonly current: string
    }
  /** The rooms that the user is in, to speak in several (6.9). */
  | { readonly type: 'broadcast'; readonly prompt: string; readonly joined: readonly string[] }

type Entry = readonly [string | number, Literal]

/** A gram on the wire: the text of a Python dictionary, without a line end. */
export function writeGram(gram: Gram): string {
  return writeLiteral(new Map<string, Literal>([['gram type', gram.type], ...entriesOf(gram)]))
}

function entriesOf(gram: Gram): readonly (readonly [string, Literal])[] {
  switch (gram.type) {
    case 'welcome alert':
      return [['prompt', gram.prompt], ...sceneEntries(gram.scene), ['welcome room', gram.room]]
    case 'echo rooms':
      return sceneEntries(gram.scene)
    case 'room choose':
      return [
        ['prompt', gram.prompt],
        // A dictionary, of which its client reads the keys; who is in the rooms is for other grams.
        ['rooms', dict(gram.rooms.map((title) => [title, dict([])]))],
        ['joined rooms', gram.joined],
        ['length', gram.rooms.length],
      ]
    case 'switch room':
      return [
        ['joined rooms', gram.joined],
        ['current', gram.current],
        ['prompt', gram.prompt],
      ]
    case 'broadcast':
      return [
        ['joined rooms', gram.joined],
        ['length', gram.joined.length],
        ['prompt', gram.prompt],
      ]
  }
}

function sceneEntries({ rooms, tracker }: Scene): readonly (readonly [string, Literal])[] {
  const places = [...tracker].map(([number, { current, joined }]): Entry => {
    const place = dict([
      ['current', current],
      ['joined rooms', joined],
    ])
    return [number, place]
  })
  return [
    ['rooms', rooms],
    ['tracker', dict(places)],
  ]
}

function dict(entries: readonly Entry[]): LiteralDict {
  return new Map(entries)
}

/** The gram that a text is; undefined for any other text. What it has beyond its own keys is passed over. */
export function readGram(text: string): Gram | undefined {
  const gram = readLiteral(text)
  if (!isDict(gram)) return undefined
  const [prompt, room, current] = ['prompt', 'welcome room', 'current'].map((key) =>
    textOf(gram.get(key)),
  )
  const joined = titlesOf(gram.get('joined rooms'))
  const type = gram.get('gram type')
  if (type === 'echo rooms') {
    const scene = readScene(gram)
    return scene && { type, scene }
  }
  if (prompt === undefined) return undefined
  if (type === 'welcome alert') {
    const scene = readScene(gram)
    return scene && room !== undefined ? { type, prompt, room, scene } : undefined
  }
  if (joined === undefined) return undefined
  if (type === 'room choose') {
    const rooms = keysOf(gram.get('rooms'))
    return rooms && { type, prompt, rooms, joined }
  }
  if (type === 'switch room') {
    return current === undefined ? undefined : { type, prompt, joined, current }
  }
  return type === 'broadcast' ? { type, prompt, joined } : undefined
}

function readScene(gram: LiteralDict): Scene | undefined {
  const rooms = mapOf(gram.get('rooms'), isTitle, (users) => mapOf(users, isNumber, textOf))
  const tracker = mapOf(gram.get('tracker'), isNumber, readPlace)
  return rooms && tracker && { rooms, tracker }
}

function readPlace(literal: Literal): Place | undefined {
  if (!isDict(literal)) return undefined
  const current = textOf(literal.get('current'))
  const joined = titlesOf(literal.get('joined rooms'))
  return current === undefined || joined === undefined ? undefined : { current, joined }
}

/** A dictionary with all its keys and values of one kind. */
function mapOf<Key extends string | number, Value>(
  literal: Literal | undefined,
  isKey: (key: string | number) => key is Key,
  read: (value: Literal) => Value | undefined,
): ReadonlyMap<Key, Value> | undefined {
  if (!isDict(literal)) return undefined
  const map = new Map<Key, Value>()
  for (const [key, literalValue] of literal) {
    const value = read(literalValue)
    if (!isKey(key) || value === undefined) return undefined
    map.set(key, value)
  }
  return map
}

function keysOf(literal: Literal | undefined): readonly string[] | undefined {
  return isDict(literal) ? titlesOf([...literal.keys()]) : undefined
}

function titlesOf(literal: Literal | undefined): readonly string[] | undefined {
  return isList(literal) && literal.every(isTitle) ? literal : undefined
}

function textOf(literal: Literal | undefined): string | undefined {
  return typeof literal === 'string' ? literal : undefined
}

function isTitle(literal: Literal): literal is string {
  return typeof literal === 'string'
}

function isNumber(key: string | number): key is number {
  return typeof key === 'number'
}
