// What a command costs the server, apart from deliveries: in a house of many rooms, and in a room
// of many members.

import { Client, type Listener, type Place } from '../lib/bench/client.js'
import { Fault } from '../lib/bench/crowd.js'
import { withSilent, type Outcome, type Target } from './load.js'
import { cpuSeconds } from './process-usage.js'

/** Rounds of commands in one write; the next leave when these are answered. */
const BURST = 50
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
        await repeat(visitor, visit, seconds / 5)
        const before = cpuSeconds(target.pid)
        const commands = await repeat(visitor, visit, seconds)
        return (cpuSeconds(target.pid) - before) / commands
      } finally {
        for (const client of [visitor, ...keepers]) client.close()
      }
    },
    room,
  )
}

/** Says these lines again and again for so long; gives how many were said. */
async function repeat(
  visitor: Visitor,
  lines: readonly string[],
  seconds: number,
): Promise<number> {
  const burst = Array.from({ length: BURST }, () => lines).flat()
  const end = performance.now() + seconds * 1000
  let said = 0
  while (performance.now() < end) {
    await visitor.say(burst)
    said += burst.length
  }
  return said
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
    this.failed(`${client.nick} got what nobody said`)
  }

  passed(): void {
    this.#settle?.resolve()
  }

  failed(fault: string): void {
    this.#settle?.reject(new Fault(fault))
  }
}
