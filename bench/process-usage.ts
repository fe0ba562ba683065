// What a process has used, from Linux's /proc; other systems have no such files.

import { existsSync, readFileSync } from 'node:fs'

/** The unit of CPU time in /proc, which is 100 a second on every architecture that Node runs on (proc(5), USER_HZ). */
const TICKS_PER_SECOND = 100

/** Whether this system tells. */
export function canReadUsage(): boolean {
  return existsSync('/proc/self/stat')
}

/** CPU seconds that the process has used so far, user and system, all threads, in steps of 10 ms. */
export function cpuSeconds(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The second field is the program's name in parentheses and may hold anything; utime and stime are the 14th and 15th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND
}

/** Resident memory of the process, in bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1]) * 1024
}
