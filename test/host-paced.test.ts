// Messages for clients that take all of one read for one message: what leaves in which write, how
// long after the one before it, and what is said last.

import { performance } from 'node:perf_hooks'
import type { Socket } from 'node:net'
import t, { type Test } from 'tap'
import type { Cut, Pacing } from '../lib/dialects/dialect.js'
import { cs494 } from '../lib/dialects/cs494/index.js'
import { line } from '../lib/dialects/line/index.js'
import { onlinechat } from '../lib/dialects/onlinechat/index.js'
import { Batch } from '../lib/host/batch.js'
import { Numbers } from '../lib/host/numbers.js'
import { Outbox } from '../lib/host/outbox.js'
import { Postbox } from '../lib/host/postbox.js'
import { Preamble } from '../lib/host/preamble.js'
import { MemorySocket } from './fuzz/memory-socket.js'
import { Changes } from './support/changes.js'
import { Client } from './support/client.js'
import { hostFor } from './support/hosting.js'

const GAP = 20

/** Joins all but capitals. */
const pacing: Pacing = {
  patience: 3 * GAP,
  join: (earlier, later) =>
    /[A-Z]/.test(earlier.toString() + later.toString())
      ? undefined
      : Buffer.concat([earlier, later]),
}

/** A postbox whose owner writes down what leaves, and when. */
class Desk {
  readonly posted: string[] = []
  readonly times: number[] = []
  flows = true
  emptiedTimes = 0
  /** What is put once a message has been posted, by that message. */
  readonly answers = new Map<string, readonly string[]>()
  readonly #changes = new Changes()
  readonly postbox = new Postbox(pacing, GAP, this)

  post(message: Buffer): void {
    this.posted.push(message.toString())
    this.times.push(performance.now())
    this.put(...(this.answers.get(message.toString()) ?? []))
  }

  pausesAreKept(t: Test): void {
    for (const [index, time] of this.times.entries()) {
      const before = this.times[index - 1]
      if (before !== undefined) t.ok(time - before >= GAP, `${time - before} ms`)
    }
  }

  emptied(): void {
    this.emptiedTimes++
    this.#changes.tell()
  }

  put(...messages: readonly string[]): void {
    for (const message of messages) this.postbox.put(Buffer.from(message))
  }

  async allPosted(): Promise<void> {
    await this.#changes.until(
      () => this.postbox.empty,
      () => `still waiting after ${this.posted.join()}`,
    )
  }
}

t.test('messages leave one by one, and not sooner than they may', async (t) => {
  const desk = new Desk()
  desk.put('one', 'two', 'three')
  t.same(desk.posted, ['one'], 'the first at once')
  t.equal(desk.postbox.waitingBytes, 8)
  t.notOk(desk.postbox.empty)
  await desk.allPosted()
  t.same(desk.posted, ['one', 'two', 'three'])
  desk.pausesAreKept(t)
  t.equal(desk.postbox.waitingBytes, 0)
  t.equal(desk.emptiedTimes, 1)
})

t.test('what is asked for when a message leaves waits its time, too', async (t) => {
  const desk = new Desk()
  desk.answers.set('one', ['two', 'three']).set('three', ['four'])
  desk.put('one')
  t.same(desk.posted, ['one'])
  await desk.allPosted()
  t.same(desk.posted, ['one', 'two', 'three', 'four'])
  desk.pausesAreKept(t)
})

t.test('as many are joined as it takes to owe no more than is bearable', async (t) => {
  const desk = new Desk()
  desk.put('a', 'b', 'c', 'd', 'e', 'f', 'g')
  await desk.allPosted()
  t.same(desk.posted, ['a', 'bcd', 'e', 'f', 'g'])
  const strict = new Desk()
  strict.put('a', 'b', 'X', 'c', 'd', 'e', 'f', 'g')
  await strict.allPosted()
  t.same(strict.posted, ['a', 'b', 'X', 'cd', 'e', 'f', 'g'], 'what must stay alone does')
})

t.test(
  'ORDER-2: what a paced client says while it is told something comes after that',
  async (t) => {
    const { urls } = await hostFor(t, {
      dialects: [onlinechat, line],
      clock: () => performance.now(),
      limits: { linesPerTurn: 2, messageGap: GAP },
    })
    const [framed = '', lines = ''] = urls
    const frame = (text: string): string => `${text.length},${text}`
    const carl = await Client.named(lines, 'carl')
    const alice = await Client.named(lines, 'alice')
    const [bob, dora] = [await Client.to(framed), await Client.to(framed)]
    bob.send(frame('bob'))
    dora.send(frame('dora'))
    for (let round = 0; round < 5; round++) {
      // The third lines of alice and bob wait for their next turn, and nothing that he is told waits.
      await dora.has('\n')
      await new Promise((resolve) => setTimeout(resolve, 5 * GAP))
      alice.say('!ping a', '!ping b', `hello${round}`)
      bob.send(`${frame('one')}${frame('two')}${frame(`late${round}`)}`)
      const both = new RegExp(`(late|hello)${round}[^]*(late|hello)${round}`)
      const [seen, heard] = await Promise.all([dora.has(both), carl.has(both)])
      t.equal(seen.slice(0, 4), heard.slice(0, 4), 'carl and dora see one order')
      dora.send(frame('\n'))
    }
  },
)

t.test('nothing leaves while the kernel takes nothing', async (t) => {
  const desk = new Desk()
  desk.flows = false
  desk.put('a', 'b')
  t.same(desk.posted, [])
  t.notOk(desk.postbox.empty)
  desk.flows = true
  desk.postbox.advance()
  t.same(desk.posted, ['a'])
  await desk.allPosted()
  t.same(desk.posted, ['a', 'b'])
  desk.put('c', 'd')
  desk.postbox.discard()
  t.ok(desk.postbox.empty, 'dropped')
  t.equal(desk.postbox.waitingBytes, 0)
})

/** An outbox whose clock stands, and a wait until all has left it. */
function outboxTo(socket: Socket, cut?: Cut): { outbox: Outbox; emptied: () => Promise<void> } {
  const drained = new Changes()
  const outbox = new Outbox(
    socket,
    () => 0,
    () => {
      drained.tell()
    },
    cut,
  )
  const emptied = (): Promise<void> =>
    drained.until(
      () => outbox.empty,
      () => `${outbox.queuedBytes} bytes still wait`,
    )
  return { outbox, emptied }
}

t.test('large writes are cut between messages, also once the kernel refuses some', async (t) => {
  const socket = new MemorySocket(1, '127.0.0.1')
  const size = 1000
  const cut: Cut = (_messages, most) => Math.max(size, most - (most % size))
  const { outbox, emptied } = outboxTo(socket, cut)
  const sent = Array.from({ length: 50 }, (_, index) => Buffer.alloc(size, index))
  const sendAll = (): void => {
    outbox.append(Buffer.concat(sent), { start: Batch.empty() })
    outbox.flush()
  }
  socket.stall(true)
  sendAll()
  t.ok(outbox.stalled)
  sendAll()
  socket.stall(false)
  await emptied()
  const writes = socket.takeSent()
  t.ok(Buffer.concat(writes).equals(Buffer.concat([...sent, ...sent])), 'all of it, in its order')
  t.same(
    writes.map(({ length }) => length).filter((length) => length % size > 0 || length > 16_384),
    [],
    'each write is whole messages, and as much as is read at once',
  )
})

t.test('of what is dropped, the rest of a line or a message still goes', async (t) => {
  const sizes = [40_000, 30_000]
  for (const [end, kept] of [
    ['\n', 1],
    ['', 2],
  ] as const) {
    const socket = new MemorySocket(1, '127.0.0.1')
    const { outbox, emptied } = outboxTo(socket)
    const sent = sizes.map((size) => 'x'.repeat(size) + end)
    socket.stall(true)
    outbox.append(Buffer.from(sent.join('')), { start: Batch.empty() })
    outbox.flush()
    outbox.discard()
    outbox.discard()
    socket.stall(false)
    await emptied()
    t.equal(Buffer.concat(socket.takeSent()).toString(), sent.slice(0, kept).join(''))
  }
})

t.test('a number is the port, or the next that is free', (t) => {
  const numbers = new Numbers()
  t.same(
    [5, 5, 6, 5].map((port) => numbers.take(port)),
    [5, 6, 7, 8],
  )
  numbers.free(6)
  t.equal(numbers.take(5), 6)
  t.end()
})

t.test('what comes before a nickname', (t) => {
  const preamble = new Preamble(20)
  t.same(preamble.read(Buffer.of(0x16)), undefined)
  t.same(preamble.read(Buffer.of(0x03)), { code: 'wrong-protocol', protocol: 'TLS' })
  t.equal(preamble.read(Buffer.of(0x16, 0x03)), undefined, 'only in front')
  t.same(preamble.frame('SSH-2.0-x', 9), { code: 'wrong-protocol', protocol: 'SSH' })
  t.equal(preamble.unfinished(10), undefined)
  t.same(preamble.unfinished(11), { code: 'registration-too-long', maxBytes: 20 })
  t.equal(preamble.frame('123456789', 9), undefined)
  t.same(preamble.frame('', 0), { code: 'registration-too-long', maxBytes: 20 })
  t.end()
})

/** What the server writes to one client, a string for each write. */
function writesOf(
  socket: Socket | undefined,
  look: () => void = () => undefined,
): readonly string[] {
  const writes: string[] = []
  if (socket === undefined) return writes
  const write = socket.write.bind(socket)
  socket.write = (bytes: string | Uint8Array, ...rest: readonly unknown[]): boolean => {
    writes.push(Buffer.from(bytes).toString())
    look()
    return Reflect.apply(write, socket, [bytes, ...rest]) === true
  }
  return writes
}

t.test('a busy room does not drown a client that reads one frame at a time', async (t) => {
  const { urls, sockets } = await hostFor(t, {
    dialects: [line, onlinechat],
    limits: { messageGap: GAP },
  })
  const reader = await Client.to(urls[1] ?? '')
  await reader.has('3,ACK')
  const writes = writesOf(sockets[0])
  reader.send('5,bones')
  await reader.has('/help\n')
  t.same(writes, ['5,bones', '56,Welcome to the chat :)\nTo view instructions, type /help\n'])
  const speaker = await Client.named(urls[0] ?? '', 'alice')
  const said = Array.from({ length: 500 }, (_, index) => `line ${index}`)
  speaker.say(...said)
  await speaker.fence()
  await reader.has('line 499\n')
  const frames = writes.slice(2)
  for (const frame of frames) {
    const [length = '', ...rest] = frame.split(',')
    t.equal(Buffer.byteLength(rest.join(',')), Number(length), 'each write is one frame')
    t.ok(frame.length <= 1024)
  }
  const heard = frames.map((frame) => frame.slice(frame.indexOf(',') + 1)).join('')
  t.equal(
    heard,
    `\ralice is now online.\n${said.map((text) => `\ralice: ${text}\n`).join('')}`,
    'all of it, in its order',
  )
  t.ok(frames.length < said.length / 10)
})

t.test('a client that has ended its own sending gets all answers at their pace', async (t) => {
  let now = 0
  const { urls, hasRead } = await hostFor(t, {
    dialects: [onlinechat],
    limits: { lingerTimeout: 1, messageGap: 100 },
    clock: () => (now += 100),
  })
  const client = await Client.to(urls[0] ?? '', { halfOpen: true })
  const questions = Array.from({ length: 20 }, (_, index) => `/jg no${index}\n`)
  const sent = ['bones', ...questions].map((text) => `${text.length},${text}`).join('')
  client.send(sent)
  await hasRead(sent.length)
  client.end()
  const rest = (await client.rest()).join('\n')
  for (const question of questions) {
    t.match(rest, `There is no room ${question.slice(4, -1)}.`)
  }
})

t.test(
  'who asks for more than can be told in time is read no further until it has been',
  async (t) => {
    const { host, urls, sockets } = await hostFor(t, { dialects: [onlinechat] })
    const client = await Client.to(urls[0] ?? '')
    await client.has('3,ACK')
    const [connection] = host.connections
    const waiting: number[] = []
    const writes = writesOf(sockets[0], () => waiting.push(connection?.queuedBytes ?? 0))
    client.send(`5,bones${'6,/help\n'.repeat(200)}13,/jg the_last\n`)
    await client.has('the_last')
    t.match(writes.join(''), /^5,bones.*There is no room the_last/s)
    t.ok(Math.max(...waiting) < 20_000, `${Math.max(...waiting)} bytes waited, of 71,400`)
  },
)

t.test('a farewell is alone in its write', async (t) => {
  const { host, urls, sockets } = await hostFor(t, { dialects: [cs494] })
  const client = await Client.to(urls[0] ?? '')
  await client.has('username')
  const writes = writesOf(sockets[0])
  client.send('kay')
  await client.has('/?')
  const [connection] = host.connections
  if (connection === undefined) throw new Error('nobody is connected')
  host.expel(connection, { code: 'kicked', reason: '' })
  t.equal((await client.rest()).at(-1)?.endsWith('--disconnect--'), true)
  t.same(writes.slice(1), ['--disconnect--'])
  const other = await Client.to(urls[0] ?? '', { halfOpen: true })
  await other.has('username')
  const last = writesOf(sockets[1])
  other.end()
  await other.rest()
  t.same(last, [], 'nobody says it to one who has ended')
})
