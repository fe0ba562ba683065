// What a line of the server means. The document has a form for what is said; all other texts are each
// server's own, so they are read for a few words that hardly any of them can do without.

import { LOBBY } from '../../core/index.js'
import type { Heard } from '../client.js'
import { isRefusal } from '../expected.js'
import { isLobbyName } from '../wishes.js'

const WHISPER = /^\(Private To: \S+\) ([^\s:]+): (.*)$/
const SAID = /^\((\S+)\) ([^\s:]+): (.*)$/
const WENT = /^(?!You\b)([^\s:]+) [^:]*\bdisconnected\b/i
const OPERATOR = /^server: /

const QUESTION = /name|nick|\?|: *$/i
const ACCEPTANCE = /General|\/\?/

/** What a line says by itself; undefined if that depends on what was asked. */
export function heardOf(line: string): Heard | undefined {
  const shown = [line]
  const [, whisperer, whispered] = WHISPER.exec(line) ?? []
  if (whisperer !== undefined && whispered !== undefined) {
    return { type: 'said', from: whisperer, text: whispered, private: true, shown }
  }
  const [, room, from, text] = SAID.exec(line) ?? []
  if (room !== undefined && from !== undefined && text !== undefined) {
    return { type: 'said', from, text, shown, ...(isLobbyName(room) ? {} : { room }) }
  }
  const [, nick] = WENT.exec(line) ?? []
  if (nick !== undefined) return { type: 'went', nick, shown }
  return OPERATOR.test(line) ? { type: 'note', shown } : undefined
}

/** Whether a text of the server asks for a username (4.3). */
export function asksForName(text: string): boolean {
  return QUESTION.test(text)
}

/** Whether a text welcomes a user whose name stands: it tells of General or of `/?` (4.3), or at least asks for no other name. */
export function isWelcome(text: string): boolean {
  return ACCEPTANCE.test(text) || !(asksForName(text) || isRefusal(text))
}

/** Lines that belong together. */
export interface Group {
  readonly lines: readonly string[]
  /** Whether they may be a list: a name in each. */
  readonly isList: boolean
}

/** Lines in groups: what may be one list, where a list of rooms begins with General, and each other line by itself. */
export function groupsOf(lines: readonly string[]): readonly Group[] {
  const groups: Group[] = []
  let names: string[] = []
  for (const line of lines) {
    const isList = /^[^\s:]+$/.test(line)
    if (isList && line !== LOBBY.word && names.length > 0) {
      names.push(line)
      continue
    }
    names = [line]
    groups.push({ lines: names, isList })
    if (!isList) names = []
  }
  return groups
}
