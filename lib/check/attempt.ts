// Whether what an actor has received is what a receiving step expects: pure, no waiting.

import type { End } from './arena.js'
import type { ReceivedLine } from './inbox.js'
import { fits, type Memory } from './pattern.js'
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
  readonly lines: number
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
const NOTHING: Taken = { lines: 0, telnet: 0, end: false }

/** Tries one step. With `strictLineEnds` a line that LF alone ended never fits. */
function attempt(step: Receive, unread: Unread, memory: Memory, strictLineEnds: boolean): Attempt {
  switch (step.type) {
    case 'line':
      return attemptLines([step.expected], unread, memory, strictLineEnds)
    case 'lines':
      return attemptLines(step.expected, unread, memory, strictLineEnds)
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
  strictLineEnds: boolean,
): GroupAttempt {
  const taken = new Map<string, Taken>()
  let remembered = memory
  for (const step of steps) {
    const before = taken.get(step.actor) ?? NOTHING
    const unread = actors.get(step.actor)?.inbox
    if (unread === undefined) return FAILS
    const tried = attempt(step, without(unread, before), remembered, strictLineEnds)
    if (tried.type !== 'fits') return tried
    taken.set(step.actor, sum(before, tried.taken))
    remembered = tried.memory
  }
  return { type: 'fits', taken, memory: remembered }
}

/** Whether no line is unread, nor a part of one. */
export function isQuiet({ lines, unfinished }: Unread): boolean {
  return lines.length === 0 && unfinished.length === 0
}

function attemptLines(
  expected: readonly Expected[],
  { lines, end }: Unread,
  memory: Memory,
  strictLineEnds: boolean,
): Attempt {
  const received = lines.slice(0, expected.length)
  if (strictLineEnds && received.some(({ crlf }) => !crlf)) return FAILS
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
    telnet: some.telnet + more.telnet,
    end: some.end || more.end,
  }
}
