// What a command costs the server, apart from deliveries: in a house of many rooms, and in a room
// of many members.

import { Client, type Listener, type Place } from '../lib/bench/client.js'
import { Fault } from '../lib/bench/fault.js'
import { withSilent, type Outcome, type Target } from './load.js'
import { cpuSeconds } from './process-usage.js'

/** Rounds of commands in one write, and visitors that come at once; the next leave when these are answered. */
const BURST = 50
/**
 * For each second asked for so many commands or visits are measured at least, and as many go before: what
 * is not compiled yet costs several times as much, and on a busy machine a second is soon over.
 */
const LEAST = { commands: 10_000, visits: 400 }
/** How long the last visitors may take to be gone. */
const LEAVE_MS = 200
/** The other rooms are kept by so many clients, as one user is in few: what his rooms cost him is no news. */
const ROOMS_A_KEEPER = 20

/** How much is to be there while commands are measured, and for how long they are. */
export interface CommandPlan {
  readonly rooms: number
  readonly members: number
  readonly seconds: number
}

/** CPU seconds of the server for each `!enter` and each `!leave`, in one of so many rooms with so many members. */
export async function measureCommands(
  target: Target,
  { rooms, members, seconds }: CommandPlan,
): Promise<Outcome<number>> {
  const [room, ...others] = Array.from({ length: rooms }, (_, n) => `room${n}`)
  return withSilent(
    target,
    async (silent) => {
      await silent.register(members)
      const place = { host: '127.0.0.1', port: target.port }
      const keepers: Visitor[] = []
      const visitor = new Visitor(place, 'visitor')
      try {
        await visitor.say([])
        for (let n = 0; n < others.length; n += ROOMS_A_KEEPER) {
          const keeper = new Visitor(place, `keeper${n}`)
          keepers.push(keeper)
          const kept = others.slice(n, n + ROOMS_A_KEEPER)
          await keeper.say(kept.map((other) => `!enter ${other}`))
        }
        const visit = [`!enter ${room ?? ''}`, `!leave ${room ?? ''}`]
        const least = LEAST.commands * seconds
        await repeat(() => say(visitor, visit), seconds / 5, least)
        const before = cpuSeconds(target.pid)
        const commands = await repeat(() => say(visitor, visit), seconds, least)
        return (cpuSeconds(target.pid) - before) / commands
      } finally {
        for (const client of [visitor, ...keepers]) client.close()
      }
    },
    room,
  )
}

/** How many members the room has that is visited, and for how long that is done. */
export type VisitPlan = Pick<CommandPlan, 'members' | 'seconds'>

/** CPU seconds of the server for each client that connects, takes a nickname, enters a room with so many members, and disconnects. */
export async function measureVisits(
  target: Target,
  { members, seconds }: VisitPlan,
): Promise<Outcome<number>> {
  const room = 'room0'
  return withSilent(
    target,
    async (silent) => {
      await silent.register(members)
      const place = { host: '127.0.0.1', port: target.port }
      let came = 0
      const visit = (): Promise<number> => comeAndGo(place, room, (came += BURST))
      const least = LEAST.visits * seconds
      await repeat(visit, seconds / 5, least)
      const before = cpuSeconds(target.pid)
      const visits = await repeat(visit, seconds, least)
      await new Promise((resolve) => setTimeout(resolve, LEAVE_MS))
      return (cpuSeconds(target.pid) - before) / visits
    },
    room,
  )
}

/** Does something again and again for so long, and so often at least; gives how often it was done. */
async function repeat(
  something: () => Promise<number>,
  seconds: number,
  least: number,
): Promise<number> {
  const end = performance.now() + seconds * 1000
  let done = 0
  while (performance.now() < end || done < least) done += await something()
  return done
}

/** Says some lines in one write; gives how many. */
async function say(visitor: Visitor, lines: readonly string[]): Promise<number> {
  const burst = Array.from({ length: BURST }, () => lines).flat()
  await visitor.say(burst)
  return burst.length
}

/** Some visitors, numbered from `first` on, enter a room, and disconnect; gives how many. */
async function comeAndGo(place: Place, room: string, first: number): Promise<number> {
  const visitors = Array.from(
    { length: BURST },
    (_, n) => new Visitor(place, `visitor${first + n}`),
  )
  try {
    await Promise.all(visitors.map((visitor) => visitor.say([`!enter ${room}`])))
  } finally {
    for (const visitor of visitors) visitor.close()
  }
  return BURST
}

/** One client, whose commands are answered by nothing. */
class Visitor implements Listener {
  readonly #client: Client
  #settle: { resolve: () => void; reject: (fault: Fault) => void } | undefined

  constructor(place: Place, nick: string) {
    this.#client = new Client(place, nick, this)
    this.#client.say(`${nick}\r\n`)
  }

  /** Says lines; done when the server has carried all of them out. */
  say(lines: readonly string[]): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
      this.#client.fence(lines.map((line) => `${line}\r\n`).join(''))
    })
  }

  close(): void {
    this.#client.close()
  }

  received(client: Client): void {
    this.failed(new Fault(`${client.nick} got what nobody said`))
  }

  passed(): void {
    this.#settle?.resolve()
  }

  failed(fault: Fault): void {
    this.#settle?.reject(fault)
  }
}
