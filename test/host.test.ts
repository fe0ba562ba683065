// The host over real sockets: how connections begin and end, who is turned away, what the
// operator does to them, and what is left of a mistake of our own.

import t from 'tap'
import { line } from '../lib/dialects/line/index.js'
import type { Dialect, Session, Voice } from '../lib/index.js'
import { Client } from './support/client.js'
import { hostFor, serve } from './support/hosting.js'
import { show } from './support/show.js'

const numbered = (count: number, prefix = ''): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${prefix}${n}`)

t.test('a client that ends gets its answers first, then the end', async (t) => {
  const { url, entries } = await serve(t, { limits: { linesPerTurn: 1 } })
  const client = await Client.to(url)
  client.say('alice', ...numbered(40, '!ping '), '!users')
  client.end()
  t.same(await client.rest(), [...numbered(40, '!pong '), 'alice'])
  await entries.until('offline')
  t.match(entries.of('offline'), [{ nick: 'alice', reason: 'disconnected' }])
})

t.test('answers that the pace delays come before the end, too', async (t) => {
  const limits = { lineBurst: 3, lineRate: 100 }
  const { url } = await hostFor(t, { limits, address: '192.0.2.1', clock: () => performance.now() })
  const client = await Client.to(url)
  client.say('alice', ...numbered(10, '!ping '))
  client.end()
  t.same(await client.rest(), numbered(10, '!pong '))
})

t.test('an unfinished line is answered at an end', async (t) => {
  const { url } = await serve(t)
  const bob = await Client.named(url, 'bob')
  for (const before of ['', 'alice\r\n']) {
    const client = await Client.to(url)
    client.send(`${before}hello`)
    client.end()
    t.match(await client.rest(), [/^!error unfinished-line /], show(before))
  }
  t.same(await bob.fence(), [], 'and carried out for nobody')
})

t.test('an unfinished line is dropped at a reset, and the nickname is free', async (t) => {
  const { url, entries } = await serve(t)
  const bob = await Client.named(url, 'bob')
  const alice = await Client.to(url)
  alice.send('alice\r\n!ping here\r\nhello')
  t.equal(await alice.line(), '!pong here')
  alice.reset()
  await entries.until('offline')
  t.match(entries.of('offline'), [{ nick: 'alice', reason: 'connection-lost' }])
  t.same(await bob.fence(), [])
  const again = await Client.named(url, 'alice')
  again.say('!users')
  t.equal(await again.line(), 'bob alice')
})

t.test('too many bytes before a nickname', async (t) => {
  const { url, server } = await serve(t)
  const pieces: readonly (readonly [string, readonly string[]])[] = [
    ['in one chunk', ['a'.repeat(5000)]],
    ['in pieces', ['a'.repeat(2000), 'a'.repeat(2000), 'a'.repeat(2000)]],
    ['in lines', ['-'.repeat(2000) + '\n', '-'.repeat(2000) + '\n', '-'.repeat(2000) + '\n']],
  ]
  for (const [name, chunks] of pieces) {
    const client = await Client.to(url)
    for (const chunk of chunks) client.send(chunk)
    client.say('', 'mallory')
    const lines = await client.rest()
    t.match(lines.at(-1), /^!error registration-too-long /, name)
    t.equal(lines.filter((line) => !line.startsWith('!error bad-nick')).length, 1, name)
  }
  t.same(server.users, [])
})

t.test('many bytes after a nickname, in the same segment', async (t) => {
  const { url } = await serve(t)
  const bob = await Client.named(url, 'bob')
  const text = 'x'.repeat(2000)
  const alice = await Client.to(url)
  alice.say('alice', ...Array<string>(30).fill(text), '!ping here')
  t.equal(await alice.line(), '!pong here')
  t.same(await bob.fence(), Array(30).fill(`alice: ${text}`))
})

t.test('an unfinished line after a nickname, in the same segment', async (t) => {
  const { url, hasRead } = await hostFor(t)
  const alice = await Client.to(url)
  const segment = 'alice\r\n' + 'x'.repeat(60_000)
  alice.send(segment)
  await hasRead(segment.length)
  alice.say('', '!ping here')
  t.match(await alice.lines(2), [/^!error too-long /, '!pong here'])
})

t.test('bytes without a line end', async (t) => {
  const { url } = await serve(t)
  const alice = await Client.named(url, 'alice')
  alice.send('x'.repeat(70_000))
  t.match(await alice.rest(), [/^!error too-long .*65536/])
})

/** What other protocols send first, cut where the test waits until it was read. */
const FOREIGN: readonly (readonly [string, readonly (string | Buffer)[]])[] = [
  ['HTTP', ['POST / HTTP/1.1\r\nHost: localhost\r\n\r\n']],
  ['HTTP', ['Host: localhost\r\n']],
  ['TLS', [Buffer.from('16030101240100012003', 'hex')]],
  ['TLS', [Buffer.of(0x16), Buffer.from('030101', 'hex')]],
  ['SSH', ['SSH-2.0-OpenSSH_9.2\r\n']],
  ['VNC', ['RFB 003.008\n']],
  ['the PROXY protocol', ['PROXY TCP4 192.0.2.1 192.0.2.2 1 8888\r\n']],
]

t.test('other protocols are closed at once, and what they send on is not run', async (t) => {
  for (const [protocol, pieces] of FOREIGN) {
    const { url, host, hasRead } = await hostFor(t)
    const client = await Client.to(url)
    let sent = 0
    for (const piece of pieces.slice(0, -1)) {
      client.send(piece)
      await hasRead((sent += piece.length))
    }
    const last = pieces.at(-1) ?? ''
    client.send(Buffer.concat([Buffer.from(last), Buffer.from('mallory\r\nhello\r\n')]))
    client.say('mallory', 'hello')
    const lines = await client.rest()
    t.match(lines, [/^!error wrong-protocol /], show(pieces))
    t.match(lines, [protocol])
    t.equal(host.state.users.size, 0)
  }
})

t.test('the same text is plain chat once the nickname stands', async (t) => {
  const { url } = await serve(t)
  const bob = await Client.named(url, 'bob')
  const alice = await Client.named(url, 'alice')
  alice.say('GET / HTTP/1.1', 'Host: localhost', 'SSH-2.0-x', '\x16\x03x', 'RFB 003.008')
  await alice.fence()
  t.same(await bob.fence(), [
    'alice: GET / HTTP/1.1',
    'alice: Host: localhost',
    'alice: SSH-2.0-x',
    'alice: x',
    'alice: RFB 003.008',
  ])
})

t.test('a client beyond the last place is told so', async (t) => {
  const { url, entries } = await serve(t, { limits: { maxClients: 2 } })
  const alice = await Client.named(url, 'alice')
  await Client.to(url)
  const third = await Client.to(url)
  t.match(await third.rest(), [/^!error server-full .*2 places/])
  t.match(entries.of('turned-away'), [{ reason: 'server-full', more: 0 }])
  t.same(await alice.fence(), [], 'and nobody notices')
})

t.test('the message of the day, cleaned', async (t) => {
  const { url } = await serve(t, { motd: ['Be kind.', '\x1b[2JNo\r\nshouting\x07.'] })
  const alice = await Client.to(url)
  alice.say('alice')
  t.same(await alice.lines(2), ['!motd Be kind.', '!motd Noshouting.'])
})

const { voice: lineVoice, ...lineSession } = line.open()

/** The line dialect, and ways in which our own code might fail. */
const faultySession: Session = {
  ...lineSession,
  parse(frame, speaker) {
    if (frame === 'fail in parse') throw new Error('parse broke')
    if (frame !== 'fail in core') return lineSession.parse(frame, speaker)
    return {
      name: 'ping',
      get token(): string {
        throw new Error('core broke')
      },
    }
  },
  voice: {
    render(event, at) {
      if (event.type === 'ponged' && event.token === 'fail') throw new Error('render broke')
      return lineVoice.render(event, at)
    },
  },
}
const faulty: Dialect = { ...line, open: () => faultySession }

t.test('F-33: a mistake of our own is told to its asker and the operator alone', async (t) => {
  const { url, entries } = await hostFor(t, { dialects: [faulty] })
  const bob = await Client.named(url, 'bob')
  const alice = await Client.named(url, 'alice')
  for (const [where, text] of [
    ['parse', 'fail in parse'],
    ['core', 'fail in core'],
    ['render', '!ping fail'],
  ]) {
    alice.say(`before ${where}`, text ?? '', `after ${where}`)
    t.match(await alice.fence(), [/^!error internal /])
    t.same(await bob.fence(), [`alice: before ${where}`, `alice: after ${where}`])
    t.match(entries.of('mistake').at(-1)?.stack, new RegExp(`${where} broke\n +at `))
  }
})

t.test(
  'F-33: what one dialect cannot say, the others are told, and whoever goes has gone',
  async (t) => {
    const voice: Voice = {
      render(event, at) {
        if (event.type === 'said' || event.type === 'wentOffline') throw new Error('mute')
        return lineVoice.render(event, at)
      },
    }
    const mute: Dialect = { ...line, open: () => ({ ...lineSession, voice }) }
    const { urls, entries, hasClosed } = await hostFor(t, { dialects: [mute, line] })
    const [faultyUrl = '', url = ''] = urls
    const first = await Client.named(faultyUrl, 'first')
    first.say('!notices on')
    await first.fence()
    const alice = await Client.named(url, 'alice')
    const bob = await Client.named(url, 'bob')
    alice.say('hello')
    t.match(await alice.fence(), [/^!error internal /])
    t.same(await bob.fence(), ['alice: hello'])
    alice.say('!quit')
    t.match(await alice.rest(), [/^!(error internal|goodbye) /, /^!(error internal|goodbye) /])
    await hasClosed(1)
    t.equal(entries.of('mistake').length, 2)
  },
)

t.test('F-33: a mistake in the words for a mistake is none of anybody else', async (t) => {
  const voice: Voice = {
    render(event, at) {
      if (event.type === 'ponged' || event.type === 'refused') throw new Error('mute')
      return lineVoice.render(event, at)
    },
  }
  const mute: Dialect = { ...line, open: () => ({ ...lineSession, voice }) }
  const { url, entries } = await hostFor(t, { dialects: [mute] })
  const alice = await Client.to(url)
  alice.say('alice', '!ping x', '!users')
  t.equal(await alice.line(), 'alice')
  t.equal(entries.of('mistake').length, 1)
})

t.test('an event is rendered once for each voice', async (t) => {
  const rendered: string[] = []
  const dialect = (name: string): Dialect => {
    const voice: Voice = {
      render(event, at) {
        if (event.type === 'said') rendered.push(name)
        return event.type === 'said' && name === 'mute' ? undefined : lineVoice.render(event, at)
      },
    }
    return { ...line, name, open: () => ({ ...lineSession, voice }) }
  }
  const { urls, host } = await hostFor(t, { dialects: ['one', 'two', 'mute'].map(dialect) })
  const clients: Client[] = []
  for (const round of ['a', 'b']) {
    for (const [n, url] of urls.entries()) clients.push(await Client.named(url, `${round}${n}`))
  }
  const [speaker, ...others] = clients
  speaker?.say('hello')
  await speaker?.fence()
  const heard = await Promise.all(others.map((client) => client.fence()))
  t.same(heard, [['a0: hello'], [], ['a0: hello'], ['a0: hello'], []])
  t.same(rendered, ['one', 'two', 'mute'])
  t.equal([...host.connections].length, 6)
})

t.test('who is online', async (t) => {
  const { url, server } = await serve(t)
  const alice = await Client.named(url, 'alice')
  await Client.to(url)
  t.same(server.users, [{ nick: 'alice', peer: `127.0.0.1:${alice.port}`, dialect: 'line' }])
  t.equal(server.state.users.size, 1)
})

t.test('the operator closes connections', async (t) => {
  const { url, server, entries } = await serve(t)
  const [alice, bob] = [await Client.named(url, 'alice'), await Client.named(url, 'bob')]
  const newcomer = await Client.to(url)
  t.equal(server.kick('nobody'), false)
  t.equal(server.kick(1), false)
  t.equal(server.kick('ALICE', 'too\r\n!motd loud\x1b[2J'), true)
  t.same(await alice.rest(), ['!error kicked The operator closed your connection: too!motd loud'])
  t.equal(server.kick(bob.port), true)
  t.equal(server.kick(bob.port), false, 'nobody is closed twice')
  t.same(await bob.rest(), ['!error kicked The operator closed your connection.'])
  t.equal(server.kick(newcomer.port), true)
  t.match(await newcomer.rest(), [/^!error kicked /])
  t.match(entries.of('offline'), [
    { nick: 'alice', reason: 'kicked' },
    { nick: 'bob', reason: 'kicked' },
  ])
})

t.test('the operator speaks to everybody, in one clean line', async (t) => {
  const { url, server, entries } = await serve(t)
  const alice = await Client.named(url, 'alice')
  server.announce('break at\r\nnoon\x1b[2J')
  t.equal(await alice.line(), '!announce break atnoon')
  server.announce('\u20ac'.repeat(1000))
  t.equal(await alice.line(), '!announce ' + '\u20ac'.repeat(665) + '\u2026', 'cut at 2000 bytes')
  t.match(entries.of('announced'), [{ text: 'break atnoon' }, {}])
})

t.test('the server stops: what was read is carried out, and everybody told goodbye', async (t) => {
  const { url, server, entries } = await serve(t, { limits: { linesPerTurn: 1 } })
  const bob = await Client.named(url, 'bob')
  const alice = await Client.named(url, 'alice')
  const newcomer = await Client.to(url)
  alice.say(...numbered(500))
  t.equal(await bob.line(), 'alice: 0')
  const [closed, again] = [server.close(), server.close()]
  const goodbye = /^!error shutting-down /
  t.match(await newcomer.rest(), [goodbye])
  t.match(await alice.rest(), [goodbye])
  const heard = await bob.rest()
  t.same(heard.slice(0, -1), numbered(500, 'alice: ').slice(1))
  t.match(heard.at(-1), goodbye)
  await Promise.all([closed, again])
  t.same(
    entries.all.slice(-2).map(({ what }) => what),
    ['offline', 'stopped'],
  )
  t.equal(entries.of('stopping').length, 1)
  await t.rejects(Client.to(url), { code: 'ECONNREFUSED' })
})

t.test('bytes that are part of no line count before a nickname, too', async (t) => {
  const { url } = await serve(t)
  const EL = '\xff\xf8'
  for (const bytes of ['x'.repeat(1000) + EL, '\xff\xf1'.repeat(500), '\xff\xfd\x18'.repeat(400)]) {
    const client = await Client.to(url)
    for (let sent = 0; sent <= 4096; sent += bytes.length) client.send(Buffer.from(bytes, 'latin1'))
    await client.has(/!error registration-too-long [^]*\r\n$/)
    client.end()
  }
})

t.test('a server that nobody uses stops at once', async (t) => {
  const { server, entries } = await serve(t)
  await server.close()
  t.match(entries.all, [{ what: 'listening' }, { what: 'stopping' }, { what: 'stopped' }])
})

t.test('a server that is closed while it begins to listen does not', async (t) => {
  const { server } = await serve(t)
  const listening = server.listen('line://127.0.0.1:0')
  const refused = t.rejects(listening, /^the server is closed: make another one$/)
  await server.close()
  await refused
})

t.test('where it can be reached from other machines, the operator is told', async (t) => {
  const { server, entries } = await serve(t)
  const url = await server.listen('line://0.0.0.0:0')
  t.match(entries.of('exposed'), [{ url }])
  await server.listen('line://127.0.0.2:0')
  t.equal(entries.of('exposed').length, 1)
})

t.test('the text of messages is told only to an operator who asks', async (t) => {
  for (const logMessages of [false, true]) {
    const { url, entries } = await serve(t, { logMessages })
    const [alice, bob] = [await Client.named(url, 'alice'), await Client.named(url, 'bob')]
    alice.say('hello', '#bob psst', '!enter den', '@den anyone?', '!leave den')
    await alice.fence()
    t.match(entries.of('room-made'), [{ room: 'den', by: 'alice' }])
    t.match(entries.of('room-gone'), [{ room: 'den' }])
    const said = [
      { what: 'said', from: 'alice', room: 'General', text: 'hello' },
      { what: 'said', from: 'alice', to: 'bob', text: 'psst' },
      { what: 'said', from: 'alice', room: 'den', text: 'anyone?' },
    ]
    t.same(entries.of('said'), logMessages ? said : [])
    t.same(await bob.fence(), ['alice: hello', '#alice: psst'])
  }
})
