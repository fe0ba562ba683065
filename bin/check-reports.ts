// The files that `partyline check` writes.

import { appendFileSync, existsSync, writeFileSync } from 'node:fs'
import type { Verdict } from '../lib/check/grade.js'
import { csvHead, csvRow, jsonReport } from '../lib/check/report/data.js'
import type { Reading } from '../lib/check/report/explain.js'
import { gradescopeFailure, gradescopeReport } from '../lib/check/report/gradescope.js'
import { htmlReport } from '../lib/check/report/html.js'
import { junitReport } from '../lib/check/report/junit.js'
import type { Reports } from './check-options.js'
import { UsageError } from './sources.js'

/**
 * Gradescope shows nothing, or an older result, if its file is not written: so it says from the
 * beginning that there are no points until there are.
 */
export function beginReports({ gradescope }: Reports): void {
  if (gradescope === undefined) return
  write(gradescope, gradescopeFailure('The check did not come to its end.'))
}

/** The check itself has failed, and nothing is known of the server. */
export function failReports({ gradescope }: Reports, why: string): void {
  if (gradescope === undefined) return
  write(gradescope, gradescopeFailure(`The check could not be done: ${why}`))
}

/** Writes all that were asked for, about one server. Throws a {@link UsageError} if a file cannot be written. */
export function writeReports(verdict: Verdict, reports: Reports, reading: Reading): void {
  const { junit, gradescope, json } = reports
  if (gradescope !== undefined) write(gradescope, gradescopeReport(verdict, reading))
  if (junit !== undefined) write(junit, junitReport(verdict, reading))
  if (json !== undefined) write(json, jsonReport(verdict, reading))
  writeClassReports([verdict], reports, reading)
}

/** Writes those that are about many servers too. */
export function writeClassReports(
  verdicts: readonly Verdict[],
  { csv, html }: Reports,
  reading: Reading,
): void {
  if (html !== undefined) write(html, htmlReport(verdicts, reading))
  const [first] = verdicts
  if (csv === undefined || first === undefined) return
  const head = existsSync(csv) ? '' : csvHead(first)
  const rows = verdicts.map(csvRow).join('')
  attempt(csv, () => {
    appendFileSync(csv, head + rows)
  })
}

function write(file: string, text: string): void {
  attempt(file, () => {
    writeFileSync(file, text)
  })
}

function attempt(file: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${file} cannot be written (${reason})`)
  }
}
