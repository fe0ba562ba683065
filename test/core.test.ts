// The state machine, input by input: who hears what, what is refused, and what stays as it was.

import t from 'tap'
import {
  CORE_LIMITS,
  LOBBY,
  MAX_SECONDS,
  defaultsOf,
  findRoom,
  findUser,
  fold,
  isNick,
  isReserved,
  roomKey,
  roomName,
  wordOf,
  type Command,
  type CommandName,
  type IfTaken,
  type Refusal,
} from '../lib/core/index.js'
import { House, MANNERS, dump, type Heard, type Hearing } from './support/house.js'
import { show } from './support/show.js'

const nameOf = (word: string) => ({ title: word, word })
const refused = (refusal: Refusal): Heard => ({ type: 'refused', refusal })
const closed = (reason: Refusal['code']): Heard => ({ type: 'closed', reason })
const entered = (room: string, nick: string): Heard => ({
  type: 'entered',
  room: nameOf(room),
  nick,
  why: 'asked',
})
const youEntered = (room: string, made = false): Heard => ({
  type: 'youEntered',
  room: nameOf(room),
  made,
})
const youMade = (room: string): Heard => ({ type: 'youMade', room: nameOf(room) })
const notIn = (room: string, nick = 'carol'): Refusal => ({
  code: 'not-in-room',
  room: nameOf(room),
  nick,
})
const left = (room: string, nick: string, why: 'asked' | 'offline' = 'asked'): Heard => ({
  type: 'left',
  room: nameOf(room),
  nick,
  why,
})
const made = (room: string, by: string): Heard => ({
  type: 'roomMade',
  room: nameOf(room),
  by,
})
const gone = (room: string): Heard => ({ type: 'roomGone', room: nameOf(room) })
const spoken = (room: string, from: string, text: string, at = 0): Heard => ({
  type: 'said',
  room: nameOf(room),
  lobby: room === 'General',
  message: { from, text, at },
})
const say = (room: string, text: string): Command => ({ name: 'say', room, text })
const lineRefused: Command<'refuseLine'> = { name: 'refuseLine', refusal: { code: 'bad-text' } }

/** alice, bob and carol online, alice and bob in the room red. */
function threeUsers(): House {
  const house = new House().online('A', 'alice').online('B', 'bob').online('C', 'carol')
  return house.inside('red', 'A', 'B')
}

/** One of each command. */
const COMMAND: { readonly [Name in CommandName]: Command<Name> } = {
  broadcast: { name: 'broadcast', rooms: ['red'], text: 'hi' },
  create: { name: 'create', room: 'blue', as: 'founder' },
  echo: { name: 'echo', on: true },
  enter: { name: 'enter', room: 'red' },
  help: { name: 'help', topic: '' },
  history: { name: 'history', room: 'red' },
  join: { name: 'join', rooms: ['red'] },
  leave: { name: 'leave', room: 'red' },
  members: { name: 'members', room: 'red' },
  notices: { name: 'notices', on: true },
  part: { name: 'part', room: 'red' },
  partCurrent: { name: 'partCurrent' },
  ping: { name: 'ping', token: 'a' },
  quit: { name: 'quit' },
  refuseLine: { name: 'refuseLine', refusal: { code: 'bad-text' } },
  register: { name: 'register', nick: 'dave', manners: MANNERS },
  rooms: { name: 'rooms' },
  say: { name: 'say', room: 'red', text: 'hi' },
  sayHere: { name: 'sayHere', text: 'hi' },
  shout: { name: 'shout', text: 'red hi' },
  speak: { name: 'speak', text: 'hi' },
  survey: { name: 'survey', purpose: 'all' },
  switchRoom: { name: 'switchRoom', room: 'red' },
  tell: { name: 'tell', nick: 'bob', text: 'hi' },
  users: { name: 'users' },
  version: { name: 'version' },
}
const COMMANDS: readonly Command[] = Object.values(COMMAND)

t.test('a connection that is not there asks for nothing', (t) => {
  for (const command of COMMANDS) {
    const house = threeUsers()
    const before = house.state
    t.strictSame(house.ask('Z', command), [], command.name)
    t.equal(house.state, before, `${command.name}: the very same state`)
  }
  t.end()
})

t.test('a newcomer is asked for a nickname, and all but that, ping and quit is a failure', (t) => {
  const answers: Readonly<Partial<Record<CommandName, readonly Heard[]>>> = {
    ping: [{ type: 'ponged', token: 'a' }],
    quit: [{ type: 'closed', reason: 'quit' }],
    refuseLine: [refused({ code: 'bad-text' })],
  }
  for (const command of COMMANDS.filter(({ name }) => name !== 'register')) {
    const house = threeUsers()
    t.strictSame(house.open('N'), [['N', { type: 'nickRequested' }]])
    const heard = answers[command.name] ?? [refused({ code: 'bad-nick', maxLength: 50 })]
    t.strictSame(
      house.ask('N', command),
      heard.map((one) => ['N', one]),
      command.name,
    )
    const failures = house.state.newcomers.get('N')?.failures
    const [first] = heard
    t.equal(failures, first?.type === 'refused' ? 1 : first?.type === 'ponged' ? 0 : undefined)
  }
  t.end()
})

t.test('what a user is refused changes nothing and nobody else hears of it', (t) => {
  const full = { roomsPerUser: 1, maxRooms: 2, keptRoomsPerUser: 1 }
  const badRoom: Refusal = { code: 'bad-room', maxBytes: 50 }
  const badTitles = [
    '',
    ' ',
    'x'.repeat(51),
    'é'.repeat(26),
    'a\u0007b',
    '\u2028',
    '\u202ex',
    '\u200d',
  ]
  type Row = readonly [title: string, prepare: (house: House) => void, Command, Refusal]
  const none = (): void => undefined
  const rows: readonly Row[] = [
    ...badTitles.flatMap((room): Row[] => [
      [`enter ${show(room)}`, none, { name: 'enter', room }, badRoom],
      [`create ${show(room)}`, none, { name: 'create', room, as: 'founder' }, badRoom],
    ]),
    [
      'members of no room',
      none,
      { name: 'members', room: 'nowhere' },
      { code: 'unknown-room', room: 'nowhere' },
    ],
    [
      'history of no room',
      none,
      { name: 'history', room: 'nowhere' },
      { code: 'unknown-room', room: 'nowhere' },
    ],
    ['say to no room', none, say('nowhere', 'hi'), { code: 'unknown-room', room: 'nowhere' }],
    ['say to __proto__', none, say('__proto__', 'x'), { code: 'unknown-room', room: '__proto__' }],
    ['say outside', none, say('RED', 'hi'), notIn('red')],
    [
      'say to the lobby after leaving it',
      (house) => house.ask('C', { name: 'leave', room: 'General' }),
      say('general', 'hi'),
      notIn('General'),
    ],
    [
      'say where he is after leaving the lobby',
      (house) => house.ask('C', { name: 'leave', room: 'General' }),
      COMMAND.sayHere,
      notIn('General'),
    ],
    [
      'leave where he is after leaving the lobby',
      (house) => house.ask('C', { name: 'partCurrent' }),
      COMMAND.partCurrent,
      notIn('General'),
    ],
    ['history outside', none, COMMAND.history, notIn('red')],
    [
      'tell nobody',
      none,
      { name: 'tell', nick: 'constructor', text: 'hi' },
      { code: 'unknown-nick', nick: 'constructor' },
    ],
    [
      'tell one who cannot be told',
      (house) => house.online('D', 'Dave', { tells: false }),
      { name: 'tell', nick: 'dAVE', text: 'hi' },
      { code: 'no-private', nick: 'Dave' },
    ],
    [
      'create what stands',
      none,
      { name: 'create', room: 'RED', as: 'founder' },
      { code: 'room-exists', room: nameOf('red') },
    ],
    [
      'create a title of the same word',
      (house) => house.ask('A', { name: 'create', room: 'Tea: time', as: 'founder' }),
      { name: 'create', room: 'tea_TIME', as: 'founder' },
      { code: 'room-exists', room: { title: 'Tea: time', word: 'Tea_time' } },
    ],
    [
      'create the lobby',
      none,
      { name: 'create', room: 'general', as: 'founder' },
      { code: 'room-exists', room: LOBBY },
    ],
    [
      'create beyond the kept rooms of one maker',
      (house) => house.ask('C', { name: 'create', room: 'mine', as: 'founder' }),
      { name: 'create', room: 'blue', as: 'founder' },
      { code: 'too-many-rooms', scope: 'kept', max: 1 },
    ],
    [
      'enter one room too many',
      (house) => house.inside('blue', 'C'),
      { name: 'enter', room: 'red' },
      { code: 'too-many-rooms', scope: 'joined', max: 1 },
    ],
    [
      'enter a new room when all places are taken',
      (house) => house.inside('blue', 'B'),
      { name: 'enter', room: 'green' },
      { code: 'too-many-rooms', scope: 'all', max: 2 },
    ],
    [
      'create when all places are taken',
      (house) => house.inside('blue', 'B'),
      { name: 'create', room: 'green', as: 'founder' },
      { code: 'too-many-rooms', scope: 'all', max: 2 },
    ],
    ['a line that could not be read', none, lineRefused, { code: 'bad-text' }],
  ]
  for (const [title, prepare, command, refusal] of rows) {
    const house = new House({ limits: full })
    house.online('A', 'alice').online('B', 'bob').online('C', 'carol').inside('red', 'A')
    prepare(house)
    const before = house.state
    t.strictSame(house.ask('C', command), [['C', refused(refusal)]], title)
    t.equal(house.state, before, `${title}: the very same state`)
  }
  t.end()
})

t.test('what a user asks for without effect is silent', (t) => {
  const rows: readonly (readonly [string, Command])[] = [
    ['registers again', COMMAND.register],
    ['leaves no room', { name: 'leave', room: 'nowhere' }],
  ]
  for (const [title, command] of rows) {
    const house = threeUsers()
    const before = house.state
    t.strictSame(house.ask('A', command), [], title)
    t.equal(house.state, before, `${title}: the very same state`)
  }
  const house = threeUsers()
  const before = house.state
  t.strictSame(house.ask('C', { name: 'leave', room: 'red' }), [], 'leaves a room he is not in')
  t.equal(house.state, before, 'leaves a room he is not in: the very same state')
  for (const [room, name] of [
    ['RED', 'red'],
    ['general', 'General'],
  ] as const) {
    t.strictSame(house.ask('A', { name: 'enter', room }), [['A', youEntered(name)]])
    t.equal(house.state, before, `enters ${name}, where he is: the very same state`)
  }
  t.end()
})

t.test('each command answers its asker', (t) => {
  const house = threeUsers()
  const stay = house.state
  const rows: readonly (readonly [Command, readonly Hearing[]])[] = [
    [COMMAND.users, [['A', { type: 'usersListed', nicks: ['alice', 'bob', 'carol'] }]]],
    [COMMAND.rooms, [['A', { type: 'roomsListed', scope: 'all', rooms: [nameOf('red')] }]]],
    [
      { name: 'members', room: 'RED' },
      [['A', { type: 'membersListed', room: nameOf('red'), nicks: ['alice', 'bob'] }]],
    ],
    [
      { name: 'members', room: 'general' },
      [['A', { type: 'membersListed', room: LOBBY, nicks: ['alice', 'bob', 'carol'] }]],
    ],
    [COMMAND.history, [['A', { type: 'historyListed', room: nameOf('red'), messages: [] }]]],
    [{ name: 'help', topic: 'users' }, [['A', { type: 'helped', topic: 'users' }]]],
    [{ name: 'ping', token: '' }, [['A', { type: 'ponged', token: '' }]]],
    [COMMAND.version, [['A', { type: 'versionTold' }]]],
    [{ name: 'tell', nick: 'BOB', text: ' x' }, [['B', told('alice', 'bob', ' x')]]],
    [{ name: 'tell', nick: 'alice', text: 'x' }, [['A', told('alice', 'alice', 'x')]]],
  ]
  for (const [command, expected] of rows) {
    t.strictSame(house.ask('A', command), expected, show(command))
    t.equal(house.state, stay, 'only asks')
  }
  t.strictSame(house.ask('A', COMMAND.echo), [['A', { type: 'echoSet', on: true }]])
  t.strictSame(house.ask('A', COMMAND.notices), [['A', { type: 'noticesSet', on: true }]])
  t.end()

  function told(from: string, to: string, text: string): Heard {
    return { type: 'told', to, message: { from, text, at: 0 } }
  }
})

t.test('names', (t) => {
  const nicks: readonly (readonly [string, boolean])[] = [
    ['a', true],
    ['7', true],
    ['a.b_c-d', true],
    ['constructor', true],
    ['x'.repeat(50), true],
    ['x'.repeat(51), false],
    ['', false],
    ['-a', false],
    ['.a', false],
    ['__proto__', false],
    ['a b', false],
    ['a\n', false],
    ['é', false],
    ['\u212a', false],
    ...['#', '@', '!', ':', ',', '*', '<'].map((sign) => [`a${sign}`, false] as const),
  ]
  for (const [nick, legal] of nicks) t.equal(isNick(nick, 50), legal, show(nick))
  for (const nick of ['server', 'ALL', 'Error', 'gEneral']) t.equal(isReserved(nick), true, nick)
  t.equal(isReserved('serverx'), false)

  t.equal(fold('ABCxyz09._-'), 'abcxyz09._-')
  t.equal(fold('ÄİK\u212a'), 'Äİk\u212a', 'only ASCII letters have two cases')

  const words: readonly (readonly [string, string])[] = [
    ['red', 'red'],
    ['Tea time', 'Tea_time'],
    ['a , : # @ ! b', 'a_b'],
    ['a\u00a0\u3000b', 'a_b'],
    [' a ', '_a_'],
    ['#', '_'],
    ['žluť-€.😀', 'žluť-€.😀'],
  ]
  for (const [title, word] of words) {
    t.equal(wordOf(title), word, show(title))
    t.equal(wordOf(word), word, 'a word is its own')
    t.strictSame(roomName(title, 50), { title, word })
  }
  t.equal(roomKey('Tea: TIME'), 'tea_time')
  t.strictSame(roomName('é'.repeat(25), 50), nameOf('é'.repeat(25)), 'bytes, not characters')
  t.equal(roomName('é'.repeat(25), 49), undefined)
  const blanks =
    '\u034f\u115f\u1160\u17b4\u180e\u200c\u200d\u200e\u2061\u2800\u3164\ufe0f\uffa0\u{1d159}'
  for (const blank of [...Array.from(blanks), '\u0301', '\u0a03', '\u3000', blanks.slice(0, 12)]) {
    t.equal(roomName(blank, 50), undefined, `${show(blank)} does not show`)
    t.strictSame(roomName(`${blank}a`, 50)?.title, `${blank}a`)
  }
  for (const seen of [
    '\u2764\ufe0f',
    '\u{1f469}\u200d\u{1f4bb}',
    'ក',
    '\u1161',
    '\ue000',
    '\u{1fafe}',
    '.',
  ]) {
    t.strictSame(roomName(seen, 50), nameOf(seen))
  }
  t.end()
})

t.test('registration', (t) => {
  const house = new House({ motd: ['be kind', ''] }).online('W', 'watcher', { notices: true })
  const register = (nick: string): Command => ({ name: 'register', nick, manners: MANNERS })
  house.open('A')
  t.strictSame(house.ask('A', register('Alice')), [
    ['A', { type: 'welcomed', nick: 'Alice', outlook: { you: 'A', house: house.state } }],
    ['A', { type: 'greeted', motd: ['be kind', ''] }],
    ['W', { type: 'cameOnline', nick: 'Alice' }],
    ['W', { type: 'entered', room: LOBBY, nick: 'Alice', why: 'online' }],
  ])
  t.equal(findUser(house.state, 'aLICE')?.nick, 'Alice', 'shown as typed, found in any case')
  t.equal(findUser(house.state, 'nobody'), undefined)
  for (const nick of ['ALICE', 'alice', 'Server', 'all', 'error', 'General']) {
    house.open('X')
    t.strictSame(
      house.ask('X', register(nick)),
      [
        ['X', refused({ code: 'nick-in-use', nick })],
        ['X', closed('nick-in-use')],
      ],
      nick,
    )
  }
  t.equal(house.state.newcomers.size, 0)
  house.close('A')
  house.open('B')
  house.ask('B', register('alice'))
  t.equal(findUser(house.state, 'alice')?.id, 'B', 'free as soon as its owner is gone')

  const strict = new House({ limits: { nickLength: 3 } })
  strict.open('A')
  t.strictSame(strict.ask('A', register('abcd')), [
    ['A', refused({ code: 'bad-nick', maxLength: 3 })],
  ])
  t.end()
})

t.test('the tenth failure closes, whatever kind they are', (t) => {
  const house = new House()
  house.open('A')
  const bad: readonly Command[] = [
    { name: 'register', nick: 'no nick', manners: MANNERS },
    COMMAND.users,
    lineRefused,
  ]
  for (let i = 0; i < 9; i++) {
    const [heard, ...others] = house.ask('A', bad[i % bad.length] ?? lineRefused)
    t.match(heard, ['A', { type: 'refused' }])
    t.strictSame(others, [])
  }
  t.strictSame(house.ask('A', COMMAND.users), [
    ['A', refused({ code: 'too-many-failures', max: 10 })],
    ['A', closed('too-many-failures')],
  ])
  t.equal(house.state.newcomers.size, 0)
  t.strictSame(house.ask('A', COMMAND.ping), [], 'and then it is nobody')
  t.end()
})

t.test('manners', (t) => {
  const house = threeUsers()
  const hi = spoken('General', 'alice', 'hi')
  t.strictSame(
    house.ask('A', say('General', 'hi')),
    [
      ['B', hi],
      ['C', hi],
    ],
    'the lobby hears it, its speaker does not',
  )
  house.ask('A', COMMAND.echo)
  t.strictSame(house.ask('A', say('RED', 'x')), [
    ['A', spoken('red', 'alice', 'x')],
    ['B', spoken('red', 'alice', 'x')],
  ])
  t.strictSame(house.ask('A', { name: 'tell', nick: 'bob', text: 'x' }).length, 1, 'not of tells')
  house.ask('A', { name: 'echo', on: false })
  t.strictSame(house.ask('A', say('red', 'x')), [['B', spoken('red', 'alice', 'x')]])

  house.online('D', 'dave', { lobby: false })
  t.equal(house.state.lobby.members.has('D'), false, 'one dialect stays out of the lobby')
  t.notOk(house.ask('A', say('General', 'hi')).some(([id]) => id === 'D'))
  t.strictSame(house.ask('D', say('General', 'hi')), [['D', refused(notIn('General', 'dave'))]])
  house.ask('D', { name: 'enter', room: 'General' })
  t.strictSame(house.state.users.get('D')?.rooms, [], 'the lobby is not among its rooms')
  t.ok(house.ask('A', say('General', 'hi')).some(([id]) => id === 'D'))
  t.end()
})

t.test('notices', (t) => {
  const house = threeUsers()
  house.online('W', 'wendy', { notices: true })
  t.strictSame(house.inside('red', 'W').ask('C', { name: 'enter', room: 'red' }), [
    ['C', youEntered('red')],
    ['W', entered('red', 'carol')],
  ])
  t.strictSame(house.ask('C', { name: 'leave', room: 'red' }), [['W', left('red', 'carol')]])
  t.strictSame(house.ask('C', { name: 'enter', room: 'new' }), [['C', youEntered('new', true)]])
  t.strictSame(house.ask('C', { name: 'leave', room: 'new' }), [])

  house.ask('B', { name: 'notices', on: true })
  t.strictSame(house.inside('red', 'C').close('C', 'connection-lost'), [
    ['W', left('red', 'carol', 'offline')],
    ['B', left('red', 'carol', 'offline')],
    ['W', left('General', 'carol', 'offline')],
    ['B', left('General', 'carol', 'offline')],
    ['W', { type: 'wentOffline', nick: 'carol', reason: 'connection-lost' }],
    ['B', { type: 'wentOffline', nick: 'carol', reason: 'connection-lost' }],
    ['C', { type: 'closed', reason: 'connection-lost' }],
  ])
  house.ask('W', { name: 'notices', on: false })
  t.strictSame(house.ask('A', { name: 'leave', room: 'red' }), [['B', left('red', 'alice')]])

  house.online('D', 'dave', { lobby: false })
  t.strictSame(
    house.inside('red', 'D').ask('D', { name: 'enter', room: 'General' }),
    [
      ['D', youEntered('General')],
      ['B', entered('General', 'dave')],
    ],
    'the lobby is watched like other rooms',
  )
  t.strictSame(house.ask('D', { name: 'leave', room: 'General' }), [['B', left('General', 'dave')]])
  house.ask('B', { name: 'notices', on: false })
  t.strictSame(house.ask('D', { name: 'enter', room: 'General' }), [['D', youEntered('General')]])
  house.ask('D', { name: 'leave', room: 'General' })
  house.ask('D', { name: 'notices', on: true })
  t.strictSame(
    house.ask('A', { name: 'leave', room: 'General' }),
    [],
    'who is not in the lobby does not watch it',
  )
  t.end()
})

t.test('who surveys is told of every room and of everybody in it', (t) => {
  const house = threeUsers().online('S', 'sue', { survey: true, lobby: false })
  t.strictSame(house.ask('C', { name: 'enter', room: 'new' }), [
    ['S', made('new', 'carol')],
    ['C', youEntered('new', true)],
    ['S', entered('new', 'carol')],
  ])
  t.strictSame(house.ask('C', { name: 'leave', room: 'new' }), [
    ['S', left('new', 'carol')],
    ['S', gone('new')],
  ])
  t.strictSame(house.ask('C', { name: 'create', room: 'new', as: 'founder' }), [
    ['C', youMade('new')],
    ['S', made('new', 'carol')],
  ])
  t.strictSame(house.ask('S', { name: 'join', rooms: ['new'] }), [
    ['S', youEntered('new')],
    ['S', entered('new', 'sue')],
  ])
  t.strictSame(house.open('N').length, 1)
  t.match(house.ask('N', { name: 'register', nick: 'nan', manners: MANNERS }), [
    ['N', { type: 'welcomed' }],
    ['N', { type: 'greeted' }],
    ['S', { type: 'entered', room: LOBBY, nick: 'nan', why: 'online' }],
  ])
  t.strictSame(house.close('N'), [
    ['S', left('General', 'nan', 'offline')],
    ['N', { type: 'closed', reason: 'disconnected' }],
  ])
  t.strictSame(house.close('S'), [['S', { type: 'closed', reason: 'disconnected' }]])
  t.equal(house.state.surveyors.size, 0)
  t.end()
})

t.test('a nickname in use closes, is asked for again, or gets a number', (t) => {
  const house = new House({ limits: { nickLength: 5 } }).online('A', 'alice').online('B', 'bob')
  const register = (id: string, nick: string, ifTaken: IfTaken): readonly Hearing[] => {
    house.open(id)
    return house.ask(id, { name: 'register', nick, manners: MANNERS, ifTaken })
  }
  t.strictSame(register('C', 'BOB', 'close').length, 2)
  t.strictSame(register('D', 'BOB', 'ask-again'), [
    ['D', refused({ code: 'nick-in-use', nick: 'BOB' })],
  ])
  t.equal(house.state.newcomers.get('D')?.failures, 1)
  const rows: readonly (readonly [string, string, string])[] = [
    ['E', 'bob', 'bob1'],
    ['F', 'Bob', 'Bob2'],
    ['G', 'alice', 'alic1'],
    ['H', 'Alicia', 'Alici'],
    ['I', 'server', 'serve'],
    ['J', 'all', 'all1'],
    ['K', 'new', 'new'],
  ]
  for (const [id, wanted, given] of rows) {
    register(id, wanted, 'number')
    t.equal(house.state.users.get(id)?.nick, given, wanted)
  }
  t.end()
})

t.test('rooms that must stand, or must not', (t) => {
  const house = threeUsers()
  t.strictSame(house.ask('C', { name: 'join', rooms: ['RED', 'red', 'nowhere', 'General'] }), [
    ['C', youEntered('red')],
    ['C', refused({ code: 'already-in-room', room: nameOf('red'), nick: 'carol' })],
    ['C', refused({ code: 'unknown-room', room: 'nowhere' })],
    ['C', refused({ code: 'already-in-room', room: LOBBY, nick: 'carol' })],
  ])
  house.ask('A', say('red', 'before'))
  t.strictSame(house.ask('C', { name: 'part', room: 'red' }), [
    ['C', { type: 'youLeft', room: nameOf('red') }],
  ])
  t.strictSame(house.ask('C', { name: 'part', room: 'red' }), [['C', refused(notIn('red'))]])
  t.strictSame(house.ask('C', { name: 'join', rooms: ['red'], history: true }), [
    ['C', youEntered('red')],
    [
      'C',
      {
        type: 'historyListed',
        room: nameOf('red'),
        messages: [{ from: 'alice', text: 'before', at: 0 }],
      },
    ],
  ])
  t.strictSame(house.ask('C', { name: 'create', room: 'blue', as: 'member' }), [
    ['C', youEntered('blue', true)],
  ])
  t.equal(findRoom(house.state, 'blue')?.keptBy, undefined, 'goes with its last member')
  t.strictSame(house.ask('C', { name: 'create', room: '', as: 'member' }), [
    ['C', refused({ code: 'bad-room', maxBytes: 50 })],
  ])
  t.strictSame(house.ask('C', { name: 'enter', room: 'tea', kept: true }), [
    ['C', youEntered('tea', true)],
  ])
  t.equal(findRoom(house.state, 'tea')?.keptBy, 'carol')
  t.strictSame(house.ask('C', { name: 'rooms', scope: 'own' }), [
    [
      'C',
      { type: 'roomsListed', scope: 'own', rooms: [nameOf('red'), nameOf('blue'), nameOf('tea')] },
    ],
  ])

  const full = new House({ limits: { roomsPerUser: 1 } }).online('A', 'alice').inside('one', 'A')
  full.ask('A', { name: 'create', room: 'two', as: 'founder' })
  const tooMany = refused({ code: 'too-many-rooms', scope: 'joined', max: 1 })
  t.strictSame(full.ask('A', { name: 'join', rooms: ['two'] }), [['A', tooMany]])
  t.strictSame(full.ask('A', { name: 'create', room: 'three', as: 'member' }), [['A', tooMany]])
  const no = (room: string): Hearing => ['A', refused({ code: 'unknown-room', room })]
  t.strictSame(full.ask('A', { name: 'join', rooms: ['a', 'b'] }), [no('a'), no('b')])
  const many = { name: 'join', rooms: ['a', 'b', 'c', 'd'] } as const
  const rest = refused({ code: 'too-many-rooms', scope: 'named', max: 2 })
  t.strictSame(full.ask('A', many), [no('a'), no('b'), ['A', rest]], 'the rest once')
  full.ask('A', { name: 'part', room: 'General' })
  const back = full.ask('A', { name: 'join', rooms: ['General'] })
  t.strictSame(back, [['A', youEntered('General')]], 'the lobby does not count')
  t.end()
})

t.test('who hears one room alone', (t) => {
  const house = threeUsers().online('F', 'fay', { focus: true, notices: true })
  house.inside('red', 'F')
  t.equal(house.state.users.get('F')?.current, 'general', 'to enter is not to switch')
  t.strictSame(house.ask('A', say('red', 'x')), [['B', spoken('red', 'alice', 'x')]])
  t.strictSame(house.inside('red', 'C').ask('C', { name: 'part', room: 'red' }).length, 1)
  const [switched] = house.ask('F', { name: 'switchRoom', room: 'RED' })
  t.match(switched, ['F', { type: 'youSwitched', room: nameOf('red'), outlook: { you: 'F' } }])
  t.strictSame(house.ask('A', say('red', 'x')), [
    ['B', spoken('red', 'alice', 'x')],
    ['F', spoken('red', 'alice', 'x')],
  ])
  t.strictSame(
    house.ask('A', say('General', 'x')).map(([id]) => id),
    ['B', 'C'],
  )
  t.strictSame(house.ask('C', { name: 'enter', room: 'red' }), [
    ['C', youEntered('red')],
    ['F', entered('red', 'carol')],
  ])
  t.strictSame(
    house.ask('F', { name: 'sayHere', text: 'hi' }).map(([id]) => id),
    ['A', 'B', 'C'],
    'speaks where he is',
  )
  house.online('G', 'gus', { focus: true, notices: true }).inside('red', 'G')
  t.strictSame(house.ask('G', { name: 'switchRoom', room: 'red' }).slice(1), [
    ['F', { type: 'switched', from: LOBBY, to: nameOf('red'), nick: 'gus' }],
  ])
  t.strictSame(house.ask('G', { name: 'switchRoom', room: 'red' }).length, 1, 'there already')
  house.online('W', 'wendy', { notices: true }).inside('red', 'W')
  t.strictSame(
    house.ask('B', { name: 'switchRoom', room: 'red' }).map(([id]) => id),
    ['B', 'W', 'F', 'G'],
    'who watches both rooms is told once',
  )
  house.close('W')
  t.strictSame(house.ask('G', { name: 'switchRoom', room: 'blue' }), [
    ['G', refused({ code: 'unknown-room', room: 'blue' })],
  ])
  t.strictSame(house.ask('F', { name: 'partCurrent' }), [
    ['F', { type: 'youLeft', room: nameOf('red') }],
    ['G', left('red', 'fay')],
  ])
  t.equal(house.state.users.get('F')?.current, 'general')
  t.ok(house.ask('A', say('General', 'x')).some(([id]) => id === 'F'))
  for (const command of [{ name: 'partCurrent' }, { name: 'part', room: 'General' }] as const) {
    t.strictSame(house.ask('F', command), [['F', refused({ code: 'lobby-stays', room: LOBBY })]])
  }
  t.strictSame(house.ask('A', { name: 'partCurrent' }), [
    ['A', { type: 'youLeft', room: LOBBY }],
    ['F', left('General', 'alice')],
  ])
  t.match(house.ask('F', { name: 'survey', purpose: 'all' }), [
    ['F', { type: 'surveyed', purpose: 'all', outlook: { you: 'F', house: house.state } }],
  ])
  t.end()
})

t.test('several rooms at once', (t) => {
  const house = threeUsers().inside('blue', 'A', 'B')
  const heard = (hearings: readonly Hearing[]): readonly string[] =>
    hearings.map(([id, event]) =>
      event.type === 'said' ? `${id} ${event.room.word}: ${event.message.text}` : id,
    )
  t.strictSame(heard(house.ask('A', { name: 'speak', text: 'hi' })), [
    'B General: hi',
    'C General: hi',
    'B red: hi',
    'B blue: hi',
  ])
  t.strictSame(heard(house.ask('C', { name: 'shout', text: 'red BLUE red hi  there' })), [
    'A red: hi  there',
    'B red: hi  there',
    'A blue: hi  there',
    'B blue: hi  there',
  ])
  for (const text of ['', 'hi there', 'red', 'red blue ', ' ']) {
    const before = house.state
    t.strictSame(house.ask('C', { name: 'shout', text }), [], `'${text}' says nothing`)
    t.equal(house.state, before)
  }
  house.online('F', 'fay', { focus: true }).inside('red', 'F')
  t.strictSame(
    heard(
      house.ask('A', { name: 'broadcast', rooms: ['red', 'RED', 'blue', 'General'], text: 'x' }),
    ),
    ['A red: x', 'B red: x', 'F red: x', 'C General: x'],
    'nobody hears it twice, and who listens elsewhere hears it too',
  )
  t.strictSame(house.ask('C', { name: 'broadcast', rooms: ['General', 'red'], text: 'x' }), [
    ['C', refused(notIn('red'))],
  ])
  t.strictSame(house.ask('C', { name: 'broadcast', rooms: ['nowhere'], text: 'x' }), [
    ['C', refused({ code: 'unknown-room', room: 'nowhere' })],
  ])
  house.online('D', 'dave', { lobby: false })
  t.strictSame(house.ask('D', { name: 'speak', text: 'x' }), [
    ['D', refused({ code: 'in-no-room' })],
  ])
  t.end()
})

t.test('a line that ends its connection', (t) => {
  const house = threeUsers()
  house.open('N')
  for (const id of ['A', 'N']) {
    t.strictSame(house.ask(id, { ...lineRefused, fatal: true }), [
      [id, refused({ code: 'bad-text' })],
      [id, closed('bad-text')],
    ])
  }
  t.end()
})

t.test('a room goes with its last member, a kept one does not', (t) => {
  const house = threeUsers().inside('blue', 'C').inside('green', 'C')
  t.strictSame(house.rooms(), ['red', 'blue', 'green'], 'in the order they were made')
  t.strictSame(house.state.users.get('C')?.rooms, ['blue', 'green'])
  house.ask('A', { name: 'leave', room: 'red' })
  t.ok(findRoom(house.state, 'red'), 'bob is still in')
  house.ask('B', { name: 'leave', room: 'Red' })
  t.notOk(findRoom(house.state, 'red'))
  house.close('C')
  t.strictSame(house.rooms(), [])

  t.strictSame(house.ask('A', { name: 'create', room: 'Tea: time', as: 'founder' }), [
    ['A', { type: 'youMade', room: { title: 'Tea: time', word: 'Tea_time' } }],
  ])
  const isEmpty = (): boolean => house.state.emptyKept.has('tea_time')
  t.equal(findRoom(house.state, 'TEA_time')?.keptBy, 'alice')
  t.equal(isEmpty(), true)
  t.strictSame(house.state.users.get('A')?.rooms, [], 'its maker is not in it')
  house.inside('tea_time', 'A', 'B')
  t.equal(isEmpty(), false)
  house.ask('A', { name: 'leave', room: 'Tea time' })
  t.equal(isEmpty(), false)
  house.ask('B', { name: 'leave', room: 'TEA,TIME' })
  t.equal(isEmpty(), true)
  t.strictSame(house.rooms(), ['Tea: time'], 'the title stays as its maker wrote it')
  t.end()
})

t.test('leaving General keeps the lobby', (t) => {
  const house = new House().online('A', 'alice')
  house.ask('A', { name: 'leave', room: 'general' })
  t.equal(house.state.lobby.members.size, 0)
  t.strictSame(house.ask('A', { name: 'members', room: 'General' }), [
    ['A', { type: 'membersListed', room: LOBBY, nicks: [] }],
  ])
  house.close('A')
  t.equal(findRoom(house.state, 'General'), house.state.lobby)
  t.end()
})

t.test('in a full table the kept room that is empty longest makes way', (t) => {
  const house = new House({ limits: { maxRooms: 3, keptRoomsPerUser: 2 } })
  house.online('A', 'alice').online('B', 'bob').online('W', 'wendy', { survey: true })
  const create = (id: string, room: string): readonly Hearing[] =>
    house.ask(id, { name: 'create', room, as: 'founder' })
  create('A', 'one')
  create('A', 'two')
  house.inside('one', 'B')
  house.ask('B', { name: 'leave', room: 'one' })
  create('B', 'three')
  t.strictSame(create('B', 'four'), [
    ['B', youMade('four')],
    ['W', gone('two')],
    ['W', made('four', 'bob')],
  ])
  t.strictSame(house.rooms(), ['one', 'three', 'four'], 'one was entered since two was made')
  t.strictSame(create('B', 'five'), [
    ['B', refused({ code: 'too-many-rooms', scope: 'kept', max: 2 })],
  ])
  house.inside('one', 'A')
  t.strictSame(house.ask('A', { name: 'enter', room: 'six' }), [
    ['W', gone('three')],
    ['W', made('six', 'alice')],
    ['A', youEntered('six', true)],
    ['W', entered('six', 'alice')],
  ])
  t.strictSame(house.rooms(), ['one', 'four', 'six'], 'a room with somebody in it never goes')
  t.strictSame(create('B', 'three'), [
    ['B', youMade('three')],
    ['W', gone('four')],
    ['W', made('three', 'bob')],
  ])
  house.inside('three', 'A')
  t.strictSame(create('B', 'seven'), [
    ['B', refused({ code: 'too-many-rooms', scope: 'all', max: 3 })],
  ])
  t.end()
})

t.test('kept rooms outlive their maker, and count for its nickname', (t) => {
  const house = new House({ limits: { keptRoomsPerUser: 1 } }).online('A', 'Ann')
  house.ask('A', { name: 'create', room: 'mine', as: 'founder' })
  house.close('A')
  t.strictSame(
    house.online('B', 'aNN').ask('B', { name: 'create', room: 'another', as: 'founder' }),
    [['B', refused({ code: 'too-many-rooms', scope: 'kept', max: 1 })]],
  )
  t.strictSame(house.rooms(), ['mine'])
  t.end()
})

t.test('history holds the last ten, each with its own time or its sender’s stamp', (t) => {
  const house = threeUsers()
  for (let i = 1; i <= 12; i++) {
    house.at = i
    house.ask('A', say('red', `line ${i}`))
  }
  const numbers = (count?: number): unknown => {
    const asked: Command = {
      name: 'history',
      room: 'red',
      ...(count === undefined ? {} : { count }),
    }
    const [heard] = house.ask('B', asked)
    const event = heard?.[1]
    return event?.type === 'historyListed' ? event.messages.map(({ at }) => at) : event
  }
  t.strictSame(numbers(), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  t.strictSame(numbers(2), [11, 12])
  t.strictSame(numbers(0), [])
  for (const count of [10, 11, 999_999_999]) t.strictSame(numbers(count), numbers())
  t.strictSame(house.state.lobby.history, [], 'each room has its own')

  const stamps: readonly (readonly [string, boolean])[] = [
    ['12:04', true],
    ['', true],
    ['x'.repeat(50), true],
    ['x'.repeat(51), false],
    ['é'.repeat(26), false],
    ['12\u001b[2J04', false],
  ]
  for (const [stamp, carried] of stamps) {
    const [heard] = house.ask('A', { name: 'say', room: 'red', text: 'hi', stamp })
    const message = { from: 'alice', text: 'hi', at: 12, ...(carried ? { stamp } : {}) }
    const event = { type: 'said', room: nameOf('red'), lobby: false, message } as const
    t.strictSame(heard, ['B', event], `stamp ${show(stamp)}`)
  }
  house.ask('A', { name: 'leave', room: 'red' })
  house.ask('B', { name: 'leave', room: 'red' })
  house.inside('red', 'B')
  t.strictSame(numbers(), [], 'a room that comes again remembers nothing')

  const forgetful = new House({ limits: { historyLength: 0 } }).online('A', 'alice')
  forgetful.ask('A', say('General', 'hi'))
  t.strictSame(forgetful.state.lobby.history, [])
  t.end()
})

t.test('quitting says goodbye first and the nickname is free', (t) => {
  const house = threeUsers().online('W', 'wendy', { notices: true })
  t.strictSame(house.ask('A', COMMAND.quit), [
    ['A', { type: 'saidGoodbye', nick: 'alice' }],
    ['W', left('General', 'alice', 'offline')],
    ['W', { type: 'wentOffline', nick: 'alice', reason: 'quit' }],
    ['A', { type: 'closed', reason: 'quit' }],
  ])
  t.strictSame(house.ask('B', COMMAND.members), [
    ['B', { type: 'membersListed', room: nameOf('red'), nicks: ['bob'] }],
  ])
  t.equal(findUser(house.state, 'alice'), undefined)
  t.end()
})

t.test('old states stay true', (t) => {
  const house = threeUsers()
  const old = house.state
  const before = dump(old)
  for (const command of COMMANDS) house.ask('A', command)
  house.stop()
  t.strictSame(dump(old), before)
  t.not(house.state, old)
  t.end()
})

t.test('every limit has a default in its range, a unit and a reason', (t) => {
  for (const [name, limit] of Object.entries(CORE_LIMITS)) {
    t.ok(limit.min <= limit.default && limit.default <= limit.max, name)
    t.ok(limit.unit && limit.about && limit.why, name)
    if (limit.unit === 'seconds') t.ok(limit.max <= MAX_SECONDS, `${name} fits a timer`)
  }
  t.equal(defaultsOf(CORE_LIMITS).registrationTimeout, 60)
  t.end()
})
