// The host's bounds over real sockets: rates, addresses, queues, deadlines. Deadlines run on a
// clock that the test holds; clients from elsewhere are clients of loopback under another address.

import t from 'tap'
import { line } from '../lib/dialects/line/index.js'
import { DEFAULT_LIMITS } from '../lib/host/limits.js'
import type { Dialect } from '../lib/index.js'
import { Client } from './support/client.js'
import { endOfTurn, hostFor, serve, type Hosted, type Served } from './support/hosting.js'

const ELSEWHERE = '192.0.2.1'

const numbered = (count: number, prefix = ''): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`)

/** A clock that stands still until the test moves it. */
class StoppedClock {
  at = 1_000_000
  readonly tell = (): number => this.at
}

t.test('ORDER-5: a fast speaker is slowed down; nothing is lost or out of order', async (t) => {
  const limits = { lineBurst: 5, lineRate: 100 }
  const times: number[] = []
  const { url, host, entries } = await hostFor(t, {
    limits,
    address: ELSEWHERE,
    clock: () => performance.now(),
  })
  const bob = await Client.named(url, 'bob')
  const alice = await Client.to(url)
  const start = host.clock()
  alice.say('alice', ...numbered(30))
  for (let n = 0; n < 30; n++) {
    await entries.until('said', n + 1)
    times.push(host.clock())
  }
  t.same(await bob.lines(30), numbered(30, 'alice: '))
  for (const [n, at] of times.entries()) {
    const most = limits.lineBurst + ((at - start) / 1000) * limits.lineRate
    t.ok(n + 1 <= most, `line ${n} after ${at - start} ms`)
  }
})

t.test('lines that the pace holds back are carried out when the server stops', async (t) => {
  const limits = { lineBurst: 3, lineRate: 1 }
  const { url, host, entries, hasRead } = await hostFor(t, { limits, address: ELSEWHERE })
  const bob = await Client.named(url, 'bob')
  const alice = await Client.to(url)
  alice.say('alice', ...numbered(10))
  await hasRead(7 + 10 * 3, 1)
  t.equal(entries.of('said').length, 2)
  await host.stop()
  const heard = await bob.rest()
  t.same(heard.slice(0, -1), numbered(10, 'alice: '))
})

t.test('END-2: a reset ends a client that its pace holds back, and what it said', async (t) => {
  const { url, entries, hasRead } = await hostFor(t, {
    limits: { lineBurst: 3, lineRate: 1 },
    address: ELSEWHERE,
  })
  const alice = await Client.to(url)
  // So much that reading has stopped.
  alice.say('alice', ...numbered(20_000))
  await hasRead(20_000)
  alice.reset()
  await entries.until('offline')
  t.match(entries.of('offline'), [{ nick: 'alice', reason: 'connection-lost' }])
  t.equal(entries.of('said').length, 2)
})

t.test('a stop carries out for half its time what was read, and no longer', async (t) => {
  const TURN = 500
  const TURNS = 2000 / TURN
  const SHARE = 16
  let at = 0
  let step = 0
  const limits = { stopTimeout: 4, linesPerTurn: SHARE }
  const clock = (): number => (at += step)
  const { url, host, entries, hasRead } = await hostFor(t, { limits, clock })
  const bob = await Client.named(url, 'bob')
  const alice = await Client.named(url, 'alice')
  alice.say(...numbered(1000, 'line '))
  await hasRead(alice.socket.bytesWritten, 1)
  step = TURN
  await host.stop()
  const said = entries.of('said').length
  t.ok(said > 0 && said <= (TURNS + 2) * SHARE, `${said} lines`)
  const heard = await bob.rest()
  t.same(heard.slice(0, -1), numbered(said, 'alice: line '), 'all that were said are heard')
  t.match(heard.at(-1), /^!error shutting-down /)
})

t.test('on loopback nobody is slowed down', async (t) => {
  const { url } = await hostFor(t, { limits: { lineBurst: 5, lineRate: 1 } })
  const bob = await Client.named(url, 'bob')
  const alice = await Client.to(url)
  alice.say('alice', ...numbered(300))
  t.same(await bob.lines(300), numbered(300, 'alice: '))
})

t.test('ORDER-4: a flood from one client leaves the others their turns', async (t) => {
  const { url } = await serve(t)
  const bob = await Client.named(url, 'bob')
  const carol = await Client.named(url, 'carol')
  const alice = await Client.named(url, 'alice')
  alice.say(...numbered(1000))
  const first = await bob.line()
  carol.say('may I?')
  const heard = [first, ...(await bob.lines(1000))]
  t.same(
    heard.filter((line) => line.startsWith('alice: ')),
    numbered(1000, 'alice: '),
  )
  const turn = heard.indexOf('carol: may I?')
  t.ok(turn > 0 && turn < 1000, `carol had her turn after ${turn} lines`)
})

t.test('ORDER-4: long answers take the turns of who asks for them', async (t) => {
  const { url } = await serve(t)
  const bob = await Client.named(url, 'bob')
  const carol = await Client.named(url, 'carol')
  const alice = await Client.named(url, 'alice')
  alice.say(...numbered(2000))
  const first = await bob.line()
  const ASKED = 30
  carol.say('before', ...Array.from({ length: ASKED }, () => '!help'), 'after')
  const heard = [first, ...(await bob.lines(2001))]
  const between = heard.indexOf('carol: after') - heard.indexOf('carol: before') - 1
  // Each answer has some 840 bytes: with what asks for it, four lines against one of alice.
  t.ok(between >= ASKED * 3, `alice had ${between} lines meanwhile`)
  t.same(
    heard.filter((line) => line.startsWith('alice: ')),
    numbered(2000, 'alice: '),
  )
})

/** The line dialect with a line that is said in two rooms. */
const twofold: Dialect = {
  ...line,
  open: () => {
    const session = line.open()
    return {
      ...session,
      parse: (frame, speaker) =>
        frame === 'both'
          ? { name: 'broadcast', rooms: ['den', 'attic'], text: frame }
          : session.parse(frame, speaker),
    }
  },
}

t.test('ORDER-5: a line that is said in two rooms counts as two', async (t) => {
  const { url, host, entries, hasRead } = await hostFor(t, {
    limits: { lineBurst: 7, lineRate: 1 },
    address: ELSEWHERE,
    dialects: [twofold],
  })
  const alice = await Client.to(url)
  alice.say('alice', '!enter den', '!enter attic', 'both', 'both', 'later')
  await hasRead(alice.socket.bytesWritten)
  const said = (): readonly string[] => entries.of('said').map(({ text }) => text)
  t.same(said(), ['both', 'both', 'both', 'both'])
  await host.stop()
  t.same(said().slice(4), ['later'], 'and the next is not lost')
})

t.test('ORDER-5: bytes that are part of no line are read no faster', async (t) => {
  const clock = new StoppedClock()
  const BYTES = 10_000
  const { url, entries, hasRead } = await hostFor(t, {
    limits: { byteRate: 1000 },
    address: ELSEWHERE,
    clock: clock.tell,
  })
  const alice = await Client.to(url)
  alice.send('alice\r\n!ping in\r\n')
  t.equal(await alice.line(), '!pong in')
  alice.send(Buffer.alloc(BYTES, Buffer.from([0xff, 0xf1])))
  await hasRead(BYTES)
  alice.say('hello')
  await endOfTurn()
  await endOfTurn()
  t.equal(entries.of('said').length, 0)
  clock.at += (BYTES / 1000) * 1000
  await entries.until('said')
})

t.test('F-11: connections from one address', async (t) => {
  const clock = new StoppedClock()
  const limits = { connectionsPerAddress: 2, connectsPerMinute: 4 }
  const { url, entries, hasClosed } = await hostFor(t, {
    limits,
    address: ELSEWHERE,
    clock: clock.tell,
  })
  const alice = await Client.named(url, 'alice')
  const bob = await Client.named(url, 'bob')
  const third = await Client.to(url)
  t.match(await third.rest(), [/^!error too-many-connections .*2 connections/])
  bob.end()
  await Promise.all([hasClosed(1), hasClosed(2)])
  const fourth = await Client.named(url, 'dave')
  fourth.end()
  await hasClosed(3)
  const fifth = await Client.to(url)
  t.match(await fifth.rest(), [/^!error connecting-too-fast .*4 times/])
  await hasClosed(4)
  clock.at += 60_000
  await Client.named(url, 'erin')
  t.same(await alice.fence(), [])
  t.match(entries.of('turned-away'), [
    { peer: /^192\.0\.2\.1:\d+$/, reason: 'too-many-connections' },
    { reason: 'connecting-too-fast' },
  ])
})

t.test('F-10: connections without a nickname', async (t) => {
  const limits = { maxNewcomers: 2 }
  const { url } = await hostFor(t, { limits, address: ELSEWHERE })
  const oldest = await Client.to(url)
  await Client.to(url)
  await Client.named(url, 'alice')
  t.match(await oldest.rest(), [/^!error crowded-out /])
})

t.test('a flood of bad clients fills no log', async (t) => {
  const clock = new StoppedClock()
  const { url, entries } = await hostFor(t, { clock: clock.tell })
  const knock = async (): Promise<void> => {
    const client = await Client.to(url)
    client.say('GET / HTTP/1.1')
    await client.rest()
  }
  for (let n = 0; n < 3; n++) await knock()
  t.match(entries.of('turned-away'), [{ reason: 'wrong-protocol', more: 0 }])
  clock.at += 10_000
  await knock()
  t.match(entries.of('turned-away').slice(1), [{ reason: 'wrong-protocol', more: 2 }])
})

t.test('nobody waits long without a nickname, whatever it sends', async (t) => {
  const clock = new StoppedClock()
  const { url } = await hostFor(t, { clock: clock.tell })
  const newcomer = await Client.to(url)
  newcomer.send('\r\n-\r\nal')
  t.match(await newcomer.line(), /^!error bad-nick /)
  clock.at += 60_000
  t.match(await newcomer.rest(), [/^!error registration-timeout .*60 seconds/])
})

t.test('who is silent too long is closed, if the operator wants it', async (t) => {
  const clock = new StoppedClock()
  const limits = { idleMinutes: 1 }
  const { url, entries } = await hostFor(t, { limits, clock: clock.tell })
  const [alice, bob] = [await Client.named(url, 'alice'), await Client.named(url, 'bob')]
  clock.at += 59_000
  await bob.fence()
  clock.at += 1000
  t.match(await alice.rest(), [/^!error idle .*1 minute\./])
  t.match(entries.of('offline'), [{ nick: 'alice', reason: 'idle' }])
  t.same(await bob.fence(), [])
})

t.test('a closed client is heard no more, and cut off after a while', async (t) => {
  const clock = new StoppedClock()
  const { url, sockets, hasClosed } = await hostFor(t, { clock: clock.tell })
  const bob = await Client.named(url, 'bob')
  const alice = await Client.to(url, { halfOpen: true })
  alice.say('alice', '!quit', 'still here?')
  t.same(await alice.rest(), ['!goodbye alice'])
  alice.say('and now?')
  t.same(await bob.fence(), [])
  t.equal(sockets[1]?.destroyed, false)
  clock.at += 2000
  await hasClosed(1)
  t.same(await bob.fence(), [])
})

t.test('a closed client that sends on and on is read no further', async (t) => {
  const clock = new StoppedClock()
  const { url, sockets, hasRead, hasClosed } = await hostFor(t, { clock: clock.tell })
  const alice = await Client.to(url, { halfOpen: true })
  alice.say('alice', '!quit')
  t.same(await alice.rest(), ['!goodbye alice'])
  const MEBIBYTE = 1024 * 1024
  alice.send(Buffer.alloc(64 * MEBIBYTE, 'x'))
  await hasRead(MEBIBYTE)
  while (sockets[0]?.isPaused() === false) await endOfTurn()
  t.ok(Number(sockets[0]?.bytesRead) < 2 * MEBIBYTE, 'though there is more')
  clock.at += 2000
  await hasClosed(0)
})

/** A line of 2,000 bytes, told from the others by its number. */
const long = (n: number): string => `${n} `.padEnd(2000, 'x')

/** Sends so many long lines to everybody; the one who reads has each piece before the next is sent. */
async function sendFar(server: Served['server'], reader: Client, count: number): Promise<void> {
  const PIECE = 100
  for (let n = 0; n < count; n++) {
    server.announce(long(n))
    if (n % PIECE < PIECE - 1 && n < count - 1) continue
    await reader.lines((n % PIECE) + 1)
  }
}

/** A client who registers and reads nothing from then on. */
async function deaf(url: string, nick: string): Promise<Client> {
  const client = await Client.named(url, nick)
  client.socket.pause()
  return client
}

t.test(
  'SLOW-1: a client that does not read is closed, and nobody else misses anything',
  async (t) => {
    for (const linesAtOnce of [1, 50]) {
      const { url, server, entries } = await serve(t)
      const reader = await Client.named(url, 'reader')
      const alice = await deaf(url, 'alice')
      const heard: string[] = []
      while (entries.of('offline').length === 0) {
        for (let n = 0; n < linesAtOnce; n++) server.announce(long(heard.length + n))
        heard.push(...(await reader.lines(linesAtOnce)))
      }
      t.ok(heard.every((line, n) => line === `!announce ${long(n)}`))
      t.match(entries.of('offline'), [{ nick: 'alice', reason: 'too-slow' }])
      t.same(server.users.length, 1)
      alice.socket.resume()
      const lines = await alice.rest()
      const kept = lines.slice(0, -1).map((line) => line.length)
      t.same(kept, Array(kept.length).fill(2010), 'what it still gets are whole lines')
      const dropped = (heard.length - kept.length) * (2010 + '\r\n'.length)
      t.ok(dropped > DEFAULT_LIMITS.sendQueueBytes / 2, `what waited is dropped: ${dropped} bytes`)
      t.match(lines.at(-1), /^!error too-slow /)
    }
  },
)

t.test('a client that reads late gets everything, in order', async (t) => {
  const { url, server } = await serve(t, { limits: { sendQueueBytes: 16 * 1024 * 1024 } })
  const reader = await Client.named(url, 'reader')
  const alice = await deaf(url, 'alice')
  await sendFar(server, reader, 4000)
  alice.socket.resume()
  const lines = await alice.lines(4000)
  t.ok(lines.every((line, n) => line === `!announce ${long(n)}`))
  t.same(await alice.fence(), [])
})

t.test('all queues together are bounded: the longest goes first', async (t) => {
  const limits = { sendQueueBytes: 2 ** 30, sendQueueTotalBytes: 2 ** 20 }
  const { url, host, entries } = await hostFor(t, { limits })
  const bob = await deaf(url, 'bob')
  const waiting = (): number => {
    const [first] = host.connections
    return first?.outbox.queuedBytes ?? 0
  }
  const carol = await Client.named(url, 'carol')
  const tell = async (nick: string): Promise<void> => {
    carol.say(...Array<string>(100).fill(`#${nick} ${long(0)}`))
    await carol.fence()
  }
  while (waiting() < 2 ** 17) await tell('bob')
  const alice = await deaf(url, 'alice')
  while (entries.of('offline').length === 0) await tell('alice')
  t.match(entries.of('offline'), [{ nick: 'alice', reason: 'too-slow' }])
  t.ok(waiting() >= 2 ** 17, 'who waits longer, but for less, stays')
  for (const stalled of [alice, bob]) stalled.reset()
})

t.test('the queue of who is closed already goes like any other', async (t) => {
  const limits = { sendQueueTotalBytes: 2 ** 20 }
  const { url, host, entries } = await hostFor(t, { limits })
  const bob = await deaf(url, 'bob')
  const carol = await Client.named(url, 'carol')
  const alice = await deaf(url, 'alice')
  const tell = async (nick: string): Promise<void> => {
    carol.say(...Array<string>(50).fill(`#${nick} ${long(0)}`))
    await carol.fence()
  }
  const [bobs] = host.connections
  while ((bobs?.queuedBytes ?? 0) < 2 ** 19) await tell('bob')
  bob.end()
  await entries.until('offline')
  const isOpen = (): boolean => [...host.connections].some((one) => one === bobs)
  while (isOpen() && entries.of('offline').length === 1) await tell('alice')
  t.equal(entries.of('offline').length, 1, 'alice, who waits for less, stays')
  for (const stalled of [alice, bob]) stalled.reset()
})

t.test('SLOW-2: a client that takes nothing for a while is closed', async (t) => {
  const clock = new StoppedClock()
  const limits = { sendQueueBytes: 2 ** 30, stallTimeout: 1 }
  const { url, host, entries } = await hostFor(t, { limits, clock: clock.tell })
  const alice = await deaf(url, 'alice')
  for (let n = 0; n < 4000; n++) host.announce(long(n))
  await entries.until('announced', 4000)
  const bob = await Client.named(url, 'bob')
  clock.at += 1000
  await entries.until('offline')
  t.match(entries.of('offline'), [{ nick: 'alice', reason: 'too-slow' }])
  t.same(await bob.fence(), [])
  alice.reset()
})

t.test('a stalled client holds up no stop', async (t) => {
  const limits = { sendQueueBytes: 2 ** 30, stopTimeout: 1, lingerTimeout: 1000 }
  const { url, server, entries } = await serve(t, { limits })
  const bob = await Client.named(url, 'bob')
  await deaf(url, 'alice')
  for (let n = 0; n < 4000; n++) server.announce(long(n))
  await bob.lines(4000)
  await server.close()
  t.match(await bob.rest(), [/^!error shutting-down /])
  t.equal(entries.all.at(-1)?.what, 'stopped')
})

t.test('lines to very many, more of them while the first are on their way', async (t) => {
  const { url, host } = await hostFor(t)
  const listeners = await Promise.all(
    Array.from({ length: 600 }, (_, n) => Client.named(url, `listener${n}`)),
  )
  const words = ['hello', 'all', 'of', 'you']
  for (const word of words) {
    host.announce(word)
    await endOfTurn()
  }
  const heard = await Promise.all(listeners.map((listener) => listener.lines(words.length)))
  const same = words.map((word) => `!announce ${word}`).join()
  t.ok(heard.every((lines) => lines.join() === same))
})

const QUESTIONS = 8000

/** A client who asks much and reads nothing; resolves once the server waits for it. */
async function eagerAndDeaf({ url, host }: Hosted): Promise<Client> {
  const eager = await Client.to(url)
  eager.socket.pause()
  eager.say('eager', ...Array.from({ length: QUESTIONS }, () => '!help'), '!ping end')
  const stalled = (): boolean => [...host.connections].some(({ outbox }) => outbox.stalled)
  while (!stalled()) await endOfTurn()
  return eager
}

function answersIn(lines: readonly string[]): number {
  return lines.filter((line) => line.startsWith('!help !quit')).length
}

t.test('SLOW-3: who asks much and reads late gets all answers', async (t) => {
  const hosted = await hostFor(t)
  const bob = await Client.named(hosted.url, 'bob')
  const eager = await eagerAndDeaf(hosted)
  eager.end()
  t.same(await bob.fence(), [], 'nobody else waits')
  eager.socket.resume()
  const answers = await eager.rest()
  t.equal(answers.at(-1), '!pong end')
  t.equal(answersIn(answers), QUESTIONS)
})

t.test('END-5: who asks much and reads late gets all answers when the server stops', async (t) => {
  const hosted = await hostFor(t)
  const eager = await eagerAndDeaf(hosted)
  await hosted.hasRead(eager.socket.bytesWritten)
  const stopped = hosted.host.stop()
  await endOfTurn()
  eager.socket.resume()
  const answers = await eager.rest()
  t.equal(answers.at(-2), '!pong end')
  t.match(answers.at(-1), /^!error shutting-down /)
  t.equal(answersIn(answers), QUESTIONS)
  await stopped
})

t.test('END-5: who asks much and never reads holds up no stop', async (t) => {
  const limits = { stopTimeout: 1 }
  const hosted = await hostFor(t, { limits, clock: () => performance.now() })
  const bob = await Client.named(hosted.url, 'bob')
  await eagerAndDeaf(hosted)
  await hosted.host.stop()
  t.match(await bob.rest(), [/^!error shutting-down /])
  const reason = 'shutting-down'
  t.match(hosted.entries.of('offline'), [
    { nick: 'bob', reason },
    { nick: 'eager', reason },
  ])
})

t.test('F-31: nobody is late for what came while the process was stopped', async (t) => {
  const clock = new StoppedClock()
  const { url, entries } = await hostFor(t, { clock: clock.tell })
  const alice = await Client.named(url, 'alice')
  const late = await Client.to(url)
  t.same(await alice.fence(), [])
  clock.at += 3_600_000
  late.say('late')
  t.same(await late.fence(), [])
  t.match(entries.of('online'), [{ nick: 'alice' }, { nick: 'late' }])
})

t.test('deadlines hold in a loop that is always late', async (t) => {
  let at = 0
  const { url } = await hostFor(t, { clock: () => (at += 2000) })
  const silent = await Client.to(url)
  t.match(await silent.rest(), [/^!error registration-timeout /])
})

t.test('a burst of clients that find no place leaves few behind', async (t) => {
  const { url, host } = await hostFor(t, { limits: { maxClients: 1 } })
  const alice = await Client.named(url, 'alice')
  const others = await Promise.all(
    Array.from({ length: 100 }, () => Client.to(url, { halfOpen: true })),
  )
  for (const other of others) t.match(await other.line(), /^!error server-full /)
  t.same(await alice.fence(), [])
  const MAX_LINGERING = 32
  t.ok([...host.connections].length <= MAX_LINGERING + 1)
  for (const other of others) other.reset()
})

t.test('who is refused for its address drives nobody out', async (t) => {
  const limits = { connectionsPerAddress: 1, maxNewcomers: 1 }
  const { url } = await hostFor(t, { limits, address: ELSEWHERE })
  const first = await Client.to(url)
  const second = await Client.to(url)
  t.match(await second.rest(), [/^!error too-many-connections /])
  first.say('first')
  t.same(await first.fence(), [])
})

t.test('Enter alone costs no line of the pace', async (t) => {
  const clock = new StoppedClock()
  const { url } = await hostFor(t, { address: ELSEWHERE, clock: clock.tell })
  const alice = await Client.named(url, 'alice')
  alice.send('\r\n'.repeat(300))
  t.same(await alice.fence(), [])
})
