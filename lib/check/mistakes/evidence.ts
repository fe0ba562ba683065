// What a failed play shows of a server, in the terms in which mistakes are recognised: who said
// which lines in which pieces, and what came to whom that nobody asked for.

import type { Failure } from '../failure.js'
import { fits, fitsAll } from '../pattern.js'
import type { Moment } from '../tape.js'
import { actorsOf, receivesOf, type Expected, type Receive, type Step } from '../transcript.js'
import { PROBE, PROBE_TEXT, type Run } from '../trial.js'
import { WIRINGS } from '../wiring.js'

/** The wirings that cut lines, or send several at once. */
const CUTTING: readonly string[] = [WIRINGS.bytewise.name, WIRINGS.merged.name]

/** A line that an actor sent. */
export interface Said {
  readonly actor: string
  readonly connection: number
  /** Without its line end. */
  readonly text: string
  /** Whether it is the first of its connection, which is the nickname where there are nicknames. */
  readonly first: boolean
}

/** Text that came to an actor and that no later step asks for. */
export interface Strange {
  readonly actor: string
  /** Without its line end. */
  readonly text: string
  /** Whether it had a line end. */
  readonly whole: boolean
}

/** A line that came to an actor, without its end. */
export interface Heard {
  readonly actor: string
  readonly text: string
}

/** Several lines, or one and a part of the next, that were sent in one write. */
export interface Bundle {
  readonly actor: string
  /** Without their ends. */
  readonly lines: readonly string[]
  /** What follows the last line end. */
  readonly rest: string
}

/** A line that was sent in several pieces, whole or not. */
export interface CutLine {
  readonly pieces: readonly string[]
}

/** A failed play, seen from all sides. Text is latin1, a character a byte. */
export class Evidence {
  readonly run: Run
  readonly failure: Failure
  /** What the transcript's actors sent and received, without what we asked afterwards. */
  readonly moments: readonly Moment[]
  readonly said: readonly Said[]
  readonly strange: readonly Strange[]
  /** What each write of an actor carried, if that did not end in a line end. */
  readonly fragments: readonly string[]
  /** The lines that were sent in several writes, or that one read cannot hold. */
  readonly cutLines: readonly CutLine[]
  /** Writes that carried more than one line. */
  readonly bundles: readonly Bundle[]
  readonly #others: readonly Run[]

  constructor(run: Run, failure: Failure, others: readonly Run[]) {
    this.run = run
    this.failure = failure
    this.#others = others
    this.moments = run.moments.filter(({ step }) => step !== PROBE)
    const sent = this.moments.filter(({ sound }) => sound === 'sent')
    this.said = saidIn(sent)
    this.strange = strangeIn(failure)
    this.fragments = sent
      .map(({ bytes }) => bytes.toString('latin1'))
      .filter((text) => !text.endsWith('\n'))
      .map((text) => text.slice(text.lastIndexOf('\n') + 1).replace(/\r$/, ''))
      .filter((text) => text !== '')
    this.cutLines = cutLinesIn(sent)
    this.bundles = sent
      .map(({ actor, bytes }) => ({ actor, lines: linesOf(bytes.toString('latin1')) }))
      .map(({ actor, lines }) => ({ actor, lines: lines.slice(0, -1), rest: lines.at(-1) ?? '' }))
      .filter(({ lines, rest }) => lines.length > 1 || (lines.length === 1 && rest !== ''))
  }

  /** Whether the transcript's clients have nicknames. */
  get nicknames(): boolean {
    return this.failure.transcript.steps.some(({ type }) => type === 'join')
  }

  /** The nicknames that were sent. */
  get nicks(): readonly string[] {
    return this.nicknames ? this.said.filter(({ first }) => first).map(({ text }) => text) : []
  }

  /** The lines that are messages or commands, and no nicknames. */
  get messages(): readonly Said[] {
    return this.nicknames ? this.said.filter(({ first }) => !first) : this.said
  }

  /** Who is concerned by the step that failed. */
  get waiting(): readonly string[] {
    const { step } = this.failure
    return step === undefined ? [] : actorsOf(step)
  }

  /** Whether those who are concerned wait for something, and have no line to look at. */
  get missing(): boolean {
    const { step, unread } = this.failure
    if (step === undefined || step.type === 'silence' || this.waiting.length === 0) return false
    const heard = unread.filter(({ actor }) => this.waiting.includes(actor))
    return heard.every(({ lines, unfinished }) => lines.length === 0 && unfinished.length === 0)
  }

  /** Whether the server is there no more. */
  get serverGone(): boolean {
    return this.run.aftermath.death !== undefined || !this.run.aftermath.answers
  }

  /** Whether the transcript passed in this wiring; undefined if it was not played in it. */
  passedIn(wiring: string): boolean | undefined {
    const other = this.#others.find((run) => run.wiring === wiring)
    return other === undefined ? undefined : other.outcome.type === 'passed'
  }

  /** Whether only lines that came in pieces, or together, went wrong: whole lines passed. */
  get onlyWhereCut(): boolean {
    return CUTTING.includes(this.run.wiring) && this.passedIn(WIRINGS.crlf.name) === true
  }

  /** Whether the server has ended the last connection of an actor without being asked to. */
  dropped(actor: string): boolean {
    const own = this.moments.filter((moment) => moment.actor === actor)
    const last = own.at(-1)?.connection
    const current = own.filter(({ connection }) => connection === last)
    const byItself = current.some(({ sound }) => sound === 'half-closed' || sound === 'broke off')
    return !byItself && current.some(({ sound }) => sound === 'closed' || sound === 'reset')
  }

  /** The lines that came, and to whom, once the actor who spoke last had spoken once more. */
  get afterProbe(): readonly Heard[] {
    const heard = this.run.moments.filter(
      ({ step, sound }) => step === PROBE && sound === 'received',
    )
    const actors = [...new Set(heard.map(({ actor }) => actor))]
    return actors.flatMap((actor) =>
      linesOf(textOf(heard.filter((moment) => moment.actor === actor))).map((text) => ({
        actor,
        text,
      })),
    )
  }

  /** Whether the actor who spoke last could speak again, and of those who have said who they are nobody heard it. */
  get probeUnheard(): boolean {
    const asked = this.run.moments.find(({ step, sound }) => step === PROBE && sound === 'sent')
    const actors = new Set(this.said.map(({ actor }) => actor))
    const others = [...actors].filter((actor) => actor !== asked?.actor && this.isThere(actor))
    if (asked === undefined || others.length === 0) return false
    return !this.afterProbe.some(({ text }) => text.includes(PROBE_TEXT))
  }

  /** Whether anybody was sent a text, however much stood before it. */
  wasHeard(text: string): boolean {
    const heard = this.moments.filter(({ sound }) => sound === 'received')
    const actors = [...new Set(heard.map(({ actor }) => actor))]
    return actors.some((actor) =>
      textOf(heard.filter((moment) => moment.actor === actor)).includes(text),
    )
  }

  /** Whether the last connection of an actor stands. */
  isThere(actor: string): boolean {
    const own = this.moments.filter((moment) => moment.actor === actor)
    const last = own.at(-1)?.connection
    const ends = ['half-closed', 'broke off', 'closed', 'reset', 'refused']
    return !own.some(({ connection, sound }) => connection === last && ends.includes(sound))
  }

  /** Whether a line is what the step that failed waited for. */
  expects(actor: string, text: string): boolean {
    return this.#awaited
      .filter((receive) => receive.actor === actor)
      .flatMap(expectedOf)
      .some((expected) => fits(expected, Buffer.from(text, 'latin1'), new Map()) !== undefined)
  }

  /** What the step that failed waited for. */
  get #awaited(): readonly Receive[] {
    const { step } = this.failure
    return step === undefined ? [] : receivesOf(step)
  }

  /** The ends of the lines that the step that failed waited for, as far as it knows them. */
  get wanted(): readonly string[] {
    return this.#awaited.flatMap(expectedOf).flatMap(knownEnd)
  }
}

/** The lines of a text without their ends; what follows the last end is the last of them. */
export function linesOf(text: string): readonly string[] {
  return text.split('\n').map((line) => line.replace(/\r$/, ''))
}

function textOf(moments: readonly Moment[]): string {
  return Buffer.concat(moments.map(({ bytes }) => bytes)).toString('latin1')
}

function saidIn(sent: readonly Moment[]): readonly Said[] {
  const keys = [...new Set(sent.map(({ actor, connection }) => `${actor} ${connection}`))]
  return keys.flatMap((key) => {
    const own = sent.filter(({ actor, connection }) => `${actor} ${connection}` === key)
    const [start] = own
    if (start === undefined) return []
    const { actor, connection } = start
    return linesOf(textOf(own))
      .slice(0, -1)
      .map((text, index) => ({ actor, connection, text, first: index === 0 }))
  })
}

/** More than this, in bytes, may come to a server in several reads, cut anywhere (the least that TCP carries at once on loopback is far more). */
const ONE_READ = 1400

function cutLinesIn(sent: readonly Moment[]): readonly CutLine[] {
  const keys = [...new Set(sent.map(({ actor, connection }) => `${actor} ${connection}`))]
  return keys.flatMap((key) => {
    const own = sent.filter(({ actor, connection }) => `${actor} ${connection}` === key)
    const lines: string[][] = [[]]
    for (const { bytes, length } of own) {
      linesOf(bytes.toString('latin1')).forEach((text, index) => {
        if (index > 0) lines.push([])
        const pieces = length > ONE_READ ? Array.from(text) : [text]
        lines.at(-1)?.push(...pieces.filter((piece) => piece !== ''))
      })
    }
    return lines.filter((pieces) => pieces.length > 1).map((pieces) => ({ pieces }))
  })
}

/** What is unread, but for what is still going to be asked for. */
function strangeIn(failure: Failure): readonly Strange[] {
  return failure.unread.flatMap(({ actor, lines, unfinished }) => {
    const expected = expectedBy(failure, actor)
    const isExpected = (line: Buffer): boolean =>
      expected.some((candidate) => fits(candidate, line, new Map()) !== undefined)
    const whole = lines
      .filter((line) => !isExpected(line))
      .map((line) => ({ actor, text: line.toString('latin1'), whole: true }))
    if (unfinished.length === 0) return whole
    return [...whole, { actor, text: unfinished.toString('latin1'), whole: false }]
  })
}

function expectedBy({ transcript, step }: Failure, actor: string): readonly Expected[] {
  if (step === undefined) return []
  return transcript.steps
    .filter(({ line }) => line >= step.line)
    .flatMap((later) => receivesOf(properOf(later)))
    .filter((receive) => receive.actor === actor)
    .flatMap(expectedOf)
    .filter((expected) => !fitsAll(expected))
}

/** The step without what is accepted and should not be. */
function properOf(step: Step): Step {
  if (step.type !== 'either') return step
  return { ...step, branches: step.branches.filter(({ proper }) => proper) }
}

function expectedOf(step: Receive): readonly Expected[] {
  if (step.type === 'line') return [step.expected]
  return step.type === 'lines' ? step.expected : []
}

function knownEnd(expected: Expected): readonly string[] {
  if (expected.type === 'exact') return [expected.bytes.toString('latin1')]
  const last = expected.parts.at(-1)
  return last?.type === 'text' ? [Buffer.from(last.text).toString('latin1')] : []
}
