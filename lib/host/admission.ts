// Who may connect: bounds on connections from one address. The core bounds the whole house.

import type { Refusal } from '../core/index.js'
import { isLoopback, networkOf } from './address.js'
import type { Limits } from './limits.js'

const MINUTE = 60_000

/** Counts connections by address. */
export class Admission {
  readonly #limits: Limits
  readonly #open = new Map<string, number>()
  #recent = new Map<string, number>()
  #minuteSince = -Infinity

  constructor(limits: Limits) {
    this.#limits = limits
  }

  /**
   * Counts a connection from `address` at `at` (milliseconds) in; says why if it may not stay. Each
   * must be counted out by {@link leave}, refused or not. Loopback is exempt: every piped script is a connection.
   */
  arrive(address: string, at: number): Refusal | undefined {
    if (isLoopback(address)) return undefined
    const network = networkOf(address)
    const { connectionsPerAddress, connectsPerMinute } = this.#limits
    const open = increment(this.#open, network)
    if (at - this.#minuteSince >= MINUTE) {
      this.#recent = new Map()
      this.#minuteSince = at
    }
    const recent = increment(this.#recent, network)
    if (open > connectionsPerAddress) {
      return { code: 'too-many-connections', max: connectionsPerAddress }
    }
    if (recent > connectsPerMinute) return { code: 'connecting-too-fast', max: connectsPerMinute }
    return undefined
  }

  /** Counts a connection out. */
  leave(address: string): void {
    if (isLoopback(address)) return
    const network = networkOf(address)
    const open = (this.#open.get(network) ?? 1) - 1
    if (open === 0) this.#open.delete(network)
    else this.#open.set(network, open)
  }
}

function increment(counts: Map<string, number>, key: string): number {
  const count = (counts.get(key) ?? 0) + 1
  counts.set(key, count)
  return count
}
