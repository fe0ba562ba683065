// What a transcript is once it has been read: values, and who and what is in a step. The notation is spec/README.md.

import type { Tongue } from './tongue.js'

/** One dialogue of a document: who sends what, and everything that each receives. */
export interface Transcript {
  /** Its name, once in all documents; empty if the block has none, which is a flaw. */
  readonly id: string
  /** The heading above the block. */
  readonly title: string
  /** The rules that it shows. */
  readonly rules: readonly string[]
  readonly level: Level
  /** For grading. */
  readonly stage?: string
  readonly points?: number
  /** What to tell the author of a server that fails, one after the other. */
  readonly hints: readonly string[]
  /** What it takes to play it, such as `bytes` or `sockets`. */
  readonly needs: readonly string[]
  /** Whether it needs a server without other users. */
  readonly exclusive: boolean
  /** Whether every received line must end in CR LF. */
  readonly strictLineEnds: boolean
  readonly file: string
  /** The line of the file where its block begins, from 1. */
  readonly line: number
  readonly steps: readonly Step[]
  /** What its actors speak, by name; who is not in it speaks the native tongue. */
  readonly tongues: ReadonlyMap<string, Tongue>
  /** What is wrong with its notation; such a transcript cannot be played. */
  readonly flaws: readonly Flaw[]
}

/** How much a rule asks (RFC 2119). */
export type Level = 'MUST' | 'SHOULD' | 'MAY'

/** The levels, the strictest first. */
export const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'MAY']

/** A mistake in the notation, with what is allowed in its place. */
export interface Flaw {
  readonly file: string
  /** From 1. */
  readonly line: number
  readonly message: string
}

/** Where a step stands, and how it is written. */
interface Written {
  /** The line of the file, from 1. */
  readonly line: number
  /** The step as written, without indentation and comment. */
  readonly source: string
}

/** One step of a transcript. */
export type Step = Presence | Send | Together | Receive | Alternatives | Settle | Idle

/** Somebody comes or goes, or stops or goes on reading. */
export type Presence = Written &
  (
    | { readonly type: 'join'; readonly actors: readonly string[] }
    | { readonly type: PresenceVerb; readonly actor: string }
  ) & {
    /** The dialects that it names, by actor. */
    readonly over: ReadonlyMap<string, string>
  }

/** What one actor can do with its connection. */
export type PresenceVerb =
  'connect' | 'leave' | 'halfClose' | 'reset' | 'stopReading' | 'resume' | 'rejoin'

/** Bytes that one actor sends. */
export interface Send extends Written {
  readonly type: 'send'
  readonly actor: string
  readonly bytes: Buffer
  /**
   * `line` gets the line end of the wiring, `message` is whole as its dialect has it, `fragment` is on its way
   * before anything else is sent, `raw` is as it is.
   */
  readonly form: 'line' | 'message' | 'fragment' | 'raw'
  /** Whether the server must read it by itself, whatever the wiring. */
  readonly alone?: boolean
}

/** Sends without an order between the actors. */
export interface Together extends Written {
  readonly type: 'together'
  readonly sends: readonly Send[]
}

/** What one actor must have received. */
export type Receive = Written & { readonly actor: string } & (
    | { readonly type: 'line'; readonly expected: Expected }
    | { readonly type: 'lines'; readonly expected: readonly Expected[] }
    | { readonly type: 'silence' }
    | { readonly type: 'ending'; readonly accepts: readonly Ending[] }
    | { readonly type: 'telnet'; readonly bytes: Buffer }
  )

/** How the server can end a connection: with FIN, or with RST. */
export type Ending = 'closed' | 'reset'

/** Groups of receiving steps of which one must fit. */
export interface Alternatives extends Written {
  readonly type: 'either'
  readonly branches: readonly Branch[]
}

/** One of them. */
export interface Branch {
  /** Whether it is how it should be, and not just accepted. */
  readonly proper: boolean
  readonly steps: readonly Receive[]
}

/** The server is done with everything, and nobody has anything unread. */
export interface Settle extends Written {
  readonly type: 'settle'
}

/** Nobody does anything for so long, and nobody is sent anything: for rules about silence alone. */
export interface Idle extends Written {
  readonly type: 'idle'
  readonly milliseconds: number
}

/** A received line: exactly these bytes, or a text of this form. */
export type Expected =
  | { readonly type: 'exact'; readonly bytes: Buffer }
  | { readonly type: 'pattern'; readonly parts: readonly Part[] }

/** A piece of a pattern. */
export type Part =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'form'; readonly form: Form; readonly name?: string }
  | { readonly type: 'expression'; readonly expression: string }
  | { readonly type: 'set'; readonly words: readonly string[] }
  | { readonly type: 'recall'; readonly name: string }

/** Any text, characters other than spaces, digits. */
export type Form = 'any' | 'word' | 'int'

/** Those whom a step is about, each once, in the order in which it names them. */
export function actorsOf(step: Step): readonly string[] {
  if (step.type === 'join') return [...new Set(step.actors)]
  if ('actor' in step) return [step.actor]
  return [...new Set([...sendsOf(step), ...receivesOf(step)].map(({ actor }) => actor))]
}

/** What a step sends. */
export function sendsOf(step: Step): readonly Send[] {
  if (step.type === 'together') return step.sends
  return step.type === 'send' ? [step] : []
}

/** What a step receives, in whichever of its branches. */
export function receivesOf(step: Step): readonly Receive[] {
  if (step.type === 'either') return step.branches.flatMap(({ steps }) => steps)
  return isReceive(step) ? [step] : []
}

/** Whether a step is that one actor receives something. */
export function isReceive(step: Step): step is Receive {
  const receives: readonly Step['type'][] = ['line', 'lines', 'silence', 'ending', 'telnet']
  return receives.includes(step.type)
}
