// What a check of one server and of many have in common: how to grade, until when, and what the exit
// code is.

import type { Manner, Verdict } from '../lib/check/grade.js'
import { openGround, ownGround, type Ground } from '../lib/check/ground.js'
import { endAll } from '../lib/check/launch.js'
import type { CheckOptions } from './check-options.js'
import type { Target } from './check-target.js'
import { CHECK_EXIT } from './exit-codes.js'

/** See {@link CHECK_EXIT}; who chooses nothing that can be played has not chosen well. */
export function exitCodeOf({ trouble, results }: Verdict): number {
  if (trouble !== undefined) return CHECK_EXIT.noServer
  if (results.every(({ grade }) => grade === 'skipped')) return CHECK_EXIT.badUsage
  const bad = results.some(({ grade }) => ['failed', 'blocked', 'not run'].includes(grade))
  return bad ? CHECK_EXIT.failed : CHECK_EXIT.passed
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
    endAll()
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
    process.off('exit', endAll)
    endAll()
  }
}

/** Prints lines. */
export function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}
