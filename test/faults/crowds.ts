// Ordeals of many clients, played one after the other: each takes what the machine has.

import { equal, match, ok } from 'node:assert/strict'
import { once } from 'node:events'
import { Caller } from './caller.js'
import { gather, gatherUsers, reset, Member } from './crowd.js'
import { INPUTS } from './rows.js'
import { setScene, type Server } from './scene.js'
import {
  openFiles,
  processorSeconds,
  residentMebibytes,
  secondsSince,
  until,
  type Ordeal,
} from './stage.js'

const TEXT = 'x'.repeat(2000)
/** A server full of clients has no more waiting for them than this, in MiB (promise e). */
const MOST_MEMORY = 200

const pid = ({ running }: Server): number | undefined => running.child.pid

const inputs: Ordeal = {
  numbers: 'I-1 to I-103',
  promise: 'bad input again and again: nobody notices, and nothing is left of it',
  async play(stage) {
    const server = await stage.server()
    const scene = await setScene(server)
    const start = performance.now()
    const playAll = async (): Promise<void> => {
      for (const { number, promise, play } of INPUTS) {
        await play(scene).catch((error: unknown) => {
          throw new Error(`${number}: ${promise}`, { cause: error })
        })
      }
    }
    // The first rounds show what the program needs once.
    for (let round = 0; round < 3; round++) await playAll()
    const before = residentMebibytes(pid(server))
    let rounds = 0
    for (; secondsSince(start) < 30; rounds++) await playAll()
    const grown = residentMebibytes(pid(server)) - before
    ok(grown < rounds * INPUTS.length, `${grown} MiB more after ${rounds * INPUTS.length} rows`)
    return `${rounds * INPUTS.length} rows, ${grown.toFixed(1)} MiB more`
  },
}

/** Lines said at once; then all who read have them before the next are said. */
const WAVE = 25

const halfStalls = (all: number, stalled: number, number: string): Ordeal => ({
  numbers: number,
  promise: `of ${all} clients ${stalled} stall: the others miss nothing, and memory is bounded`,
  async play(stage) {
    const server = await stage.server()
    const deaf = await gatherUsers(server.url, stalled, 'deaf')
    for (const { socket } of deaf) socket.pause()
    const readers = await gatherUsers(server.url, all - stalled, 'reader')
    const speaker = await Caller.named(server.url, 'speaker')
    const given = (): number => server.running.stdout.match(/: too-slow\n/g)?.length ?? 0
    let due = 0
    let memory = 0
    while (given() < stalled) {
      speaker.say(...Array<string>(WAVE).fill(TEXT))
      due += WAVE * Buffer.byteLength(`speaker: ${TEXT}\r\n`)
      await until(() => readers.every(({ digest }) => digest.bytes >= due), 'a wave of lines')
      memory = Math.max(memory, residentMebibytes(pid(server)))
    }
    ok(
      readers.every(({ digest }) => digest.bytes === due),
      'nobody got more',
    )
    equal(new Set(readers.map(({ digest }) => digest.crc)).size, 1, 'all got the same')
    ok(memory < MOST_MEMORY, `${memory} MiB`)
    reset([...deaf, ...readers])
    return `${(due / 2 ** 20).toFixed(1)} MiB to each, at most ${memory.toFixed(0)} MiB of memory`
  },
})

/** How many connections this process may have; half the files it may open would be its own. */
const CONNECTIONS = 9000

const resets: Ordeal = {
  numbers: 'F-9',
  promise: `${CONNECTIONS} connect and are reset: what they had is free within five seconds`,
  overwhelms: true,
  async play(stage) {
    const server = await stage.server(['--max-clients', '10000'])
    const before = openFiles(pid(server))
    const members = await gather(server.url, CONNECTIONS)
    await until(() => openFiles(pid(server)) >= before + CONNECTIONS, 'all are accepted')
    const memory = residentMebibytes(pid(server))
    reset(members)
    const took = await until(() => openFiles(pid(server)) <= before, 'files back to base', 5)
    return `after ${took.toFixed(2)} s; ${memory.toFixed(0)} MiB of memory before`
  },
}

const storms: Ordeal = {
  numbers: 'F-1',
  promise:
    'fifty storms of a hundred users who break off in mid line: every nickname is free again',
  async play(stage) {
    const server = await stage.server()
    const before = openFiles(pid(server))
    for (let round = 0; round < 50; round++) {
      const users = await gatherUsers(server.url, 100, 'user')
      for (const { socket } of users) socket.write('never sai')
      reset(users)
      await until(() => openFiles(pid(server)) <= before, 'files back to base', 5)
    }
    return 'all are gone'
  },
}

const killed: Ordeal = {
  numbers: 'F-3',
  promise: 'three hundred clients killed in mid line: their nicknames are free at once',
  async play(stage) {
    const server = await stage.server()
    const throng = stage.process('throng.js', server.url, '300', 'user')
    await once(throng, 'message')
    const witness = await Caller.named(server.url, 'witness')
    throng.kill('SIGKILL')
    const took = await until(async () => {
      witness.say('!users')
      await witness.fence()
      return !/ user\d/.test(` ${witness.take().join(' ')}`)
    }, 'all are gone')
    await gatherUsers(server.url, 300, 'user').then(reset)
    return `all gone after ${took.toFixed(2)} s`
  },
}

const fullOfFiles: Ordeal = {
  numbers: 'F-12',
  promise: 'no file is left to open: those who are there talk on, and later others come again',
  async play(stage) {
    // The server reckons with 192 places; idle files take most of what it would keep in reserve.
    const settings = { shell: 'ulimit -n 320 && exec "$@"', idleFiles: 164 }
    const server = await stage.server([], settings)
    match(server.running.stderr, /lowered from 1000 to 192/)
    const bob = await Caller.named(server.url, 'bob')
    const crowd = Array.from({ length: 300 }, () => new Member(server.url))
    await until(() => openFiles(pid(server)) > 314, 'no file is left')
    const before = processorSeconds(pid(server))
    const start = performance.now()
    while (secondsSince(start) < 3) {
      await bob.fence()
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    const busy = (processorSeconds(pid(server)) - before) / secondsSince(start)
    ok(busy < 0.5, `it does not spin: ${busy} of a processor`)
    reset(crowd)
    await until(() => openFiles(pid(server)) < 214, 'files are free again')
    await Caller.named(server.url, 'late')
    return `${(busy * 100).toFixed(0)} % of a processor meanwhile`
  },
}

const stopInBurst: Ordeal = {
  numbers: 'F-16 F-17',
  promise:
    'SIGTERM in a burst of 50 speakers, one of whom reads nothing: whole lines, exit 0 within 5 s',
  async play(stage) {
    const server = await stage.quietServer()
    const speakers = await gatherUsers(server.url, 50, 'speaker')
    const [deaf, ...readers] = speakers
    deaf?.socket.pause()
    const lines = 'a line of the burst\r\n'.repeat(20_000)
    for (const { socket } of speakers) socket.write(lines)
    await until(() => readers.every(({ digest }) => digest.bytes > 100_000), 'the burst')
    const start = performance.now()
    const exit = await server.running.stop()
    const took = secondsSince(start)
    equal(exit.code, 0)
    ok(took < 5, `after ${took} s`)
    await until(() => readers.every(({ gone }) => gone), 'the end of all')
    const torn = readers.filter(({ tail }) => !/\r\n!error shutting-down [^\r\n]+\r\n$/.test(tail))
    equal(torn.length, 0, `torn: ${torn[0]?.tail ?? ''}`)
    return `exit after ${took.toFixed(2)} s`
  },
}

const smallHeap: Ordeal = {
  numbers: 'F-36',
  promise: 'with a heap of 64 MiB and a hundred stalled readers it lives, and the others talk on',
  async play(stage) {
    const server = await stage.server([], { env: { NODE_OPTIONS: '--max-old-space-size=64' } })
    const deaf = await gatherUsers(server.url, 100, 'deaf')
    for (const { socket } of deaf) socket.pause()
    const speaker = await Caller.named(server.url, 'speaker')
    // Each is told a line of its own: nothing of what waits is shared.
    for (let round = 0; round < 3500; round++) {
      speaker.say(...deaf.map((_, n) => `#deaf${n} ${round} ${TEXT}`))
      if (round % 10 === 0) await speaker.fence()
    }
    await speaker.fence()
    const memory = residentMebibytes(pid(server))
    const given = server.running.stdout.match(/: too-slow\n/g)?.length ?? 0
    ok(given > 0, 'somebody had to go')
    reset(deaf)
    return `${given} closed, ${memory.toFixed(0)} MiB of memory`
  },
}

const cycles: Ordeal = {
  numbers: 'F-37',
  promise: 'ten thousand come, talk and go: files are back at the base, memory is flat',
  async play(stage) {
    const server = await stage.server()
    const before = openFiles(pid(server))
    const round = async (): Promise<void> => {
      const users = await gatherUsers(server.url, 100, 'user')
      for (const { socket } of users) socket.end('!enter den\r\n@den hello\r\nhello\r\n!users\r\n')
      await until(() => users.every(({ gone }) => gone), 'leaving')
    }
    // Memory goes up and down with the garbage: what counts is where it comes down to.
    const lowest = async (rounds: number): Promise<number> => {
      let least = Infinity
      for (let n = 0; n < rounds; n++) {
        await round()
        least = Math.min(least, residentMebibytes(pid(server)))
      }
      return least
    }
    await lowest(20)
    const grown = -(await lowest(40)) + (await lowest(40))
    await until(() => openFiles(pid(server)) <= before, 'files back to base', 5)
    ok(grown < 16, `${grown} MiB more`)
    equal(server.running.stderr, '', 'no warnings')
    return `${grown.toFixed(1)} MiB more in the last 4,000 than in the 4,000 before`
  },
}

const BURST = 5000

const burst: Ordeal = {
  numbers: 'F-40',
  promise: `${BURST} connect at one moment: each gets a place, or is told that all are taken`,
  overwhelms: true,
  async play(stage) {
    const server = await stage.server()
    const start = performance.now()
    const members = Array.from({ length: BURST }, () => new Member(server.url))
    const places = 1000 - 2
    const toldFull = (): number =>
      members.filter(({ tail }) => /^!error server-full .*\r\n$/.test(tail)).length
    await until(() => toldFull() === BURST - places, 'each is told', 60)
    const took = secondsSince(start)
    const placed = members.filter(({ gone }) => !gone)
    equal(placed.length, places)
    for (const [n, { socket }] of placed.entries()) socket.write(`user${n}\r\n!ping\r\n`)
    await until(() => placed.every(({ tail }) => tail === '!pong\r\n'), 'each is registered')
    reset(members)
    return `after ${took.toFixed(2)} s`
  },
}

/** All of them. */
export const crowds: readonly Ordeal[] = [
  inputs,
  halfStalls(100, 50, 'F-8'),
  halfStalls(500, 50, 'F-8'),
  resets,
  storms,
  killed,
  fullOfFiles,
  stopInBurst,
  smallHeap,
  cycles,
  burst,
]
