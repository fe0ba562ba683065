// The benchmark: that its load sees every fault, and that its figures are reckoned rightly.

import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { FAULT_NAMES, type Fault } from '../bench/fault.js'
import { fanout } from '../bench/fanout.js'
import { IrcInterpreter } from '../bench/irc.js'
import { measureFanout, measureIdle } from '../bench/load.js'
import { readOptions } from '../bench/options.js'
import { cpuSeconds, residentBytes } from '../bench/process-usage.js'
import { measure, readBench, report } from '../bin/bench.js'
import { growthOf, measureGrowth, type Curve } from '../bench/growth.js'
import { plot } from '../bench/plot.js'
import { toJson, toText, type Report } from '../bench/report.js'
import { runRounds, type Plan, type Row } from '../bench/rounds.js'
import { CannotRun, start } from '../bench/server.js'
import { ratio, spread } from '../bench/spread.js'
import { Latencies } from '../lib/bench/latencies.js'
import { isBottleneck, runLoad } from '../lib/bench/load.js'
import { Sieve } from '../lib/bench/sieve.js'
import { Digest, LineCheck } from '../lib/bench/verify.js'
import { Wording } from '../lib/bench/wording.js'
import { serve } from './support/hosting.js'
import { ROOT } from './support/root.js'

const wording = new Wording({ prefix: 'b', textBytes: 80 })
const talk = { clients: 12, speakers: 5, window: 8, seconds: 0.2, stallSeconds: 20 }

const program = (name: string): string => `${ROOT}/dist/${name}`

const built = existsSync(program('bench/bench.js')) && existsSync(program('bin/partyline.js'))
const skip = built || process.env['CI'] === 'true' ? false : 'needs npm run build'

async function listen(test: Test, server: Server): Promise<{ port: number; pid: number }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket.on('error', () => socket.destroy())))
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  test.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { port: address.port, pid: process.pid }
}

t.test('the load finds nothing wrong with a right server', async (t) => {
  const outcome = await measureFanout(await listen(t, fanout()), talk)
  if ('fault' in outcome) throw new Error(outcome.fault)
  t.ok(outcome.figure.deliveries > 0, 'lines arrived')
  t.equal(outcome.figure.latencies.count, outcome.figure.deliveries, 'and each took some time')
  t.equal(
    outcome.figure.deliveries % (5 * 8 * 11),
    0,
    'each burst counts for everybody but its speaker',
  )
  t.ok(outcome.figure.seconds >= talk.seconds, 'for as long as was asked')
})

/** What is seen by the client that came last: with 6 it reads every line, with 7 its bytes alone are compared. */
const signs: Record<Fault, readonly [lines: RegExp, bytes: RegExp]> = {
  drop: [
    /^b00005 got line 1 of b0000\d, where 0 was due/,
    /^1 of 7 clients lack what is due, and for 2 s/,
  ],
  double: [/^b00005 got line 0 of b0000\d, where 1 was due/, /^b00006 got more than was said/],
  reorder: [
    /^b00005 got line 1 of b0000\d, where 0 was due/,
    /^b00006 got other bytes than b00005/,
  ],
  garble: [/^b00005 got a line that nobody sent/, /^b00006 got other bytes than b00005/],
}

for (const fault of FAULT_NAMES) {
  t.test(`the load notices a server that does this: ${fault}`, async (t) => {
    const target = await listen(t, fanout(fault))
    for (const [index, sign] of signs[fault].entries()) {
      const outcome = await measureFanout(target, { ...talk, clients: 6 + index, stallSeconds: 2 })
      t.match('fault' in outcome ? outcome.fault : 'nothing', sign)
    }
  })
}

const broken: readonly { name: string; greet: (socket: Socket) => void; fault: RegExp }[] = [
  {
    name: 'greets',
    greet: (socket) => socket.write('hello\r\n'),
    fault: /^a newcomer got "hello\\r\\n", where only lines/,
  },
  {
    name: 'ends lines by LF',
    greet: (socket) => socket.write('!motd hello\n'),
    fault: /^the server ended a line by LF alone, not by CR LF: "!motd hello\\n"$/,
  },
  {
    name: 'resets',
    greet: (socket) => socket.resetAndDestroy(),
    fault: /^b0000\d (was disc|.*E[A-Z]+)/,
  },
  { name: 'hangs up', greet: (socket) => socket.end(), fault: /was disconnected|ECONNRESET|EPIPE/ },
  {
    name: 'is silent',
    greet: () => undefined,
    fault:
      /^6 of 6 clients have no answer to a nickname and a !ping, and for 0.3 s nobody got anything/,
  },
  {
    name: 'answers the second fence twice',
    greet: (socket) => {
      let pings = 0
      socket.on('data', (bytes) => {
        if (bytes.includes('!ping')) socket.write('!pong bench\r\n'.repeat(++pings))
      })
    },
    fault: /got what nobody should get: "!pong bench\\r\\n"$/,
  },
  {
    name: 'has no rooms',
    greet: (socket) =>
      socket.on('data', () => socket.write('!error unknown-command No !enter.\r\n!pong bench\r\n')),
    fault: /^the server said: unknown-command No !enter\.$/,
  },
]

for (const { name, greet, fault } of broken) {
  t.test(`the load notices a server that ${name}`, async (t) => {
    const target = await listen(t, createServer(greet))
    const outcome = await measureFanout(target, {
      clients: 6,
      speakers: 0,
      window: 0,
      seconds: 0,
      stallSeconds: 0.3,
    })
    t.match('fault' in outcome ? outcome.fault : 'nothing', fault)
  })
}

/** What a {@link chatServer} does in its own way. */
interface Ways {
  /** What it says when a nickname stands. */
  readonly welcome?: string
  /** Its answer to a `!ping`. */
  readonly pong?: string
  /** Gives a line to one who should have it. */
  readonly deliver?: (to: Socket, line: string) => void
}

/** The least of a chat server: a nickname, `!ping`, and talk. */
function chatServer({ welcome = '', pong = '!pong bench\r\n', deliver }: Ways): Server {
  const users = new Map<Socket, string>()
  return lineServer((socket, line) => {
    const nick = users.get(socket)
    if (nick === undefined) {
      users.set(socket, line)
      socket.write(welcome)
    } else if (line.startsWith('!ping')) {
      socket.write(pong)
    } else {
      const others = [...users.keys()].filter((user) => user !== socket)
      for (const to of others) deliver?.(to, `${nick}: ${line}\r\n`)
    }
  })
}

/** A server that does something with each line, which ends in CR LF and comes without that. */
function lineServer(hear: (socket: Socket, line: string) => void): Server {
  return createServer((socket) => {
    let partial = ''
    socket.on('data', (bytes) => {
      const lines = (partial + bytes.toString()).split('\r\n')
      partial = lines.pop() ?? ''
      for (const line of lines) hear(socket, line)
    })
  })
}

t.test('what the server says beside talk is no fault', async (t) => {
  let delivered = 0
  const deliver = (to: Socket, line: string): void => {
    const announced =
      ++delivered % 7 === 0 ? `!announce Hear, hear${'!'.repeat(delivered)}\r\n` : ''
    to.write(announced + line)
  }
  const welcome = '!motd Be kind.\r\n!motd And !brief.\r\n'
  for (const pong of ['!pong bench\r\n', '!error unknown-command No !ping\r\n']) {
    const outcome = await measureFanout(
      await listen(t, chatServer({ welcome, pong, deliver })),
      talk,
    )
    t.ok('figure' in outcome && outcome.figure.deliveries > 0, JSON.stringify(outcome))
  }
})

t.test('what the server refuses is told', async (t) => {
  const rows: readonly (readonly [Ways, RegExp])[] = [
    [
      { welcome: '!error nick-in-use Ta\x1bken.\r\n' },
      /^the server said: nick-in-use Ta\\x1bken.$/,
    ],
    [
      { deliver: (to) => to.write('!error too-slow Read.\r\n') },
      /^the server said: too-slow Read. - This program did not read fast enough: take a smaller --rate/,
    ],
  ]
  for (const [ways, fault] of rows) {
    const outcome = await measureFanout(await listen(t, chatServer(ways)), talk)
    t.match('fault' in outcome ? outcome.fault : 'nothing', fault)
  }
})

t.test('a sieve parts words from talk, cut anywhere', (t) => {
  const bytes = Buffer.from('a: b!\r\n!motd one\r\nc: !d\r\n!x\n!y\r\ne: f')
  for (let size = 1; size <= bytes.length; size++) {
    const sieve = new Sieve()
    const words: string[] = []
    let talk = ''
    for (let at = 0; at < bytes.length; at += size) {
      const sifted = sieve.take(bytes.subarray(at, at + size))
      talk += sifted.talk.toString()
      words.push(...sifted.words)
    }
    t.equal(talk, 'a: b!\r\nc: !d\r\ne: f', `in pieces of ${size}`)
    t.strictSame(words, ['!motd one\r\n', '!x\n', '!y\r\n'])
  }
  const endless = Buffer.from(`!${'x'.repeat(70_000)}`)
  t.match(new Sieve().take(endless), { talk: endless, words: [] }, 'no word goes on for ever')
  t.end()
})

t.test('a slow server has time as long as something comes', async (t) => {
  const deliver = (to: Socket, line: string): void => {
    const bytes = Array.from(line)
    const timer = setInterval(() => {
      to.write(bytes.shift() ?? '')
      if (bytes.length === 0) clearInterval(timer)
    }, 15)
  }
  const target = await listen(t, chatServer({ deliver }))
  const slow = { clients: 2, speakers: 1, window: 1, seconds: 0.01, stallSeconds: 1 }
  const outcome = await measureFanout(target, slow)
  t.match(outcome, { figure: { deliveries: 1 } })
  t.ok('figure' in outcome && outcome.figure.seconds > slow.stallSeconds)
})

/** The least of an IRC server: clients get a welcome, join, and what one says comes to all others, or half of it. */
function ircServer(share = 1): Server {
  const members = new Map<Socket, string>()
  let said = 0
  const answers: Record<string, (socket: Socket, rest: string) => void> = {
    NICK: (socket, nick) => members.set(socket, nick),
    USER: (socket) => socket.write(':x NOTICE * :hi\r\n:x 001 n :hi\r\nPING :x\r\n'),
    PONG: () => undefined,
    JOIN: (socket, room) => socket.write(`:n!u@h JOIN ${room}\r\n:x 366 n ${room} :End\r\n`),
    PING: (socket, token) => socket.write(`:x PONG x :${token}\r\n`),
    PRIVMSG: (socket, rest) => {
      if (share < 1 && said++ % 2 === 1) return
      const line = `:${members.get(socket) ?? ''}!u@h PRIVMSG ${rest}\r\n`
      for (const member of members.keys()) if (member !== socket) member.write(line)
    },
  }
  return lineServer((socket, line) => {
    const [command = '', ...rest] = line.split(' ')
    answers[command]?.(socket, rest.join(' '))
  })
}

t.test('the load speaks IRC, and sees the same', async (t) => {
  const interpret = (write: (text: string) => void): IrcInterpreter => new IrcInterpreter(write)
  const right = { ...(await listen(t, ircServer())), interpret, connecting: 3 }
  const outcome = await measureFanout(right, talk)
  t.ok('figure' in outcome && outcome.figure.deliveries > 0, JSON.stringify(outcome))
  const wrong = { ...(await listen(t, ircServer(0.5))), interpret }
  const lossy = await measureFanout(wrong, { ...talk, speakers: 1, stallSeconds: 2 })
  t.match('fault' in lossy ? lossy.fault : 'nothing', /got line 2 of b00000, where 1 was due/)
})

t.test('the load says so if there is no server', async (t) => {
  const server = createServer()
  const { port, pid } = await listen(t, server)
  await new Promise((closed) => server.close(closed))
  const outcome = await measureIdle({ port, pid }, 2)
  t.match(
    'fault' in outcome ? outcome.fault : 'nothing',
    /^cannot connect to 127.0.0.1:\d+: nothing listens/,
  )
})

t.test('memory is reckoned per connection', async (t) => {
  const outcome = await measureIdle(await listen(t, fanout()), 20)
  t.type('figure' in outcome ? outcome.figure : undefined, 'number')
})

t.test('a line check accepts the lines of all speakers, cut anywhere', (t) => {
  const nickOf = (speaker: number): string => wording.nickOf(speaker)
  const delivery = (speaker: number, number: number): string =>
    wording.delivered(nickOf(speaker), number)
  const right = [delivery(0, 0), delivery(1, 0), delivery(0, 1), delivery(0, 2), delivery(1, 1)]
  const { deliveryBytes } = wording
  t.equal(Buffer.byteLength(right.join('')), right.length * deliveryBytes)
  for (const size of [1, 7, deliveryBytes, 1000]) {
    const check = new LineCheck(wording, [nickOf(0), nickOf(1)])
    const digest = new Digest()
    const bytes = Buffer.from(right.join(''))
    for (let at = 0; at < bytes.length; at += size) {
      check.take(bytes.subarray(at, at + size))
      digest.take(bytes.subarray(at, at + size))
    }
    t.equal(check.fault, undefined, `in pieces of ${size}`)
    t.equal(digest.bytes, bytes.length)
    const whole = new Digest()
    whole.take(bytes)
    t.equal(digest.crc, whole.crc)
  }

  t.match(
    wording.read(delivery(0, 100_000_000).trimEnd()),
    { nick: nickOf(0), number: 100_000_000 },
    'there is no last line',
  )
  const wrong: Record<string, [lines: string[], fault: RegExp]> = {
    lost: [[delivery(0, 0), delivery(0, 2)], /^got line 2 of b00000, where 1 was due$/],
    doubled: [[delivery(1, 0), delivery(1, 0)], /^got line 0 of b00001, where 1 was due$/],
    reordered: [[delivery(0, 1), delivery(0, 0)], /^got line 1 of b00000, where 0 was due$/],
    'of a stranger': [[delivery(2, 0)], /^got a line that nobody sent/],
    'cut short': [[delivery(0, 0).slice(0, 40), delivery(0, 1)], /^got a line that nobody sent/],
    changed: [[delivery(0, 0).replace('x', 'y')], /^got a line that nobody sent/],
    'ended by LF': [[delivery(0, 0).replace('\r', '')], /^got a line that ended by LF alone/],
    'ended by LF among others': [
      [delivery(0, 0).replace('\r', ''), delivery(0, 1)],
      /^got a line that ended by LF alone, not by CR LF: "b00000: 00000000 x+"$/,
    ],
    blank: [['\r\n'], /^got a line that nobody sent: ""$/],
  }
  for (const [name, [lines, fault]] of Object.entries(wrong)) {
    const check = new LineCheck(wording, [nickOf(0), nickOf(1)])
    check.take(Buffer.from(lines.join('')))
    t.match(check.fault, fault, name)
  }
  t.end()
})

t.test('one speaker, who hears nobody', async (t) => {
  const { port } = await listen(t, fanout())
  const place = { host: '127.0.0.1', port }
  const one = { ...talk, place, prefix: 'x', clients: 2, speakers: 1, rooms: 0, textBytes: 80 }
  for (const rate of [undefined, 100]) {
    const { deliveries } = await runLoad({ ...one, rate })
    t.ok(deliveries > 0)
  }
})

t.test('a load on many rooms, by the clock', async (t) => {
  const { url } = await serve(t)
  const steps: string[] = []
  const { port } = new URL(url.replace('line:', 'http:'))
  const measured = await runLoad(
    {
      ...talk,
      place: { host: '127.0.0.1', port: Number(port) },
      prefix: 'x',
      rooms: 3,
      rate: 200,
      textBytes: 10,
    },
    (step) => steps.push(step),
  )
  // Five speakers in rooms of five, four and three: two, two and one of them, 40 lines each.
  const heard = 2 * 40 * 4 + 2 * 40 * 3 + 1 * 40 * 2
  t.equal(measured.deliveries, heard)
  t.ok(measured.seconds >= 0.198, 'the last line has its time as well')
  t.equal(measured.latencies.count, (2 * 2 + 2 * 2 + 1) * 40, 'as those heard who read each line')
  t.ok(measured.latencies.percentile(50) <= measured.latencies.max)
  t.equal(measured.used, 0)
  t.equal(steps.length, 4)
  t.equal(isBottleneck({ ...measured, busy: 0.95 }), true)
  t.equal(isBottleneck({ ...measured, busy: 0.5 }), false)
})

t.test('a load by the clock notices soon that a server hangs', async (t) => {
  const { port } = await listen(
    t,
    createServer((socket) => socket.once('data', () => socket.write('!pong bench\r\n'))),
  )
  const load = {
    place: { host: '127.0.0.1', port },
    prefix: 'b',
    clients: 4,
    speakers: 2,
    rooms: 0,
    textBytes: 80,
    rate: 20,
    window: 1,
    seconds: 3600,
    stallSeconds: 0.3,
  }
  await t.rejects(
    runLoad(load),
    /^4 of 4 clients lack what is due, and for 0.3 s nobody got anything$/,
  )
})

t.test('the arguments of partyline bench', (t) => {
  const url = 'line://127.0.0.1:7'
  t.match(readBench({ url }).load, {
    place: { host: '127.0.0.1', port: 7 },
    clients: 100,
    speakers: 5,
    rooms: 0,
    rate: undefined,
  })
  t.match(readBench({ url, rate: '0.5', seconds: '1.5', size: '10', json: 'file' }), {
    load: { rate: 0.5, seconds: 1.5 },
    json: 'file',
  })
  t.match(readBench({ url: '8888' }).load.place, { host: '127.0.0.1', port: 8888 })
  t.match(readBench({ url: 'localhost:1' }).load.place, { host: 'localhost', port: 1 })
  t.throws(() => readBench({ url, json: '' }), /^--json needs a value$/)
  t.throws(() => readBench({ url, json: ['a', 'b'] }), /^--json may be given only once$/)
  const rows: readonly (readonly [Record<string, string>, RegExp])[] = [
    [{ url: 'a b' }, /^'a b' is not DIALECT/],
    [{}, /^bench needs line:/],
    [{ url, clients: '1' }, /^--clients takes a whole number from 2 to 20000, not '1'$/],
    [{ url, clients: '2.5' }, /^--clients takes a whole number/],
    [{ url, clients: '1e1' }, /^--clients takes a whole number/],
    [{ url, window: '0x10' }, /^--window takes a whole number/],
    [{ url, rate: ' 7 ' }, /^--rate takes a number from 0 to 100000, not ' 7 '$/],
    [{ url: 'line://127.0.0.1:0' }, /^port 0 is none to connect to/],
    [{ url: '' }, /^bench needs line:\/\/HOST:PORT$/],
    [{ url, size: '' }, /^--size takes/],
    [{ url, senders: '101' }, /^--senders is more than --clients: 100 at most$/],
    [{ url, senders: '4', clients: '3' }, /^--senders is more than --clients: 3 at most$/],
    [{ url, rooms: '6' }, /^each room needs a sender/],
    [{ url, rooms: '5', clients: '9' }, /^each room needs a sender/],
  ]
  for (const [args, problem] of rows) t.throws(() => readBench(args), problem)
  t.throws(() => readBench({ url, clients: ['2', '3'] }), /^--clients may be given only once$/)
  t.equal(readBench({ url, clients: '3' }).load.speakers, 3, 'a small crowd speaks whole')
  t.end()
})

t.test('a report says what limited the load', (t) => {
  const latencies = new Latencies()
  latencies.add(2345)
  const measured = { registrationSeconds: 0, deliveries: 9, seconds: 3, used: 0, latencies }
  const url = 'line://127.0.0.1:7'
  const bursts = report(readBench({ url }).load, { ...measured, busy: 0.5 })
  t.match(bursts.join('\n'), /all within 2345 ms\n[^]*a larger --window may carry more\.$/)
  t.match(
    report(readBench({ url }).load, { ...measured, busy: 1 }).at(-1),
    /^It was the bottleneck/,
  )
  const steady = report(readBench({ url, rate: '1' }).load, { ...measured, busy: 0.5 })
  t.match(steady.at(-1), /^this program: busy 50 %/)
  t.end()
})

t.test('partyline bench says what a server carries', async (t) => {
  const { url } = await serve(t)
  const json = join(t.testdir(), 'figures.json')
  const options = readBench({ url, clients: '8', seconds: '0.1', json })
  const steps: string[] = []
  const lines = await measure(options, (step) => steps.push(step))
  t.match(lines.slice(0, 5), [
    /^registered: 8 clients in \d/,
    /^delivered: \d+ lines in 0\.\d+ s, \d+ a second$/,
    /^latency: half within [\d.]+ ms, 99 % within [\d.]+ ms, all within [\d.]+ ms$/,
    /^verified: nothing lost/,
    /^this program: busy \d+ % of the time$/,
  ])
  t.equal(steps.length, 4)
  const figures: unknown = JSON.parse(readFileSync(json, 'utf8'))
  t.match(figures, {
    asked: { clients: 8, senders: 5, rooms: 0, size: 80, rate: 0, window: 32, seconds: 0.1 },
    registrationSeconds: Number,
    deliveries: Number,
    seconds: Number,
    deliveriesPerSecond: Number,
    latencyMilliseconds: { p50: Number, p99: Number, max: Number },
    busy: Number,
    bottleneck: Boolean,
  })
  const nowhere = readBench({ url, clients: '8', seconds: '0.1', json: join(json, 'none') })
  await t.rejects(
    measure(nowhere, (step) => steps.push(step)),
    /^--json: .* cannot be written/,
  )
  t.equal(steps.length, 4, 'no load was run for nothing')
  const { port } = await listen(t, fanout('drop'))
  const bad = readBench({ url: `line://127.0.0.1:${port}`, clients: '6', seconds: '0.1', json })
  await t.rejects(
    measure(bad, () => undefined),
    /^the load failed: .*00005 got line 1 of .*, where 0 was due$/,
  )
  t.match(JSON.parse(readFileSync(json, 'utf8')), { fault: /where 0 was due$/ })
})

t.test('partyline bench is a command of the program', { skip }, async (t) => {
  const { url } = await serve(t)
  const run = async (...args: string[]): Promise<[number | null, string, string]> => {
    const child = spawn(process.execPath, [program('bin/partyline.js'), 'bench', ...args])
    const exit = new Promise<number | null>((ended) => child.once('close', ended))
    const output = await Promise.all([text(child.stdout), text(child.stderr)])
    return [await exit, ...output]
  }
  t.match(await run(url, '--clients', '7', '--seconds', '0.1'), [0, /^registered: 7 [^]*\n$/, ''])
  t.match(await run('line://127.0.0.1:1'), [1, '', /^partyline: cannot connect to 127.0.0.1:1: /])
  const { port } = await listen(t, fanout('drop'))
  t.match(await run(`line://127.0.0.1:${port}`), [3, '', /^partyline: the load failed: /])
  t.match(await run(url, '--clients'), [2, '', /clients \(partyline bench --help shows all/])
  t.match(await run(url, '--size', '9'), [2, '', /^partyline: --size takes a whole number from 10/])
})

t.test('latencies', (t) => {
  const [some, others] = [new Latencies(), new Latencies()]
  t.ok(Number.isNaN(some.percentile(50)))
  for (let n = 1; n <= 90; n++) some.add(n / 10)
  for (let n = 91; n <= 100; n++) others.add(n / 10)
  others.add(0)
  some.addAll(others)
  some.add(5, 10)
  t.equal(some.count, 111)
  t.equal(some.max, 10)
  for (const [percent, latency] of [
    [50, 5],
    [99, 9.9],
  ] as const) {
    const counted = some.percentile(percent)
    t.ok(counted >= latency * 0.99 && counted <= latency * 1.05, `${percent} %: ${counted}`)
  }
  t.equal(some.percentile(100), 10)
  t.equal(some.percentile(0.5), 0.001)
  t.end()
})

t.test('the use of a process is read', (t) => {
  const before = cpuSeconds(process.pid)
  while (cpuSeconds(process.pid) === before) wording.spoken(1)
  t.ok(cpuSeconds(process.pid) > before, 'CPU time grows with work')
  const { rss } = process.memoryUsage()
  t.ok(Math.abs(residentBytes(process.pid) / rss - 1) < 0.5, 'memory is about what Node says')
  t.end()
})

const parse = (json: string): unknown => JSON.parse(json)

const plan: Plan = {
  clients: [6],
  speakers: 5,
  window: 32,
  seconds: 0.1,
  rounds: 3,
  idleClients: 5,
  rooms: 2,
  stalled: 2,
  stallSeconds: 5,
}

const row = (
  subject: Row['series'][0]['figures'],
  reference: Row['series'][0]['figures'],
): Row => ({
  unit: 'deliveries/cpu-s',
  label: '6 clients talk',
  series: [
    { name: 'partyline', figures: subject },
    { name: 'bare fan-out', figures: reference },
  ],
})

t.test('figures are summed up as a median and its bounds', (t) => {
  t.strictSame(spread([3, 1, 2]), { median: 2, low: 1, high: 3 })
  t.strictSame(spread([4, undefined, 1]), { median: 2.5, low: 1, high: 4 })
  t.strictSame(spread([undefined]), { median: NaN, low: NaN, high: NaN })
  t.strictSame(ratio(row([1, 4, undefined], [2, 2, 2])), { median: 1.25, low: 0.5, high: 2 })
  t.end()
})

t.test('the report', (t) => {
  const idle: Row = { ...row([10240], [5120]), unit: 'bytes/connection' }
  const curve: Curve = {
    label: 'tea',
    points: [
      { size: 1, cost: 2 },
      { size: 1000, cost: 3 },
    ],
  }
  const right: Report = {
    plan,
    rows: [row([8e6, 6e6], [1e7, 1e7]), idle],
    itself: [row([2e6], [1e6])],
    growth: [curve],
    faults: [],
  }
  const printed = toText(right)
  t.match(
    printed,
    /^6 clients talk +7000 \(6000 to 8000\) +10000 \(10000 to 10000\) +0\.70 \(0\.60 to 0\.80\)$/m,
  )
  t.match(
    printed,
    /^6 clients talk +10\.0 \(10\.0 to 10\.0\) +5\.0 \(5\.0 to 5\.0\) +2\.00 \(2\.00 to 2\.00\)$/m,
  )
  t.match(printed, /^Verified in every run/m)
  t.match(printed, /^6 clients talk +2000 .* 2\.00/m)
  t.match(
    printed,
    /for tea; the dearest is 1\.50 times the cheapest\nsize +1 +1000\ncost +2\.000 +3/,
  )
  t.match(parse(toJson(right)), {
    rows: [{ ratio: { median: 0.7, low: 0.6, high: 0.8 } }],
    growth: [curve],
  })
  const image = plot([curve])
  t.match(image, /^<svg .*<polyline .*>tea<[^]*<\/svg>\n$/s)
  t.notMatch(image, /NaN|Infinity/)

  const wrong: Report = {
    plan,
    rows: [row([undefined], [1e7])],
    itself: [],
    growth: [],
    faults: ['round 1: it fell over'],
  }
  t.match(toText(wrong), /^6 clients talk +- +10000 .* -$/m, 'no figure of a run that failed')
  t.match(toText(wrong), /FAILED:\n {2}round 1: it fell over/)
  t.match(parse(toJson(wrong)), {
    verified: false,
    faults: ['round 1: it fell over'],
    rows: [{ series: [{ median: null, figures: [null] }] }],
  })
  t.end()
})

t.test('options', (t) => {
  t.match(readOptions([]), {
    ask: 'run',
    json: false,
    growth: false,
    plan: { clients: [10, 100, 500, 2000], rounds: 3 },
  })
  t.match(readOptions(['--clients', '10,20', '--seconds', '0.5', '--idle', '7', '--json']), {
    ask: 'run',
    json: true,
    plan: { clients: [10, 20], seconds: 0.5, idleClients: 7 },
  })
  t.match(readOptions(['--help']), { ask: 'help' })
  for (const [args, problem] of [
    [['--clients', '5'], /^--clients takes a number from 6 to 20000, not '5'$/],
    [['--clients', '10,'], /^--clients takes a number/],
    [['--rounds', '1.5'], /^--rounds takes a whole number from 1 to 1000, not '1.5'$/],
    [['--seconds', 'long'], /^--seconds takes a number from/],
    [['--fast'], /--fast/],
  ] as const) {
    t.match(readOptions(args), { ask: 'nothing', problem })
  }
  t.end()
})

t.test('rounds tell of the faults of programs', { skip }, async (t) => {
  const argv = [program('bench/bare-fanout.js'), '--fault']
  const steps: string[] = []
  const { rows, faults } = await runRounds(
    { ...plan, clients: [8], rounds: 1 },
    [
      { name: 'losing', argv: [...argv, 'drop'] },
      { name: 'right', argv: argv.slice(0, 1) },
    ],
    (step) => steps.push(step),
  )
  t.strictSame(steps.slice(0, 5), [
    'round 1 of 1, 8 clients talk, losing',
    'round 1 of 1, 8 clients talk, right',
    'round 1 of 1, 5 clients are silent, losing',
    'round 1 of 1, 5 clients are silent, right',
    'round 1 of 1, 2 rooms of 10 talk',
  ])
  t.equal(faults.length, 5)
  t.match(faults[0], /^round 1 of 1, 8 clients talk, losing: /)
  t.strictSame(rows[0]?.series[0].figures, [undefined])
  t.match(rows[0]?.series[1].figures, [Number])
})

t.test('growth is measured', { skip }, async (t) => {
  const argv = [program('bin/partyline.js'), 'serve', '--port', '0', '--no-limits']
  const sizes = { clients: [6], rooms: [3], members: [5] }
  const steps: string[] = []
  const { curves, faults } = await measureGrowth(
    { ...plan, ...sizes, rounds: 1 },
    { name: 'partyline', argv },
    (step) => steps.push(step),
  )
  t.strictSame(faults, [])
  t.equal(steps.length, 4)
  t.strictSame(
    curves.map(({ points }) => points.map(({ size }) => size)),
    [...Object.values(sizes), sizes.members],
  )
  for (const { points } of curves) t.ok(points.every(({ cost }) => cost >= 0))
  t.equal(growthOf({ label: '', points: [2, 3, 4].map((cost) => ({ size: cost, cost })) }), 2)
})

t.test('growth tells of faults', { skip }, async (t) => {
  const closing = `
    require('node:net').createServer((socket) => socket.end()).listen(0, '127.0.0.1', function () {
      console.log('listening on line://127.0.0.1:' + this.address().port)
    })`
  const { curves, faults } = await measureGrowth(
    { ...plan, clients: [6], rooms: [1], members: [1], rounds: 1, stallSeconds: 1 },
    { name: 'closing', argv: ['-e', closing] },
    () => undefined,
  )
  t.match(faults, [
    /^round 1 of 1, a delivery, by clients in the room 6: /,
    /rooms/,
    /members/,
    /members/,
  ])
  t.same(
    curves.map(({ points }) => points[0]?.cost),
    [NaN, NaN, NaN, NaN],
  )
})

t.test('a program that does not listen cannot be measured', async (t) => {
  const starting = start({ name: 'it', argv: ['-e', 'console.error("port in use")'] })
  await t.rejects(
    starting,
    new CannotRun('it did not start: node -e console.error("port in use")\nport in use'),
  )
})

t.test('the program', { skip }, async (t) => {
  const run = async (
    ...args: string[]
  ): Promise<[code: number | null, out: string, err: string]> => {
    const child = spawn(process.execPath, [program('bench/bench.js'), ...args])
    const exit = new Promise<number | null>((ended) => child.once('close', ended))
    const output = await Promise.all([text(child.stdout), text(child.stderr)])
    return [await exit, ...output]
  }
  const small = ['--clients', '10', '--rounds', '1', '--seconds', '0.1', '--idle', '5']
  const directory = t.testdir({
    'results.md':
      '# Results\n\n## By hand\n\nmine\n\n## `npm run bench`\n\nold\n\n## After\n\ntoo\n',
  })
  const [code, out, err] = await run(...small, '--rooms', '2', '--results', directory, '--json')
  t.equal(code, 0, err)
  t.match(parse(out), {
    verified: true,
    rows: [{ label: '10 clients talk' }, { unit: 'bytes/connection' }],
  })
  t.match(err, /^round 1 of 1, 10 clients talk, partyline$/m)
  t.match(
    readFileSync(`${directory}/results.md`, 'utf8'),
    /By hand\n\nmine\n\n## `npm run bench`\n\n```text\nNode [^]*^10 clients talk +\d[^]*```\n\n## After\n\ntoo\n$/m,
  )
  t.strictSame(await run('--rounds', '0'), [
    2,
    '',
    "bench: --rounds takes a number from 1 to 1000, not '0'\n",
  ])
  t.match(await run('--help'), [0, /^npm run bench -- \[options\]/, ''])
})
