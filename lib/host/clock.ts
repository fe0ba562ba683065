// The host's clocks: one for deadlines, one for what is remembered.

import { performance } from 'node:perf_hooks'

/** Tells the time in milliseconds. */
export type Clock = () => number

/** What both clocks of a host say, in milliseconds. */
export interface Moment {
  /** Of the clock for deadlines. */
  readonly clock: number
  /** Since 1970. */
  readonly timeOfDay: number
}

/** Milliseconds since the process started, by a clock that nobody sets: a change of the system's time neither fires nor delays a deadline. */
export const monotonic: Clock = () => performance.now()

/** The system's time of day, in milliseconds since 1970; it may be set back or forth. */
export const timeOfDay: Clock = () => Date.now()
