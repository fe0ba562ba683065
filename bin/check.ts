// `partyline check`: plays transcripts against a server, tells what is right and what is wrong, and
// writes the reports.

import { readCourse, type Course } from '../lib/check/course.js'
import { grade } from '../lib/check/grade.js'
import { resultText, verdictText, type Look } from '../lib/check/report/console.js'
import { tapReport } from '../lib/check/report/tap.js'
import { checkAll } from './check-batch.js'
import type { CheckOptions } from './check-options.js'
import { recordFrom } from './check-record.js'
import { beginReports, failReports, tryReports, writeReports } from './check-reports.js'
import type { Target } from './check-target.js'
import { CHECK_EXIT } from './exit-codes.js'
import { exitCodeOf, groundOf, mannerOf, stoppable, within } from './checking.js'
import { assertPrinted, print } from './printing.js'
import { UsageError } from './sources.js'

/** Does what was asked for; gives the exit code. Throws a {@link UsageError}, or an error if it cannot be printed. */
export async function check(options: CheckOptions): Promise<number> {
  // A report is not worth a crash when whoever reads it has gone.
  process.stdout.on('error', () => undefined)
  const code = await perform(options)
  assertPrinted()
  return code
}

async function perform(options: CheckOptions): Promise<number> {
  const { record, target, batch, reports } = options
  if (record !== undefined) return recordFrom(record, options.recordPort)
  if (options.list) return list(courseOf(options))
  beginReports(reports)
  try {
    const course = courseOf(options)
    tryReports(reports, course)
    if (target === undefined) throw new UsageError('check needs a server: --connect or --cmd')
    if (batch === undefined || target.type === 'running')
      return await checkOne(course, target, options)
    return await checkAll(course, batch, target, options)
  } catch (error) {
    failReports(reports, error instanceof Error ? error.message : String(error))
    throw error
  }
}

async function checkOne(course: Course, target: Target, options: CheckOptions): Promise<number> {
  const look = lookOf(options, target)
  const verdict = await stoppable((stop) =>
    within(options.deadline, stop, (signal) =>
      grade(course, groundOf(target, options), {
        ...mannerOf(options, signal),
        told(result) {
          if (!options.tap && !stop.aborted) print(resultText(result, look))
        },
      }),
    ),
  )
  print(options.tap ? tapReport(verdict, look) : verdictText(verdict, look))
  if (verdict.stopped) failReports(options.reports, 'it was stopped before its end')
  else writeReports(verdict, options.reports, look)
  return exitCodeOf(verdict)
}

/** The course that was chosen. Throws a {@link UsageError} with all that is wrong with it. */
function courseOf({ choice, abilities }: CheckOptions): Course {
  const course = readCourse(choice)
  if ('problems' in course) throw new UsageError(course.problems.join('; '))
  // One who checks stage by stage may say `--with time` each time, whether the stage needs it or not.
  const needed = ['time', ...course.tasks.flatMap(({ transcript }) => transcript.needs)]
  const unknown = abilities.find((ability) => !needed.includes(ability))
  if (unknown === undefined) return course
  const names = [...new Set(needed)].join(', ')
  throw new UsageError(`--with ${unknown}: nothing here needs that. Write one of ${names}`)
}

function lookOf({ hints }: CheckOptions, target: Target): Look {
  const place =
    target.type === 'running'
      ? `${target.address.host} ${target.address.port}`
      : `localhost ${target.port ?? 'PORT'}`
  const colour = process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === ''
  return { hints, place, colour }
}

function list({ name, tasks }: Course): number {
  const stages = [...new Set(tasks.map(({ stage }) => stage))]
  print([name])
  for (const stage of stages) {
    const own = tasks.filter((task) => task.stage === stage)
    const lines = own.map(({ transcript: { id, title, level }, points }) => {
      const worth = `${Math.round(points * 100) / 100}${level === 'MUST' ? '' : `, ${level}`}`
      return `  ${id}  ${title}  (${worth})`
    })
    print(['', `stage ${stage}`, ...lines])
  }
  return CHECK_EXIT.passed
}
