// The running client in a pipe: lines in and out, what it says beside them, how it ends, and servers
// that no client should trust.

import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import t, { type Test } from 'tap'
import type { Heard } from '../lib/dialects/client.js'
import { backOff } from '../lib/client/patience.js'
import { formatPlace, readPlace, readTarget, whyBroken, whyNot } from '../lib/client/place.js'
import type { Desk, Screen } from '../lib/client/screen.js'
import { Trace } from '../lib/client/trace.js'
import type { VisitOptions } from '../lib/client/visit-options.js'
import { visit } from '../lib/client/visit.js'
import { client } from '../lib/dialects/line/client.js'
import { DIALECTS, type Dialect } from '../lib/index.js'
import { Changes } from './support/changes.js'
import { Client } from './support/client.js'
import { serve } from './support/hosting.js'
import { beginVisit } from './support/visiting.js'

t.jobs = 4

const HELLO = /^Connected to 127\.0\.0\.1 at port \d+\.\nTo quit, type "\/quit"\.\n/

/** A server that treats each connection in its own way; gives its URL. */
async function rogue(t: Test, treat: (socket: Socket) => void): Promise<string> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    treat(socket.on('error', () => undefined))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const address = server.address()
  return `line://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
}

t.test('lines in, lines out', async (t) => {
  const { url } = await serve(t)
  const all = beginVisit(t, url, {}, 'ann\r\n!users\n\n#zoe hi\n!rooms\nlast')
  t.equal(await all.outcome, 'done')
  t.match(all.printed(), {
    output: /^ann\n!error unknown-nick .*\n\n$/,
    notes: HELLO,
  })
  t.match(all.printed().notes, /\nConnection closed by server\.\n$/)

  const bob = await Client.named(url, 'bob')
  const ann = beginVisit(t, url, { nick: 'ann', notices: true })
  await ann.until(/^!notices on$/m)
  bob.say('\x1b[2Jhello')
  await ann.until(/^bob: hello$/m)
  ann.input.write('hi bob')
  ann.input.write('!\n')
  t.equal(await bob.line(), 'ann: hi bob!')
  ann.input.write('/quit\nnever\n')
  t.equal(await ann.outcome, 'failed', 'never silently')
  t.match(ann.printed().notes, /^Not sent: never$/m)

  const refused = beginVisit(t, url, { nick: 'bob' })
  t.equal(await refused.outcome, 'failed')
  t.match(refused.printed().output, /^!error nick-in-use /)
  const again = beginVisit(t, url, {}, 'two words\n')
  t.equal(await again.outcome, 'done')
  t.match(again.printed().output, /^!error bad-nick /)
  const left = beginVisit(t, url, { nick: 'eve' }, '!quit\n')
  t.equal(await left.outcome, 'done')
  t.match(left.printed().output, /^!goodbye eve\n$/)
})

t.test('a nickname that was given and is refused', async (t) => {
  const { url, server } = await serve(t)
  const bob = await Client.named(url, 'bob')
  const piped = beginVisit(t, url, { nick: 'a b', reconnect: true }, 'hello\n!users\n')
  t.equal(await piped.outcome, 'failed')
  t.match(piped.printed(), {
    output: /^!error bad-nick [^\n]*\n$/,
    notes:
      /\nThe nickname a b was not taken: give --nick another one\.\nNot sent: hello\nNot sent: !users\n$/,
  })
  const others = [
    ['cs494', 'ann lee'],
    ['chatbox', 'x'.repeat(101)],
    ['chatapp', 'x'.repeat(51)],
  ] as const
  for (const [dialect, nick] of others) {
    const there = await server.listen(`${dialect}://127.0.0.1:0`)
    const other = beginVisit(t, there, { nick }, 'hello\n')
    t.equal(await other.outcome, 'failed', dialect)
    t.match(other.printed().notes, /was not taken: give --nick another one\.$/m, dialect)
  }
  t.strictSame(await bob.fence(), [], 'nobody was told a line under a name that is none')

  const screen = new Stub()
  const over = new AbortController()
  const attended = visit({ ...optionsFor(url), nick: 'a-b' }, screen, over.signal)
  await screen.until('Nickname: ')
  screen.desk?.typed('ann')
  await screen.until('named ann')
  over.abort()
  t.equal(await attended, 'done')

  const long = beginVisit(t, url, { nick: 'x'.repeat(17) }, 'hello\n')
  t.equal(await long.outcome, 'done')
  t.equal(await bob.line(), `${'x'.repeat(17)}: hello`, 'no word against it in two seconds')
})

t.test('output that cannot be written', async (t) => {
  const { url } = await serve(t)
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  const ann = beginVisit(t, url, { nick: 'ann' })
  await ann.until(/Connected/, 'notes')
  ann.output.emit('error', full)
  ann.output.emit('error', full)
  t.equal(await ann.outcome, 'failed')
  t.match(ann.printed().notes, /\nThe output cannot be written: no space left\.\n$/)
  t.equal(ann.printed().notes.match(/cannot be written/g)?.length, 1)
})

t.test('waiting for what is expected', async (t) => {
  const { url } = await serve(t)
  const met = beginVisit(t, url, { expect: [/^ann$/u, /^!pong b$/u] }, 'ann\n!users\n!ping b\n')
  t.equal(await met.outcome, 'done')
  t.equal(met.printed().output, 'ann\n!pong b\n')
  const late = beginVisit(t, url, { expect: [/^never$/u], timeout: 200 }, 'ann\n!users\n')
  t.equal(await late.outcome, 'unmet')
  t.match(late.printed(), {
    output: 'ann\n',
    notes: /^Nothing matched \^never\$ within 0\.2 seconds\.$/m,
  })
  const closed = beginVisit(t, url, { expect: [/^never$/u] }, 'ann\n!quit\n')
  t.equal(await closed.outcome, 'unmet', 'the server has closed before')
  const idle = beginVisit(t, url, { timeout: 200 })
  t.equal(await idle.outcome, 'unmet')
  t.match(idle.printed().notes, /^It was not over within 0\.2 seconds\.$/m)
})

t.test('what is carried, byte by byte', async (t) => {
  const url = await rogue(t, (socket) => {
    socket.once('data', () => socket.write('a\nbo'))
    socket.once('end', () => socket.end('b: h\u00e9\r\n'))
  })
  const trace = { hex: true, rulers: true }
  const ann = beginVisit(t, url, { nick: 'ann', trace })
  await ann.until(/^a$/m)
  ann.input.end()
  t.equal(await ann.outcome, 'done')
  const rows = ann.printed().notes.split('\n').slice(2, -2)
  t.strictSame(rows, [
    '-> write 1: 5 bytes',
    '       0  61 6e 6e 0d 0a                                   ann␍␊',
    '   └───┘',
    '   ann␍␊',
    '   └───┘',
    '<- read 1: 4 bytes',
    '       0  61 0a 62 6f                                      a␊bo',
    '   └──┘',
    '   a␊bo',
    '   └┘└─',
    '<- read 2: 8 bytes',
    '       4  62 3a 20 68 c3 a9 0d 0a                          b:␠h▒▒␍␊',
    '   └──────┘',
    '   b:␠h▒▒␍␊',
    '   ───────┘',
  ])
})

t.test('frames, where there are some', (t) => {
  const decode = DIALECTS.get('onlinechat')?.notation.decode
  const trace = new Trace({ hex: false, rulers: true, decode })
  t.strictSame(trace.rows('received', Buffer.from('3,ACK56')), [
    ...['<- read 1: 7 bytes', '   └─────┘', '   3,ACK56', '   └───┘└─'],
  ])
  const rest = `,${'x'.repeat(56)}`
  t.strictSame(trace.rows('received', Buffer.from(`${rest}1`)), [
    ...['<- read 2: 58 bytes', `   └${'─'.repeat(56)}┘`, `   ${rest}1`, `   ${'─'.repeat(56)}┘└`],
  ])
  t.strictSame(trace.rows('sent', Buffer.from('1,a1,b')).at(-1), '   └────┘')
  t.end()
})

/** A screen that a test holds in its hand. */
class Stub implements Screen {
  desk: Desk | undefined
  readonly attended: boolean
  readonly full = false
  readonly told: string[] = []
  readonly #changes = new Changes()

  constructor(attended = true) {
    this.attended = attended
  }

  open(desk: Desk): void {
    this.desk = desk
  }
  show({ shown }: Heard): void {
    for (const line of shown) this.#tell(line)
  }
  ask(question: string): void {
    this.#tell(question)
  }
  prompt(text: string): void {
    this.#tell(`prompt ${text}`)
  }
  named(nick: string): void {
    this.#tell(`named ${nick}`)
  }
  note(text: string): void {
    this.#tell(text)
  }
  status(text: string): void {
    this.#tell(`status ${text}`)
  }
  trace(): void {
    this.#tell('trace')
  }
  hold(): void {
    this.#tell('hold')
  }
  release(): void {
    this.#tell('release')
  }
  async close(): Promise<void> {
    await Promise.resolve()
  }

  /** Resolves once this was told after all that was awaited before. */
  async until(text: string): Promise<void> {
    const index = (): number => this.told.indexOf(text)
    await this.#changes.until(
      () => index() >= 0,
      () => `no ${text}: ${this.told.join(' | ')}`,
    )
    this.told.splice(0, index() + 1)
  }

  #tell(text: string): void {
    this.told.push(text)
    this.#changes.tell()
  }
}

function optionsFor(url: string): VisitOptions {
  const target = readTarget(url, DIALECTS)
  if ('problem' in target) throw new Error(target.problem)
  const { place } = target
  return {
    ...{ client, place, usual: place, nick: 'ann', notices: false, reconnect: true },
    ...{ expect: [], timeout: undefined, trace: undefined, now: Date.now },
  }
}

const AGAIN = 'status Connecting again in 1 s; Enter does it now, Ctrl-C ends.'
const BROKEN = 'The server broke the connection off (RST).'

t.test('coming again', async (t) => {
  let times = 0
  const url = await rogue(t, (socket) => {
    times++
    socket.write('you: ann\r\n')
    if (times < 3) socket.once('data', () => socket.destroy())
  })
  const screen = new Stub()
  const over = new AbortController()
  const outcome = visit(optionsFor(url), screen, over.signal)
  await screen.until('you: ann')
  await screen.until('Connection closed by server.')
  await screen.until(AGAIN)
  screen.desk?.typed('hello?')
  await screen.until('Not connected. Not sent: hello?')
  screen.desk?.typed('')
  await screen.until('status ')
  await screen.until('named ann')
  await screen.until(AGAIN)
  screen.desk?.typed('')
  await screen.until('you: ann')
  t.equal(times, 3)
  screen.desk?.quit()
  t.equal(await outcome, 'done')

  const refused = new Stub()
  const gone = visit(optionsFor('127.0.0.1:1'), refused, over.signal)
  await refused.until(AGAIN)
  refused.desk?.typed('')
  await refused.until('status Connecting again in 2 s; Enter does it now, Ctrl-C ends.')
  over.abort()
  t.equal(await gone, 'unreachable')
  const late = new Stub()
  const tooLate = { ...optionsFor('127.0.0.1:1'), timeout: 1000 }
  t.equal(await visit(tooLate, late, new AbortController().signal), 'unmet')
  t.ok(late.told.includes('It was not over within 1 second.'), 'between two attempts, too')
  t.strictSame([1, 2, 3, 7, 8, 100].map(backOff), [1, 2, 4, 60, 60, 60])
})

t.test('where to, if nobody said', async (t) => {
  const { url } = await serve(t)
  const asks = { host: 'IP? ', port: 'Port? ' }
  const options = { ...optionsFor(url), client: { ...client, asks }, reconnect: false }
  const { port } = options.usual
  const text = `two words\n\nlocalhost\n1\n\n99999\n\n${port}\n!users\n`
  const ann = beginVisit(t, url, { ...options, place: undefined }, text)
  t.equal(await ann.outcome, 'done')
  const { output, notes } = ann.printed()
  t.equal(output, 'ann\n')
  t.match(notes, /^That is no place: an address is one word\.$/m)
  t.match(notes, /^Cannot connect to localhost:1: nobody listens there\./m)
  t.match(notes, /^That is no place: a port is a number from 1 to 65535\.$/m)
  const nobody = beginVisit(t, url, { ...options, place: undefined }, 'localhost\n')
  t.equal(await nobody.outcome, 'unreachable')
  t.equal(nobody.printed().notes, 'No address was given.\n')

  const screen = new Stub()
  const over = new AbortController()
  const left = visit({ ...options, place: undefined }, screen, over.signal)
  await screen.until('IP? ')
  t.strictSame(screen.desk?.known.commands, [])
  await screen.desk?.lookUp()
  over.abort()
  t.equal(await left, 'unreachable')
})

t.test('Tab waits for what a look-up brings', async (t) => {
  const { url } = await serve(t)
  const screen = new Stub()
  const over = new AbortController()
  const outcome = visit({ ...optionsFor(url), now: () => 0 }, screen, over.signal)
  await screen.until('named ann')
  await screen.desk?.lookUp()
  t.strictSame([...(screen.desk?.known.nicks ?? [])], ['ann'])
  await screen.desk?.lookUp()
  t.notOk(screen.told.includes('ann'), 'nobody sees it')
  over.abort()
  t.equal(await outcome, 'done')
  t.equal(await visit(optionsFor(url), new Stub(), over.signal), 'unreachable', 'too late')
})

t.test('servers that no client should trust', async (t) => {
  await t.test('a flood, and a reader who stalls', async (t) => {
    const LINES = 100_000
    const lines = Array.from({ length: LINES }, (_, i) => `bob: line ${i} ${'x'.repeat(80)}\r\n`)
    let sent: Promise<unknown> | undefined
    let server: Socket | undefined
    const url = await rogue(t, (socket) => {
      server = socket
      sent = once(socket, 'finish')
      socket.end(lines.join(''))
    })
    const ann = beginVisit(t, url, { nick: 'ann' })
    ann.output.pause()
    ann.input.write('hello\n')
    await ann.until(/Connected/, 'notes')
    // All that fits between the two is on its way; the rest stays with the server.
    for (let before = -1; before !== server?.writableLength || before < 0;) {
      before = server?.writableLength ?? -1
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    t.ok(server.writableLength > 0 && ann.output.readableLength < 2 ** 20, 'it waits')
    ann.output.resume()
    await sent
    t.equal(await ann.outcome, 'failed', 'it has closed before we wanted')
    const got = ann.printed().output.split('\n')
    t.equal(got.length, LINES + 1)
    t.equal(got[LINES - 1]?.slice(0, 16), 'bob: line 99999 ')
  })

  await t.test('a line without an end, bad text, escapes', async (t) => {
    const url = await rogue(t, (socket) => {
      socket.write('\x1b[2J\x1b]0;title\x07bob: \u009bhi\r\n')
      const part = Buffer.alloc(2 ** 20, 'x')
      for (let i = 0; i < 20; i++) socket.write(part)
      socket.end(Buffer.from([0x0a, 0xff, 0xfe, 0x0a, 0x62, 0x00, 0x08]))
    })
    const ann = beginVisit(t, url, { nick: 'ann' })
    t.equal(await ann.outcome, 'failed')
    const { output, notes } = ann.printed()
    t.match(output, /^bob: i\nx{65536}…\n��\nb\n$/)
    t.match(
      notes,
      /^The server sends a line without an end: only its first 65536 bytes are kept\.$/m,
    )
    t.match(notes, /^That line had 20971520 bytes\.$/m)
    t.match(notes, /^� stands for what is not UTF-8/m)
  })

  await t.test('one that takes nothing and breaks off', async (t) => {
    let server: Socket | undefined
    const url = await rogue(t, (socket) => (server = socket.pause()))
    const ann = beginVisit(t, url, { nick: 'ann' })
    const block = `${'y'.repeat(99)}\n`.repeat(10_000)
    await ann.until(/Connected/, 'notes')
    let written = 0
    while (ann.input.write(block) || ann.input.readableFlowing === true) {
      written++
      if (written > 100) break
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    t.ok(written < 100, `the input waits after ${written} MB`)
    server?.destroy()
    t.equal(await ann.outcome, 'failed')
    t.match(
      ann.printed().notes,
      new RegExp(`^${BROKEN.replace(/[.()]/g, '\\$&')}\nNot sent: y+$`, 'm'),
    )
  })

  await t.test('a reader who goes', async (t) => {
    const { url } = await serve(t)
    const ann = beginVisit(t, url, { nick: 'ann' })
    await ann.until(/Connected/, 'notes')
    ann.output.destroy(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }))
    t.equal(await ann.outcome, 'done')
    t.notMatch(ann.printed().notes, /EPIPE|closed/)
    const eve = beginVisit(t, url, { nick: 'eve' })
    await eve.until(/Connected/, 'notes')
    eve.input.destroy(new Error('bad disk'))
    t.equal(await eve.outcome, 'done')
    t.match(eve.printed().notes, /^The input cannot be read: bad disk\.$/m)
    const zoe = beginVisit(t, url, { nick: 'zoe' }, `${'z'.repeat(2 ** 20 + 1)}\n`)
    t.equal(await zoe.outcome, 'done')
    t.match(zoe.printed().notes, /^Not sent: a line of 1048577 bytes is too long\.$/m)
  })
})

t.test('places, and why there is no way to them', (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['', 'line 127.0.0.1:8888'],
    ['9999', 'line 127.0.0.1:9999'],
    [':9999', 'line 127.0.0.1:9999'],
    ['example.org', 'line example.org:8888'],
    ['::1', 'line [::1]:8888'],
    ['[::1]:99', 'line [::1]:99'],
    ['fe80::1%lo', 'line [fe80::1%lo]:8888'],
    ['[fe80::1%eth0]:99', 'line [fe80::1%eth0]:99'],
    ['line://[::1]/', 'line [::1]:8888'],
    ['line://', 'line 127.0.0.1:8888'],
  ]
  for (const [text, want] of rows) {
    const target = readTarget(text, DIALECTS)
    const got =
      'problem' in target ? target.problem : `${target.dialect.name} ${formatPlace(target.place)}`
    t.equal(got, want, text)
  }
  const tiny: Dialect = { ...optionsDialect(), name: 'tiny' }
  const dialects = new Map([...DIALECTS, ['tiny', tiny]])
  const problems: readonly (readonly [string, RegExp])[] = [
    ['line://a b', /is not DIALECT:\/\/HOST:PORT/],
    ['foo://x', /^there is no dialect 'foo', only line, /],
    ['tiny://x', /^tiny has no client/],
    ['x:70000', /^port 70000 is none/],
    ['x:0', /^port 0 is none/],
  ]
  for (const [text, want] of problems) t.match(readTarget(text, dialects), { problem: want }, text)
  const usual = { host: 'h', port: 1 }
  t.strictSame(readPlace(' ', '', usual), usual)
  for (const port of ['0x50', '1e3', '80.0', '0', '65536']) {
    t.match(readPlace('', port, usual), { problem: /^a port is a number from 1 to 65535$/ }, port)
  }
  t.strictSame(readPlace('[::1]', '2', usual), { host: '::1', port: 2 })
  const error = (code: string): Error => Object.assign(new Error('odd'), { code })
  t.equal(whyNot(usual, error('EODD')), 'Cannot connect to h:1: odd.')
  t.match(whyNot(usual, error('EINVAL')), /needs its name, as in fe80::1%eth0\.$/)
  const both = new AggregateError([error('ECONNREFUSED'), error('EODD')])
  t.match(whyNot(usual, both), /^Cannot connect to h:1: nobody listens there\./)
  t.equal(whyBroken(error('EODD')), 'The connection broke: odd.')
  t.equal(whyBroken(new Error('odd')), 'The connection broke: odd.')
  t.end()
})

/** A dialect without a client. */
function optionsDialect(): Dialect {
  const line = DIALECTS.get('line')
  if (line === undefined) throw new Error('there is no line')
  const { name, port, notation } = line
  return { name, port, notation, open: () => line.open() }
}
