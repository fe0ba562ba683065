// The lines of a block as steps.

import { exactly, pattern } from './pattern.js'
import { bytesOf, bytesOfStrings, type Refuse } from './text.js'
import {
  isReceive,
  type Branch,
  type Ending,
  type Expected,
  type Presence,
  type PresenceVerb,
  type Receive,
  type Send,
  type Step,
} from './transcript.js'

/** A line that counts: neither blank nor a comment. */
export interface Line {
  /** Without indentation, comment and spaces at its end. */
  readonly text: string
  /** The spaces before it. */
  readonly indent: number
  /** The line of the file, from 1. */
  readonly line: number
}

/** Takes what is wrong with a line of the file. */
type RefuseLine = (line: number, message: string) => void

const NAME = '[A-Za-z][A-Za-z0-9]*'
const COMMENT = /(?:^\s*|\s{2,})#(?:\s.*)?$/s
const OVER = '\\s+over\\s+[a-z][a-z0-9-]*'
const NEWCOMER = `${NAME}(?:${OVER})?`
const JOIN = new RegExp(`^with\\s+(?<newcomers>${NEWCOMER}(?:\\s*,\\s*${NEWCOMER})*)$`)
const PRESENCE = new RegExp(`^(?<actor>${NAME})\\s+(?<verb>[a-z][a-z -]*?)(?<over>${OVER})?$`)
const ARROW = new RegExp(
  `^(?<actor>${NAME})\\s*(?<arrow>>>|>\\||>|<~|<\\||<)(?: (?<text>.*))?$`,
  's',
)
const GROUP = new RegExp(`^(?:together:|either:|or\\b.*:|${NAME}\\s*<~? in any order:)$`)
const IDLE = /^idle (?<seconds>[1-9]\d*)s$/
const OR = /^or(?: \((?<level>SHOULD NOT)\))?:$/

const VERBS: ReadonlyMap<string, PresenceVerb> = new Map<string, PresenceVerb>([
  ['connects', 'connect'],
  ['leaves', 'leave'],
  ['half-closes', 'halfClose'],
  ['resets', 'reset'],
  ['stops reading', 'stopReading'],
  ['resumes', 'resume'],
  ['reconnects', 'rejoin'],
])

const ENDINGS: ReadonlyMap<string, readonly Ending[]> = new Map<string, readonly Ending[]>([
  ['closed', ['closed']],
  ['reset', ['reset']],
  ['closed or reset', ['closed', 'reset']],
])

const ALLOWED = [
  'with alice, bob',
  'with alice over onlinechat, bob',
  'alice connects over onlinechat',
  `alice ${[...VERBS.keys()].join('|')}`,
  'alice > text',
  'alice >| part of a line',
  'alice >> "bytes" ^C',
  'alice < text',
  'alice <~ pattern',
  'alice < nothing',
  `alice < ${[...ENDINGS.keys()].join('|')}`,
  'alice < in any order:',
  'alice <| "telnet command"',
  'together:',
  'either:',
  'or:',
  'settle',
  'idle 31s',
].join(' · ')

/** The lines of a block that count. `first` is the line of the file of the first one. */
export function linesOf(lines: readonly string[], first: number): readonly Line[] {
  return lines.flatMap((source, index) => {
    const text = source.replace(COMMENT, '').trimEnd()
    const indent = text.length - text.trimStart().length
    return text === '' ? [] : [{ text: text.slice(indent), indent, line: first + index }]
  })
}

/** Reads steps; a line that is none is refused with all that may stand there, and left out. */
export function readSteps(lines: readonly Line[], refuse: RefuseLine): readonly Step[] {
  const steps: Step[] = []
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]
    if (line === undefined) break
    const group = groupAt(lines, at)
    at += group.length
    if (line.indent > 0) {
      refuse(line.line, 'Only the lines of a group are indented. Write the step at the margin')
      continue
    }
    if (line.text === 'either:') {
      const others = branchesAfter(lines, at)
      steps.push(readEither(line, [{ line, group }, ...others], refuse))
      at += others.reduce((count, other) => count + 1 + other.group.length, 0)
      continue
    }
    const step = readStep(line, group, refuse)
    if (step !== undefined) steps.push(step)
  }
  return steps
}

/** A line that begins a group, and the group. */
interface Grouped {
  readonly line: Line
  readonly group: readonly Line[]
}

/** The lines below this one that are indented, as if the first of them stood at the margin. */
function groupAt(lines: readonly Line[], at: number): readonly Line[] {
  const indent = lines[at + 1]?.indent ?? 0
  if (!opensGroup(lines[at]) || indent === 0) return []
  const end = lines.findIndex((line, index) => index > at && line.indent < indent)
  return lines.slice(at + 1, end < 0 ? undefined : end).map((line) => ({
    ...line,
    indent: line.indent - indent,
  }))
}

function opensGroup(line: Line | undefined): boolean {
  return line !== undefined && GROUP.test(line.text)
}

function branchesAfter(lines: readonly Line[], at: number): readonly Grouped[] {
  const line = lines[at + 1]
  if (line === undefined || line.indent > 0 || !OR.test(line.text)) return []
  const group = groupAt(lines, at + 1)
  return [{ line, group }, ...branchesAfter(lines, at + 1 + group.length)]
}

function readEither(first: Line, groups: readonly Grouped[], refuse: RefuseLine): Step {
  const branches = groups.map(({ line, group }): Branch => {
    if (group.length === 0) refuse(line.line, 'The group is empty. Indent its steps by two spaces')
    const proper = OR.exec(line.text)?.groups?.['level'] === undefined
    const steps = only(isReceive, 'either: and or:', 'alice < text', group, refuse)
    return { proper, steps }
  })
  return { type: 'either', branches, line: first.line, source: first.text }
}

function readStep(line: Line, group: readonly Line[], refuse: RefuseLine): Step | undefined {
  const written = { line: line.line, source: line.text }
  if (line.text === 'settle') return { type: 'settle', ...written }
  const seconds = IDLE.exec(line.text)?.groups?.['seconds']
  if (seconds !== undefined)
    return { type: 'idle', milliseconds: 1000 * Number(seconds), ...written }
  if (line.text === 'together:') return readTogether(line, group, refuse)
  const step =
    readPresence(line) ??
    readArrow(line, group, (message) => {
      refuse(line.line, message)
    })
  if (step === undefined) refuse(line.line, `This is no step. Write one of: ${ALLOWED}`)
  return step
}

function readTogether(line: Line, group: readonly Line[], refuse: RefuseLine): Step {
  if (group.length === 0) refuse(line.line, 'The group is empty. Indent its steps by two spaces')
  const sends = only(isSend, 'together:', 'alice > text', group, refuse)
  return { type: 'together', sends, line: line.line, source: line.text }
}

/** The steps of a group that takes one kind of them. */
function only<Kind extends Step>(
  isKind: (step: Step) => step is Kind,
  place: string,
  example: string,
  group: readonly Line[],
  refuse: RefuseLine,
): readonly Kind[] {
  return readSteps(group, refuse).filter((step): step is Kind => {
    if (isKind(step)) return true
    refuse(step.line, `A group of ${place} takes only steps such as ${example}`)
    return false
  })
}

function readPresence({ text, line }: Line): Presence | undefined {
  const newcomers = JOIN.exec(text)?.groups?.['newcomers']?.split(/\s*,\s*/)
  if (newcomers !== undefined) {
    const actors = newcomers.map((newcomer) => newcomer.replace(/\s.*/, ''))
    return { type: 'join', actors, over: dialectsOf(newcomers), line, source: text }
  }
  const { actor, verb = '', over } = PRESENCE.exec(text)?.groups ?? {}
  const type = VERBS.get(verb)
  if (actor === undefined || type === undefined) return undefined
  if (over !== undefined && type !== 'connect') return undefined
  return { type, actor, over: dialectsOf([`${actor}${over ?? ''}`]), line, source: text }
}

/** What those speak who come as `alice, bob over cs494, carol`: an `over` is for all before it that have none. */
function dialectsOf(newcomers: readonly string[]): ReadonlyMap<string, string> {
  const dialects = new Map<string, string>()
  let dialect: string | undefined
  for (const newcomer of newcomers.toReversed()) {
    const [actor = '', , named = dialect] = newcomer.split(/\s+/)
    if (named !== undefined) dialects.set(actor, named)
    dialect = named
  }
  return dialects
}

function readArrow(line: Line, group: readonly Line[], refuse: Refuse): Send | Receive | undefined {
  const { actor, arrow = '', text = '' } = ARROW.exec(line.text)?.groups ?? {}
  if (actor === undefined) return undefined
  const written = { actor, line: line.line, source: line.text }
  switch (arrow) {
    case '>':
      return { type: 'send', form: 'line', bytes: bytesOf(text, refuse), ...written }
    case '>|':
      return { type: 'send', form: 'fragment', bytes: bytesOf(text, refuse), ...written }
    case '>>':
      return { type: 'send', form: 'raw', bytes: bytesOfStrings(text, refuse), ...written }
    case '<|':
      return { type: 'telnet', bytes: telnetBytes(text, refuse), ...written }
    case '<~':
      if (text === 'in any order:') {
        return { type: 'lines', expected: listed(group, pattern, refuse), ...written }
      }
      return { type: 'line', expected: pattern(text, refuse), ...written }
    case '<':
      return { ...readReceived(text, group, refuse), ...written }
  }
  return undefined
}

type Received =
  | { readonly type: 'line'; readonly expected: Expected }
  | { readonly type: 'lines'; readonly expected: readonly Expected[] }
  | { readonly type: 'silence' }
  | { readonly type: 'ending'; readonly accepts: readonly Ending[] }

function readReceived(text: string, group: readonly Line[], refuse: Refuse): Received {
  if (text === 'nothing') return { type: 'silence' }
  if (text === 'in any order:') return { type: 'lines', expected: listed(group, exactly, refuse) }
  const accepts = ENDINGS.get(text)
  if (accepts !== undefined) return { type: 'ending', accepts }
  return { type: 'line', expected: exactly(text, refuse) }
}

function listed(
  group: readonly Line[],
  read: (text: string, refuse: Refuse) => Expected,
  refuse: Refuse,
): readonly Expected[] {
  if (group.length === 0) refuse('The group is empty. Indent its lines by two spaces')
  return group.map(({ indent, text }) => read(' '.repeat(indent) + text, refuse))
}

function telnetBytes(text: string, refuse: Refuse): Buffer {
  const IAC = 0xff
  if (text === 'nothing') return Buffer.alloc(0)
  const bytes = bytesOfStrings(text, refuse)
  if (bytes.length > 0 && bytes[0] !== IAC) {
    refuse('<| takes telnet commands, which begin with \\xff. Expect a line with <')
  }
  return bytes
}

function isSend(step: Step): step is Send {
  return step.type === 'send'
}
