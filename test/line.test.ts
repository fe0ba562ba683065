// The line dialect: what each line asks for, and how each event reads.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import t from 'tap'
import {
  LINE_BREAK,
  LOBBY,
  clean,
  cleanLines,
  initialState,
  isNick,
  roomName,
  type Command,
  type Event,
  type EventOf,
  type EventType,
  type Message,
  type Refusal,
  type RefusalCode,
} from '../lib/core/index.js'
import { commandOfMark } from '../lib/dialects/dialect.js'
import { DIALECTS } from '../lib/dialects/index.js'
import { helpLines } from '../lib/dialects/line/commands.js'
import { line } from '../lib/dialects/line/index.js'
import { PROTOCOL_VERSION } from '../lib/dialects/line/render.js'
import type { Mark } from '../lib/wire/frame.js'
import { MANNERS } from './support/house.js'
import { show } from './support/show.js'
import { RUNS } from './support/traces.js'

const session = line.open()
const USER = { nick: 'alice' }
const NEWCOMER = { nick: undefined }

const register = (nick: string): Command => ({ name: 'register', nick, manners: MANNERS })
const lobby = (text: string): Command => ({ name: 'say', room: 'General', text })
const refuse = (refusal: Refusal): Command => ({ name: 'refuseLine', refusal })
const missing = (usage: string): Command => refuse({ code: 'missing-argument', usage })
const unfit = (usage: string): Command => refuse({ code: 'bad-argument', usage })
const unknownRoom = (room: string): Command => refuse({ code: 'unknown-room', room })
const unknown = (command: string): Command => refuse({ code: 'unknown-command', command })

t.test('the first line is the nickname', (t) => {
  const rows: readonly (readonly [string, Command | undefined])[] = [
    ['alice', register('alice')],
    ['Alice7', register('Alice7')],
    ['constructor', register('constructor')],
    ['a'.repeat(2048), register('a'.repeat(2048))],
    ['al\u0007ice\u001b[0m', register('alice')],
    ['', undefined],
    ['  \t ', undefined],
    ...['al ice', ' alice', 'alice ', 'a.b', '__proto__', 'été', '#a', '@a', '!users', 'a:'].map(
      (nick) => [nick, register('')] as const,
    ),
  ]
  for (const [text, command] of rows)
    t.strictSame(session.parse(text, NEWCOMER), command, show(text))
  t.end()
})

t.test('every kind of line of a user', (t) => {
  const rows: readonly (readonly [string, Command | undefined])[] = [
    ['hello', lobby('hello')],
    ['hello  there ', lobby('hello  there ')],
    [' #1 priority', lobby(' #1 priority')],
    [' !users', lobby(' !users')],
    ['\t@red hi', lobby(' @red hi')],
    ['a\u001b[2J\u0007b', lobby('ab')],
    ['', undefined],
    [' '.repeat(1000), undefined],
    ['\t', undefined],
    ['\u0007', undefined],

    ['#bob hi', { name: 'tell', nick: 'bob', text: 'hi' }],
    ['#a.b_c-d hi', { name: 'tell', nick: 'a.b_c-d', text: 'hi' }],
    ['#bob  two  spaces ', { name: 'tell', nick: 'bob', text: ' two  spaces ' }],
    ['#__proto__ x', { name: 'tell', nick: '__proto__', text: 'x' }],
    ['#', missing('#nick text')],
    ['# ', missing('#nick text')],
    ['# hi', missing('#nick text')],
    ['#bob', missing('#nick text')],
    ['#bob ', missing('#nick text')],
    ['#'.repeat(2000), missing('#nick text')],

    ['@red hi', { name: 'say', room: 'red', text: 'hi' }],
    ['@red  hi ', { name: 'say', room: 'red', text: ' hi ' }],
    ['@General hi', { name: 'say', room: 'General', text: 'hi' }],
    ['@a,b hi', unknownRoom('a,b')],
    ['@@red hi', unknownRoom('@red')],
    ['@', missing('@room text')],
    ['@ hi', missing('@room text')],
    ['@red', missing('@room text')],
    ['@red  ', missing('@room text')],

    ['!users', { name: 'users' }],
    ['!USERS', { name: 'users' }],
    ['!users  ', { name: 'users' }],
    ['!users extra', unfit('!users')],
    ['!rooms', { name: 'rooms' }],
    ['!rooms x', unfit('!rooms')],
    ['!enter red', { name: 'enter', room: 'red' }],
    ['!Enter   Red ', { name: 'enter', room: 'Red' }],
    ['!enter', missing('!enter room')],
    ['!enter a b', { name: 'enter', room: '' }],
    ['!enter a:b', { name: 'enter', room: '' }],
    ['!enter __proto__', { name: 'enter', room: '__proto__' }],
    ['!leave red', { name: 'leave', room: 'red' }],
    ['!leave', missing('!leave room')],
    ['!leave a b', undefined],
    ['!leave gEneral', undefined],
    ['!members red', { name: 'members', room: 'red' }],
    ['!members', missing('!members room')],
    ['!members a b', unknownRoom('a b')],
    ['!history red', { name: 'history', room: 'red' }],
    ['!history  red  3', { name: 'history', room: 'red', count: 3 }],
    ['!history red 999999999', { name: 'history', room: 'red', count: 999_999_999 }],
    ['!history', missing('!history room [n]')],
    ['!history a:b', unknownRoom('a:b')],
    ...['red 3 4', 'red -1', 'red 1.5', 'red x', 'red 1234567890'].map(
      (args) => [`!history ${args}`, unfit('!history room [n]')] as const,
    ),
    ['!ping', { name: 'ping', token: '' }],
    ['!ping  a b ', { name: 'ping', token: 'a b' }],
    ['!notices on', { name: 'notices', on: true }],
    ['!notices OFF', { name: 'notices', on: false }],
    ['!notices', missing('!notices on|off')],
    ['!notices maybe', unfit('!notices on|off')],
    ['!echo On', { name: 'echo', on: true }],
    ['!echo off', { name: 'echo', on: false }],
    ['!echo', missing('!echo on|off')],
    ['!echo 1', unfit('!echo on|off')],
    ['!version', { name: 'version' }],
    ['!version 2', unfit('!version')],
    ['!help', { name: 'help', topic: '' }],
    ['!help USERS', { name: 'help', topic: 'USERS' }],
    ['!help !users', { name: 'help', topic: '!users' }],
    ['!help nothing', unknown('!nothing')],
    ['!help !nothing', unknown('!nothing')],
    ['!help (a+)+$', unknown('!(a+)+$')],
    ['!help constructor', unknown('!constructor')],
    ['!quit', { name: 'quit' }],
    ['!quit now', unfit('!quit')],
    ...['!', '!!', '!nosuch', '!__proto__', '!constructor', `!${'a'.repeat(2047)}`].map(
      (word) => [word, unknown(word)] as const,
    ),
    ['! users', unknown('!')],
    ['!usersx', unknown('!usersx')],
  ]
  for (const [text, command] of rows) {
    t.strictSame(session.parse(text, USER), command, show(text).slice(0, 60))
  }
  t.end()
})

t.test('what marks stand for', (t) => {
  const limits = { frameBytes: 2048, unfinishedBytes: 65_536 }
  const refusing = (refusal: Refusal, fatal: boolean): Command => ({
    name: 'refuseLine',
    refusal,
    fatal,
  })
  const tooLong = { code: 'too-long', maxBytes: 2048 } as const
  for (const strict of [false, true]) {
    const rows: readonly (readonly [Mark, Command])[] = [
      ['are-you-there', { name: 'ping', token: '' }],
      ['too-long', refusing(tooLong, strict)],
      ['bad-text', refusing({ code: 'bad-text' }, strict)],
      ['unfinished-line', refusing({ code: 'unfinished-line' }, strict)],
      ['endless-line', refusing({ ...tooLong, unfinished: 65_536 }, true)],
      ['bad-frame', refusing({ code: 'bad-frame' }, true)],
    ]
    for (const [mark, command] of rows) {
      t.strictSame(commandOfMark(mark, limits, strict), command, mark)
    }
  }
  t.end()
})

t.test('the registry', (t) => {
  for (const [name, dialect] of DIALECTS) t.equal(dialect.name, name)
  const ports = [...DIALECTS.values()].map(({ port }) => port)
  t.equal(new Set(ports).size, ports.length, 'each has a port of its own')
  t.equal(DIALECTS.get('line'), line)
  t.equal(line.port, 8888)
  t.equal(line.open(), session, 'one session serves all clients of this dialect')
  t.end()
})

const RED = { title: 'red', word: 'red' }
const TEA = { title: 'Tea: time', word: 'Tea_time' }
const OUTLOOK = { you: 'A', house: initialState() }
const AT = Date.UTC(2026, 2, 14, 9, 26, 53, 589)
const saying = (text: string): Message => ({ from: 'alice', text, at: AT })

const events: {
  readonly [Type in EventType]: readonly (readonly [EventOf<Type>, readonly string[]])[]
} = {
  refused: [
    [
      { type: 'refused', refusal: { code: 'bad-text' } },
      ['!error bad-text That line was dropped. Send text in UTF-8.'],
    ],
  ],
  nickRequested: [[{ type: 'nickRequested' }, []]],
  welcomed: [[{ type: 'welcomed', nick: 'alice', outlook: OUTLOOK }, []]],
  greeted: [
    [{ type: 'greeted', motd: [] }, []],
    [{ type: 'greeted', motd: ['be kind', ''] }, ['!motd be kind', '!motd ']],
  ],
  usersListed: [[{ type: 'usersListed', nicks: ['alice', 'b.o_b-'] }, ['alice b.o_b-']]],
  roomsListed: [
    [{ type: 'roomsListed', scope: 'all', rooms: [] }, ['']],
    [{ type: 'roomsListed', scope: 'all', rooms: [RED, TEA] }, ['red Tea_time']],
  ],
  membersListed: [
    [{ type: 'membersListed', room: RED, nicks: ['alice', 'bob'] }, ['alice bob']],
    [{ type: 'membersListed', room: LOBBY, nicks: [] }, ['']],
  ],
  historyListed: [
    [{ type: 'historyListed', room: TEA, messages: [] }, ['!history end Tea_time 0']],
    [
      { type: 'historyListed', room: TEA, messages: [saying('hi'), saying(`a${LINE_BREAK}b`)] },
      [
        '!history 2026-03-14T09:26:53.589Z @Tea_time alice: hi',
        '!history 2026-03-14T09:26:53.589Z @Tea_time alice: a',
        '!history 2026-03-14T09:26:53.589Z @Tea_time alice: b',
        '!history end Tea_time 3',
      ],
    ],
  ],
  ponged: [
    [{ type: 'ponged', token: '' }, ['!pong']],
    [{ type: 'ponged', token: 'a b' }, ['!pong a b']],
  ],
  helped: [[{ type: 'helped', topic: 'users' }, [`!help ${helpLines('users').join()}`]]],
  versionTold: [[{ type: 'versionTold' }, [`!version partyline ${PROTOCOL_VERSION}`]]],
  noticesSet: [
    [{ type: 'noticesSet', on: true }, ['!notices on']],
    [{ type: 'noticesSet', on: false }, ['!notices off']],
  ],
  echoSet: [
    [{ type: 'echoSet', on: true }, ['!echo on']],
    [{ type: 'echoSet', on: false }, ['!echo off']],
  ],
  saidGoodbye: [[{ type: 'saidGoodbye', nick: 'alice' }, ['!goodbye alice']]],
  said: [
    [{ type: 'said', room: LOBBY, lobby: true, message: saying(' hi ') }, ['alice:  hi ']],
    [{ type: 'said', room: TEA, lobby: false, message: saying('hi') }, ['@Tea_time alice: hi']],
    [
      { type: 'said', room: RED, lobby: false, message: saying(`a${LINE_BREAK}bob: b`) },
      ['@red alice: a', '@red alice: bob: b'],
    ],
    [
      { type: 'said', room: LOBBY, lobby: true, message: saying('x'.repeat(65_537)) },
      [`alice: ${'x'.repeat(65_533)}…`],
    ],
    [
      { type: 'said', room: LOBBY, lobby: true, message: saying('é'.repeat(1024)) },
      [`alice: ${'é'.repeat(1024)}`],
    ],
  ],
  told: [[{ type: 'told', to: 'bob', message: saying('hi') }, ['#alice: hi']]],
  cameOnline: [[{ type: 'cameOnline', nick: 'alice' }, ['!notice online alice']]],
  wentOffline: [
    [{ type: 'wentOffline', nick: 'alice', reason: 'too-slow' }, ['!notice offline alice']],
  ],
  surveyed: [[{ type: 'surveyed', purpose: '', outlook: OUTLOOK }, []]],
  youEntered: [[{ type: 'youEntered', room: RED, made: true }, []]],
  youLeft: [[{ type: 'youLeft', room: RED }, []]],
  youMade: [[{ type: 'youMade', room: RED }, []]],
  youSwitched: [[{ type: 'youSwitched', room: RED, outlook: OUTLOOK }, []]],
  switched: [[{ type: 'switched', from: LOBBY, to: RED, nick: 'bob' }, []]],
  entered: [
    [{ type: 'entered', room: TEA, nick: 'bob', why: 'asked' }, ['!notice entered Tea_time bob']],
    [{ type: 'entered', room: LOBBY, nick: 'bob', why: 'asked' }, ['!notice entered General bob']],
    [{ type: 'entered', room: LOBBY, nick: 'bob', why: 'online' }, []],
  ],
  left: [
    [{ type: 'left', room: RED, nick: 'bob', why: 'asked' }, ['!notice left red bob']],
    [{ type: 'left', room: RED, nick: 'bob', why: 'offline' }, ['!notice left red bob']],
    [{ type: 'left', room: LOBBY, nick: 'bob', why: 'asked' }, ['!notice left General bob']],
    [{ type: 'left', room: LOBBY, nick: 'bob', why: 'offline' }, []],
  ],
  roomMade: [[{ type: 'roomMade', room: RED, by: 'bob' }, []]],
  roomGone: [[{ type: 'roomGone', room: RED }, []]],
  announced: [[{ type: 'announced', text: 'tea is ready' }, ['!announce tea is ready']]],
}

/** The lines of an event as a client takes them. */
function linesOf(event: Event): readonly string[] {
  const rendered = session.voice.render(event, AT)?.toString() ?? ''
  const lines = rendered.split('\r\n')
  assert.equal(lines.pop(), '', 'each line ends in CR LF')
  return lines
}

t.test('how each event reads', (t) => {
  for (const [event, lines] of Object.values(events).flat()) {
    t.strictSame(linesOf(event), lines, show(event).slice(0, 70))
    if (lines.length === 0)
      t.equal(session.voice.render(event, AT), undefined, 'and not an empty buffer')
  }
  t.end()
})

t.test('help', (t) => {
  const all = linesOf({ type: 'helped', topic: '' })
  t.ok(all.every((help) => /^!help [!#@a-z]\S*[^:]*: \S.*$/.test(help)))
  for (const topic of ['users', '!users', 'USERS']) {
    const [only, ...others] = linesOf({ type: 'helped', topic })
    t.ok(only?.startsWith('!help !users: '))
    t.strictSame(others, [])
    t.ok(all.includes(only ?? ''), 'it is among all')
  }
  t.strictSame(linesOf({ type: 'helped', topic: 'no such' }), all)
  t.end()
})

const refusals: { readonly [Code in RefusalCode]: readonly (Refusal & { readonly code: Code })[] } =
  {
    'bad-nick': [{ code: 'bad-nick', maxLength: 50 }],
    'nick-in-use': [{ code: 'nick-in-use', nick: 'alice' }],
    'unknown-nick': [{ code: 'unknown-nick', nick: 'x'.repeat(2000) }],
    'no-private': [{ code: 'no-private', nick: 'alice' }],
    'bad-room': [{ code: 'bad-room', maxBytes: 50 }],
    'room-exists': [{ code: 'room-exists', room: RED }],
    'unknown-room': [{ code: 'unknown-room', room: 'é'.repeat(2000) }],
    'not-in-room': [{ code: 'not-in-room', room: RED, nick: 'alice' }],
    'already-in-room': [{ code: 'already-in-room', room: RED, nick: 'alice' }],
    'in-no-room': [{ code: 'in-no-room' }],
    'lobby-stays': [{ code: 'lobby-stays', room: LOBBY }],
    'too-many-rooms': [
      { code: 'too-many-rooms', scope: 'joined', max: 20 },
      { code: 'too-many-rooms', scope: 'named', max: 21 },
      { code: 'too-many-rooms', scope: 'kept', max: 20 },
      { code: 'too-many-rooms', scope: 'all', max: 1000 },
    ],
    'unknown-command': [{ code: 'unknown-command', command: `!${'x'.repeat(2047)}` }],
    'missing-argument': [{ code: 'missing-argument', usage: '#nick text' }],
    'bad-argument': [{ code: 'bad-argument', usage: '!users' }],
    'too-long': [
      { code: 'too-long', maxBytes: 2048 },
      { code: 'too-long', maxBytes: 2048, unfinished: 65_536 },
    ],
    'name-too-long': [{ code: 'name-too-long', maxBytes: 25 }],
    'text-too-long': [{ code: 'text-too-long', maxBytes: 1000 }],
    'bad-text': [{ code: 'bad-text' }],
    'bad-frame': [{ code: 'bad-frame' }],
    'bad-message': [{ code: 'bad-message', problem: 'it has no sender' }],
    'wrong-sender': [{ code: 'wrong-sender' }],
    'unfinished-line': [{ code: 'unfinished-line' }],
    'too-many-failures': [{ code: 'too-many-failures', max: 10 }],
    'registration-timeout': [{ code: 'registration-timeout', seconds: 60 }],
    'registration-too-long': [{ code: 'registration-too-long', maxBytes: 4096 }],
    'wrong-protocol': [{ code: 'wrong-protocol', protocol: 'HTTP' }],
    'server-full': [{ code: 'server-full', max: 1000 }],
    'too-many-connections': [{ code: 'too-many-connections', max: 64 }],
    'connecting-too-fast': [{ code: 'connecting-too-fast', max: 120 }],
    'crowded-out': [{ code: 'crowded-out', max: 256 }],
    'too-slow': [{ code: 'too-slow' }],
    idle: [{ code: 'idle', minutes: 30 }],
    kicked: [
      { code: 'kicked', reason: '' },
      { code: 'kicked', reason: 'enough' },
    ],
    'shutting-down': [{ code: 'shutting-down' }],
    internal: [{ code: 'internal' }],
  }

t.test('each refusal is one line with its code, a sentence, and its numbers', (t) => {
  const sentences = new Set<string>()
  for (const refusal of Object.values(refusals).flat()) {
    const [error = '', ...others] = linesOf({ type: 'refused', refusal })
    t.strictSame(others, [], refusal.code)
    t.match(error, new RegExp(`^!error ${refusal.code} [A-Za-z0-9].*[^ ]$`))
    t.ok(Buffer.byteLength(error) <= 256, 'what was sent is not repeated at length')
    for (const value of Object.values(refusal)) {
      if (typeof value === 'number') t.ok(error.includes(String(value)), error)
    }
    sentences.add(error)
  }
  t.equal(sentences.size, Object.values(refusals).flat().length, 'no two are the same')
  t.match(linesOf({ type: 'refused', refusal: { code: 'kicked', reason: 'enough' } })[0], /enough/)
  t.end()
})

// Whatever the core lets in: nicknames, rooms, and text that has been cleaned.
const letter = fc.constantFrom('a', 'Z', '7', '.', '_', '-')
const nick = fc.string({ unit: letter, minLength: 1, maxLength: 50 }).filter((n) => isNick(n, 50))
const text = fc.string({ unit: 'binary', maxLength: 80 }).map(clean)
const lines = fc.array(fc.string({ unit: 'binary' })).map((parts) => cleanLines(parts.join('\n')))
const room = fc
  .oneof(
    text,
    fc.string({ unit: fc.constantFrom('a', ' ', ':', '#', '@', '!', ',', 'é', '\u3000') }),
  )
  .map((title) => roomName(title, 50))
  .filter((name) => name !== undefined)
const message = fc.record({ from: nick, text: lines, at: fc.nat() })

const anyEvent: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ type: fc.constant('greeted' as const), motd: fc.array(text) }),
  fc.record({ type: fc.constant('historyListed' as const), room, messages: fc.array(message) }),
  fc.record({ type: fc.constant('ponged' as const), token: text }),
  fc.record({ type: fc.constant('helped' as const), topic: text }),
  fc.record({ type: fc.constant('saidGoodbye' as const), nick }),
  fc.record({ type: fc.constant('cameOnline' as const), nick }),
  fc.record({
    type: fc.constant('entered' as const),
    room,
    nick,
    why: fc.constant('asked' as const),
  }),
  fc.record({ type: fc.constant('announced' as const), text }),
  fc
    .oneof(
      text.map((nick): Refusal => ({ code: 'unknown-nick', nick })),
      text.map((room): Refusal => ({ code: 'unknown-room', room })),
      text.map((command): Refusal => ({ code: 'unknown-command', command })),
      text.map((reason): Refusal => ({ code: 'kicked', reason })),
    )
    .map((refusal): Event => ({ type: 'refused', refusal })),
)
const chat = fc.oneof(
  fc.record({ type: fc.constant('said' as const), room, lobby: fc.boolean(), message }),
  fc.record({ type: fc.constant('told' as const), to: nick, message }),
)
const list = fc.oneof(
  fc.record({ type: fc.constant('usersListed' as const), nicks: fc.array(nick) }),
  fc.record({ type: fc.constant('membersListed' as const), room, nicks: fc.array(nick) }),
  fc.record({
    type: fc.constant('roomsListed' as const),
    scope: fc.constant('all' as const),
    rooms: fc.array(room),
  }),
)

const CONTROLS = /[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/
const PUBLIC = /^[A-Za-z0-9._-]+: /
const PRIVATE = /^#[A-Za-z0-9._-]+: /
const ROOM = /^@[^ ]+ [A-Za-z0-9._-]+: /

/** How many of the three forms of chat a line has. */
function formsOf(rendered: string): number {
  return [PUBLIC, PRIVATE, ROOM].filter((form) => form.test(rendered)).length
}

t.test('11: no line holds a control, and the form of each tells what it is', (t) => {
  const property = fc.property(anyEvent, chat, list, (other, spoken, listed) => {
    for (const rendered of [other, spoken, listed].flatMap(linesOf)) {
      assert.ok(!CONTROLS.test(rendered))
    }
    for (const rendered of linesOf(other)) assert.ok(rendered.startsWith('!'))
    for (const rendered of linesOf(spoken)) {
      const form = spoken.type === 'told' ? PRIVATE : spoken.lobby ? PUBLIC : ROOM
      assert.match(rendered, form)
      assert.equal(formsOf(rendered), 1)
      assert.ok(Buffer.byteLength(rendered) <= 2048 + 128)
    }
    const [only = '', ...others] = linesOf(listed)
    assert.deepEqual(others, [])
    assert.ok(!only.includes(': ') && formsOf(only) === 0 && !/^[!#@]/.test(only))
  })
  fc.assert(property, { numRuns: 5 * RUNS })
  t.end()
})

t.test('30: no line makes the parser throw, and what it hands on is clean', (t) => {
  const start = fc.constantFrom(
    '',
    '#',
    '@',
    '!',
    '!enter ',
    '!help ',
    '!history ',
    '@red ',
    '#bob ',
  )
  const property = fc.property(
    start,
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    (start, end, named) => {
      const command = session.parse(start + end, named ? USER : NEWCOMER)
      assert.ok(!/[\0-\x1f\x7f-\x9f]/.test(Object.values(command ?? {}).join('')))
    },
  )
  fc.assert(property, { numRuns: 5 * RUNS })
  t.end()
})
