// Lines of the line dialect against its grammar in PROTOCOL.md, and against the program: where
// the two disagree, the verdict says so.

import { clean } from '../../lib/core/index.js'
import type { Grammar } from './grammar.js'
import { LineHouse } from './line-house.js'
import { show } from './show.js'

/** What is found of a line. */
export interface Verdict {
  /** The rules of the grammar by which it is one. */
  readonly used: readonly string[]
  /** What is wrong. */
  readonly complaints: readonly string[]
}

/** Errors to which a line's own form leads, whoever is online. */
const ABOUT_FORM = /^!error (?:bad-nick|unknown-command|missing-argument|bad-argument) /u

/** The forms of talk, as section 7 of the document has them. */
const TALK: readonly (readonly [string, RegExp])[] = [
  ['lobby-talk', /^[A-Za-z0-9._-]+: /u],
  ['private-talk', /^#[A-Za-z0-9._-]+: /u],
  ['room-talk', /^@[^ ]+ [A-Za-z0-9._-]+: /u],
]

/** A client's line, from a newcomer or from a user: the program errs about it if and only if the grammar does not have it. */
export function judgeClientLine(grammar: Grammar, named: boolean, text: string): Verdict {
  const rule = named ? 'user-line' : 'newcomer-line'
  const used = grammar.match(rule, `${clean(text)}\r\n`)
  const house = named ? new LineHouse().with('me') : new LineHouse().connect('me')
  const heard = house
    .send('me', text)
    .take('me')
    .filter((answer) => answer !== 'closed')
  const [answer = ''] = heard
  const fits =
    used === undefined
      ? answer.startsWith('!error ') || (/^!leave /iu.test(clean(text)) && heard.length === 0)
      : !ABOUT_FORM.test(answer)
  const verdict = fits ? [] : [`${rule} ${String(used !== undefined)}: ${show([text, answer])}`]
  const answers = heard.flatMap((received) => judgeServerLine(grammar, received).complaints)
  return { used: [...(used ?? [])], complaints: [...verdict, ...answers] }
}

/** A server's line: it is in the grammar, and a program can tell from its form what it is. */
export function judgeServerLine(grammar: Grammar, text: string): Verdict {
  const used = grammar.match('server-line', `${text}\r\n`)
  if (used === undefined) return { used: [], complaints: [`no server-line: ${show(text)}`] }
  const remembered = used.has('remembered')
  const forms = TALK.filter(([rule, form]) => !remembered && used.has(rule) !== form.test(text))
  const list = used.has('list') && /: |^[!#@]/u.test(text) ? ['list'] : []
  const misled = [...forms.map(([rule]) => rule), ...list]
  return { used: [...used], complaints: misled.map((rule) => `taken for ${rule}: ${show(text)}`) }
}
