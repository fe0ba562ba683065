// The report for programs: JSON with everything that happened on the wire, and a row of CSV.

import type { Task } from '../course.js'
import type { Result, Verdict } from '../grade.js'
import { shown } from '../../wire/shown.js'
import type { Run } from '../trial.js'
import { explain, type Reading } from './explain.js'

/** Everything, as JSON. Bytes are hex, beside a text in which what cannot be seen is escaped. */
export function jsonReport(verdict: Verdict, reading: Reading): string {
  const { results, began, ...rest } = verdict
  const document = {
    ...rest,
    began: began.toISOString(),
    results: results.map((result) => resultData(result, reading)),
  }
  return `${JSON.stringify(document, null, 1)}\n`
}

/** A row of a gradebook with its line end. Every run of the same course has the same columns. */
export function csvRow({ began, target, score, max, results, trouble }: Verdict): string {
  const cells = stagesOf(results).map((stage) => sumOf(stage, results))
  const all = [began.toISOString(), target, score, max, ...cells, trouble?.problem ?? '']
  return `${all.map(cell).join(',')}\r\n`
}

/** The names of the columns where these stages are played, with the line end. */
export function csvHead(stages: readonly string[]): string {
  return `${['time', 'server', 'score', 'max', ...stages, 'trouble'].map(cell).join(',')}\r\n`
}

/** The stages of tasks or results, each once, in their order. */
export function stagesOf(tasks: readonly Pick<Task, 'stage'>[]): readonly string[] {
  return [...new Set(tasks.map(({ stage }) => stage))]
}

function resultData(result: Result, reading: Reading): object {
  const { transcript, stage, grade, earned, points, remarks, blockedBy, diagnosis, runs } = result
  const { id, title, rules, level, file, line } = transcript
  const explanation = explain(result, reading)
  return {
    ...{ id, title, stage, grade, earned, points, level, rules, file, line, remarks, blockedBy },
    mistake: diagnosis?.mistake?.id ?? result.trouble?.mistake?.id,
    wiring: diagnosis?.run.wiring,
    step: explanation?.here,
    expected: explanation?.expected,
    got: explanation?.got,
    runs: runs.map(runData),
  }
}

function runData({ wiring, outcome, milliseconds, moments, flooded, aftermath }: Run): object {
  return {
    wiring,
    outcome: outcome.type,
    milliseconds,
    flooded,
    ...(outcome.type === 'failed' ? { aftermath } : {}),
    wire: moments.map(({ bytes, at, ...moment }) => ({
      ...moment,
      at: Math.round(at * 1000) / 1000,
      ...(bytes.length === 0 ? {} : { hex: bytes.toString('hex'), text: shown(bytes) }),
    })),
  }
}

/** What a stage has earned; an empty text where all of it was skipped, for that is not the same as none. */
function sumOf(stage: string, results: readonly Result[]): number | '' {
  const counted = results.filter((result) => result.stage === stage && result.grade !== 'skipped')
  return counted.length === 0 ? '' : counted.reduce((sum, { earned }) => sum + earned, 0)
}

/** RFC 4180; a value that a spreadsheet would take for a formula is a text there. */
function cell(value: string | number): string {
  const text = typeof value === 'number' ? String(Math.round(value * 100) / 100) : value
  const safe = /^[=+\-@]/.test(text) && typeof value === 'string' ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
