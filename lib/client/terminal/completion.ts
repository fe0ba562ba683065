// What Tab makes of a word: commands, nicknames and rooms that begin like it.

import type { Known } from '../../dialects/client.js'

/** What a word may become, in order, and the word. */
export interface Completion {
  readonly word: string
  /** Whole words, each as it would be typed; alone, it has the space behind it that goes on. */
  readonly candidates: readonly string[]
}

const BEGINS_PLAINLY = /^[\p{L}\p{N}]/u

/**
 * What the last word of `text` (what is typed up to the cursor) may become: a command if it is the first of the line,
 * else a nickname or a room, with the sigil that the word has. ASCII case does not count.
 */
export function complete(text: string, known: Known): Completion {
  const word = text.slice(text.lastIndexOf(' ') + 1)
  const first = word.length === text.length
  // What stands before a name in some dialect or among some people: #bob, @tea, @bob.
  const sigil = BEGINS_PLAINLY.test(word) ? '' : word.slice(0, 1)
  const names = [...known.nicks, ...known.rooms]
  const words = [...(first ? known.commands : []), ...names, ...names.map((name) => sigil + name)]
  const beginning = word.toLowerCase()
  const candidates = [...new Set(words)]
    .filter((each) => each.toLowerCase().startsWith(beginning))
    .sort((a, b) => (a < b ? -1 : 1))
  return { word, candidates: candidates.length === 1 ? candidates.map(andSpace) : candidates }
}

/** Whether Tab can add nothing to the word, since the candidates part right behind it. */
export function isStuck({ word, candidates }: Completion): boolean {
  const [some = ''] = candidates
  const next = some.slice(0, word.length + 1)
  return next.length === word.length || !candidates.every((each) => each.startsWith(next))
}

function andSpace(word: string): string {
  return `${word} `
}
