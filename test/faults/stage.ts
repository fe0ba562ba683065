// Where the ordeals of `npm run faults` take place: servers, the canary pair of each, and all else
// that is gone once an ordeal is over.

import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { p99 } from './canaries.js'
import type { Report } from './canary-process.js'
import { startServer, type Server, type Settings } from './scene.js'

/** What no canary may wait for, in milliseconds: but for a hundredth of the lines. */
const MOST_DELAY = 100
/** Where a bare echo takes so long, in milliseconds, it is the machine that keeps canaries waiting. */
const MOST_ECHO = 25

/** A promise under conditions that take time, many clients or a network of their own. */
export interface Ordeal {
  /** Its rows in the catalogue, such as `F-16 F-17`. */
  readonly numbers: string
  /** What is promised, in a few words. */
  readonly promise: string
  /** So many come at once that what they cost delays others for a moment: the delay is told, not judged. */
  readonly overwhelms?: true
  /** Programs of the system that it takes. */
  readonly needs?: readonly string[]
  /** Rejects if the promise is not kept; else gives the figures that came of it. */
  readonly play: (stage: Stage) => Promise<string>
}

/** The machine does other things, so that a delay would say nothing about the server. */
export class CannotTell extends Error {}

/** What one ordeal has set up. */
export class Stage {
  readonly #ends: (() => unknown)[] = []
  readonly #cages: ChildProcess[] = []

  /** Starts a server with a canary pair, who sing until the {@link verdict}. */
  async server(args: readonly string[] = [], settings: Settings = {}): Promise<Server> {
    const server = await this.quietServer(args, settings)
    await this.sing(server.url)
    return server
  }

  /** Starts a server without canaries, for one that is stopped on purpose. */
  async quietServer(args: readonly string[] = [], settings: Settings = {}): Promise<Server> {
    const server = await startServer(args, settings)
    this.after(() => server.running.stop('SIGKILL'))
    return server
  }

  /** Two canaries begin to sing, in a process of their own: what keeps this one busy is no delay of the server's. */
  async sing(url: string): Promise<void> {
    const cage = this.process('canary-process.js', url)
    await once(cage, 'message')
    this.#cages.push(cage)
  }

  /** Starts a program of this folder. */
  process(file: string, ...args: readonly string[]): ChildProcess {
    const path = fileURLToPath(new URL(file, import.meta.url))
    const child = fork(path, [...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] })
    this.after(() => child.kill('SIGKILL'))
    return child
  }

  /** Has something done when the ordeal is over, however it ends. */
  after(end: () => unknown): void {
    this.#ends.push(end)
  }

  /** What the canaries heard, in words; throws if they missed a line or waited too long, or if nobody can tell. */
  async verdict({ overwhelms }: Pick<Ordeal, 'overwhelms'>): Promise<string> {
    const reports = await Promise.all(this.#cages.map(reportOf))
    return reports
      .map((report) => judge(report, overwhelms === true ? Infinity : MOST_DELAY))
      .join('')
  }

  /** Everything that was set up goes. */
  async clear(): Promise<void> {
    for (const end of this.#ends.reverse()) await end()
  }
}

/** How many files a process has open. */
export function openFiles(pid: number | undefined): number {
  return readdirSync(`/proc/${pid ?? ''}/fd`).length
}

/** The memory that a process occupies, in MiB. */
export function residentMebibytes(pid: number | undefined): number {
  const status = readFileSync(`/proc/${pid ?? ''}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / 1024
}

/** The time of a processor that a process has used, in seconds (proc(5): utime and stime, in ticks of 10 ms). */
export function processorSeconds(pid: number | undefined): number {
  const [, fields = ''] = readFileSync(`/proc/${pid ?? ''}/stat`, 'utf8').split(') ')
  const [user, system] = fields.split(' ').slice(11, 13)
  return (Number(user) + Number(system)) / 100
}

/** Seconds since a moment of `performance.now()`. */
export function secondsSince(moment: number): number {
  return (performance.now() - moment) / 1000
}

/** Looks again and again until something holds; gives how long that took, in seconds. Throws after `patience` seconds. */
export async function until(
  holds: () => boolean | Promise<boolean>,
  what: string,
  patience = 30,
): Promise<number> {
  const start = performance.now()
  while (!(await holds())) {
    if (secondsSince(start) > patience) throw new Error(`${what}: not within ${patience} s`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  return secondsSince(start)
}

async function reportOf(cage: ChildProcess): Promise<Report> {
  const answer = once(cage, 'message')
  cage.send('stop')
  const [report] = (await answer) as [Report]
  return report
}

function judge({ song, echo }: Report, most: number): string {
  const waited = p99(song.delays)
  const text = `canaries: p99 ${waited.toFixed(1)} ms of ${song.delays.length} lines`
  if (song.wrong.length > 0) throw new Error(song.wrong.join(', '))
  if (song.delays.length === 0) throw new Error('no canary sang')
  if (waited < most) return `; ${text}`
  const bare = `a bare echo: ${p99(echo).toFixed(1)} ms`
  if (p99(echo) >= MOST_ECHO) throw new CannotTell(`${text}, but ${bare}: the machine is too busy`)
  throw new Error(`${text}, ${bare}`)
}
