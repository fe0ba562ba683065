// How a transcript ended, and the words for one that failed.

import type { Actor } from './actor.js'
import type { ReceivedLine } from './inbox.js'
import { shown } from '../wire/shown.js'
import type { Branch, Expected, Flaw, Part, Receive, Step, Transcript } from './transcript.js'

/** What playing a transcript came to. */
export type Outcome =
  /** All is as it should be, but for the branches (their steps) that are accepted and not proper. */
  | { readonly type: 'passed'; readonly improper: readonly Step[] }
  | { readonly type: 'failed'; readonly failure: Failure }
  /** Its notation is wrong, so it was not played. */
  | { readonly type: 'flawed'; readonly flaws: readonly Flaw[] }

/** Where a server did not do what a transcript says. */
export interface Failure {
  readonly transcript: Transcript
  /** The name of the wiring. */
  readonly wiring: string
  /** The step that failed; undefined for the end of the transcript. */
  readonly step: Step | undefined
  readonly expected: string
  readonly got: string
  /** What every actor has received and was not asked for. */
  readonly unread: readonly UnreadReport[]
  /** The last message of each actor that is not written as its bytes. */
  readonly sent: readonly { readonly actor: string; readonly bytes: Buffer }[]
}

/** So many lines of one actor are enough for whoever reads that nobody asked for them. */
export const KEPT_LINES = 40

/** What one actor has received and was not asked for, as a reader can see it. */
export interface UnreadReport {
  readonly actor: string
  readonly unread: readonly string[]
  /** Its lines, without their ends, and the bytes of one that has none. */
  readonly lines: readonly Buffer[]
  readonly unfinished: Buffer
}

/** A flaw in a line of text that begins with where. */
export function flawText({ file, line, message }: Flaw): string {
  return `${file}:${line}: ${message}`
}

/** What an actor has received and was not asked for: its lines, then bytes of no whole line, then the end. */
export function unreadOf({ inbox, dropped, tongue }: Actor): readonly string[] {
  const lines = inbox.lines.slice(0, KEPT_LINES).map(receivedShown)
  const more = inbox.lines.length - KEPT_LINES
  const others = more > 0 ? [`and ${more} more lines`] : []
  const unit = tongue.unit === 'line' ? 'line' : 'message'
  const part =
    inbox.unfinished.length > 0 ? [`"${shown(inbox.unfinished)}", a ${unit} without end`] : []
  const end = dropped && inbox.end !== undefined ? [inbox.end] : []
  return [...lines, ...others, ...part, ...end]
}

/** What a receiving step expects. */
export function expectation(step: Receive): string {
  switch (step.type) {
    case 'line':
      return lineShown(step.expected)
    case 'lines':
      return `in any order: ${step.expected.map(lineShown).join(', ')}`
    case 'silence':
      return 'nothing'
    case 'ending':
      return step.accepts.join(' or ')
    case 'telnet':
      return step.bytes.length === 0 ? 'no telnet command' : telnetShown(step.bytes)
  }
}

/** What groups of receiving steps expect of which one must fit. */
export function alternatives(branches: readonly Branch[]): string {
  return branches.map(({ steps }) => steps.map(expectation).join(', then ')).join('; or ')
}

/** What an actor has received, as far as a step of this type looks at it. */
export function receipt(actor: Actor, type: Receive['type']): string {
  const { inbox } = actor
  if (type === 'telnet') {
    return inbox.telnet.length === 0 ? 'no telnet command' : telnetShown(inbox.telnet)
  }
  const [first = 'nothing', ...others] = unreadOf(actor)
  if (type !== 'lines') return inbox.end !== undefined && first === 'nothing' ? inbox.end : first
  return [first, ...others].join(', ')
}

function receivedShown({ bytes, crlf, wire = bytes }: ReceivedLine): string {
  const exact = wire.equals(bytes) ? '' : `, as the bytes "${shown(wire)}"`
  return `"${shown(bytes)}"${crlf ? '' : ', ended by LF alone'}${exact}`
}

function lineShown(expected: Expected): string {
  if (expected.type === 'exact') return `"${shown(expected.bytes)}"`
  const text = expected.parts.map(partShown).join('').replace(/…+/g, '…')
  if (text === '…') return 'a line'
  const order = expected.parts.some(({ type }) => type === 'set') ? ', the names in any order' : ''
  return `a line like "${text}"${order}`
}

/** A part of a pattern, with … for what a server may say in its own words. */
function partShown(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'form':
      return part.form === 'any' ? '…' : `{${part.form}}`
    case 'expression':
      return isForSpaces(part.expression) ? '' : '…'
    case 'set':
      return part.words.join(' ')
    case 'recall':
      return '…'
  }
}

/** Whether an expression only lets something pass that nobody sees, as ` ?` does. */
function isForSpaces(expression: string): boolean {
  const fits = new RegExp(`^(?:${expression})$`, 'su')
  return fits.test('') && !['x', '1', ':', 'x: '].some((text) => fits.test(text))
}

function telnetShown(bytes: Buffer): string {
  return `telnet ${bytes.toString('hex').replace(/..(?=.)/g, '$& ')}`
}
