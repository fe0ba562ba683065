// `partyline check`: plays transcripts against a server, tells what is right and what is wrong, and
// writes the reports.

import { readCourse, type Course } from '../lib/check/course.js'
import { grade, type Manner, type Verdict } from '../lib/check/grade.js'
import { openGround, ownGround, type Ground } from '../lib/check/ground.js'
import { endAll } from '../lib/check/launch.js'
import { resultText, verdictText, type Look } from '../lib/check/report/console.js'
import type { CheckOptions, Target } from './check-options.js'
import { UsageError } from './sources.js'

/** Exit codes of `check`, as its help tells them. */
export const CHECK_EXIT = { passed: 0, failed: 1, noServer: 2, badUsage: 3 } as const

/** Does what was asked for; gives the exit code. Throws a {@link UsageError}. */
export async function check(options: CheckOptions): Promise<number> {
  const course = courseOf(options)
  if (options.list) return list(course)
  const { target } = options
  if (target === undefined) throw new UsageError('check needs a server: --connect or --cmd')
  const look = lookOf(options, target)
  const verdict = await watched(options.deadline, (signal) =>
    grade(course, groundOf(target, options), {
      ...mannerOf(options, signal),
      told(result) {
        print(resultText(result, look))
      },
    }),
  )
  print(verdictText(verdict, look))
  return exitCodeOf(verdict)
}

/** 0, 1 or 2: see {@link CHECK_EXIT}. */
export function exitCodeOf({ trouble, results }: Verdict): number {
  if (trouble !== undefined) return CHECK_EXIT.noServer
  const bad = results.some(({ grade: judged }) => ['failed', 'blocked', 'not run'].includes(judged))
  return bad ? CHECK_EXIT.failed : CHECK_EXIT.passed
}

/** The course that was chosen. Throws a {@link UsageError} with all that is wrong with it. */
export function courseOf({ choice }: CheckOptions): Course {
  const course = readCourse(choice)
  if ('problems' in course) throw new UsageError(course.problems.join('; '))
  return course
}

/** How to grade, but for who is told. */
export function mannerOf(options: CheckOptions, signal: AbortSignal): Omit<Manner, 'told'> {
  const { patience, abilities, jobs, wirings } = options
  return { patience, abilities, jobs, signal, ...(wirings === undefined ? {} : { wirings }) }
}

/** The server, or the supply of servers, that was asked for. */
export function groundOf(target: Target, { startPatience }: CheckOptions): Ground {
  if (target.type === 'running') return openGround(target.address, startPatience)
  return ownGround({ ...target, patience: startPatience })
}

/** Gives work a signal that is aborted after so many milliseconds or by Ctrl-C; no server outlives it. */
export async function watched<Value>(
  deadline: number,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const over = new AbortController()
  const abort = (): void => {
    over.abort()
  }
  const timer = setTimeout(abort, deadline)
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, abort)
  process.on('exit', endAll)
  try {
    return await work(over.signal)
  } finally {
    clearTimeout(timer)
    for (const name of signals) process.off(name, abort)
    endAll()
  }
}

/** Prints lines. */
export function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
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
    print(['', `stage ${stage}`])
    print(
      own.map(({ transcript: { id, title, level }, points }) => {
        const level_ = level === 'MUST' ? '' : `, ${level}`
        return `  ${id}  ${title}  (${Math.round(points * 100) / 100}${level_})`
      }),
    )
  }
  return CHECK_EXIT.passed
}
