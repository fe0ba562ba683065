// The CS494 chat application's client as its document has it, without a socket.

import t from 'tap'
import { Sitting, clientOf, type Row } from './support/sitting.js'

const hears = (...lines: readonly string[]): Row[0] => [
  'hears',
  lines.map((line) => `${line}\n`).join(''),
]

const ARRIVAL: readonly Row[] = [
  [['opens']],
  [
    hears('Welcome to Partyline.\r', 'Please send a username.\r'),
    'note|Welcome to Partyline.',
    'note|Please send a username.',
    '> ann',
  ],
  [
    hears('Hello ann. You are in the room General.', 'Send /? for all commands.'),
    '= ann',
    'note|Hello ann. You are in the room General.',
    'note|Send /? for all commands.',
  ],
]

t.test('3.2: the questions for a place and for a name', (t) => {
  const { asks, gap } = clientOf('cs494')
  t.same(asks, { host: 'IP address: ', port: 'Port: ' })
  t.ok(Number(gap) >= 20, 'nothing else keeps two messages apart')

  const ann = new Sitting('cs494', { nick: 'ann' })
  t.equal(ann.session.nick, undefined)
  ann.plays(t, [
    [
      ['types', 'too soon'],
      '~problem|The server has not taken a username yet. This was not sent: too soon',
    ],
    [['looks up'], 'looked up'],
    ...ARRIVAL,
  ])
  t.equal(ann.session.nick, 'ann')
  t.equal(ann.session.prompt, '')
  t.ok(ann.session.known.commands.includes('/quit'))

  new Sitting('cs494').plays(t, [
    [['opens']],
    // A server of the authors' ends no line, and greets before it asks.
    [['hears', 'Welcome to the chat!'], 'note|Welcome to the chat!'],
    [['hears', 'Please enter a username: '], 'note|Please enter a username: ', '? Username: '],
    [['hears', 'Quick!'], 'note|Quick!'],
    [['types', ''], '? Username: '],
    [['types', ' bob '], '> bob'],
    [
      ['hears', 'That username is taken, enter another: '],
      'problem|That username is taken, enter another: ',
      '? Username: ',
    ],
    [['types', 'ann'], '> ann'],
    [['hears', '\n']],
    [['hears', 'Glad to see you.'], '= ann', 'note|Glad to see you.'],
    [['hears', '(General) bob: hi'], 'said bob  hi|(General) bob: hi'],
    [['hears', 'General\nred'], 'note|General', 'note|red'],
  ])
  t.end()
})

t.test('3.3 and 3.4: what is typed, what comes, and the end', (t) => {
  const ann = new Sitting('cs494', { nick: 'ann' })
  ann.plays(t, [
    ...ARRIVAL,
    [['types', 'hello'], '> hello'],
    [['types', '']],
    [['types', 'é'.repeat(513)], '~problem|That is too long. Send at most 1024 bytes at once.'],
    [hears('(General) ann: hello'), 'said ann  hello|(General) ann: hello'],
    [
      hears('(red) bob: hi: you', '(Private To: ann) bob: psst'),
      'said bob red hi: you|(red) bob: hi: you',
      'said bob private psst|(Private To: ann) bob: psst',
    ],
    [hears('bob has disconnected.'), 'went bob |bob has disconnected.'],
    [hears('server: There is no tea.'), 'note|server: There is no tea.'],
    [['types', '/create red'], '> /create red'],
    [
      hears('The room red has been created. Send /join red to be in it.'),
      'made ann red|The room red has been created. Send /join red to be in it.',
    ],
    [['types', '/join red blue'], '> /join red blue'],
    [
      hears('You have joined the room red.', 'There is no room blue. Send /list for all rooms.'),
      'entered ann red|You have joined the room red.',
      'problem|There is no room blue. Send /list for all rooms.',
    ],
    [['types', '/leave red'], '> /leave red'],
    [hears('You have left the room red.'), 'left ann red|You have left the room red.'],
    [hears('There is no command /x.'), 'problem|There is no command /x.'],
    [hears('Somebody has opened a window.'), 'note|Somebody has opened a window.'],
    [hears('(red) bob: \x1b[2Jred\x07'), 'said bob red red|(red) bob: red'],
    // A server that ends its lines: what has none was cut on its way.
    [['hears', '(red) bob: one']],
    [['hears', ' two\n'], 'said bob red one two|(red) bob: one two'],
    [['hears', '(red) bob: \xe2']],
  ])
  t.same([...ann.session.known.nicks], ['ann', 'bob'])
  t.same([...ann.session.known.rooms], ['red'])

  const ending = (...rows: readonly Row[]): void => {
    new Sitting('cs494', { nick: 'ann' }).plays(t, [...ARRIVAL, ...rows])
  }
  const crash = 'failed You have been disconnected.'
  ending(
    [['types', '/quit'], '> /quit', 'end You have quit.'],
    [['closes'], 'end You have been disconnected.'],
  )
  ending([['hears', '--disconnect--'], crash], [hears('x')], [['closes']])
  ending([hears('bye', '--disconnect--'), 'note|bye', crash])
  ending(
    [['types', '/disconnect'], '> /disconnect'],
    [['hears', '--disconnect--'], 'end You have been disconnected.'],
  )
  ending([['closes'], crash])
  ending([['hears', 'last words']], [['closes'], 'note|last words', crash])
  ending([['ends']], [['closes'], 'end You have been disconnected.'])
  ending([['types', '/users'], '> /users'], [['ends']], [['closes'], crash])
  // Without an end, a line is shown in pieces.
  ending([['hears', 'x'.repeat(70_000)], `note|${'x'.repeat(65_536)}`], [hears('y'), 'note|y'])
  t.end()
})

t.test('lists have no form of their own: they answer what was asked', (t) => {
  const ann = new Sitting('cs494', { nick: 'ann' })
  ann.plays(t, [
    ...ARRIVAL,
    [hears('ann', 'bob'), 'note|ann', 'note|bob'],
    [['types', '/users'], '> /users'],
    [
      hears('(General) bob: hi', 'ann', 'bob'),
      'said bob  hi|(General) bob: hi',
      'answer users ann,bob|ann|bob',
    ],
    [['types', '/list'], '> /list'],
    [hears('General', 'red'), 'answer rooms General,red|General|red'],
    [['types', '/users red'], '> /users red'],
    [hears('cy'), 'answer members cy|cy'],
    [['types', '/users blue'], '> /users blue'],
    [hears('There is no room blue.'), 'problem|There is no room blue.'],
    [['looks up'], '> /users', '> /list'],
    [hears('ann', 'dora', 'General', 'tea'), 'looked up'],
    [['looks up'], '> /users', '> /list'],
    [hears('There is no command /users.')],
    [hears('There is no command /list.'), 'looked up'],
    [['looks up'], '> /users', '> /list'],
  ])
  t.same([...ann.session.known.nicks], ['bob', 'cy', 'ann', 'dora'])
  t.same([...ann.session.known.rooms], ['red', 'General', 'tea'])
  ann.now += 2001
  ann.plays(t, [[hears('ann'), 'note|ann']])
  t.end()
})

t.test('wishes', (t) => {
  const ann = new Sitting('cs494', { nick: 'ann' })
  ann.plays(t, [
    [['wishes', { type: 'users' }], '~problem (users)|The server has not taken a username yet.'],
    ...ARRIVAL,
    [['wishes', { type: 'say', text: 'hi\r\n/quit' }], '> hi', '>  /quit'],
    [
      ['wishes', { type: 'say', text: 'x'.repeat(1025) }],
      '~problem (say)|That is too long. Send at most 1024 bytes at once.',
    ],
    [['wishes', { type: 'tell', nick: 'bob', text: 'psst' }], '> /w bob psst'],
    [['wishes', { type: 'post', room: 'red', text: 'hi' }], '> /s red hi'],
    [
      ['wishes', { type: 'post', room: 'a b', text: 'hi' }],
      '~problem (post)|A room is one word here, without any of , : # @ !',
    ],
    // What is not known to be there is made; that it is there is nobody's concern.
    [['wishes', { type: 'enter', room: 'red' }], '> /create red', '> /join red'],
    [hears('There is a room red already.')],
    [
      hears('You have joined the room red.'),
      'entered ann red (enter)|You have joined the room red.',
    ],
    [['wishes', { type: 'enter', room: 'blue' }], '> /create blue', '> /join blue'],
    [hears('The room blue has been created.')],
    [
      hears('You are in 20 rooms, the most there may be, so not in blue.'),
      'problem (enter)|You are in 20 rooms, the most there may be, so not in blue.',
    ],
    [['wishes', { type: 'enter', room: 'blue' }], '> /join blue'],
    [['wishes', { type: 'leave', room: 'red' }], '> /leave red'],
    [hears('You have left the room red.'), 'left ann red (leave)|You have left the room red.'],
    [['wishes', { type: 'users' }], '> /users'],
    [hears('ann'), 'answer users ann (users)|ann'],
    [['wishes', { type: 'rooms' }], '> /list'],
    [hears('General'), 'answer rooms General (rooms)|General'],
    [['wishes', { type: 'members', room: 'red' }], '> /users red'],
    [hears('bob'), 'answer members bob (members)|bob'],
  ])
  t.end()
})
