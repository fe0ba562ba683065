// What a program may wish for, before any protocol has its say.

import { clean, isVisible, isWord, roomKey, LOBBY_TITLE } from '../core/index.js'
import type { Wish } from './client.js'

/**
 * Why a wish cannot be put into any words, in a sentence; undefined if it can. Texts must show, and
 * names be clean; rooms must be words where `words` is set.
 */
export function flawOf(wish: Wish, words: boolean): string | undefined {
  if ('text' in wish && !isVisible(clean(wish.text))) return 'There is nothing to say in that text.'
  if ('nick' in wish && !/^\S+$/.test(clean(wish.nick))) return 'A nickname is one word.'
  if (!('room' in wish)) return undefined
  const { room } = wish
  if (words ? isWord(room) && clean(room) === room : isVisible(room)) return undefined
  return words
    ? 'A room is one word here, without any of , : # @ !'
    : 'A room has a name that shows.'
}

/** Whether a room is the lobby, by any of its names. */
export function isLobbyName(room: string): boolean {
  return roomKey(room) === roomKey(LOBBY_TITLE)
}

/** A text as one that no protocol of `/` commands takes for a command. */
export function asTalk(text: string): string {
  return text.startsWith('/') ? ` ${text}` : text
}
