// A whole load on a server: crowds in one room or many that talk at once, what they were
// delivered, and whether this process was fast enough to tell.

import type { Place } from './client.js'
import { Crowd, type Manner } from './crowd.js'
import { Latencies } from './latencies.js'
import { Wording } from './wording.js'

/** From this share of the time on in which this process was busy, it may be what was measured. */
const BUSY = 0.9

/** What is said to whom, and for how long. */
export interface Load extends Manner {
  readonly place: Place
  /** What the nicknames and rooms of this load begin with: a letter, then letters and digits. */
  readonly prefix: string
  readonly clients: number
  /** How many rooms the clients and the speakers are dealt into; 0 for the lobby. */
  readonly rooms: number
  readonly textBytes: number
  /** How long is measured; a fifth of it goes before as a warm-up. */
  readonly seconds: number
}

/** What was measured of it. */
export interface Measured {
  /** Time until all were registered, in seconds. */
  readonly registrationSeconds: number
  /** Lines received, counted at each receiver, in so many seconds. */
  readonly deliveries: number
  readonly seconds: number
  /** By how much the meter of {@link runLoad} grew meanwhile; 0 without one. */
  readonly used: number
  /** From the time a line was due to be said until a receiver had it. */
  readonly latencies: Latencies
  /** The share of the time in which this process was busy, from 0 to 1. */
  readonly busy: number
}

/** Whether the figures may say more of this process than of the server. */
export function isBottleneck({ busy }: Measured): boolean {
  return busy >= BUSY
}

/**
 * Puts a load on a server and verifies what comes of it; throws a `Fault` if that is wrong. `tell` is
 * told each step, and every second how far it is; `meter` reads what is to be measured beside, as the CPU time of the server.
 */
export async function runLoad(
  load: Load,
  tell: (step: string) => void = () => undefined,
  meter: () => number = () => 0,
): Promise<Measured> {
  const crowds = crowdsOf(load)
  try {
    tell(`${load.clients} clients register`)
    const began = performance.now()
    for (const { crowd, clients } of crowds) await crowd.register(clients)
    const registrationSeconds = (performance.now() - began) / 1000
    const talk = async (seconds: number): Promise<void> => {
      const started = performance.now()
      const progress = setInterval(() => {
        const passed = Math.floor((performance.now() - started) / 1000)
        tell(`${passed} of ${seconds} s: ${deliveries()} lines delivered`)
      }, 1000)
      try {
        await Promise.all(crowds.map(({ crowd }) => crowd.talk(seconds)))
      } finally {
        clearInterval(progress)
      }
    }
    const deliveries = (): number => crowds.reduce((sum, { crowd }) => sum + crowd.deliveries, 0)
    tell('they warm up')
    await talk(load.seconds / 5)
    for (const { crowd } of crowds) crowd.latencies = new Latencies()
    tell(`they talk for ${load.seconds} s`)
    const before = { deliveries: deliveries(), used: meter(), at: performance.now() }
    const usage = performance.eventLoopUtilization()
    await talk(load.seconds)
    const measured = {
      deliveries: deliveries() - before.deliveries,
      seconds: (performance.now() - before.at) / 1000,
      used: meter() - before.used,
      busy: performance.eventLoopUtilization(usage).utilization,
    }
    tell('what they got is compared')
    const latencies = new Latencies()
    for (const { crowd } of crowds) {
      await crowd.verify()
      latencies.addAll(crowd.latencies)
    }
    return { registrationSeconds, ...measured, latencies }
  } finally {
    for (const { crowd } of crowds) crowd.close()
  }
}

/** A crowd for each room, with as many clients and speakers as the others, or one more. */
function crowdsOf(load: Load): readonly { readonly crowd: Crowd; readonly clients: number }[] {
  const { place, prefix, textBytes, rooms } = load
  let first = 0
  return Array.from({ length: Math.max(1, rooms) }, (_, n) => {
    const room = rooms === 0 ? undefined : `${prefix}${n}`
    const wording = new Wording({ prefix, textBytes, room })
    const listeners = share(load.clients - load.speakers, rooms, n)
    const speakers = share(load.speakers, rooms, n)
    const crowd = new Crowd(place, wording, { ...load, speakers }, first)
    first += speakers + listeners
    return { crowd, clients: speakers + listeners }
  })
}

/** The n-th of so many shares of a whole; all of it if there are none. */
function share(whole: number, shares: number, n: number): number {
  if (shares === 0) return whole
  return Math.floor(whole / shares) + Number(n < whole % shares)
}
