// What the server's words mean: texts, and the greeting, in which a client finds what it is called.

import { clean } from '../../core/index.js'
import type { Heard } from '../client.js'
import { isLobbyName } from '../wishes.js'
import { userIn, usersLine } from './answers.js'
import type { Gram, Scene } from './grams.js'

const PRIVATE = /^\(private\) ([^\s:]+): (.*)$/
const OPERATOR = /^server: /
const SAID = /^([^\s:]+): (.*)$/
const ENTERED = /^([^\s:]+) has joined the room (.+)\.$/
const LEFT = /^([^\s:]+) has left the room (.+)\.$/

/** What a line says by itself, where the user's room is `current`; undefined for words that have no form. */
export function readLine(line: string, current: string): Heard | undefined {
  const shown = [line]
  const [, whisperer, whispered] = PRIVATE.exec(line) ?? []
  if (whisperer !== undefined && whispered !== undefined) {
    return { type: 'said', from: whisperer, text: whispered, private: true, shown }
  }
  if (OPERATOR.test(line)) return { type: 'note', shown }
  const [, from, text] = SAID.exec(line) ?? []
  if (from !== undefined && text !== undefined) {
    return { type: 'said', from, text, shown, ...(isLobbyName(current) ? {} : { room: current }) }
  }
  return moved('entered', ENTERED, line) ?? moved('left', LEFT, line)
}

function moved(type: 'entered' | 'left', form: RegExp, line: string): Heard | undefined {
  const [, nick, room] = form.exec(line) ?? []
  if (nick === undefined || room === undefined) return undefined
  return { type, nick, room, shown: [line] }
}

/**
 * What the user is called who asked for the name `asked`: of those who are in the room that greets him,
 * the one whose name the greeting repeats, the last if there are several.
 */
export function nameIn(
  { prompt, room, scene }: Extract<Gram, { type: 'welcome alert' }>,
  asked: string,
): string {
  const users = new Set(scene.rooms.get(room)?.values())
  const words = prompt.split(/[^A-Za-z0-9._-]+/).map((word) => word.replace(/\.+$/, ''))
  if (words.includes(asked)) return asked
  return words.findLast((word) => users.has(word)) ?? asked
}

/** Who is in which rooms, a line for each. */
export function linesOf({ rooms, tracker }: Scene): readonly string[] {
  return [...rooms].map(([title, users]) => {
    const names = [...users].map(([number, nick]) =>
      userIn(title, nick, tracker.get(number)?.current ?? title),
    )
    return clean(usersLine(title, names))
  })
}

/** All nicknames in some rooms, each once; in all of them, if none is named. */
export function usersOf({ rooms }: Scene, title?: string): readonly string[] {
  const named = title === undefined ? [...rooms.values()] : [rooms.get(title)]
  return [...new Set(named.flatMap((users) => [...(users?.values() ?? [])]))].map(clean)
}
