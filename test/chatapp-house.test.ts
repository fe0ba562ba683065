// ChatApp in a house: how each event and each refusal is told, what its clients are sent in which
// order, and by which names.

import t from 'tap'
import {
  LINE_BREAK,
  LOBBY,
  initialState,
  type ConnectionId,
  type Event,
  type Message,
  type Refusal,
} from '../lib/core/index.js'
import { chatapp } from '../lib/dialects/chatapp/index.js'
import { voice } from '../lib/dialects/chatapp/render.js'
import { encode, type Rendering } from '../lib/dialects/dialect.js'
import { line } from '../lib/dialects/line/index.js'
import { Floor } from './support/core-arena.js'
import { show } from './support/show.js'

const AT = new Date(2026, 1, 3, 4, 5, 6).getTime()
const STAMP = '03/02/2026 04:05:06'
const EARLIER = new Date(2025, 11, 31, 23, 59, 58).getTime()
const RED = { title: 'red: room', word: 'red_room' }
const { notation } = chatapp

/** What was received, as written. */
const written = (bytes: Rendering | undefined): readonly string[] =>
  notation.decode?.(encode(bytes ?? '')).map((one) => one.written) ?? []

const message = (text: string, rest: Partial<Message> = {}): Message => ({
  from: 'bob',
  text,
  at: EARLIER,
  ...rest,
})

t.test('events to the byte', (t) => {
  const house = initialState()
  const hello: Event = {
    type: 'welcomed',
    nick: 'alice',
    outlook: { you: 'c1', house: { ...house, rooms: house.rooms.set('red', house.lobby) } },
  }
  const said = (text: string, stamp?: string): Event => {
    const own = stamp === undefined ? {} : { stamp }
    return { type: 'said', room: RED, lobby: false, message: message(text, own) }
  }
  const body = (type: string, dest: string, sender: string, data: string, stamp = STAMP) =>
    `{"__type__": "${type}", "timestamp": "${stamp}", "dest": "${dest}", "sender": "${sender}", "data": "${data}"}`
  const chat = (data: string, stamp = '31/12/2025 23:59:58') =>
    body('ChatMessage', 'red: room', 'bob', data, stamp)
  const created = body('CreateRoomMessage', 'alice', 'Server', 'General')
  const rows: readonly (readonly [Event, ...string[]])[] = [
    [hello, body('ConnectionMessage', 'alice', 'Server', 'CONNECT'), created, created],
    [
      { type: 'greeted', motd: ['a', 'b'] },
      ...['a', 'b'].map((m) => body('Message', 'ALL', 'Server', m)),
    ],
    [{ type: 'announced', text: 'tea' }, body('Message', 'ALL', 'Server', 'tea')],
    [
      { type: 'roomMade', room: RED, by: 'bob' },
      body('CreateRoomMessage', 'ALL', 'Server', 'red: room'),
    ],
    [
      { type: 'entered', room: LOBBY, nick: 'bob', why: 'online' },
      body('JoinMessage', 'ALL', 'bob', 'General'),
    ],
    [
      { type: 'left', room: RED, nick: 'bob', why: 'asked' },
      body('LeaveMessage', 'ALL', 'bob', 'red: room'),
    ],
    [said('hi'), chat('hi')],
    [said('hi', '02/30/26 25 h'), chat('hi', '02/30/26 25 h')],
    [said(`é${LINE_BREAK}${LINE_BREAK}b`), chat('\\u00e9'), chat('b')],
    [
      { type: 'historyListed', room: RED, messages: [message('a'), message('b', { stamp: 'x' })] },
      ...[chat('a'), chat('b', 'x')],
    ],
    [
      { type: 'refused', refusal: { code: 'kicked', reason: 'x' } },
      '{"__type__": "Error", "code": 2, "data": "CONNECTION ERROR: lost connection from Server"}',
    ],
  ]
  for (const [event, ...bodies] of rows) {
    const frames = bodies.map((one) => `${String(one.length).padEnd(20)}${one}`).join('')
    t.equal(voice.render(event, AT)?.toString(), frames, show(frames))
  }
  t.end()
})

t.test('at most ten messages of the past', (t) => {
  const messages = Array.from({ length: 9 }, (_, i) => message(`${i}${LINE_BREAK}${i}b`))
  const told = written(voice.render({ type: 'historyListed', room: RED, messages }, AT))
  t.equal(told.length, 10)
  t.match([told[0], told[9]], [/^Chat "4" /, /^Chat "8b" /])
  t.end()
})

t.test('what is not told', (t) => {
  const nick = 'bob'
  const outlook = { you: 'c1', house: initialState() }
  const events: readonly Event[] = [
    { type: 'nickRequested' },
    { type: 'greeted', motd: [] },
    { type: 'said', room: RED, lobby: false, message: message(LINE_BREAK) },
    { type: 'historyListed', room: RED, messages: [] },
    { type: 'usersListed', nicks: [nick] },
    { type: 'roomsListed', scope: 'all', rooms: [RED] },
    { type: 'membersListed', room: RED, nicks: [nick] },
    { type: 'ponged', token: 'x' },
    { type: 'helped', topic: '' },
    { type: 'surveyed', purpose: '', outlook },
    { type: 'youEntered', room: RED, made: true },
    { type: 'youLeft', room: RED },
    { type: 'youMade', room: RED },
    { type: 'youSwitched', room: RED, outlook },
    { type: 'versionTold' },
    { type: 'noticesSet', on: true },
    { type: 'echoSet', on: true },
    { type: 'saidGoodbye', nick },
    { type: 'told', to: 'alice', message: message('psst') },
    { type: 'cameOnline', nick },
    { type: 'wentOffline', nick, reason: 'quit' },
    { type: 'switched', from: RED, to: LOBBY, nick },
    { type: 'roomGone', room: RED },
  ]
  for (const event of events) t.equal(voice.render(event, AT), undefined, event.type)
  t.end()
})

t.test('refusals', (t) => {
  const nick = 'bob'
  const room = RED
  const LOST = 'Error 2 "CONNECTION ERROR: lost connection from Server"'
  const rows: readonly (readonly [Refusal, string | RegExp])[] = [
    [{ code: 'kicked', reason: '' }, LOST],
    [{ code: 'shutting-down' }, LOST],
    [{ code: 'too-slow' }, LOST],
    [{ code: 'idle', minutes: 5 }, LOST],
    [{ code: 'nick-in-use', nick }, 'Error 3 "CONNECTION ERROR: bob username already in use"'],
    [{ code: 'too-long', maxBytes: 7 }, 'Error 4 "MSG ERROR: msg in message exceeds 2000"'],
    [{ code: 'missing-argument', usage: 'x' }, 'Error 20 "ERROR: empty string submitted"'],
    [{ code: 'name-too-long', maxBytes: 50 }, 'Error 21 "ERROR: name exceeds MAX length 50"'],
    [{ code: 'bad-nick', maxLength: 9 }, 'Error 21 "ERROR: name exceeds MAX length 9"'],
    [{ code: 'unknown-room', room: 'red' }, 'Error 22 "ROOM ERROR: red does not exist"'],
    [
      { code: 'wrong-sender' },
      'Error 23 "USER ERROR: username does not match username associated with connection"',
    ],
    [
      { code: 'already-in-room', room, nick },
      'Error 24 "ROOM ERROR: bob username already joined to red: room"',
    ],
    [{ code: 'room-exists', room }, 'Error 25 "ROOM ERROR: red: room name already in use"'],
    [
      { code: 'text-too-long', maxBytes: 1000 },
      'Error 26 "MSG ERROR: data in message exceeds 1000"',
    ],
    [
      { code: 'not-in-room', room, nick },
      'Error 27 "ROOM ERROR: bob username not joined to red: room"',
    ],
    [{ code: 'bad-room', maxBytes: 50 }, /^Error 99 "That is no room name/],
    [{ code: 'unfinished-line' }, /^Error 99 "Your last message was shorter/],
    [{ code: 'bad-message', problem: 'it is odd' }, /^Error 99 ".*it is odd/],
    [{ code: 'wrong-protocol', protocol: 'TLS' }, /^Error 99 ".*TLS.* a ChatApp client/],
    [{ code: 'server-full', max: 3 }, /^Error 99 "All 3 places/],
    // Of others' commands, as the table of sentences is everybody's.
    [{ code: 'unknown-nick', nick }, /^Error 99 /],
    [{ code: 'lobby-stays', room }, /^Error 99 "Everybody is in red: room/],
    [{ code: 'in-no-room' }, /^Error 99 /],
    [{ code: 'unknown-command', command: 'x' }, /^Error 99 /],
  ]
  for (const [refusal, wanted] of rows) {
    t.match(written(voice.render({ type: 'refused', refusal }, AT)), [wanted], refusal.code)
  }
  t.end()
})

/** Somebody in a house, and all that he was sent and has not looked at. */
class Guest {
  readonly #floor: Floor
  readonly #id: ConnectionId
  readonly #name: string
  #heard = Buffer.alloc(0)

  constructor(floor: Floor, name: string, dialect = chatapp) {
    this.#floor = floor
    this.#name = name
    const ear = {
      heard: (bytes: Buffer) => (this.#heard = Buffer.concat([this.#heard, bytes])),
      ended: () => undefined,
    }
    this.#id = floor.open(ear, dialect.open())
  }

  get isOpen(): boolean {
    return this.#floor.isOpen(this.#id)
  }

  /** Sends a message as written, or a line, and gives everything heard since the last look. */
  says(text: string): readonly string[] {
    const frame = notation.encode(text, this.#name)?.toString().slice(20) ?? text
    this.#floor.frame(this.#id, frame)
    return this.hears()
  }

  hears(): readonly string[] {
    const heard = this.#heard
    this.#heard = Buffer.alloc(0)
    const isText = /^\D/.test(heard.toString())
    return isText ? heard.toString().split('\r\n').slice(0, -1) : written(heard)
  }

  leaves(): void {
    this.#floor.close(this.#id, 'connection-lost')
  }
}

const CONNECT = 'Connection "CONNECT"'

t.test('a conversation', (t) => {
  const floor = new Floor(chatapp)
  const bob = new Guest(floor, 'bob', line)
  bob.says('bob')
  const alice = new Guest(floor, 'alice')
  t.strictSame(alice.says(CONNECT), [
    'Connection "CONNECT" to "alice" from "Server"',
    'Create "General" to "alice" from "Server"',
    'Join "General" to "alice" from "bob"',
  ])
  t.strictSame(alice.says('Create "red room"'), ['Create "red room" to "ALL" from "Server"'])
  t.match(alice.says('Chat "hi" to "red room"'), [/^Error 27 "ROOM ERROR: alice username not/])
  t.strictSame(bob.says('!enter red_room'), [])
  t.strictSame(alice.hears(), ['Join "red room" to "ALL" from "bob"'])
  for (let i = 0; i < 12; i++) bob.says(`@red_room ${i}`)
  const past = Array.from({ length: 10 }, (_, i) => `Chat "${i + 2}" to "red room" from "bob"`)
  t.strictSame(alice.says('Join "RED_room"'), ['Join "red room" to "ALL" from "alice"', ...past])
  t.match(alice.says('Join "red room"'), [/^Error 24 /])
  t.match(alice.says('Create "Red@room"'), [/^Error 25 "ROOM ERROR: red room name already/])
  t.strictSame(alice.says('Chat "a\\nb" to "red room" at "noon"'), [
    'Chat "a" to "red room" from "alice" at "noon"',
    'Chat "b" to "red room" from "alice" at "noon"',
  ])
  t.strictSame(bob.hears(), ['@red_room alice: a', '@red_room alice: b'])
  t.match(bob.says('#alice psst'), [/^!error no-private /])
  t.match(alice.says('Chat "hi" to "General"'), [/^Error 27 /], 'nobody is in the lobby unasked')
  t.strictSame(alice.says('Join "general"'), ['Join "General" to "ALL" from "alice"'])
  bob.says('hello')
  t.strictSame(alice.hears(), ['Chat "hello" to "General" from "bob"'])
  t.strictSame(alice.says('Leave "General"'), ['Leave "General" to "ALL" from "alice"'])
  t.match(alice.says('Leave "General"'), [/^Error 27 /])
  t.match(alice.says('Leave "blue"'), [/^Error 22 "ROOM ERROR: blue does not exist"/])
  t.match(alice.says('Create "\\u200d"'), [/^Error 99 "That is no room name/])
  const carol = new Guest(floor, 'carol')
  t.match(carol.says(CONNECT).slice(3), [
    'Create "red room" to "carol" from "Server"',
    'Join "red room" to "carol" from "bob"',
    'Join "red room" to "carol" from "alice"',
  ])
  t.strictSame(alice.says('Connection "QUIT"'), [], 'who quits is told nothing')
  t.notOk(alice.isOpen)
  t.strictSame(carol.hears(), ['Leave "red room" to "ALL" from "alice"'])
  bob.leaves()
  t.strictSame(carol.hears(), [
    'Leave "red room" to "ALL" from "bob"',
    'Leave "General" to "ALL" from "bob"',
  ])
  t.end()
})

t.test('names: in the house, and on its own connection', (t) => {
  const floor = new Floor(chatapp)
  const bob = new Guest(floor, 'bob')
  bob.says(CONNECT)
  bob.says('Create "red"')
  bob.says('Join "red"')
  const ann = new Guest(floor, 'ann lee')
  t.match(ann.says(CONNECT)[0], 'Connection "CONNECT" to "ann lee" from "Server"')
  t.strictSame(ann.says('Join "red"'), ['Join "red" to "ALL" from "ann lee"'])
  t.strictSame(ann.says('Chat "hi" to "red"'), ['Chat "hi" to "red" from "ann lee"'])
  t.match(ann.says('Join "red"'), ['Error 24 "ROOM ERROR: ann lee username already joined to red"'])
  t.match(ann.says('Join "red" from "ann_lee"'), [/^Error 23 /])
  t.strictSame(bob.hears(), [
    'Join "red" to "ALL" from "ann_lee"',
    'Chat "hi" to "red" from "ann_lee"',
  ])
  for (const name of ['ann#lee', 'ANN_LEE', 'ann lee', 'BOB', 'server', 'All', 'general']) {
    const late = new Guest(floor, name)
    t.strictSame(late.says(CONNECT), [
      `Error 3 "CONNECTION ERROR: ${name} username already in use"`,
    ])
    t.notOk(late.isOpen)
  }
  t.end()
})

t.test('a client is told of a word once, and knows the room by that title', (t) => {
  const floor = new Floor(chatapp)
  const bob = new Guest(floor, 'bob', line)
  bob.says('bob')
  const [alice, carol] = [new Guest(floor, 'alice'), new Guest(floor, 'carol')]
  alice.says(CONNECT)
  bob.says('!enter red')
  bob.says('!leave red')
  t.strictSame(alice.hears().slice(0, 1), ['Create "red" to "ALL" from "Server"'])
  carol.says(CONNECT)
  bob.says('!enter red')
  t.strictSame(alice.hears(), ['Join "red" to "ALL" from "bob"'])
  bob.says('!leave red')
  bob.says('!enter RED')
  alice.hears()
  t.strictSame(alice.says('Join "red"'), ['Join "red" to "ALL" from "alice"'])
  t.strictSame(bob.says('@RED hi'), [])
  t.strictSame(alice.hears(), ['Chat "hi" to "red" from "bob"'])
  t.strictSame(carol.hears().slice(0, 1), ['Create "red" to "ALL" from "Server"'], 'it came later')
  const dave = new Guest(floor, 'dave')
  t.match(dave.says(CONNECT).slice(3, 4), ['Create "RED" to "dave" from "Server"'])
  t.end()
})
