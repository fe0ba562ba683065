// The host's one clock.

import { performance } from 'node:perf_hooks'

/** Tells the time in milliseconds since 1970; never goes back. */
export type Clock = () => number

/**
 * The time of day when the process started, plus what a monotonic clock has counted since: a
 * change of the system's time neither fires nor delays a deadline.
 */
export const monotonic: Clock = () => performance.timeOrigin + performance.now()
