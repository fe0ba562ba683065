// The host's pieces one by one: addresses, endpoints, paces, counts, batches, words for the
// operator, the operator's console, and an output that never waits.

import * as assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { closeSync, constants, openSync, readFileSync, readSync, writeSync } from 'node:fs'
import { Server, Socket } from 'node:net'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import t, { type Test } from 'tap'
import { LINE_BREAK } from '../lib/core/index.js'
import { formatPeer, isLoopback, networkOf, peerOf } from '../lib/host/address.js'
import { Admission } from '../lib/host/admission.js'
import { Batch } from '../lib/host/batch.js'
import { BoundedOutput } from '../lib/host/bounded-output.js'
import { monotonic, timeOfDay } from '../lib/host/clock.js'
import { inForeground, linesOf, runConsole } from '../lib/host/console.js'
import { messageEntryOf } from '../lib/host/journal.js'
import { HOST_LIMITS, LIFTED } from '../lib/host/limits.js'
import { formatEndpoint, isExposed, listen, readEndpoint } from '../lib/host/listen.js'
import { Pace } from '../lib/host/pace.js'
import { Share } from '../lib/host/share.js'
import {
  DEFAULT_LIMITS,
  DIALECTS,
  LIMITS,
  createServer,
  formatEntry,
  type Entry,
} from '../lib/index.js'
import { Changes } from './support/changes.js'
import { Client } from './support/client.js'
import { hostFor, serve } from './support/hosting.js'

t.test('a message of several lines is one entry of the log', (t) => {
  const message = { from: 'alice', text: `a${LINE_BREAK}bob is online`, at: 0 }
  const room = { title: 'General', word: 'General' }
  t.match(messageEntryOf({ type: 'said', room, lobby: true, message }), {
    text: 'a / bob is online',
  })
  t.match(messageEntryOf({ type: 'told', to: 'bob', message }), { text: 'a / bob is online' })
  t.end()
})

t.test('peers', (t) => {
  const rows: readonly (readonly [string | undefined, string])[] = [
    ['127.0.0.1', '127.0.0.1:5'],
    ['::ffff:192.0.2.1', '192.0.2.1:5'],
    ['::1', '[::1]:5'],
    ['fe80::1%eth0', '[fe80::1]:5'],
    [undefined, 'unknown:5'],
  ]
  for (const [address, name] of rows) t.equal(formatPeer(peerOf(address, 5)), name)
  t.equal(peerOf('127.0.0.1', undefined).port, 0)
  t.end()
})

t.test('loopback', (t) => {
  for (const address of ['127.0.0.1', '127.1.2.3', '127.1', '::1', 'localhost'])
    t.ok(isLoopback(address))
  for (const address of [
    '192.0.2.1',
    '::',
    '0.0.0.0',
    '::2',
    'unknown',
    '127.0.0.1.example',
    '127',
  ]) {
    t.notOk(isLoopback(address), address)
  }
  t.end()
})

t.test('networks', (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:DB8:1:2::9', '2001:db8:1:2::/64'],
    ['2001:db8::9', '2001:db8:0:0::/64'],
    ['::9', '0:0:0:0::/64'],
    ['unknown', 'unknown'],
  ]
  for (const [address, network] of rows) t.equal(networkOf(address), network)
  t.end()
})

t.test('who may connect', (t) => {
  const limits = { ...DEFAULT_LIMITS, connectionsPerAddress: 2, connectsPerMinute: 3 }
  const admission = new Admission(limits)
  const tooMany = { code: 'too-many-connections', max: 2 }
  const tooFast = { code: 'connecting-too-fast', max: 3 }
  t.equal(admission.arrive('2001:db8::1', 0), undefined)
  t.equal(admission.arrive('2001:db8::2', 0), undefined)
  t.same(admission.arrive('2001:db8::3', 0), tooMany, 'one network is one address')
  t.equal(admission.arrive('2001:db8:0:1::1', 0), undefined, 'another network is not')
  for (let n = 0; n < 3; n++) admission.leave('2001:db8::1')
  t.same(admission.arrive('2001:db8::1', 59_999), tooFast)
  t.equal(admission.arrive('2001:db8::1', 60_000), undefined)
  for (let n = 0; n < 100; n++) t.equal(admission.arrive('127.0.0.1', 0), undefined)
  admission.leave('127.0.0.1')
  t.end()
})

t.test('paces', (t) => {
  const limits = { ...DEFAULT_LIMITS, lineBurst: 3, lineRate: 10, byteRate: 1000 }
  const pace = new Pace(limits, 0)
  const rows: readonly (readonly [number, number, number, number?])[] = [
    // bytes, at, delay, lines if not one
    [1, 0, 0],
    [1, 0, 0],
    [1, 0, 100],
    [1, 100, 100],
    [1, 200, 100],
    [1, 10_000, 0],
    [1500, 10_000, 503],
    [1, 11_000, 0],
    [0, 20_000, 0],
    [0, 20_000, 0],
    [0, 20_000, 0],
    [0, 20_000, 0],
    [1, 20_000, 0],
    [1, 30_000, 1800, 20],
    [1, 31_800, 100],
    [0, 31_800, 0, 20],
  ]
  for (const [bytes, at, delay, lines = 1] of rows) {
    t.equal(Math.round(pace.take(lines, bytes, at)), delay)
  }
  t.end()
})

t.test('shares', (t) => {
  const turns = Array.from({ length: 6 }, () => ({ start: Batch.empty() }))
  const spent = (take: (share: Share) => void): readonly boolean[] => {
    const [first, ...later] = turns
    assert.ok(first !== undefined)
    const share = new Share(4, first)
    take(share)
    share.renew(first)
    return [
      share.spent,
      ...later.map((turn) => {
        share.renew(turn)
        return share.spent
      }),
    ]
  }
  const after = (count: number): readonly boolean[] => turns.map((_, turn) => turn < count)
  const rows: readonly (readonly [string, (share: Share) => void, number])[] = [
    ['nothing', () => undefined, 0],
    [
      'three lines',
      (share) => {
        share.takeLines(3)
      },
      0,
    ],
    [
      'four lines',
      (share) => {
        share.takeLines(4)
      },
      1,
    ],
    [
      'eleven lines',
      (share) => {
        share.takeLines(11)
      },
      2,
    ],
    [
      'a line of less than 1 KiB',
      (share) => {
        share.takeText('a'.repeat(1023))
      },
      0,
    ],
    [
      'a line of 8 KiB',
      (share) => {
        share.takeText('a'.repeat(8192))
      },
      2,
    ],
    [
      'an answer of 3 KiB',
      (share) => {
        share.takeAnswer(3072)
      },
      3,
    ],
    [
      'sixty who are told one by one',
      (share) => {
        share.takeTellings(60)
      },
      0,
    ],
    [
      'five hundred of them',
      (share) => {
        share.takeTellings(500)
      },
      7,
    ],
  ]
  for (const [what, take, count] of rows) t.same(spent(take), after(count), what)
  t.end()
})

t.test('batches', (t) => {
  const [one, two] = [Buffer.from('one\r\n'), Buffer.from('two\r\n')]
  const start = Batch.empty()
  t.equal(start.size, 0)
  t.equal(start.with(one).join(), one, 'a single line is not copied')
  const both = start.with(one).with(two)
  t.equal(both.size, 10)
  t.same(both.join(), Buffer.from('one\r\ntwo\r\n'))
  t.equal(start.with(one).with(two), both, 'the same lines are the same batch')
  t.equal(both.join(), both.join(), 'and share their bytes')
  t.same(start.with(two).with(one).join(), Buffer.from('two\r\none\r\n'))
  t.end()
})

t.test('one clock never goes back, the other tells the time of day', (t) => {
  const [first, second] = [monotonic(), monotonic()]
  t.ok(second >= first)
  t.ok(Math.abs(timeOfDay() - Date.now()) < 60_000)
  t.end()
})

t.test('a server takes no limits out of their range, and does not listen again', async (t) => {
  for (const limits of [
    { registrationTimeout: NaN },
    { maxClients: -1 },
    { lineBytes: Infinity },
  ]) {
    t.throws(() => createServer({ limits }), RangeError)
  }
  const misspelt = { maxClients: 5, maxNewcomer: 1 }
  t.throws(() => createServer({ limits: misspelt }), /there is no limit 'maxNewcomer'/)
  const server = createServer()
  await server.close()
  await t.rejects(server.listen('line://127.0.0.1:0'), /closed/)
})

t.test('a server takes no options that are none', (t) => {
  const rows: readonly (readonly [options: unknown, message: RegExp])[] = [
    ['line://127.0.0.1:0', /^createServer takes an object/],
    [null, /^createServer takes an object/],
    [[], /^createServer takes an object/],
    [{ port: 8888 }, /^createServer has no option port, only limits, motd, /],
    [{ toString: 1 }, /^createServer has no option toString/],
    [{ motd: 'Welcome.' }, /^createServer: motd is an array of lines/],
    [{ motd: [1] }, /^createServer: motd is an array of lines/],
    [{ limits: 5 }, /^createServer: limits is an object/],
    [{ journal: console }, /^createServer: journal is a function/],
    [{ logMessages: 'no' }, /^createServer: logMessages is true or false/],
  ]
  for (const [options, message] of rows) {
    // As a program in JavaScript may call it.
    t.throws(() => void Reflect.apply(createServer, undefined, [options]), {
      name: 'TypeError',
      message,
    })
  }
  t.doesNotThrow(() => createServer({ motd: undefined as never }))
  t.end()
})

t.test('limits have defaults within their ranges, and reasons', (t) => {
  for (const [name, limit] of Object.entries(LIMITS)) {
    t.ok(limit.min <= limit.default && limit.default <= limit.max, name)
    t.ok(limit.why !== '' && limit.about !== '' && limit.unit !== '', name)
  }
  t.ok(LIFTED.every((name) => name in LIMITS))
  t.notOk(LIFTED.some((name) => /^(line|unfinished|registration|sendQueue)\w*Bytes$/.test(name)))
  t.ok(Object.keys(HOST_LIMITS).every((name) => name in DEFAULT_LIMITS))
  t.end()
})

t.test('endpoints', (t) => {
  const rows: readonly (readonly [string, string | RegExp])[] = [
    ['line://127.0.0.1:8888', 'line://127.0.0.1:8888'],
    ['line://[::1]:0', 'line://[::1]:0'],
    ['line://[::1]', 'line://[::1]:8888'],
    ['line://[fe80::1%lo]:1', 'line://[fe80::1%lo]:1'],
    ['line://::1:8888', /is not DIALECT/],
    ['line://localhost/', 'line://localhost:8888'],
    ['line://127.0.0.1:70000', /^port 70000 is too large/],
    ['line://127.0.0.1:-1', /is not DIALECT:\/\/HOST:PORT/],
    ['line://:8888', /is not DIALECT/],
    ['127.0.0.1:8888', /is not DIALECT/],
    ['', /is not DIALECT/],
    ['irc://127.0.0.1:6667', /^there is no dialect 'irc', only line/],
  ]
  for (const [url, expected] of rows) {
    const endpoint = readEndpoint(url, DIALECTS)
    t.match('problem' in endpoint ? endpoint.problem : formatEndpoint(endpoint), expected, url)
  }
  const [dialect] = DIALECTS.values()
  if (dialect === undefined) throw new Error('no dialect')
  for (const host of ['127.0.0.1', '::ffff:127.0.0.1', '::1', 'localhost']) {
    t.notOk(isExposed({ dialect, host, port: 0 }))
  }
  for (const host of ['0.0.0.0', '::', '192.0.2.1', '::ffff:192.0.2.1']) {
    t.ok(isExposed({ dialect, host, port: 0 }))
  }
  t.end()
})

t.test('an address that cannot be listened on', async (t) => {
  const { server, url } = await serve(t)
  const where = url.replace('line://', '')
  await t.rejects(server.listen(url), {
    message: `cannot listen on line://${where}: the port is in use, stop the other server or take another port`,
  })
  await t.rejects(server.listen('line://192.0.2.1:0'), /this machine has no such address/)
  await t.rejects(server.listen('nonsense'), /is not DIALECT/)
})

/** Where Node tells of each server that begins to listen. */
const LISTENING = 'tracing:net.server.listen:asyncStart'

t.test('accepting fails later on', async (t) => {
  const { host, entries } = await hostFor(t)
  const servers: Server[] = []
  const noteServer = (message: unknown): void => {
    const { server } = message as { readonly server?: unknown }
    if (server instanceof Server) servers.push(server)
  }
  subscribe(LISTENING, noteServer)
  t.teardown(() => unsubscribe(LISTENING, noteServer))
  const endpoint = readEndpoint('line://127.0.0.1:0', DIALECTS)
  if ('problem' in endpoint) throw new Error(endpoint.problem)
  const listener = await listen(host, endpoint)
  if ('problem' in listener) throw new Error(listener.problem)
  t.teardown(() => {
    listener.close()
  })
  for (const server of servers) server.emit('error', new Error('accept ENOBUFS'))
  const { port } = listener.endpoint
  t.not(port, 0)
  t.match(entries.of('warning'), [
    { text: `accepting on line://127.0.0.1:${port} failed: accept ENOBUFS` },
  ])
})

t.test('entries in words and in JSON', (t) => {
  const peer = '127.0.0.1:5'
  const rows: readonly (readonly [Entry, string])[] = [
    [{ what: 'listening', url: 'line://[::1]:1' }, 'listening on line://[::1]:1'],
    [
      { what: 'exposed', url: 'line://0.0.0.0:1' },
      'line://0.0.0.0:1 can be reached by everybody on your network: there is no password and no encryption',
    ],
    [
      { what: 'online', nick: 'alice', peer, dialect: 'line' },
      'alice is online (127.0.0.1:5) by line',
    ],
    [
      { what: 'offline', nick: 'alice', peer, dialect: 'line', reason: 'quit' },
      'alice is offline (127.0.0.1:5): quit',
    ],
    [{ what: 'room-made', room: 'den', by: 'alice' }, 'room den was made by alice'],
    [{ what: 'room-gone', room: 'den' }, 'room den is gone'],
    [{ what: 'said', from: 'alice', room: 'den', text: 'hi' }, 'alice in den: hi'],
    [{ what: 'said', from: 'alice', to: 'bob', text: 'hi' }, 'alice to bob: hi'],
    [
      { what: 'turned-away', peer, reason: 'server-full', more: 0 },
      'turned away 127.0.0.1:5: server-full',
    ],
    [
      { what: 'turned-away', peer, reason: 'server-full', more: 3 },
      'turned away 127.0.0.1:5: server-full (and 3 more since the last such line)',
    ],
    [{ what: 'announced', text: 'hi' }, 'announced: hi'],
    [{ what: 'warning', text: 'oh' }, 'warning: oh'],
    [{ what: 'mistake', stack: 'Error: oh\n    at x' }, 'our mistake: Error: oh     at x'],
    [{ what: 'stopping' }, 'stopping'],
    [{ what: 'stopped' }, 'stopped'],
  ]
  for (const [entry, words] of rows) {
    t.equal(formatEntry(entry, 'text', 0), words)
    const json = formatEntry(entry, 'json', 0)
    t.same(JSON.parse(json), { time: '1970-01-01T00:00:00.000Z', ...entry })
    t.notMatch(json, /\n/)
  }
  t.end()
})

/** A console on a running server, and what it has printed. */
async function consoleFor(t: Test) {
  const { server, url } = await serve(t)
  const input = new PassThrough()
  const printed: string[] = []
  const changes = new Changes()
  let stops = 0
  const over = runConsole({
    server,
    lines: linesOf(input),
    print: (line) => {
      printed.push(line)
      changes.tell()
    },
    stop: () => {
      stops++
      changes.tell()
    },
  })
  const until = (count: number): Promise<void> =>
    changes.until(
      () => printed.length + stops >= count,
      () => `printed only ${JSON.stringify(printed)}`,
    )
  /** Types lines; gives what is printed until the answer to one more. */
  const type = async (...lines: readonly string[]): Promise<readonly string[]> => {
    input.write([...lines, 'fence', ''].join('\n'))
    await changes.until(
      () => printed.at(-1)?.includes(`'fence'`) === true,
      () => `printed only ${JSON.stringify(printed)}`,
    )
    return printed.splice(0).slice(0, -1)
  }
  return { url, input, over, type, until, stops: () => stops }
}

t.test('the console', async (t) => {
  const { url, type, input, until, stops } = await consoleFor(t)
  t.match(await type('', '  ', 'help'), [/^help: /, ...Array<RegExp>(6).fill(/^\S.*: \S/)])
  t.same(await type('users', 'ROOMS'), ['0 users', '0 rooms'])
  const alice = await Client.named(url, 'alice')
  const bob = await Client.named(url, 'bob')
  alice.say('!enter den')
  await alice.fence()
  t.same(await type('users', 'rooms'), [
    `alice 127.0.0.1:${alice.port} line`,
    `bob 127.0.0.1:${bob.port} line`,
    '2 users',
    'den 1',
    '1 room',
  ])
  t.match(await type('say', 'kick', 'dance', 'kick nobody', '1'), [
    /^Say what\?/,
    /^Kick whom\?/,
    /^There is no command 'dance'/,
    /^Nobody is connected as 'nobody'/,
    /^Nobody is connected from port 1/,
  ])
  t.same(await type('say  hello  all '), [])
  t.equal(await alice.line(), '!announce hello  all')
  t.same(await type('kick alice  be nice '), [])
  t.same((await alice.rest()).slice(-1), [
    '!error kicked The operator closed your connection: be nice',
  ])
  t.same(await type(`${bob.port}`, 'users'), ['0 users'])
  t.match((await bob.rest()).slice(-1), [/^!error kicked /])
  const carol = await Client.named(url, 'carol')
  t.same(await type(`kick ${carol.port} bye`), [])
  t.match(await carol.rest(), [/: bye$/])
  input.write('stop\n')
  await until(1)
  t.equal(stops(), 1)
})

t.test('a console whose input fails or ends stops nothing', async (t) => {
  const failing = await consoleFor(t)
  await failing.type('help')
  failing.input.destroy(new Error('read EIO'))
  await failing.over
  const ending = await consoleFor(t)
  ending.input.end('users\nrooms')
  await ending.over
  await ending.until(2)
  t.equal(failing.stops() + ending.stops(), 0)
  t.equal(typeof inForeground(), 'boolean')
})

t.test('lines are kept for whoever reads on', async (t) => {
  const input = new PassThrough()
  const lines = linesOf(input)
  input.end('one\ntwo\r\nthree\nfour')
  t.same(await lines.next(), { done: false, value: 'one' })
  t.same(await lines.next(), { done: false, value: 'two' })
  const rest: string[] = []
  for await (const line of lines) rest.push(line)
  t.same(rest, ['three', 'four'])
})

/** A named pipe: both its ends, and an output on one of them. */
function outputToPipe(t: Test) {
  const path = join(t.testdir({}), 'pipe')
  execFileSync('mkfifo', [path])
  const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  const writer = openSync(path, constants.O_WRONLY)
  t.teardown(() => {
    closeSync(writer)
  })
  return { reader, output: new BoundedOutput(writer, new PassThrough()) }
}

/** What waits in a pipe. */
function readPipe(reader: number): string {
  const bytes = Buffer.alloc(1024 * 1024)
  try {
    return bytes.toString('utf8', 0, readSync(reader, bytes))
  } catch {
    return ''
  }
}

const line = (n: number): string => `${n} `.padEnd(99, '.')

t.test('an output whose reader stalls drops lines, counts them, and says so', (t) => {
  const { output, reader } = outputToPipe(t)
  output.writeLine('hello')
  output.flush()
  t.equal(readPipe(reader), 'hello\n', 'a line goes at the flush')
  const FITS = Math.floor(65_536 / 100)
  for (let n = 0; n < 2000; n++) output.writeLine(line(n))
  const { dropped } = output
  t.ok(2000 - dropped >= FITS && 2000 - dropped <= 2 * FITS + 1, `kept ${2000 - dropped}`)
  let text = ''
  for (let piece = readPipe(reader); piece !== ''; piece = readPipe(reader)) {
    text += piece
    output.flush()
  }
  const lines = text.split('\n').slice(0, -1)
  t.same(
    lines.slice(0, -1),
    Array.from({ length: 2000 - dropped }, (_, n) => line(n)),
  )
  t.equal(lines.at(-1), `(${dropped} lines were dropped: nobody read them)`)
  t.equal(output.dropped, 0)
  closeSync(reader)
  t.end()
})

t.test('an output whose reader was slow goes on by itself', async (t) => {
  const { output, reader } = outputToPipe(t)
  for (let n = 0; n < 1000; n++) output.writeLine(line(n))
  const end = `${line(999)}\n`
  let text = ''
  const socket = new Socket({ fd: reader, writable: false })
  t.teardown(() => socket.destroy())
  await new Promise<void>((resolve) => {
    socket.on('data', (bytes) => {
      text += bytes.toString()
      if (text.endsWith(end)) resolve()
    })
  })
  t.equal(text.length, 100_000)
})

t.test('an output that nobody will read is left alone', (t) => {
  const { output, reader } = outputToPipe(t)
  closeSync(reader)
  output.writeLine('lost')
  output.writeLine('lost')
  t.equal(output.dropped, 0)
  t.end()
})

t.test('an output to a file, and to a full disk', (t) => {
  const path = join(t.testdir({ log: '' }), 'log')
  const file = openSync(path, 'a')
  const log = new BoundedOutput(file, new PassThrough())
  log.writeLine('hello')
  log.flush()
  closeSync(file)
  t.equal(readFileSync(path, 'utf8'), 'hello\n')
  const full = openSync('/dev/full', 'w')
  t.throws(() => writeSync(full, 'x'), { code: 'ENOSPC' })
  const output = new BoundedOutput(full, new PassThrough())
  for (let n = 0; n < 2000; n++) output.writeLine(line(n))
  t.equal(output.dropped, 0)
  closeSync(full)
  t.end()
})

t.test('an output to a socket goes by way of its stream', (t) => {
  const written: string[] = []
  let release: (() => void) | undefined
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      written.push(String(chunk))
      release = done
    },
  })
  const NO_SUCH_DESCRIPTOR = 1_000_000
  const output = new BoundedOutput(NO_SUCH_DESCRIPTOR, stream)
  output.writeLine('hello')
  output.writeLine('again')
  output.flush()
  t.same(written, ['hello\nagain\n'], 'two lines of a turn are one write')
  for (let n = 0; n < 2000; n++) output.writeLine(line(n))
  t.ok(output.dropped > 0)
  t.ok(stream.writableLength < 2 * 65_536 + 200)
  release?.()
  stream.destroy()
  output.flush()
  output.writeLine('lost')
  t.same(written.length > 0, true)
  const other = new PassThrough()
  const closed = new BoundedOutput(NO_SUCH_DESCRIPTOR, other)
  other.emit('error', new Error('EPIPE'))
  closed.writeLine('lost')
  t.equal(other.read(), null)
  t.end()
})
