// A failure for the one who has to mend it: where, what worked, what was expected and what came,
// the bytes, what it looks like, hints, and how to see it by hand.

import type { Failure } from '../failure.js'
import type { Result } from '../grade.js'
import { PAGES } from '../mistakes/index.js'
import type { Expected, Step, Transcript } from '../transcript.js'
import { PROBE, type Run } from '../trial.js'
import { byHand } from './by-hand.js'
import { byteRows, type ByteRow } from './byte-rows.js'

/** What a reader may want of it. */
export interface Reading {
  /** How many of the author's hints to give. */
  readonly hints: number
  /** Where a person reaches the server, as `localhost 8888`. */
  readonly place: string
}

/** All of it, in parts. Every text is plain, without control characters. */
export interface Explanation {
  /** The rules and the place of the step in the documents. */
  readonly where: string
  /** The steps that worked, the last ones. */
  readonly worked: readonly string[]
  /** How many there are before those. */
  readonly before: number
  readonly here: string
  readonly expected: string
  readonly got: readonly string[]
  readonly bytes: readonly ByteRow[]
  readonly mistake?: { readonly id: string; readonly says: string; readonly page: string }
  readonly hints: readonly string[]
  /** How many hints there are in all. */
  readonly allHints: number
  readonly byHand: readonly string[]
  readonly output: readonly string[]
}

const SHOWN_STEPS = 8

/** Whether points are lost for what only SHOULD or MAY be: no report calls that a success, nor a failure of the whole. */
export function isTodo({ grade, earned, points }: Result): boolean {
  return (grade === 'not strict' || grade === 'open') && earned < points
}

/** Explains what went wrong first; undefined if nothing did. */
export function explain(result: Result, { hints, place }: Reading): Explanation | undefined {
  const { diagnosis, transcript } = result
  if (diagnosis === undefined) return undefined
  const { run, failure, mistake } = diagnosis
  const line = failure.step?.line ?? Infinity
  const worked = transcript.steps.filter((step) => step.line < line)
  return {
    where: whereOf(transcript, failure.step),
    worked: worked.slice(-SHOWN_STEPS).map(({ source }) => source),
    before: Math.max(0, worked.length - SHOWN_STEPS),
    here: failure.step?.source ?? 'the end: nobody has anything unread',
    expected: failure.expected,
    got: [gotOf(run, failure.step, failure.got), ...meanwhile(failure), ...endOf(run)],
    bytes: byteRows(run, failure, exactOf(failure.step)),
    ...(mistake === undefined
      ? {}
      : { mistake: { ...mistake, page: `${PAGES}/${mistake.id}.md` } }),
    hints: transcript.hints.slice(0, hints),
    allHints: transcript.hints.length,
    byHand: byHand(transcript, failure.step, run.wiring, place),
    output: run.aftermath.output,
  }
}

function whereOf({ rules, file, line }: Transcript, step: Step | undefined): string {
  const place = `${file}:${step?.line ?? line}`
  if (rules.length === 0) return place
  return `rule ${rules.join(', ')} (PROTOCOL.md), ${place}`
}

/** What came, and when; or who waited for how long. */
function gotOf(run: Run, step: Step | undefined, got: string): string {
  const before = run.moments.filter(({ step: at }) => at !== PROBE)
  const sent = before.findLast(({ sound }) => sound === 'sent')
  const heard = before.findLast(({ sound }) => sound === 'received')
  const waits = step !== undefined && 'actor' in step && /(^|: )nothing$/.test(got)
  if (waits) return `${got}, in ${seconds(run.waited)}`
  if (sent === undefined || heard === undefined || heard.at < sent.at) return got
  return `${got}   ${Math.round(heard.at - sent.at)} ms later`
}

/** What the others have received meanwhile that nobody asked for. */
function meanwhile({ unread, got }: Failure): readonly string[] {
  return unread.flatMap((report) =>
    report.unread
      .filter((item) => !got.includes(item))
      .map((item) => `${report.actor} has unread: ${item}`),
  )
}

function endOf({ aftermath, flooded }: Run): readonly string[] {
  const floods = flooded.map((actor) => `${actor} was sent so much that it stopped reading`)
  if (aftermath.death !== undefined) return [...floods, `the server ${aftermath.death}`]
  return aftermath.answers ? floods : [...floods, 'the server takes no more connections']
}

function exactOf(step: Step | undefined): Buffer | undefined {
  if (step?.type !== 'line') return undefined
  const expected: Expected = step.expected
  return expected.type === 'exact' ? expected.bytes : undefined
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
