// What is measured of a server: its CPU time while clients talk, its memory while they are silent.
// The clients are in this process, the server is another, and only the server's use is counted.

import type { Place } from '../lib/bench/client.js'
import { Crowd } from '../lib/bench/crowd.js'
import { Fault } from '../lib/bench/fault.js'
import { runLoad, type Load, type Measured } from '../lib/bench/load.js'
import { Wording } from '../lib/bench/wording.js'
import { cpuSeconds, residentBytes } from './process-usage.js'

/** A server under load. */
export interface Target {
  readonly port: number
  readonly pid: number
  readonly interpret?: Place['interpret']
  readonly connecting?: Place['connecting']
}

/** How much is said to how many, and for how long. */
export interface FanoutPlan extends Pick<Load, 'clients' | 'speakers' | 'window' | 'seconds'> {
  /** How many rooms they are dealt into; all in the lobby if left out. */
  readonly rooms?: number
  /** How many more join the lobby and read nothing; none if left out. */
  readonly stalled?: number
  readonly stallSeconds: number
  /** What nicknames begin with; `b` if left out. */
  readonly prefix?: string
}

/** The figure, or what the server did wrong meanwhile. */
export type Outcome<Figure> = { readonly figure: Figure } | { readonly fault: string }

const FORM = { prefix: 'b', textBytes: 80 }
/** Where the nicknames of those who do not talk begin. */
const SILENT = 50_000
const HOST = '127.0.0.1'
/** How long an idle server is left alone before its memory is read. */
const HOLD_MS = 1000
/** A line that goes missing in registration is not waited for longer than this. */
const STALL_SECONDS = 10

/** Measures what deliveries cost (`used` is CPU seconds of the server), and verifies them. */
export async function measureFanout(
  target: Target,
  { rooms = 0, stalled = 0, ...plan }: FanoutPlan,
): Promise<Outcome<Measured>> {
  const load = { ...FORM, ...plan, rooms, place: { host: HOST, ...target } }
  return withSilent(target, async (silent) => {
    await silent.register(stalled)
    silent.stall()
    return runLoad(load, undefined, () => cpuSeconds(target.pid))
  })
}

/** Measures resident memory per registered connection that does nothing, in bytes. */
export async function measureIdle(target: Target, clients: number): Promise<Outcome<number>> {
  return withSilent(target, async (silent) => {
    await silent.register(1)
    const before = residentBytes(target.pid)
    await silent.register(1 + clients)
    await new Promise((resolve) => setTimeout(resolve, HOLD_MS))
    return (residentBytes(target.pid) - before) / clients
  })
}

/** Measures something beside clients who say nothing, in the lobby or in a room. */
export async function withSilent<Figure>(
  target: Target,
  measure: (silent: Crowd) => Promise<Figure>,
  room?: string,
): Promise<Outcome<Figure>> {
  const manner = { speakers: 0, window: 0, stallSeconds: STALL_SECONDS }
  const place = { host: HOST, ...target }
  const silent = new Crowd(place, new Wording({ ...FORM, room }), manner, SILENT)
  try {
    return { figure: await measure(silent) }
  } catch (error) {
    if (error instanceof Fault) return { fault: error.message }
    throw error
  } finally {
    silent.close()
  }
}
