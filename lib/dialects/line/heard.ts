// What a line of a server means, by its form: those of PROTOCOL.md, section 7, and what the servers
// of students send in their place.

import type { Heard } from '../client.js'

const NICK = '[A-Za-z0-9][A-Za-z0-9._-]*'
const SAID = new RegExp(`^(?<from>${NICK}): (?<text>.*)$`, 'u')
const TOLD = new RegExp(`^#(?<from>${NICK}):? (?<text>.*)$`, 'u')
const POSTED = new RegExp(`^@(?<room>\\S+?):? (?<from>${NICK}): (?<text>.*)$`, 'u')
/** An error as PROTOCOL.md has it: a code of several words, or one and a sentence that begins as one. */
const CODED = /^!error (?<code>[a-z]+(?:(?:-[a-z]+)+|(?= [A-Z0-9]))) (?<text>.*)$/u
/** The tutorial asks for "some error message". */
const ERROR = /^!?error\b:? *(?<text>.*)$/iu
const NOTICE = /^!notice (?<what>online|offline|entered|left) (?:(?<room>\S+) )?(?<nick>\S+)$/u

const NOTICES: ReadonlyMap<string | undefined, 'came' | 'went' | 'entered' | 'left'> = new Map([
  ['online', 'came'],
  ['offline', 'went'],
  ['entered', 'entered'],
  ['left', 'left'],
])

/** What a clean line is by itself; undefined if that depends on what was asked: a list has no form of its own. */
export function heardIn(line: string): Heard | undefined {
  const shown = [line]
  const error = (CODED.exec(line) ?? ERROR.exec(line))?.groups
  if (error !== undefined) {
    const { code, text = '' } = error
    return { type: 'problem', shown, text: text || line, ...(code === undefined ? {} : { code }) }
  }
  return said(line) ?? noticed(line) ?? (line.startsWith('!') ? { type: 'note', shown } : undefined)
}

/** The names in a list: between spaces, or as lists of Python or JSON have them. */
export function namesIn(line: string): readonly string[] {
  return line.split(/[\s,[\]{}()'"]+/u).filter((name) => name !== '')
}

function said(line: string): Heard | undefined {
  const shown = [line]
  const told = TOLD.exec(line)?.groups
  if (told !== undefined) {
    const { from = '', text = '' } = told
    return { type: 'said', shown, from, text, private: true }
  }
  const { from, text, room } = (POSTED.exec(line) ?? SAID.exec(line))?.groups ?? {}
  if (from === undefined || text === undefined) return undefined
  return { type: 'said', shown, from, text, ...(room === undefined ? {} : { room }) }
}

function noticed(line: string): Heard | undefined {
  const { what, room, nick } = NOTICE.exec(line)?.groups ?? {}
  const type = NOTICES.get(what)
  if (type === undefined || nick === undefined) return undefined
  return { type, shown: [line], nick, ...(room === undefined ? {} : { room }) }
}
