// Those who are there at a time: whenever one goes, another comes.

import { VISITS, someKind, type Surroundings } from './visits.js'

/** A crowd that visits a server. */
export class VisitingCrowd {
  /** How many visits of each kind have ended. */
  readonly ended = new Map<string, number>()
  /** What was not as it must be. */
  readonly faults: string[] = []
  readonly #ports: Surroundings['ports']
  readonly #random: () => number
  readonly #present = new Set<Promise<void>>()
  #last = 0

  constructor(ports: Surroundings['ports'], random: () => number) {
    this.#ports = ports
    this.#random = random
  }

  /** How many are there. */
  get size(): number {
    return this.#present.size
  }

  /** How many have been there and gone. */
  get count(): number {
    return [...this.ended.values()].reduce((sum, count) => sum + count, 0)
  }

  /** Lets new ones come until so many are there. */
  fill(size: number): void {
    while (this.#present.size < size) {
      const visit = this.#visit(someKind(this.#random), `v${++this.#last}`).finally(() =>
        this.#present.delete(visit),
      )
      this.#present.add(visit)
    }
  }

  /** Resolves once all are gone. */
  async leave(): Promise<void> {
    await Promise.all(this.#present)
  }

  async #visit(kind: string, nick: string): Promise<void> {
    const [, visit] = VISITS.get(kind) ?? []
    const fault = await visit?.({ ports: this.#ports, random: this.#random, nick })
    if (fault !== undefined) this.faults.push(`${kind}: ${fault}`)
    this.ended.set(kind, (this.ended.get(kind) ?? 0) + 1)
  }
}
