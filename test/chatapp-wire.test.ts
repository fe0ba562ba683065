// ChatApp on the wire: the same in every chunking, frames that are none, how transcripts write its
// messages, and what its chapter says of them.

import * as assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { Socket } from 'node:net'
import * as fc from 'fast-check'
import t from 'tap'
import type { End } from '../lib/check/arena.js'
import type { Refusal } from '../lib/core/index.js'
import { chatapp } from '../lib/dialects/chatapp/index.js'
import { faultOf } from '../lib/dialects/chatapp/errors.js'
import {
  POST_TYPES,
  decode,
  encode,
  encodeWithin,
  type PostType,
} from '../lib/dialects/chatapp/messages.js'
import { HOUSE_NAMES } from '../lib/dialects/chatapp/names.js'
import { Batch } from '../lib/host/batch.js'
import { Outbox } from '../lib/host/outbox.js'
import { wholeMessages, withHeader } from '../lib/wire/header.js'
import { Grammar } from './support/grammar.js'
import { show } from './support/show.js'
import { RUNS } from './support/traces.js'
import { randomChunks, wireArena, type Chunking } from './support/wire-arena.js'

const { notation } = chatapp
const written = (bytes: Buffer): readonly string[] =>
  notation.decode?.(bytes).map((one) => one.written) ?? []

/** What a client that sends these bytes is sent in an empty house, and how its connection ended. */
async function talk(sent: Buffer, chunking: Chunking = (bytes) => [bytes]) {
  const heard: Buffer[] = []
  let end: End | undefined
  const arena = wireArena(chatapp, chunking)
  const link = await arena.connect({
    heard: (bytes) => heard.push(bytes),
    ended: (how) => (end = how),
  })
  await link.send(sent)
  await arena.catchUp()
  return { heard: Buffer.concat(heard), end, link }
}

const says = (...messages: readonly string[]): Buffer =>
  Buffer.concat(messages.map((one) => notation.encode(one, 'alice') ?? Buffer.alloc(0)))
const CONNECT = says('Connection "CONNECT"')
const post = (type: PostType, data: string): Buffer =>
  withHeader(encode({ type, timestamp: '', dest: 'red', sender: 'alice', data }))

t.test('a dialogue in any chunks', async (t) => {
  const talks = ['é€\u{1f600}', 'a\\nb', '"', ''].map(
    (text) => `Chat "${text.replace('"', '\\"')}" to "red"`,
  )
  const sent = says('Connection "CONNECT"', 'Create "red"', 'Join "red"', ...talks, 'Leave "red"')
  const { heard } = await talk(sent)
  t.strictSame(written(heard).slice(2), [
    'Create "red" to "ALL" from "Server"',
    'Join "red" to "ALL" from "alice"',
    'Chat "é€\u{1f600}" to "red" from "alice"',
    'Chat "a" to "red" from "alice"',
    'Chat "b" to "red" from "alice"',
    'Chat "\\"" to "red" from "alice"',
    'Error 20 "ERROR: empty string submitted"',
    'Leave "red" to "ALL" from "alice"',
  ])
  for (const longest of [1, 2, 7, 40, 300]) {
    const other = await talk(sent, randomChunks(longest, longest))
    t.ok(other.heard.equals(heard), `in chunks of at most ${longest}`)
  }
})

t.test('frames that end the connection, with an error before', async (t) => {
  const header = (text: string | number): Buffer => Buffer.from(String(text).padEnd(20))
  const framed = (body: string | Buffer): Buffer =>
    Buffer.concat([header(body.length), Buffer.from(body)])
  const rows: readonly (readonly [string, Buffer, RegExp])[] = [
    ['a length over 2,000', header(2001), /^Error 4 "MSG ERROR: msg in message exceeds 2000"$/],
    ['a huge length', header('9'.repeat(20)), /^Error 4 /],
    ['no number', header('hello'), /^Error 99 /],
    ['a negative number', header(-5), /^Error 99 /],
    ['a fraction', header('10.5'), /^Error 99 /],
    ['an exponent', header('1e3'), /^Error 99 /],
    ['hexadecimal', header('0x10'), /^Error 99 /],
    ['two numbers', header('12 13'), /^Error 99 /],
    ['spaces alone', header(''), /^Error 99 /],
    ['zero bytes', Buffer.alloc(20), /^Error 99 /],
    ['a line', Buffer.from('alice\r\n'), /^Error 99 /],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), /^Error 99 /],
    ['no header', Buffer.from('{"__type__": "ChatMessage"}'), /^Error 99 /],
    ['an empty body', header(0), /^Error 99 "That message cannot be read: it is no JSON object/],
    [
      'a length that lies',
      Buffer.concat([header(5), post('Message', 'x').subarray(20)]),
      /^Error 99 /,
    ],
    ['no JSON', framed('hello'), /^Error 99 /],
    ['no object', framed('[1]'), /^Error 99 /],
    ['no fields', framed('{}'), /^Error 99 /],
    ['the depth that fits', framed('['.repeat(2000)), /^Error 99 /],
    ['not UTF-8', framed(Buffer.from('"\xff\xfe"', 'latin1')), /^Error 99 /],
    ['another type', framed('{"__type__": "X"}'), /^Error 99 /],
    ['two megabytes of nothing', Buffer.alloc(2_000_000, ' '), /^Error 99 /],
  ]
  for (const [title, bytes, error] of rows) {
    for (const sent of [bytes, Buffer.concat([CONNECT, bytes, says('Create "late"')])]) {
      const { heard, end } = await talk(sent)
      t.match(written(heard).at(-1), error, title)
      t.equal(end, 'closed', show(title))
    }
  }
  const early: readonly (readonly [Buffer, RegExp])[] = [
    [post('JoinMessage', 'red'), /^Error 99 /],
    [says('Connection "HELLO"'), /^Error 99 /],
    [says('Connection "CONNECT" from ""'), /^Error 20 "ERROR: empty string submitted"$/],
    [says(`Connection "CONNECT" from "${'é'.repeat(26)}"`), /^Error 21 /],
    [says('Connection "CONNECT" from "all"'), /^Error 3 /],
  ]
  for (const [bytes, error] of early) {
    const { heard, end } = await talk(bytes)
    t.match(written(heard), [error])
    t.equal(end, 'closed')
  }
  const quit = await talk(says('Connection "QUIT"'))
  t.strictSame([quit.heard.length, quit.end], [0, 'closed'])
})

t.test('an end amid a message', async (t) => {
  const heard: Buffer[] = []
  const arena = wireArena(chatapp, (bytes) => [bytes])
  const link = await arena.connect({ heard: (bytes) => heard.push(bytes), ended: () => undefined })
  await link.send(Buffer.concat([CONNECT, says('Create "red"').subarray(0, 30)]))
  link.halfClose()
  await arena.catchUp()
  t.match(written(Buffer.concat(heard)).at(-1), /^Error 99 "Your last message was shorter/)
})

t.test('errors that do not end the connection', async (t) => {
  const wrong = [
    'Create ""',
    'Join "red"',
    'Leave "red"',
    'Chat "x" to "red"',
    'Join "a" from "bob"',
  ]
  const sent = says('Connection "CONNECT"', ...wrong, `Create "${'a'.repeat(51)}"`, 'Create "red"')
  const { heard, end } = await talk(sent)
  const codes = written(heard).map((one) => /^Error (\d+)/.exec(one)?.[1] ?? one.split(' ', 1)[0])
  t.strictSame(codes, ['Connection', 'Create', '20', '22', '22', '22', '23', '21', 'Create'])
  t.equal(end, undefined)
})

t.test('what is too much for one write leaves in whole messages', (t) => {
  const whole = Array.from({ length: 100 }, (_, n) => post('Message', 'x'.repeat(1 + n * 9)))
  const socket = new Socket()
  const written: Buffer[] = []
  t.capture(socket, 'write', (bytes: Buffer) => written.push(bytes) > 0)
  const outbox = new Outbox(
    socket,
    () => 0,
    () => undefined,
    chatapp.cut,
  )
  const turn = { start: Batch.empty() }
  for (const bytes of [Buffer.concat(whole), ...whole]) outbox.append(bytes, turn)
  outbox.flush()
  const sizes = written.map((bytes) => bytes.length)
  t.ok(sizes.every((size) => size <= 16_384) && sizes.length < 12, sizes.join())
  for (const bytes of written) {
    const lengths = notation.decode?.(bytes).map(({ length }) => length) ?? []
    const sum = lengths.reduce((total, length) => total + length, 0)
    t.equal(sum, bytes.length, 'and nothing is left of one')
  }
  t.ok(Buffer.concat(written).equals(Buffer.concat([...whole, ...whole])))
  const [first = Buffer.alloc(0)] = whole
  const two = Buffer.concat([first, first])
  const cuts = [1, first.length, two.length - 1, two.length].map((most) => wholeMessages(two, most))
  t.strictSame(cuts, [first.length, first.length, first.length, two.length])
  const broken = Buffer.concat([first, Buffer.from('hello')])
  t.strictSame(
    [wholeMessages(broken, 5000), wholeMessages(broken.subarray(first.length), 5000)],
    [first.length, 5],
  )
  t.end()
})

t.test('how messages are written', (t) => {
  const body = (written: string): string | undefined =>
    notation.encode(written, 'alice')?.toString().slice(20)
  const json = (type: PostType, data: string, rest: object = {}): object => ({
    ...{ __type__: type, timestamp: '31/12/2026 23:59:58', dest: 'Server', sender: 'alice', data },
    ...rest,
  })
  const rows: readonly (readonly [string, object])[] = [
    ['Connection "CONNECT"', json('ConnectionMessage', 'CONNECT')],
    ['Create "a \\"b\\" \\u00e9"', json('CreateRoomMessage', 'a "b" é')],
    ['Join "red" from "bob"', json('JoinMessage', 'red', { sender: 'bob' })],
    ['Leave "red" at ""', json('LeaveMessage', 'red', { timestamp: '' })],
    [
      'Chat "x" to "red" from "bob" at "noon"',
      json('ChatMessage', 'x', { dest: 'red', sender: 'bob', timestamp: 'noon' }),
    ],
    ['Message ""', json('Message', '')],
    ['Error 2 "lost"', { __type__: 'Error', code: 2, data: 'lost' }],
    ['{"any": ["body"]}', { any: ['body'] }],
  ]
  for (const [text, wanted] of rows) t.strictSame(JSON.parse(body(text) ?? ''), wanted, show(text))
  const none = [
    '',
    'Join',
    'Join red',
    'Jump "red"',
    'Join "\\x"',
    'Error "x"',
    'Error 2 "\\x"',
    'Join "a" "b"',
    'Chat "x" at "y" to "z"',
  ]
  for (const text of none) t.equal(notation.encode(text, 'alice'), undefined, show(text))

  t.strictSame(notation.introduce('alice'), [CONNECT])
  t.strictSame(notation.fence.ask('token', 'alice'), says('Join "token"'))
  t.equal(notation.fence.answer('token'), 'Error 22 "ROOM ERROR: token does not exist"')

  const frames = Buffer.concat([says('Join "red"'), withHeader('{}'), Buffer.from('hello')])
  t.strictSame(notation.decode?.(frames), [
    { written: 'Join "red" to "Server" from "alice"', length: says('Join "red"').length },
    { written: '{}', length: 22 },
    { written: 'hello', length: 5 },
  ])
  for (const unfinished of [0, 5, 20, 21]) {
    t.strictSame(notation.decode?.(withHeader('{}').subarray(0, unfinished)), [])
  }
  t.end()
})

const chapter = readFileSync('docs/protocols/chatapp.md', 'utf8')

t.test('the examples of the chapter, and its grammar', (t) => {
  const [, abnf = ''] = /^```abnf\n([^]*?)^```$/m.exec(chapter) ?? []
  const grammar = new Grammar(abnf)
  const examples = [...chapter.matchAll(/^[CS]: (\d+ +(\{.*\}))$/gm)]
  t.equal(examples.length, [...chapter.matchAll(/^[CS]: /gm)].length)
  t.ok(examples.length > 15)
  for (const [, frame = '', body = ''] of examples) {
    const read = decode(body)
    t.equal('message' in read ? withHeader(encode(read.message)).toString() : read.problem, frame)
    t.ok(grammar.match('server-message', frame))
  }
  const texts = fc.string({ unit: 'binary', maxLength: 20 })
  const sent = fc.oneof(
    fc.record({
      type: fc.constantFrom(...POST_TYPES),
      timestamp: texts,
      dest: texts,
      sender: texts,
      data: texts,
    }),
    fc.record({ type: fc.constant('Error' as const), code: fc.nat(99), data: texts }),
  )
  const property = fc.property(sent, (message) => {
    assert.ok(grammar.match('server-message', withHeader(encodeWithin(message)).toString()))
  })
  fc.assert(property, { numRuns: RUNS })
  t.end()
})

t.test('the errors of the chapter', (t) => {
  const room = { title: 'red', word: 'red' }
  const nick = 'alice'
  const refusals: readonly Refusal[] = [
    { code: 'shutting-down' },
    { code: 'nick-in-use', nick },
    { code: 'too-long', maxBytes: 2000 },
    { code: 'missing-argument', usage: '' },
    { code: 'name-too-long', maxBytes: 50 },
    { code: 'unknown-room', room: 'red' },
    { code: 'wrong-sender' },
    { code: 'already-in-room', room, nick },
    { code: 'room-exists', room },
    { code: 'text-too-long', maxBytes: 1000 },
    { code: 'not-in-room', room, nick },
  ]
  const rows = [...chapter.matchAll(/^\| (\d+) \| ([^|]+) \|/gm)]
  const table = rows.map(([, code = '', data = '']) => {
    return [Number(code), data.replace('*username*', nick).replace('*room*', 'red')] as const
  })
  const faults = refusals.map((refusal) => faultOf(refusal, HOUSE_NAMES))
  const theirs = table.filter(([code]) => code !== 28 && code !== 99)
  t.strictSame(
    faults.map(({ code, data }) => [code, data]),
    theirs,
  )
  t.end()
})
