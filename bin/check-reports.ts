// The files that `partyline check` writes.

import { appendFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import type { Course } from '../lib/check/course.js'
import type { Verdict } from '../lib/check/grade.js'
import { csvHead, csvRow, jsonReport, stagesOf } from '../lib/check/report/data.js'
import type { Reading } from '../lib/check/report/explain.js'
import { gradescopeFailure, gradescopeReport } from '../lib/check/report/gradescope.js'
import { htmlReport } from '../lib/check/report/html.js'
import { junitReport } from '../lib/check/report/junit.js'
import { REPORTS, type Reports } from './check-options.js'
import { UsageError } from './sources.js'
import { tryFile } from './try-file.js'

/** A file, and how it is written; that throws what the file system does. */
interface Report {
  readonly file: string
  readonly write: () => void
}

/**
 * Gradescope shows nothing, or an older result, if its file is not written: so it says from the
 * beginning that there are no points until there are. Throws a {@link UsageError} if it cannot be written.
 */
export function beginReports({ gradescope }: Reports): void {
  writeAll(reportTo(gradescope, () => gradescopeFailure('The check did not come to its end.')))
}

/**
 * Tries whether all files can be written, before a run that takes long. Throws a {@link UsageError} with all
 * that cannot.
 */
export function tryReports(reports: Reports, { tasks }: Course): void {
  const files = REPORTS.flatMap((kind) => reports[kind] ?? [])
  writeAll(
    files.map((file) => ({
      file,
      write() {
        tryFile(file)
      },
    })),
  )
  const { csv } = reports
  if (csv !== undefined) checkColumns(csv, csvHead(stagesOf(tasks)))
}

/** The check itself has failed, and nothing is known of the server. */
export function failReports({ gradescope }: Reports, why: string): void {
  writeAll(reportTo(gradescope, () => gradescopeFailure(`The check could not be done: ${why}`)))
}

/**
 * Writes all that were asked for, about one server. Throws a {@link UsageError} with all files that cannot be
 * written, once the others are.
 */
export function writeReports(verdict: Verdict, reports: Reports, reading: Reading): void {
  const { junit, gradescope, json } = reports
  writeAll([
    ...reportTo(gradescope, () => gradescopeReport(verdict, reading)),
    ...reportTo(junit, () => junitReport(verdict, reading)),
    ...reportTo(json, () => jsonReport(verdict, reading)),
    ...classReports([verdict], reports, reading),
  ])
}

/** The same of those that are about many servers. */
export function writeClassReports(
  verdicts: readonly Verdict[],
  reports: Reports,
  reading: Reading,
): void {
  writeAll(classReports(verdicts, reports, reading))
}

function classReports(
  verdicts: readonly Verdict[],
  { csv, html }: Reports,
  reading: Reading,
): readonly Report[] {
  const [first] = verdicts
  const pages = reportTo(html, () => htmlReport(verdicts, reading))
  if (csv === undefined || first === undefined) return pages
  const write = (): void => {
    const head = firstLineOf(csv) === '' ? csvHead(stagesOf(first.results)) : ''
    appendFileSync(csv, head + verdicts.map(csvRow).join(''))
  }
  return [...pages, { file: csv, write }]
}

function reportTo(file: string | undefined, text: () => string): readonly Report[] {
  if (file === undefined) return []
  const write = (): void => {
    writeFileSync(file, text())
  }
  return [{ file, write }]
}

/** Writes what can be written. Throws a {@link UsageError} with all that cannot. */
function writeAll(reports: readonly Report[]): void {
  const problems = reports.flatMap(({ file, write }) => {
    try {
      write()
      return []
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      return [`${file} cannot be written (${reason})`]
    }
  })
  if (problems.length > 0) throw new UsageError(problems.join('; '))
}

/** A row under the columns of other stages would put points where they are not from. */
function checkColumns(csv: string, head: string): void {
  const present = firstLineOf(csv)
  if (present === '' || present === head.trimEnd()) return
  throw new UsageError(
    `--csv ${csv}: its columns are ${present}, and this run has ${head.trimEnd()}. ` +
      'Choose the same stages as before, or name another file',
  )
}

/** Without its line end, and without the mark that some spreadsheets write before it. */
function firstLineOf(file: string): string {
  if (!existsSync(file) || !statSync(file).isFile()) return ''
  const [line = ''] = readFileSync(file, 'utf8').split(/\r?\n/)
  return line.replace(/^\ufeff/, '')
}
