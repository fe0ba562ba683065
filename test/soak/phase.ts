// A time of a soak: visits with a canary among them, from nobody to nobody.

import { clockTime, type Progress } from '../../lib/bench/progress.js'
import { Canary } from './canary.js'
import type { VisitingCrowd } from './crowd.js'
import type { SoakServer } from './server.js'
import { pause } from './visitor.js'

/** In bytes. */
export const MEBIBYTE = 1024 * 1024

/** A time of visits with a canary in it, from nobody to nobody. */
export class Phase {
  /** The most that the server had at a time: open descriptors, and resident bytes. */
  mostDescriptors = 0
  mostResident = 0
  /** What the canary found, and its figures in a line. */
  faults: readonly string[] = []
  canaryText = ''
  readonly #server: SoakServer
  readonly #crowd: VisitingCrowd
  readonly #progress: Progress

  constructor(server: SoakServer, crowd: VisitingCrowd, progress: Progress) {
    this.#server = server
    this.#crowd = crowd
    this.#progress = progress
  }

  /** Keeps so many clients at a time there for so long, and resolves when all are gone. */
  async run(milliseconds: number, clients: number): Promise<void> {
    const canary = await Canary.at(this.#server.ports.get('line') ?? 0)
    const end = performance.now() + milliseconds
    while (performance.now() < end && this.#server.runs) {
      this.#crowd.fill(clients)
      this.#look(canary, end)
      await pause(200)
    }
    await this.#crowd.leave()
    await canary.leave()
    this.faults = canary.faults
    this.canaryText = textOf(canary)
  }

  #look(canary: Canary, end: number): void {
    const { descriptors, resident } = this.#server
    this.mostDescriptors = Math.max(this.mostDescriptors, descriptors)
    this.mostResident = Math.max(this.mostResident, resident)
    this.#progress.show(
      () =>
        `${clockTime(end - performance.now())} left, ${this.#crowd.size} clients, ${this.#crowd.count} gone, ` +
        `${descriptors} descriptors, ${mebibytes(resident)} resident, ${textOf(canary)}`,
    )
  }
}

function textOf({ heard, latencies, faults }: Canary): string {
  const [half, most] = [50, 99].map((percent) => latencies.percentile(percent).toFixed(1))
  return `canary: ${heard} lines, ${faults.length} faults, p50 ${half} ms, p99 ${most} ms, max ${latencies.max.toFixed(0)} ms`
}

/** Bytes for a reader. */
export function mebibytes(bytes: number): string {
  return `${(bytes / MEBIBYTE).toFixed(1)} MiB`
}
