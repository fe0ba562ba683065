// What the program's exit codes mean; `--help` tells them.

/** Exit codes of all but `check` and `connect`; a load fails, a server does not. */
export const EXIT = { done: 0, couldNotRun: 1, badUsage: 2, failed: 3 } as const

/** Exit code of a server that is stopped at once, by a second signal: 128 and the number of SIGINT, as shells have it. */
export const INTERRUPTED = 130

/** Exit codes of `check`; stopped is 128 and the number of SIGINT, as shells have it, whichever signal it was. */
export const CHECK_EXIT = {
  passed: 0,
  failed: 1,
  noServer: 2,
  badUsage: 3,
  stopped: INTERRUPTED,
} as const

/** Exit codes of `connect`, by how a visit came out. */
export const CONNECT_EXIT = { done: 0, unreachable: 1, failed: 3, unmet: 4 } as const
