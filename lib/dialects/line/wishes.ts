// What a program wants, as lines that a user would have typed. A line break in what it says makes
// two lines; in a name it would make a command of its own, so it is refused there.

import { clean } from '../../core/index.js'
import type { Wish } from '../client.js'

/** Why a wish cannot be a line, in a sentence. */
export interface Unspeakable {
  readonly problem: string
}

/** The lines to send for a wish, without their ends, at least one. */
export function linesOfWish(wish: Wish): readonly string[] | Unspeakable {
  switch (wish.type) {
    case 'say':
      // A space at the beginning makes talk of whatever follows.
      return spoken('', wish.text, (line) => (/^[#@!]/u.test(line) ? ` ${line}` : line))
    case 'tell':
      return isName(wish.nick) ? spoken(`#${wish.nick} `, wish.text) : noName(wish.nick)
    case 'post':
      return isName(wish.room) ? spoken(`@${wish.room} `, wish.text) : noName(wish.room)
    case 'enter':
    case 'leave':
    case 'members':
      return isName(wish.room) ? [`!${wish.type} ${wish.room}`] : noName(wish.room)
    case 'users':
    case 'rooms':
      return [`!${wish.type}`]
  }
}

function spoken(
  prefix: string,
  text: string,
  guarded = (line: string): string => line,
): readonly string[] | Unspeakable {
  const lines = text
    .split(/[\r\n\u2028\u2029]+/u)
    .map(clean)
    .filter((line) => line.trim() !== '')
    .map((line) => prefix + guarded(line))
  return lines.length > 0 ? lines : { problem: 'There is nothing to say: the text is blank.' }
}

function isName(name: string): boolean {
  return name !== '' && !/\s/u.test(name) && clean(name) === name
}

function noName(name: string): Unspeakable {
  return { problem: `'${clean(name)}' is no name: take one word without spaces.` }
}
