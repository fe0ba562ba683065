// ChatApp's messages: the bytes of each, what is none, and what each asks for.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import t from 'tap'
import {
  LINE_BREAK,
  clean,
  isNick,
  utf8Length,
  type Command,
  type Event,
  type Refusal,
} from '../lib/core/index.js'
import { chatapp } from '../lib/dialects/chatapp/index.js'
import {
  POST_TYPES,
  decode,
  encode,
  encodeWithin,
  type ChatAppMessage,
  type PostType,
} from '../lib/dialects/chatapp/messages.js'
import { voiceFor } from '../lib/dialects/dialect.js'
import { maskedNick } from '../lib/dialects/nicks.js'
import { markOf } from '../lib/wire/frame.js'
import { headered, withHeader } from '../lib/wire/header.js'
import { show } from './support/show.js'
import { RUNS } from './support/traces.js'
import { LIMITS, bytewise, cut } from './support/wire.js'

const STAMP = '21/11/2026 07:49:24'

const post = (type: PostType, data: string, rest: Partial<Record<string, string>> = {}) =>
  ({ type, timestamp: STAMP, dest: 'Server', sender: 'alice', data, ...rest }) as const

/** A body by hand, in the order of the document. */
const body = (type: string, dest: string, sender: string, data: string, timestamp = STAMP) =>
  `{"__type__": "${type}", "timestamp": "${timestamp}", "dest": "${dest}", "sender": "${sender}", "data": "${data}"}`

t.test('the bytes of messages', (t) => {
  const chat = (data: string) => post('ChatMessage', data, { dest: 'red' })
  const rows: readonly (readonly [ChatAppMessage, string])[] = [
    [
      post('ConnectionMessage', 'CONNECT', { dest: 'SERVER' }),
      `125                 ${body('ConnectionMessage', 'SERVER', 'alice', 'CONNECT')}`,
    ],
    [
      { type: 'Error', code: 3, data: 'CONNECTION ERROR: alice username already in use' },
      '91                  {"__type__": "Error", "code": 3, "data": "CONNECTION ERROR: alice username already in use"}',
    ],
    [
      chat('a"b\\c/d'),
      `118                 ${body('ChatMessage', 'red', 'alice', 'a\\"b\\\\c/d')}`,
    ],
    [
      chat('\b\t\n\f\r'),
      `119                 ${body('ChatMessage', 'red', 'alice', '\\b\\t\\n\\f\\r')}`,
    ],
    [
      chat('\0\u007f\u00e9\u2028\u{1f600}\ud800'),
      `151                 ${body('ChatMessage', 'red', 'alice', '\\u0000\\u007f\\u00e9\\u2028\\ud83d\\ude00\\ud800')}`,
    ],
  ]
  for (const [message, bytes] of rows) {
    t.equal(withHeader(encode(message)).toString(), bytes, show(bytes.slice(20)))
    t.strictSame(decode(encode(message)), { message })
  }
  t.end()
})

const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  fc.constantFrom('__proto__', '"', '\\u0041', '\ud800', '', '\u{1f600}'.repeat(40)),
)
const messages: fc.Arbitrary<ChatAppMessage> = fc.oneof(
  fc.record(
    {
      type: fc.constantFrom(...POST_TYPES),
      timestamp: texts,
      dest: texts,
      sender: texts,
      data: texts,
    },
    { noNullPrototype: true },
  ),
  fc.record(
    { type: fc.constant('Error' as const), code: fc.nat(), data: texts },
    { noNullPrototype: true },
  ),
)

/** The messages that come out of reads; a mark is a message that could not be framed. */
function readAll(reads: readonly Buffer[]): readonly unknown[] {
  const read: unknown[] = []
  const reader = headered(
    {
      frame: (text) => read.push(markOf(text) ?? decode(text)),
      reply: () => undefined,
      end: () => undefined,
      drain: () => undefined,
    },
    LIMITS,
  )
  for (const bytes of reads) reader.feed(bytes)
  return read
}

t.test('what is encoded is decoded, however it is cut', (t) => {
  const property = fc.property(
    fc.array(messages, { maxLength: 4 }),
    fc.array(fc.nat(8000)),
    (sent, places) => {
      const fit = sent.filter((message) => encode(message).length <= 2000)
      const whole = Buffer.concat(fit.map((message) => withHeader(encode(message))))
      const wanted = fit.map((message) => ({ message }))
      for (const reads of [[whole], bytewise(whole), cut(whole, places)]) {
        assert.deepEqual(readAll(reads), wanted)
      }
    },
  )
  fc.assert(property, { numRuns: RUNS })
  t.end()
})

t.test('what is sent keeps the bounds, and is cut no more than they need', (t) => {
  const long = fc.tuple(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', 'é', '€', '😀', 'a'))
  const property = fc.property(long, fc.integer({ min: 1, max: 1500 }), ([text, filler], count) => {
    const data = clean(text) + filler.repeat(count)
    const [dest, sender, timestamp] = ['ä'.repeat(25), '"'.repeat(50), '\\'.repeat(50)]
    const whole = { type: 'ChatMessage', timestamp, dest, sender, data } as const
    const sent = encodeWithin(whole)
    assert.ok(sent.length <= 2000)
    const read = decode(sent)
    const kept = 'message' in read ? read.message.data : ''
    assert.ok(utf8Length(kept) <= 1000)
    if (kept === data) return
    assert.ok(data.startsWith(kept.slice(0, -1)) && kept.endsWith('…'))
    // Two characters and the ellipsis, as long as they can be: in the data, or in the body.
    assert.ok(utf8Length(kept) > 1000 - 8 || sent.length > 2000 - 24)
  })
  fc.assert(property, { numRuns: RUNS })
  t.end()
})

const fields = {
  __type__: 'ChatMessage',
  timestamp: STAMP,
  dest: 'red',
  sender: 'alice',
  data: 'x',
}
const without = (name: string) => JSON.stringify({ ...fields, [name]: undefined })
const as = (name: string, value: unknown) => JSON.stringify({ ...fields, [name]: value })

t.test('bodies that are no message', (t) => {
  const bodies = [
    ...['', ' ', 'x', '{', '{}', '[]', 'null', '1', '"x"', 'true', '{"a":}', "{'a': 1}", 'NaN'],
    ...['[' + JSON.stringify(fields) + ']', '['.repeat(2000), '{"a":'.repeat(400)],
    ...['[[[[', '\ufeff' + JSON.stringify(fields), JSON.stringify(fields) + 'x'],
    ...['__type__', 'timestamp', 'dest', 'sender', 'data'].map(without),
    ...[1, null, true, [], {}, ['x'], { toString: 'x' }].map((value) => as('data', value)),
    ...['', 'chatmessage', 'constructor', '__proto__', ' ChatMessage', 3, ['Error'], null].map(
      (value) => as('__type__', value),
    ),
    `{"__proto__": ${JSON.stringify(fields)}}`,
    `{"__type__": "ChatMessage", "__proto__": ${without('__type__')}}`,
    '{"__type__": "Error"}',
    '{"__type__": "Error", "code": 3}',
    '{"__type__": "Error", "code": 1.5, "data": "x"}',
    '{"__type__": "Error", "code": "", "data": "x"}',
    '{"__type__": "Error", "code": "0x3", "data": "x"}',
    '{"__type__": "Error", "code": null, "data": "x"}',
    '{"__type__": "Error", "code": 3, "data": {}}',
  ]
  for (const text of bodies) {
    t.hasOwnProps(decode(text), ['problem'], show(text.slice(0, 80)))
    for (const nick of [undefined, 'alice']) {
      const command = chatapp.open().parse(text, { nick })
      t.match(command, { name: 'refuseLine', refusal: { code: 'bad-message' }, fatal: true })
    }
  }
  t.end()
})

t.test('bodies that are one, though not to the letter', (t) => {
  const message = post('ChatMessage', 'x', { dest: 'red' })
  const rows: readonly (readonly [string, ChatAppMessage])[] = [
    [JSON.stringify(fields), message],
    [`\n\t ${JSON.stringify(fields, undefined, 2)} \r\n`, message],
    [as('more', [1, { a: null }]), message],
    [as('data', 'x').replace('{', '{"data": 7, '), message],
    [as('data', 'x').replace('{', '{"__proto__": {"data": 7}, '), message],
    [as('more', 0).replace(':0}', `:${'['.repeat(900)}${']'.repeat(900)}}`), message],
    ['{"__type__": "Error ", "code": " 22 ", "data": "x"}', { type: 'Error', code: 22, data: 'x' }],
  ]
  for (const [text, wanted] of rows) t.strictSame(decode(text), { message: wanted }, show(text))
  t.equal(Object.getPrototypeOf({}), Object.prototype)
  t.notOk('data' in {}, 'and no prototype is touched')
  t.end()
})

const EMPTY: Refusal = { code: 'missing-argument', usage: 'a string that is not empty' }
const NAME_TOO_LONG: Refusal = { code: 'name-too-long', maxBytes: 50 }
const refuse = (refusal: Refusal): Command => ({ name: 'refuseLine', refusal })
const NO_CONNECT = { code: 'bad-message', problem: /no ConnectionMessage/ }

const connect = (sender: string) => post('ConnectionMessage', 'CONNECT', { sender })
const register = (nick: string) => ({ name: 'register', nick, ifTaken: 'close' })

t.test('the first message', (t) => {
  const rows: readonly (readonly [ChatAppMessage, object])[] = [
    [connect('alice'), { ...register('alice'), manners: { lobby: false, survey: true } }],
    [connect('a'.repeat(50)), register('a'.repeat(50))],
    [connect('ann lee'), register('ann_lee')],
    [connect('\u{1f600}é#'), register('u___')],
    [connect('ä'.repeat(25)), register(`u${'_'.repeat(25)}`)],
    [connect('.'.repeat(50)), register(`u${'.'.repeat(49)}`)],
    [connect(''), { name: 'refuseLine', refusal: EMPTY, fatal: true }],
    [connect('\u0007'), { name: 'refuseLine', refusal: EMPTY, fatal: true }],
    [connect('a'.repeat(51)), { name: 'refuseLine', refusal: NAME_TOO_LONG, fatal: true }],
    [connect('ä'.repeat(26)), { name: 'refuseLine', refusal: NAME_TOO_LONG, fatal: true }],
    [post('ConnectionMessage', 'QUIT'), { name: 'quit' }],
    [post('ConnectionMessage', 'connect'), { refusal: NO_CONNECT, fatal: true }],
    [post('ConnectionMessage', ''), { refusal: NO_CONNECT, fatal: true }],
    [post('JoinMessage', 'red'), { refusal: NO_CONNECT, fatal: true }],
    [post('Message', 'CONNECT'), { refusal: NO_CONNECT, fatal: true }],
    [
      { type: 'Error', code: 2, data: 'x' },
      { refusal: NO_CONNECT, fatal: true },
    ],
  ]
  for (const [message, wanted] of rows) {
    const command = chatapp.open().parse(encode(message), { nick: undefined })
    t.match(command, wanted, show(message))
  }
  t.end()
})

t.test('every name becomes a nickname', (t) => {
  const names = texts.filter((name) => name !== '')
  const property = fc.property(names, (name) => {
    assert.ok(isNick(maskedNick(name), 50))
    if (isNick(name, 50)) assert.equal(maskedNick(name), name)
  })
  fc.assert(property, { numRuns: RUNS })
  t.end()
})

t.test('the messages of a user', (t) => {
  const LONG = 'é'.repeat(26)
  const other = { sender: 'Alice' }
  const chat = (data: string, dest = 'red', rest: Partial<Record<string, string>> = {}) =>
    post('ChatMessage', data, { dest, ...rest })
  const said = (text: string, stamp: object = { stamp: STAMP }): Command => ({
    name: 'say',
    room: 'red',
    text,
    ...stamp,
  })
  const TEXT_TOO_LONG: Refusal = { code: 'text-too-long', maxBytes: 1000 }
  const rows: readonly (readonly [ChatAppMessage, Command | undefined])[] = [
    [post('CreateRoomMessage', 'red'), { name: 'create', room: 'red', as: 'founder' }],
    [post('CreateRoomMessage', 'r\u0007d', other), { name: 'create', room: 'rd', as: 'founder' }],
    [post('CreateRoomMessage', ''), refuse(EMPTY)],
    [post('CreateRoomMessage', '\n\r\0'), refuse(EMPTY)],
    [post('CreateRoomMessage', LONG), refuse(NAME_TOO_LONG)],
    [post('JoinMessage', 'red'), { name: 'join', rooms: ['red'], history: true }],
    [post('JoinMessage', '', other), refuse(EMPTY)],
    [post('JoinMessage', LONG, other), refuse(NAME_TOO_LONG)],
    [post('JoinMessage', 'red', other), refuse({ code: 'wrong-sender' })],
    [post('LeaveMessage', 'red'), { name: 'part', room: 'red' }],
    [post('LeaveMessage', '', other), refuse(EMPTY)],
    [post('LeaveMessage', LONG, other), refuse(NAME_TOO_LONG)],
    [post('LeaveMessage', 'red', other), refuse({ code: 'wrong-sender' })],
    [chat('hi'), said('hi')],
    [chat('hi', 'red', { timestamp: '' }), said('hi', {})],
    [chat('a\u001b[2Jb\nc\ud800'), said(`ab${LINE_BREAK}c`)],
    [chat('a'.repeat(1000)), said('a'.repeat(1000))],
    [chat('', 'red', other), refuse(EMPTY)],
    [chat('\n\n'), refuse(EMPTY)],
    [chat('a', '', other), refuse(EMPTY)],
    [chat('', LONG), refuse(EMPTY)],
    [chat('a'.repeat(1001), LONG, other), refuse(NAME_TOO_LONG)],
    [chat('a'.repeat(1001), 'red', other), refuse(TEXT_TOO_LONG)],
    [chat('é'.repeat(501)), refuse(TEXT_TOO_LONG)],
    [chat('a', 'red', other), refuse({ code: 'wrong-sender' })],
    [post('ConnectionMessage', 'QUIT', other), { name: 'quit' }],
    [post('ConnectionMessage', 'CONNECT'), undefined],
    [post('ConnectionMessage', 'quit'), undefined],
    [post('Message', 'hi'), undefined],
    [{ type: 'Error', code: 2, data: 'lost' }, { name: 'quit' }],
    [{ type: 'Error', code: 99, data: 'x' }, undefined],
  ]
  for (const [message, command] of rows) {
    const session = chatapp.open()
    session.parse(encode(connect('alice')), { nick: undefined })
    t.strictSame(session.parse(encode(message), { nick: 'alice' }), command, show(message))
  }
  t.end()
})

t.test('a client shares the words of all but for what it calls by another name', (t) => {
  const session = chatapp.open()
  const said = (title: string, from = 'bob'): Event => {
    const room = { title, word: title }
    return { type: 'said', room, lobby: false, message: { from, text: 'hi', at: 0 } }
  }
  const shares = (event: Event): boolean => voiceFor(session, event) === chatapp.open().voice
  session.parse(encode(connect('ann lee')), { nick: undefined })
  for (const title of ['red', 'RED', 'blue']) {
    const room = { title, word: title }
    voiceFor(session, { type: 'roomMade', room, by: 'bob' })
  }
  t.ok(shares(said('red')))
  t.ok(shares(said('blue')))
  t.notOk(shares(said('RED')), 'it knows that room as red')
  t.notOk(shares(said('red', 'ann_lee')), 'it calls itself ann lee')
  t.end()
})

t.test('a client remembers two thousand words', (t) => {
  const session = chatapp.open()
  const made = (word: string): boolean => {
    const event = { type: 'roomMade', room: { title: word, word }, by: 'bob' } as const
    return voiceFor(session, event) !== undefined
  }
  for (let i = 0; i < 2000; i++) made(`r${i}`)
  t.equal(made('r0'), false)
  t.equal(made('r2000'), true)
  t.equal(made('r1'), false)
  t.equal(made('r0'), true, 'but not the first of more')
  session.parse(encode(connect('ann lee')), { nick: undefined })
  const titleOf = (word: string): unknown => {
    const room = { title: word, word }
    const event = { type: 'entered', room, nick: 'bob', why: 'asked' } as const
    const read = decode(voiceFor(session, event)?.render(event, 0)?.toString().slice(20) ?? '')
    return 'message' in read ? read.message.data : read.problem
  }
  t.strictSame([titleOf('R1'), titleOf('R2')], ['R1', 'r2'])
  t.end()
})
