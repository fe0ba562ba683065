// What a check of one server and of many have in common: how to grade, until when, and what the exit
// code is.

import { STOPPED, type Manner, type Verdict } from '../lib/check/grade.js'
import { openGround, ownGround, type Ground } from '../lib/check/ground.js'
import { endAll } from '../lib/check/launch.js'
import type { CheckOptions } from './check-options.js'
import type { Target } from './check-target.js'
import { CHECK_EXIT } from './exit-codes.js'

/** See {@link CHECK_EXIT}; who chooses nothing that can be played has not chosen well. */
export function exitCodeOf({ stopped, trouble, results }: Verdict): number {
  if (stopped) return CHECK_EXIT.stopped
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

/** Gives work a signal that Ctrl-C aborts, as does whatever else asks the program to end; no server outlives it. */
export async function stoppable<Value>(
  work: (stop: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const stop = new AbortController()
  const abort = (): void => {
    stop.abort(STOPPED)
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of signals) process.on(name, abort)
  process.on('exit', endAll)
  try {
    return await work(stop.signal)
  } finally {
    for (const name of signals) process.off(name, abort)
    process.off('exit', endAll)
    endAll()
  }
}

/** Gives work a signal that is aborted after so many milliseconds or as `stop` is; all servers end with it. */
export async function within<Value>(
  deadline: number,
  stop: AbortSignal,
  work: (signal: AbortSignal) => Promise<Value>,
): Promise<Value> {
  const over = new AbortController()
  const abort = (reason?: string): void => {
    over.abort(reason)
    endAll()
  }
  const timer = setTimeout(abort, deadline)
  const onStop = (): void => {
    abort(STOPPED)
  }
  stop.addEventListener('abort', onStop)
  if (stop.aborted) onStop()
  try {
    return await work(over.signal)
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', onStop)
    endAll()
  }
}
