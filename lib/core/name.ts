// Which names are legal, and when two are the same. Nicknames and rooms follow one rule of
// sameness everywhere: equal but for the case of ASCII letters.

import { clean, isVisible, utf8Length } from './text.js'

/** The title and word of the lobby, the one permanent room. */
export const LOBBY_TITLE = 'General'

/** Names nobody may take, because a server line or another system's protocol uses them as a speaker or target. */
const RESERVED: ReadonlySet<string> = new Set(['server', 'all', 'error', 'general'])

const ASCII = /^[\0-\x7f]*$/
const NICK = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const WORD_BREAK = /[\s,:#@!]/u
const WORD_BREAKS = /[\s,:#@!]+/gu

/** The form of a name under which it is looked up: ASCII letters in lower case, all else as it is. */
export function fold(name: string): string {
  // toLowerCase alone would also fold letters beyond ASCII, some of them to two.
  return ASCII.test(name) ? name.toLowerCase() : name.replace(/[A-Z]+/g, (s) => s.toLowerCase())
}

/** Whether `name` may be a nickname of the house: a letter or digit, then letters, digits, `.`, `_`, `-`; at most `maxLength` characters. */
export function isNick(name: string, maxLength: number): boolean {
  return name.length <= maxLength && NICK.test(name)
}

/** Whether a nickname counts as in use for everybody. */
export function isReserved(name: string): boolean {
  return RESERVED.has(fold(name))
}

/** A room's name as people gave it and as line-like protocols write it. */
export interface RoomName {
  /** 1 to 50 bytes of clean UTF-8 that show, as its maker wrote it. */
  readonly title: string
  /** The title with each run of white space or of `, : # @ !` as one `_`: the room's identity, but for ASCII case. */
  readonly word: string
}

/** The lobby's name. */
export const LOBBY: RoomName = { title: LOBBY_TITLE, word: LOBBY_TITLE }

/** The word of a title (see {@link RoomName}). */
export function wordOf(title: string): string {
  return title.replace(WORD_BREAKS, '_')
}

/** Whether a room's name is its own word: the only one that line-like protocols can write. */
export function isWord(name: string): boolean {
  return name !== '' && !WORD_BREAK.test(name)
}

/** The key under which a room of this title, or of this word, is kept. */
export function roomKey(name: string): string {
  return fold(wordOf(name))
}

/**
 * The name for a new room of this title, or undefined if it is over `maxBytes` bytes of UTF-8, not clean, or
 * has no character that shows: a list of rooms would only have one more space.
 */
export function roomName(title: string, maxBytes: number): RoomName | undefined {
  if (utf8Length(title) > maxBytes || clean(title) !== title || !isVisible(title)) return undefined
  return { title, word: wordOf(title) }
}
