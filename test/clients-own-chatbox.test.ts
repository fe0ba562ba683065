// The Chat Box's client as its document has it, without a socket.

import t from 'tap'
import { writeGram, type Gram, type Scene } from '../lib/dialects/chatbox/grams.js'
import { Sitting, clientOf, type Row } from './support/sitting.js'

const SCENE: Scene = {
  rooms: new Map([
    [
      'General',
      new Map([
        [49152, 'ann1'],
        [49153, 'bob'],
      ]),
    ],
    ['red', new Map([[49153, 'bob']])],
  ]),
  tracker: new Map([
    [49152, { current: 'General', joined: ['General'] }],
    [49153, { current: 'red', joined: ['General', 'red'] }],
  ]),
}
const gram = (gram: Gram): Row[0] => ['hears', writeGram(gram)]
const welcome = (prompt: string, room = 'General'): Row[0] =>
  gram({ type: 'welcome alert', prompt, room, scene: SCENE })
const rooms = gram({
  type: 'room choose',
  prompt: 'Choose.',
  rooms: ['General', 'red', 'blue'],
  joined: ['General', 'red'],
})
const switches = gram({
  type: 'switch room',
  prompt: 'Choose.',
  joined: ['General', 'red'],
  current: 'General',
})
const broadcasts = gram({ type: 'broadcast', prompt: 'Choose.', joined: ['General', 'red'] })

const GREETING = 'Welcome to the room General, ann1. Type m! for the menu.'
const HELLO = '~note|Hello, ann. You begin in the room General. Type m! for the menu.'
const ARRIVAL: readonly Row[] = [
  [['opens'], HELLO, '> ann'],
  [welcome(GREETING), '= ann1', `note|${GREETING}|In General: ann1, bob`],
]
const LOST = 'failed You have lost the connection to the server.'

t.test('4.3: the name comes first', (t) => {
  t.ok(Number(clientOf('chatbox').gap) >= 20)
  const ann = new Sitting('chatbox')
  ann.plays(t, [
    [['opens'], '? What is your name? '],
    [['types', ' '], '? What is your name? '],
    [
      ['types', 'é'.repeat(51)],
      '~problem|That name is too long. Take at most 100 bytes.',
      '? What is your name? ',
    ],
    [['types', ' ann '], HELLO, '> ann'],
    [['types', 'hi'], '~problem|The server has not greeted you yet. This was not sent: hi'],
    [['looks up'], 'looked up'],
    [['wishes', { type: 'users' }], '~problem (users)|The server has not greeted you yet.'],
  ])
  t.equal(ann.session.nick, undefined)
  ann.plays(t, ARRIVAL.slice(1))
  t.equal(ann.session.nick, 'ann1')
  t.equal(ann.session.prompt, '')
  t.same([...ann.session.known.nicks], ['ann1', 'bob'])
  t.same([...ann.session.known.rooms], ['General', 'red'])
  t.ok(ann.session.known.commands.includes('m!'))

  // Whom the greeting names is this user; a server of the authors' need not name anybody.
  for (const [prompt, name] of [
    ['Welcome, ann!', 'ann'],
    ['bob is here, too. Welcome ann1.', 'ann1'],
    ['Welcome!', 'ann'],
  ] as const) {
    new Sitting('chatbox', { nick: 'ann' }).plays(t, [
      [['opens'], HELLO, '> ann'],
      [welcome(prompt), `= ${name}`, `note|${prompt}|In General: ann1, bob`],
    ])
  }
  // Nor need its grams fit: a room that is not there, a user without a place.
  const odd = { rooms: new Map([['red', new Map([[1, 'bob']])]]), tracker: new Map() }
  new Sitting('chatbox', { nick: 'ann' }).plays(t, [
    [['opens'], HELLO, '> ann'],
    [
      gram({ type: 'welcome alert', prompt: 'Hi', room: 'General', scene: odd }),
      '= ann',
      'note|Hi|In General: nobody',
    ],
    [gram({ type: 'echo rooms', scene: odd }), 'answer users bob|In red: bob'],
  ])
  new Sitting('chatbox', { nick: 'ann' }).plays(t, [
    [['opens'], HELLO, '> ann'],
    [['hears', 'Welcome!\n'], '= ann', 'note|Welcome!'],
  ])
  new Sitting('chatbox').plays(t, [
    [['opens'], '? What is your name? '],
    [['quits'], 'end You have left the Chat Box.'],
  ])
  t.end()
})

t.test('5 and 6: commands, and what is wrong with them before anything is sent', (t) => {
  const bad = (sentence: string): string => `~problem|${sentence}`
  const join = 'j and then j!NUMBER'
  const broadcast = 'b and then b!NUMBERS! MESSAGE, such as b!0,1! hello'
  new Sitting('chatbox', { nick: 'ann' }).plays(t, [
    ...ARRIVAL,
    [['types', 'hello'], "> {'contents': 'ann1: hello'}"],
    [['types', 'it\'s {"odd"}'], "> {'contents': 'ann1: it\\'s {\"odd\"}'}"],
    [['types', '']],
    [
      ['types', 'm!'],
      [
        '~note|What you type is said in the room that you are in, but for these:',
        'u! shows all users of all rooms',
        'c or c!NAME makes a room',
        'j lists all rooms, and j!NUMBER joins one of them',
        's lists your rooms, and s!NUMBER switches to one of them',
        'l! leaves the room that you are in',
        'b lists your rooms, and b!NUMBERS! MESSAGE says it in several, such as b!0,1! hello',
        'm! shows this menu',
        'q! or exit() quits',
        't! (sound): begin with --bell, and you hear when you are named',
      ].join('|'),
    ],
    [['types', 't!'], '~note|t! (sound): begin with --bell, and you hear when you are named'],
    [['types', 'U!'], '> u!'],
    [
      gram({ type: 'echo rooms', scene: SCENE }),
      'answer users ann1,bob|In General: ann1, bob (now in red)|In red: bob',
    ],

    [['types', 'c'], '> c'],
    [['hears', 'Type c! and a name.'], 'note|Type c! and a name.'],
    [['types', 'c!'], bad('A room needs a name. Type c!NAME, with a name of 1 to 25 characters.')],
    [
      ['types', `c!${'x'.repeat(26)}`],
      bad('That name is too long. Type c!NAME, with a name of 1 to 25 characters.'),
    ],
    [['types', 'c! tea room '], "> {'create': 'tea room'}"],
    [
      ['hears', 'You have made the room tea room.'],
      'entered ann1 tea room|You have made the room tea room.',
    ],

    [['types', 'j!2'], bad('Type j first: it shows all rooms and their numbers.')],
    [['types', 'j'], '> j'],
    [rooms, 'answer rooms General,red,blue|Choose.|0 General (joined)|1 red (joined)|2 blue'],
    [['types', 'j!x'], bad(`That is no number of a room. Type ${join}.`)],
    [['types', 'j!'], bad(`That is no number of a room. Type ${join}.`)],
    [['types', 'j!3'], bad('There is no room number 3: the last one is 2.')],
    [['types', 'j!1'], bad('You are a member of the room red already.')],
    [['types', 'j!2'], "> {'join': 'blue'}"],
    [
      ['hears', 'You are a member of the room blue now.'],
      'entered ann1 blue|You are a member of the room blue now.',
    ],

    [['types', 's!1'], bad('Type s first: it shows your rooms and their numbers.')],
    [['types', 'b! 1 hi'], bad('Type b first: it shows your rooms and their numbers.')],
    [['types', 's'], '> s'],
    [switches, 'note|Choose.|0 General (you are here)|1 red'],
    [['types', 's!2'], bad('There is no room number 2: the last one is 1.')],
    [['types', 's! 1'], "> {'switch': 'red'}"],
    [welcome('You are in red now.', 'red'), 'note|You are in red now.|In red: bob'],
    [['hears', 'bob: hi'], 'said bob red hi|bob: hi'],

    [['types', 'b'], '> b'],
    [broadcasts, 'note|Choose.|0 General|1 red'],
    [['types', 'b!'], bad(`Something is missing. Type ${broadcast}.`)],
    [['types', 'b!0'], bad(`Something is missing. Type ${broadcast}.`)],
    [['types', 'b!0,2! hi'], bad('There is no room number 2: the last one is 1.')],
    ...['b! 1,0 to both', 'b! 1, 0 ! to both', 'b!1,0!to both'].map((line): Row => [
      ['types', line],
      "> {'broadcast rooms': ['red', 'General'], 'message': 'to both'}",
    ]),

    [['types', 'l!'], '> l!'],
    [
      ['hears', 'You have left the room red and are back in General.'],
      'left ann1 red|You have left the room red and are back in General.',
    ],
    [['types', 'l!'], '> l!'],
    [
      ['hears', 'Are you sure? Nobody leaves the room General without quitting.'],
      'problem|Are you sure? Nobody leaves the room General without quitting.',
    ],
    [['hears', 'bob: hi'], 'said bob  hi|bob: hi'],
    [['types', 'Q!'], '> q!', 'end You have left the Chat Box.'],
    [['closes'], 'end You have lost the connection to the server.'],
  ])
  new Sitting('chatbox', { nick: 'ann' }).plays(t, [
    ...ARRIVAL,
    [['types', 'exit()'], '> q!', 'end You have left the Chat Box.'],
  ])
  t.end()
})

t.test('numbers wait for their list', (t) => {
  const ann = new Sitting('chatbox', { nick: 'ann' })
  ann.plays(t, ARRIVAL)
  for (const [command, answer] of [
    ['j', rooms],
    ['s', switches],
    ['b', broadcasts],
  ] as const) {
    ann.happens(['types', command])
    t.ok(ann.session.isWaiting, command)
    ann.happens(answer)
    t.notOk(ann.session.isWaiting)
  }
  t.end()
})

t.test('4.4: texts and grams, however they come', (t) => {
  const text = writeGram({ type: 'echo rooms', scene: SCENE })
  const users = 'answer users ann1,bob|In General: ann1, bob (now in red)|In red: bob'
  const ann = new Sitting('chatbox', { nick: 'ann' })
  ann.plays(t, [
    ...ARRIVAL,
    [['hears', text.slice(0, 20)]],
    [['hears', text.slice(20)], users],
    [
      ['hears', `bob: {hi}${text}${text}bob: hi`],
      'said bob  {hi}|bob: {hi}',
      users,
      users,
      'said bob  hi|bob: hi',
    ],
    [
      ['hears', '(private) bob: psst\nserver: Tea.\n'],
      'said bob private psst|(private) bob: psst',
      'note|server: Tea.',
    ],
    [
      ['hears', 'bob has joined the room tea room.'],
      'entered bob tea room|bob has joined the room tea room.',
    ],
    [
      ['hears', 'bob has left the room General.'],
      'left bob General|bob has left the room General.',
    ],
    [['hears', 'bob: \x1b[2Jred\x07'], 'said bob  red|bob: red'],
    [['hears', '\n']],
    [
      ['hears', "{'gram type': 'odd'}"],
      '~problem|The server has sent a dictionary that is no gram; it is not shown.',
    ],
    [['looks up'], '> u!'],
    [['hears', text], 'looked up'],
  ])
  const ending = (...rows: readonly Row[]): void => {
    new Sitting('chatbox', { nick: 'ann' }).plays(t, [...ARRIVAL, ...rows])
  }
  ending(
    [['hears', 'exit()'], 'failed The server has ended your connection.'],
    [['hears', 'x']],
    [['closes']],
  )
  ending([['closes'], LOST])
  ending(
    [['hears', text.slice(0, 20)]],
    [['closes'], '~problem|The last gram of the server was cut off and is not shown.', LOST],
  )
  ending([['types', 'u!'], '> u!'], [['ends']], [['closes'], LOST])
  ending(
    [['hears', `{'${'x'.repeat(70_000)}`], 'failed The server has sent a gram without an end.'],
    [['hears', '}']],
  )
  t.end()
})

t.test('wishes', (t) => {
  new Sitting('chatbox', { nick: 'ann' }).plays(t, [
    ...ARRIVAL,
    [['wishes', { type: 'say', text: 'hi' }], "> {'contents': 'ann1: hi'}"],
    [
      ['wishes', { type: 'say', text: ' ' }],
      '~problem (say)|There is nothing to say in that text.',
    ],
    [
      ['wishes', { type: 'tell', nick: 'bob', text: 'hi' }],
      '~problem (tell)|The Chat Box has no private messages.',
    ],
    [
      ['wishes', { type: 'post', room: 'red', text: 'hi' }],
      "> {'broadcast rooms': ['red'], 'message': 'hi'}",
    ],
    [['wishes', { type: 'enter', room: 'no tea' }], "> {'create': 'no tea'}"],
    [
      ['hears', 'You are a member of the room no tea now.'],
      'entered ann1 no tea (enter)|You are a member of the room no tea now.',
    ],
    [['wishes', { type: 'enter', room: 'x'.repeat(26) }], `> {'join': '${'x'.repeat(26)}'}`],
    [
      ['hears', `There is no room ${'x'.repeat(26)}.`],
      `problem (enter)|There is no room ${'x'.repeat(26)}.`,
    ],
    [
      ['wishes', { type: 'leave', room: 'red' }],
      '~problem (leave)|Only the room that you are in can be left: switch to red first.',
    ],
    [['wishes', { type: 'leave', room: 'General' }], '> l!'],
    [['hears', 'You have left General.'], 'left ann1 General (leave)|You have left General.'],
    [['wishes', { type: 'users' }], '> u!'],
    [
      gram({ type: 'echo rooms', scene: SCENE }),
      'answer users ann1,bob (users)|In General: ann1, bob (now in red)|In red: bob',
    ],
    [['wishes', { type: 'members', room: 'red' }], '> u!'],
    [gram({ type: 'echo rooms', scene: SCENE }), 'answer members bob (members)|In red: bob'],
    [['wishes', { type: 'members', room: 'blue' }], '> u!'],
    [
      gram({ type: 'echo rooms', scene: SCENE }),
      '~problem (members)|There is no room blue in what the server shows.',
    ],
    [['wishes', { type: 'rooms' }], '> j'],
    [
      rooms,
      'answer rooms General,red,blue (rooms)|Choose.|0 General (joined)|1 red (joined)|2 blue',
    ],
  ])
  t.end()
})
