// The dictionaries that a client of the Chat Box sends, and back.

import { isList, readLiteral, writeLiteral, type Literal, type LiteralDict } from './literal.js'

/** One of the rooms a client is in: by its name, or by its number on the list it was last shown, counted from 0. */
export type Joined = string | number

/** What such a dictionary asks for; texts and names as they came, not cleaned. */
export type Request =
  | { readonly type: 'contents'; readonly text: string }
  | { readonly type: 'create'; readonly room: string }
  | { readonly type: 'join'; readonly room: string }
  | { readonly type: 'switch'; readonly room: Joined }
  | { readonly type: 'broadcast'; readonly rooms: readonly Joined[]; readonly text: string }

/** What is wrong with a dictionary, in a few words. */
export interface Problem {
  readonly problem: string
}

/** A kind of dictionary: its keys, and what their values say; undefined if one is of the wrong type. */
interface Form {
  readonly keys: readonly string[]
  readonly read: (first: Literal | undefined, second: Literal | undefined) => Request | undefined
}

const FORMS: readonly Form[] = [
  {
    keys: ['contents'],
    read: (text) => (typeof text === 'string' ? { type: 'contents', text } : undefined),
  },
  {
    keys: ['create'],
    read: (room) => (typeof room === 'string' ? { type: 'create', room } : undefined),
  },
  {
    keys: ['join'],
    read: (room) => (typeof room === 'string' ? { type: 'join', room } : undefined),
  },
  {
    keys: ['switch'],
    read: (room) => (isJoined(room) ? { type: 'switch', room } : undefined),
  },
  {
    keys: ['broadcast rooms', 'message'],
    read: (list, text) => {
      // The document (7.3) has the list as a text within the dictionary, its program as a list.
      const rooms = typeof list === 'string' ? readLiteral(list) : list
      const fits = isList(rooms) && rooms.every(isJoined) && typeof text === 'string'
      return fits ? { type: 'broadcast', rooms, text } : undefined
    },
  },
]

/** What a dictionary of a client asks for, or what is wrong with it. Each of its keys must be known, and none be missing. */
export function readRequest(dict: LiteralDict): Request | Problem {
  const form = FORMS.find(
    ({ keys }) => keys.length === dict.size && keys.every((key) => dict.has(key)),
  )
  if (form === undefined) return { problem: 'no dictionary has these keys' }
  const [first, second] = form.keys.map((key) => dict.get(key))
  return form.read(first, second) ?? { problem: 'a value is of the wrong type' }
}

/** A request as the document's client sends it: the text of a Python dictionary. */
export function writeRequest(request: Request): string {
  return writeLiteral(new Map(entriesOf(request)))
}

function entriesOf(request: Request): readonly (readonly [string, Literal])[] {
  switch (request.type) {
    case 'contents':
      return [['contents', request.text]]
    case 'create':
    case 'join':
    case 'switch':
      return [[request.type, request.room]]
    case 'broadcast':
      return [
        ['broadcast rooms', request.rooms],
        ['message', request.text],
      ]
  }
}

function isJoined(value: Literal | undefined): value is Joined {
  return typeof value === 'string' || typeof value === 'number'
}
