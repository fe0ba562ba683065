// Whether what an actor has received is what a receiving step expects: pure, no waiting.

import type { End } from './arena.js'
import type { ReceivedLine } from './inbox.js'
import { fits, fitsAll, type Memory } from './pattern.js'
import type { Branch, Expected, Receive } from './transcript.js'

/** What one actor has received and was not yet asked for. */
export interface Unread {
  readonly lines: readonly ReceivedLine[]
  readonly telnet: Buffer
  readonly unfinished: Buffer
  readonly end: End | undefined
}

/** What steps have asked for of one actor. */
export interface Taken {
  /** How many lines, those that were passed over included. */
  readonly lines: number
  /** Word of others who came or went that stood before what was asked for. */
  readonly passedOver: readonly ReceivedLine[]
  readonly telnet: number
  /** Whether the end of the connection was asked for. */
  readonly end: boolean
}

type Attempt =
  | { readonly type: 'fits'; readonly taken: Taken; readonly memory: Memory }
  | { readonly type: 'waits' }
  | { readonly type: 'fails' }

/** Steps fit, and this was taken, by actor; they do not yet, but may with what is still to come; or they never will. */
export type GroupAttempt =
  | { readonly type: 'fits'; readonly taken: ReadonlyMap<string, Taken>; readonly memory: Memory }
  | { readonly type: 'waits' }
  | { readonly type: 'fails' }

const WAITS = { type: 'waits' } as const
const FAILS = { type: 'fails' } as const
const NOTHING: Taken = { lines: 0, passedOver: [], telnet: 0, end: false }

/** What fits. */
export interface Strictness {
  /** Whether a line that LF alone ended never fits. */
  readonly strictLineEnds: boolean
  /** Whether, where any line will do, word of somebody who came or went does. */
  readonly lenient: boolean
}

/** Tries one step. */
function attempt(step: Receive, unread: Unread, memory: Memory, strictness: Strictness): Attempt {
  switch (step.type) {
    case 'line':
      return attemptLines([step.expected], unread, memory, strictness)
    case 'lines':
      return attemptLines(step.expected, unread, memory, strictness)
    case 'silence':
      return isQuiet(unread) ? { type: 'fits', taken: NOTHING, memory } : FAILS
    case 'ending': {
      const { end } = unread
      if (!isQuiet(unread)) return FAILS
      if (end === undefined) return WAITS
      if (!step.accepts.some((accepted) => accepted === end)) return FAILS
      return { type: 'fits', taken: { ...NOTHING, end: true }, memory }
    }
    case 'telnet': {
      const { telnet, end } = unread
      const { bytes } = step
      if (telnet.equals(bytes)) {
        return { type: 'fits', taken: { ...NOTHING, telnet: bytes.length }, memory }
      }
      const begun = bytes.subarray(0, telnet.length).equals(telnet)
      return begun && end === undefined ? WAITS : FAILS
    }
  }
}

/** Tries the steps of a group one after the other; `actors` are those of its steps, by name. */
export function attemptGroup(
  { steps }: Branch,
  actors: ReadonlyMap<string, { readonly inbox: Unread }>,
  memory: Memory,
  strictness: Strictness,
): GroupAttempt {
  const taken = new Map<string, Taken>()
  let remembered = memory
  for (const step of steps) {
    const before = taken.get(step.actor) ?? NOTHING
    const unread = actors.get(step.actor)?.inbox
    if (unread === undefined) return FAILS
    const tried = attempt(step, without(unread, before), remembered, strictness)
    if (tried.type !== 'fits') return tried
    taken.set(step.actor, sum(before, tried.taken))
    remembered = tried.memory
  }
  return { type: 'fits', taken, memory: remembered }
}

/** Whether no line is unread, nor a part of one, but for word of those who came or went. */
export function isQuiet({ lines, unfinished }: Pick<Unread, 'lines' | 'unfinished'>): boolean {
  return lines.every(({ news }) => news === true) && unfinished.length === 0
}

/** Tries the lines as they came, after so many notices as need be, and else without all notices. */
function attemptLines(
  expected: readonly Expected[],
  unread: Unread,
  memory: Memory,
  strictness: Strictness,
): Attempt {
  const { lines } = unread
  const others = lines.filter(({ news }) => news !== true)
  const without = attemptThese(expected, { ...unread, lines: others }, memory, strictness)
  if (others.length === lines.length) return without
  const first = lines.findIndex(({ news }) => news !== true)
  const notices = first < 0 ? lines.length : first
  // Where any line will do, a notice is hardly the one that is meant.
  const starts = strictness.lenient || !expected.some(fitsAll) ? notices + 1 : 0
  for (let start = 0; start < starts; start++) {
    const rest = { ...unread, lines: lines.slice(start) }
    const tried = attemptThese(expected, rest, memory, strictness)
    if (tried.type === 'fits') return after(lines.slice(0, start + expected.length), start, tried)
  }
  const last = others[expected.length - 1]
  if (without.type !== 'fits' || last === undefined) return without
  return after(lines.slice(0, lines.indexOf(last) + 1), undefined, without)
}

/** It fits with these lines, of which the first `start` were passed over, or all that are notices. */
function after(
  lines: readonly ReceivedLine[],
  start: number | undefined,
  { memory }: Attempt & { readonly type: 'fits' },
): Attempt {
  const passedOver = lines.filter(({ news }, index) =>
    start === undefined ? news === true : index < start,
  )
  return { type: 'fits', taken: { ...NOTHING, lines: lines.length, passedOver }, memory }
}

function attemptThese(
  expected: readonly Expected[],
  { lines, end }: Unread,
  memory: Memory,
  strictness: Strictness,
): Attempt {
  const received = lines.slice(0, expected.length)
  if (strictness.strictLineEnds && received.some(({ crlf }) => !crlf)) return FAILS
  if (received.length < expected.length) return end === undefined ? WAITS : FAILS
  const after = pair(expected, received, memory)
  if (after === undefined) return FAILS
  return { type: 'fits', taken: { ...NOTHING, lines: expected.length }, memory: after }
}

/** Finds a line for each of what is expected; what is remembered then, or undefined if there is no way. */
function pair(
  expected: readonly Expected[],
  lines: readonly ReceivedLine[],
  memory: Memory,
): Memory | undefined {
  const [line, ...others] = lines
  if (line === undefined) return memory
  for (const [index, candidate] of expected.entries()) {
    const fit = fits(candidate, line.bytes, memory)
    const after = fit && pair(expected.toSpliced(index, 1), others, fit)
    if (after !== undefined) return after
    // All that are exactly this line are alike.
    if (fit !== undefined && candidate.type === 'exact') return undefined
  }
  return undefined
}

function without(unread: Unread, { lines, telnet, end }: Taken): Unread {
  return {
    lines: unread.lines.slice(lines),
    telnet: unread.telnet.subarray(telnet),
    unfinished: unread.unfinished,
    end: end ? undefined : unread.end,
  }
}

function sum(some: Taken, more: Taken): Taken {
  return {
    lines: some.lines + more.lines,
    passedOver: [...some.passedOver, ...more.passedOver],
    telnet: some.telnet + more.telnet,
    end: some.end || more.end,
  }
}
