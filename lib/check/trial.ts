// One transcript in several wirings against one server after the other: what was seen, not yet
// what it is worth.

import type { Actor } from './actor.js'
import { aliased, unaliased, type Aliased } from './alias.js'
import { alternatives, expectation, type Failure, type Outcome } from './failure.js'
import type { Ground, Place, Trouble } from './ground.js'
import { answers } from './launch.js'
import { liveArena, type Patience } from './live.js'
import { play } from './play.js'
import { Tape, taped, type Moment } from './tape.js'
import type { Branch, Receive, Step, Transcript } from './transcript.js'
import type { Wiring } from './wiring.js'

/** One play of a transcript. */
export interface Run {
  readonly wiring: string
  readonly outcome: Outcome
  /** All that was sent and received, under the names of the transcript. */
  readonly moments: readonly Moment[]
  readonly milliseconds: number
  /** How long the step that failed took, in milliseconds. */
  readonly waited: number
  /** The actors who were sent more than anybody can mean. */
  readonly flooded: readonly string[]
  readonly aftermath: Aftermath
}

/** What was left of the server when the play had failed. */
export interface Aftermath {
  /** How its process has ended, in words, if it has. */
  readonly death?: string
  /** Whether it takes connections. */
  readonly answers: boolean
  /** The last lines that it printed. */
  readonly output: readonly string[]
}

/** What became of one transcript. */
export type Trial =
  | { readonly type: 'played'; readonly runs: readonly Run[] }
  | ({ readonly type: 'no server' } & Trouble)

/** How to play. */
export interface Rules {
  readonly wirings: readonly Wiring[]
  readonly patience: Patience
  /** Aborted when the time for everything is over, or by somebody who stops the check. */
  readonly signal: AbortSignal
}

/** The step of a moment at which an actor was asked, after a failure, whether it still works. */
export const PROBE = -1
/** What that actor says: nobody else says that. */
export const PROBE_TEXT = 'partyline-probe'

/**
 * Plays a transcript in each wiring. A server plays on as long as nothing fails; a failure counts only
 * against a server that has seen nothing before.
 */
export async function tryOut(transcript: Transcript, ground: Ground, rules: Rules): Promise<Trial> {
  const runs: Run[] = []
  let place: Place | undefined
  for (const wiring of rules.wirings) {
    if (rules.signal.aborted) break
    const fresh = place === undefined
    const entered = place ?? (await ground.enter())
    if ('problem' in entered) {
      if (runs.length > 0 && !ground.shared) break
      return { type: 'no server', ...entered }
    }
    place = entered
    let run = await playAt(place, transcript, wiring, ground.shared, rules)
    if (run.outcome.type === 'failed' && !ground.shared) {
      await place.leave()
      place = undefined
      const again = fresh ? undefined : await ground.enter()
      if (again !== undefined && !('problem' in again)) {
        run = await playAt(again, transcript, wiring, ground.shared, rules)
        if (run.outcome.type === 'failed') await again.leave()
        else place = again
      }
    }
    runs.push(run)
  }
  await place?.leave()
  return { type: 'played', runs }
}

async function playAt(
  place: Place,
  transcript: Transcript,
  wiring: Wiring,
  shared: boolean,
  { patience, signal }: Rules,
): Promise<Run> {
  const names = shared ? aliased(transcript, randomDigits()) : unaliased(transcript)
  const lenient = endingsApart(names.transcript)
  const arena = liveArena(place.address, place.watch, patience)
  const cut = (): void => {
    arena.cut()
  }
  signal.addEventListener('abort', cut)
  // The time may have been over while the server was started.
  if (signal.aborted) cut()
  const tape = new Tape()
  const began = performance.now()
  let reached = 0
  let waited = 0
  let aftermath: Aftermath = { answers: true, output: [] }
  const outcome = await play(
    lenient.transcript,
    { arena: taped(arena, tape), wiring, patience: patience.answer },
    {
      reaches(step) {
        tape.reach(step?.line ?? 0)
        reached = tape.now
      },
      async fails(actors) {
        waited = tape.now - reached
        const death = place.death()
        const alive = death === undefined && (await answers(place.address, patience.answer))
        tape.reach(PROBE)
        if (alive) await probe(actors, tape, wiring)
        await arena.catchUp(true)
        // Whatever it prints of its end may take its way.
        aftermath = {
          ...(death === undefined ? {} : { death }),
          answers: alive,
          output: place.output(),
        }
      },
    },
  )
  signal.removeEventListener('abort', cut)
  return {
    wiring: wiring.name,
    outcome: inOriginal(withoutFillers(outcome, lenient), names, transcript),
    moments: names.originalMoments(tape.moments),
    milliseconds: performance.now() - began,
    waited,
    flooded: [...arena.flooded].map(names.original),
    aftermath,
  }
}

/** The actor who sent last sends once more: what comes of that tells mistakes apart. */
async function probe(actors: readonly Actor[], tape: Tape, { lineEnd }: Wiring): Promise<void> {
  const last = tape.moments.findLast(({ sound }) => sound === 'sent')?.actor
  const actor = actors.find(({ name }) => name === last)
  if (actor?.connected !== true || !actor.sending) return
  await actor.send([Buffer.from(PROBE_TEXT + lineEnd)], { form: 'raw' })
}

/** A transcript that accepts either end of a connection. */
interface Lenient {
  readonly transcript: Transcript
  /** The lines of steps that are in it twice, before each of two ends: there is nothing to note about them. */
  readonly fillers: ReadonlySet<number>
}

/**
 * How a connection ends is judged apart: where one kind of end is asked for, the other one is
 * accepted, and noted.
 */
function endingsApart(transcript: Transcript): Lenient {
  const fillers = new Set<number>()
  const steps = transcript.steps.map((step): Step => {
    if (step.type === 'ending' && step.accepts.length === 1) {
      const branches = [{ proper: true, steps: [step] }]
      const { line, source } = step
      return { type: 'either', branches: withOtherEnds(branches, fillers), line, source }
    }
    if (step.type !== 'either') return step
    return { ...step, branches: withOtherEnds(step.branches, fillers) }
  })
  return { transcript: { ...transcript, steps }, fillers }
}

/** Branches, and after all of them those of the other end. */
function withOtherEnds(branches: readonly Branch[], fillers: Set<number>): readonly Branch[] {
  const others = branches
    .filter(({ steps }) => steps.some(isOneEnding))
    .map(({ proper, steps }) => ({
      proper: false,
      steps: steps.map((step): Receive => {
        if (isOneEnding(step)) return otherEnding(step)
        if (proper) fillers.add(step.line)
        return step
      }),
    }))
  return [...branches, ...others]
}

function isOneEnding(step: Receive): boolean {
  return step.type === 'ending' && step.accepts.length === 1
}

function otherEnding(step: Receive): Receive {
  if (step.type !== 'ending') return step
  return { ...step, accepts: step.accepts.includes('closed') ? ['reset'] : ['closed'] }
}

function withoutFillers(outcome: Outcome, { fillers }: Lenient): Outcome {
  if (outcome.type !== 'passed') return outcome
  return { ...outcome, improper: outcome.improper.filter(({ line }) => !fillers.has(line)) }
}

/** The outcome of a transcript under the names, and with the steps, of the transcript as it is written. */
function inOriginal(outcome: Outcome, names: Aliased, transcript: Transcript): Outcome {
  if (outcome.type === 'passed') {
    const improper = outcome.improper.map((step) =>
      'actor' in step
        ? { ...step, actor: names.original(step.actor), source: names.original(step.source) }
        : step,
    )
    return { ...outcome, improper }
  }
  if (outcome.type !== 'failed') return outcome
  const { failure } = outcome
  const step = transcript.steps.find(({ line }) => line === failure.step?.line)
  const back: Failure = {
    ...failure,
    transcript,
    step,
    expected: expectationOf(step) ?? names.original(failure.expected),
    got: names.original(failure.got),
    unread: failure.unread.map(({ actor, unread, lines, unfinished }) => ({
      actor: names.original(actor),
      unread: unread.map(names.original),
      lines: lines.map(names.originalBytes),
      unfinished: names.originalBytes(unfinished),
    })),
  }
  return { type: 'failed', failure: back }
}

/** What a step whose ends are judged apart expects, as it is written. */
function expectationOf(step: Step | undefined): string | undefined {
  if (step?.type === 'ending') return expectation(step)
  return step?.type === 'either' ? alternatives(step.branches) : undefined
}

function randomDigits(): string {
  return String(1000 + Math.floor(Math.random() * 9000))
}
