// What is measured of a server: its CPU time while a crowd talks, its memory while one is silent.
// The crowd is in this process, the server is another, and only the server's use is counted.

import { Crowd, Fault, type Manner } from './crowd.js'
import { cpuSeconds, residentBytes } from './process-usage.js'

/** A server under load. */
export interface Target {
  readonly port: number
  readonly pid: number
}

/** How much is said to how many, and for how long. */
export interface FanoutPlan extends Manner {
  readonly clients: number
  /** How long is measured; a fifth of it goes before as a warm-up. */
  readonly seconds: number
}

/** What a talking crowd cost the server. */
export interface Fanout {
  /** Lines received, counted at each receiver. */
  readonly deliveries: number
  /** Time by the clock. */
  readonly seconds: number
  /** Time of the server's CPU, user and system. */
  readonly cpuSeconds: number
}

/** The figure, or what the server did wrong meanwhile. */
export type Outcome<Figure> = { readonly figure: Figure } | { readonly fault: string }

/** How long an idle server is left alone before its memory is read. */
const HOLD_MS = 1000

/** A line that goes missing in registration is not waited for longer than this. */
const STALL_SECONDS = 10

/** Measures what deliveries cost, and verifies them. */
export async function measureFanout(target: Target, plan: FanoutPlan): Promise<Outcome<Fanout>> {
  return withCrowd(new Crowd(target.port, plan), async (crowd) => {
    await crowd.register(plan.clients)
    await crowd.talk(plan.seconds / 5)
    const before = {
      deliveries: crowd.deliveries,
      cpu: cpuSeconds(target.pid),
      at: performance.now(),
    }
    await crowd.talk(plan.seconds)
    const fanout = {
      deliveries: crowd.deliveries - before.deliveries,
      seconds: (performance.now() - before.at) / 1000,
      cpuSeconds: cpuSeconds(target.pid) - before.cpu,
    }
    await crowd.verify()
    return fanout
  })
}

/** Measures resident memory per registered connection that does nothing, in bytes. */
export async function measureIdle(target: Target, clients: number): Promise<Outcome<number>> {
  const silent = { speakers: 0, window: 0, stallSeconds: STALL_SECONDS }
  return withCrowd(new Crowd(target.port, silent), async (crowd) => {
    await crowd.register(1)
    const before = residentBytes(target.pid)
    await crowd.register(1 + clients)
    await new Promise((resolve) => setTimeout(resolve, HOLD_MS))
    return (residentBytes(target.pid) - before) / clients
  })
}

async function withCrowd<Figure>(
  crowd: Crowd,
  measure: (crowd: Crowd) => Promise<Figure>,
): Promise<Outcome<Figure>> {
  try {
    return { figure: await measure(crowd) }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message }
    throw error
  } finally {
    crowd.close()
  }
}
