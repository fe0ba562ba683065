// `partyline check --batch`: every server in a folder, with a line of progress for each.

import { existsSync, statSync } from 'node:fs'
import { submissionsIn } from '../lib/check/batch.js'
import type { Course } from '../lib/check/course.js'
import { grade, type Verdict } from '../lib/check/grade.js'
import { number } from '../lib/check/report/console.js'
import type { CheckOptions } from './check-options.js'
import { exitCodeOf, groundOf, mannerOf, stoppable, within } from './checking.js'
import { writeClassReports } from './check-reports.js'
import type { Target } from './check-target.js'
import { CHECK_EXIT } from './exit-codes.js'
import { print } from './printing.js'
import { UsageError } from './sources.js'

/** Checks each; gives the exit code. Throws a {@link UsageError}. */
export async function checkAll(
  course: Course,
  folder: string,
  target: Target & { readonly type: 'command' },
  options: CheckOptions,
): Promise<number> {
  if (!existsSync(folder)) throw new UsageError(`--batch ${folder}: there is no such folder`)
  if (!statSync(folder).isDirectory()) {
    throw new UsageError(`--batch ${folder}: that is no folder. Name the one with the servers`)
  }
  const submissions = submissionsIn(folder, target.line)
  if (submissions.length === 0) throw new UsageError(`--batch ${folder}: the folder is empty`)
  const width = Math.max(...submissions.map(({ name }) => name.length))
  const verdicts = await stoppable(async (stop) => {
    const judged: Verdict[] = []
    for (const [index, { name, line }] of submissions.entries()) {
      const ground = groundOf({ ...target, line }, options)
      const verdict = await within(options.deadline, stop, (signal) =>
        grade(course, { ...ground, name }, { ...mannerOf(options, signal), told: () => undefined }),
      )
      // What was seen of a server until then is no mark.
      if (verdict.stopped) break
      judged.push(verdict)
      print([`${index + 1}/${submissions.length}  ${name.padEnd(width)}  ${summary(verdict)}`])
    }
    return judged
  })
  writeClassReports(verdicts, options.reports, { hints: options.hints, place: 'localhost PORT' })
  if (verdicts.length < submissions.length) {
    print([`Stopped after ${verdicts.length} of ${submissions.length}: the others have no mark.`])
    return CHECK_EXIT.stopped
  }
  const codes = verdicts.map(exitCodeOf)
  const [first = CHECK_EXIT.passed] = codes
  return codes.every((code) => code === first) ? first : CHECK_EXIT.failed
}

function summary({ score, max, milliseconds, trouble, results }: Verdict): string {
  if (trouble !== undefined) return `no server: ${trouble.problem}`
  const seen = results.flatMap(({ diagnosis, grade: judged }) =>
    judged === 'failed' && diagnosis?.mistake !== undefined ? [diagnosis.mistake.id] : [],
  )
  const points = `${number(score)}/${number(max)}`
  return `${points.padStart(7)}  ${(milliseconds / 1000).toFixed(0)} s  ${[...new Set(seen)].join(', ')}`
}
