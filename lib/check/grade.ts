// What a server is worth: every task of a course played, and judged.

import { setMaxListeners } from 'node:events'
import type { Course, Task } from './course.js'
import type { Failure } from './failure.js'
import type { Ground, Trouble } from './ground.js'
import { isStrict, strictOf, tellingOf, WAITS_FOR_CRLF, waitsForCrlf } from './line-ends.js'
import { areKin, mistakeAtStart, mistakeIn, type Mistake } from './mistakes/index.js'
import { inPool } from './pool.js'
import { improperRemarks, wiringRemarks } from './remarks.js'
import type { Transcript } from './transcript.js'
import { tryOut, type Rules, type Run, type Trial } from './trial.js'
import { WIRINGS, type Wiring } from './wiring.js'

/**
 * How a transcript is judged. `not strict`: right, but not all that SHOULD be is; `open`: another way than
 * one that MAY be; `blocked`: wrong for a reason that an earlier one has shown; `skipped`: it does not fit
 * here, and counts for nothing; `not run`: there was no server, or no time.
 */
export type Grade = 'passed' | 'not strict' | 'open' | 'failed' | 'blocked' | 'skipped' | 'not run'

/** One task, judged. */
export interface Result extends Task {
  readonly grade: Grade
  readonly earned: number
  readonly runs: readonly Run[]
  /** What went wrong first, whether it counts as failed or not. */
  readonly diagnosis?: Diagnosis
  /** What else should be said, each in a line. */
  readonly remarks: readonly string[]
  /** The transcript that has shown the reason before. */
  readonly blockedBy?: string
  /** Why there was no server for it, if there was none. */
  readonly trouble?: StartTrouble
}

/** Why a server could not be played against. */
export interface StartTrouble extends Trouble {
  readonly mistake?: Mistake
}

/** A failed play and what it looks like. */
export interface Diagnosis {
  readonly run: Run
  readonly failure: Failure
  readonly mistake?: Mistake
}

/** A course, judged. */
export interface Verdict {
  /** The course. */
  readonly name: string
  /** The server. */
  readonly target: string
  readonly results: readonly Result[]
  readonly score: number
  readonly max: number
  /** When it began, and how long it took in milliseconds. */
  readonly began: Date
  readonly milliseconds: number
  /** Why nothing was played, if nothing was. */
  readonly trouble?: StartTrouble
  /** Whether somebody has stopped it before its end, so that its points say nothing. */
  readonly stopped: boolean
}

/** The reason for which the signal of a check is aborted that a person stops: another than that its time is over. */
export const STOPPED = 'stopped'

/** How to grade. */
export interface Manner extends Omit<Rules, 'wirings'> {
  /** Only these wirings; all if left out. */
  readonly wirings?: readonly string[]
  /** What can be played beside what always can, as `time`. */
  readonly abilities: readonly string[]
  /** How many transcripts are played at once; only where each has a server of its own. */
  readonly jobs: number
  /** Hears of each result, in the order of the course; of none where there never was a server. */
  readonly told: (result: Result) => void
}

/** The wirings in the order in which they are tried: first the one that most servers are written for. */
const ORDER: readonly Wiring[] = [WIRINGS.crlf, WIRINGS.bytewise, WIRINGS.merged, WIRINGS.lf]
/** How many may listen to the signal beside one for each play that goes on; Node warns of more. */
const LISTENERS_BESIDE = 10
/** Wirings that cut and merge no lines. */
const WHOLE: readonly string[] = [WIRINGS.crlf.name, WIRINGS.lf.name]
/** Needs that every server on TCP meets. */
const MET = ['bytes', 'sockets', 'whole-lines']

/** Plays a course and judges it. */
export async function grade(course: Course, ground: Ground, manner: Manner): Promise<Verdict> {
  const began = new Date()
  const start = performance.now()
  const grading = new Grading(ground, manner)
  const stages = [...new Set(course.tasks.map(({ stage }) => stage))]
  const [first, ...others] = stages.map((stage) =>
    course.tasks.filter((task) => task.stage === stage),
  )
  // All stages stand on the first: where nothing of it works, the others would only say so again.
  await grading.playAll(first ?? [])
  await grading.playAll(others.flat())
  const { results, trouble } = grading
  return {
    name: course.name,
    target: ground.name,
    results,
    score: results.reduce((sum, { earned }) => sum + earned, 0),
    max: results.reduce((sum, { points, grade }) => sum + (grade === 'skipped' ? 0 : points), 0),
    began,
    milliseconds: performance.now() - start,
    stopped: isStopped(manner.signal),
    ...(trouble === undefined ? {} : { trouble }),
  }
}

/** A transcript that was played. */
interface Play {
  readonly trial: Trial
  /** Whether it had ended before the time was over: what was cut off shows nothing. */
  readonly inTime: boolean
}

class Grading {
  readonly results: Result[] = []
  /** Why there was never a server. */
  trouble: StartTrouble | undefined
  #started = false
  /** Whether a play has shown that the server waits for CR LF. */
  #waitsForCrlf = false
  readonly #ground: Ground
  readonly #manner: Manner

  constructor(ground: Ground, manner: Manner) {
    this.#ground = ground
    this.#manner = manner
    // Each play listens as long as it lasts.
    setMaxListeners(manner.jobs + LISTENERS_BESIDE, manner.signal)
  }

  /** Whether there is no more time. */
  #isOver(): boolean {
    return this.#manner.signal.aborted
  }

  /** Why nothing more is played. */
  get #end(): string {
    return isStopped(this.#manner.signal) ? 'the check was stopped' : 'the time was over'
  }

  /** Plays tasks, some at once, and judges them in order. */
  async playAll(tasks: readonly Task[]): Promise<void> {
    const first = this.results.find(({ grade }) => grade === 'failed')
    const nothingWorks = this.results.every(
      ({ grade }) => grade === 'failed' || grade === 'skipped',
    )
    const blockedBy = nothingWorks ? first?.transcript.id : undefined
    const trials = inPool(
      tasks.map((task) => () => (blockedBy === undefined ? this.#play(task) : undefined)),
      this.#ground.shared ? 1 : this.#manner.jobs,
    )
    for (const [index, task] of tasks.entries()) {
      const play = await trials[index]
      const result =
        blockedBy === undefined ? this.#judge(task, play) : unplayed(task, 'blocked', [], blockedBy)
      this.results.push(result)
      if (this.trouble === undefined) this.#manner.told(result)
    }
  }

  /** Nothing is played that does not fit here, nor without a server or time. */
  async #play({ transcript }: Task): Promise<Play | undefined> {
    const { signal, patience } = this.#manner
    if (this.#misfit(transcript) !== undefined) return undefined
    if (this.trouble !== undefined || this.#isOver()) return undefined
    const wirings = this.#wirings(transcript)
    const trial = await tryOut(transcript, this.#ground, {
      wirings: this.#waitsForCrlf ? strictOf(wirings) : wirings,
      patience,
      signal,
    })
    if (trial.type === 'played') {
      this.#started = true
      this.#waitsForCrlf ||= waitsForCrlf(trial.runs)
    } else if (!this.#started && !this.#isOver()) this.trouble ??= troubleOf(trial)
    return { trial, inTime: !this.#isOver() }
  }

  /** Why a transcript cannot be played here, if it cannot. */
  #misfit(transcript: Transcript): string | undefined {
    const { exclusive, needs } = transcript
    if (exclusive && this.#ground.shared)
      return 'exclusive: it needs a server without other users (--cmd)'
    const missing = needs.find(
      (need) => !MET.includes(need) && !this.#manner.abilities.includes(need),
    )
    if (missing !== undefined) return `it needs ${missing} (--with ${missing})`
    if (this.#wirings(transcript).length > 0) return undefined
    return `no wiring of --wiring fits it: it needs whole lines (--wiring ${WHOLE.join(', --wiring ')})`
  }

  #wirings({ needs, steps }: Transcript): readonly Wiring[] {
    const chosen = ORDER.filter(({ name }) => this.#manner.wirings?.includes(name) ?? true)
    // What takes long is not worth four times as long.
    if (steps.some(({ type }) => type === 'idle')) return chosen.slice(0, 1)
    const whole = needs.includes('whole-lines')
    return chosen.filter(({ name }) => !whole || WHOLE.includes(name))
  }

  #judge(task: Task, play: Play | undefined): Result {
    const misfit = this.#misfit(task.transcript)
    if (misfit !== undefined) return unplayed(task, 'skipped', [misfit])
    if (play === undefined || this.trouble !== undefined) {
      return unplayed(task, 'not run', [this.trouble?.problem ?? `${this.#end} before`])
    }
    const { trial, inTime } = play
    const runs = trial.type === 'played' ? trial.runs : []
    if (!inTime) {
      return { ...unplayed(task, 'not run', [`${this.#end} before it had ended`]), runs }
    }
    // Those that were played at the same time as the first that shows it need not say it again.
    const isKnown = this.results.some((result) => waitsForCrlf(result.runs))
    if (trial.type === 'played') return this.#withGrade(task, isKnown ? tellingOf(runs) : runs)
    return { ...unplayed(task, 'failed', [trial.problem]), trouble: troubleOf(trial) }
  }

  #withGrade(task: Task, runs: readonly Run[]): Result {
    const { transcript, points } = task
    const failed = runs.filter(({ outcome }) => outcome.type === 'failed')
    // What only SHOULD work is forgiven to a server that was seen to do what MUST, and to no other.
    const forgiven = runs.some((run) => isStrict(run) && run.outcome.type === 'passed')
    const strict = failed.find(isStrict) ?? (forgiven ? undefined : failed[0])
    const run = strict ?? failed[0]
    const diagnosis = run === undefined ? undefined : diagnose(run, runs)
    const lineEnds = waitsForCrlf(runs) ? [WAITS_FOR_CRLF] : []
    const remarks = [...wiringRemarks(runs), ...lineEnds, ...improperRemarks(runs)]
    const told = { ...task, runs, remarks, ...(diagnosis === undefined ? {} : { diagnosis }) }
    if (strict === undefined || diagnosis === undefined) {
      const grade = diagnosis === undefined && remarks.length === 0 ? 'passed' : 'not strict'
      return { ...told, grade, earned: points }
    }
    if (transcript.level !== 'MUST') {
      return { ...told, grade: transcript.level === 'MAY' ? 'open' : 'not strict', earned: 0 }
    }
    const earlier = this.#sameReason(diagnosis, task.stage)
    if (earlier === undefined) return { ...told, grade: 'failed', earned: 0 }
    return { ...told, grade: 'blocked', earned: 0, blockedBy: earlier.transcript.id }
  }

  /** A failure of an earlier stage that has the same reason. */
  #sameReason(diagnosis: Diagnosis, stage: string): Result | undefined {
    const earlier = this.results.filter(
      (result) => result.stage !== stage && result.grade === 'failed',
    )
    return earlier.find((result) => isSameReason(diagnosis, result.diagnosis))
  }
}

function isStopped(signal: AbortSignal): boolean {
  return signal.reason === STOPPED
}

/** What looks like the same mistake, or fails only where lines are cut or merged as the other does. */
function isSameReason({ mistake, run }: Diagnosis, earlier: Diagnosis | undefined): boolean {
  if (earlier?.mistake === undefined) return false
  if (mistake !== undefined && areKin(mistake, earlier.mistake)) return true
  return run.wiring !== ORDER[0]?.name && run.wiring === earlier.run.wiring
}

function unplayed(
  task: Task,
  grade: Grade,
  remarks: readonly string[],
  blockedBy?: string,
): Result {
  return {
    ...task,
    grade,
    earned: 0,
    runs: [],
    remarks,
    ...(blockedBy === undefined ? {} : { blockedBy }),
  }
}

function troubleOf({ problem, output }: Trouble): StartTrouble {
  const mistake = mistakeAtStart(output)
  return { problem, output, ...(mistake === undefined ? {} : { mistake }) }
}

function diagnose(run: Run, runs: readonly Run[]): Diagnosis | undefined {
  if (run.outcome.type !== 'failed') return undefined
  const { failure } = run.outcome
  // What is not heard at all looks like many a mistake.
  const mute = !isStrict(run) && waitsForCrlf(runs)
  const mistake = mute ? undefined : mistakeIn(run, failure, runs)
  return { run, failure, ...(mistake === undefined ? {} : { mistake }) }
}
