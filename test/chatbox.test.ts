// The Chat Box at a core, behind its framing: what its clients send, what comes of it, and for
// whom; the document's own client, and people at telnet and nc.

import t from 'tap'
import { chatbox } from '../lib/dialects/chatbox/index.js'
import { Floor } from './support/core-arena.js'
import { Client, one } from './support/chatbox-client.js'
import { show } from './support/show.js'

const MEMBER = 'Type s to switch to it.'
t.test('names', async (t) => {
  const rows: readonly (readonly [asked: string, nick: string])[] = [
    ['ann', 'ann'],
    ['ann', 'ann1'],
    ['ANN', 'ANN2'],
    ['Ann Lee', 'AnnLee'],
    ['.-x_.y', 'x_.y'],
    ['General', 'General1'],
    ['žofie', 'ofie'],
    ['  ', 'guest'],
    ['{}', 'guest1'],
    ['\x1b[31mred', 'red'],
    ['u!', 'u'],
    ['x'.repeat(5000), 'x'.repeat(50)],
    ['x'.repeat(60), `${'x'.repeat(49)}1`],
  ]
  const floor = new Floor(chatbox)
  for (const [asked, nick] of rows) {
    const [greeting = ''] = await new Client(floor).says(asked)
    t.match(greeting, `'Welcome to the room General, ${nick}. Type`, show(asked).slice(0, 60))
  }
})

t.test('a room from its beginning to its end', async (t) => {
  const floor = new Floor(chatbox)
  const ann = new Client(floor)
  t.strictSame(await ann.says('ann'), [
    "{'gram type': 'welcome alert', 'prompt': 'Welcome to the room General, ann. Type m! for the menu.', " +
      "'rooms': {'General': {1: 'ann'}}, 'tracker': {1: {'current': 'General', 'joined rooms': ['General']}}, 'welcome room': 'General'}",
  ])
  const bob = await one(floor, 'bob')
  t.strictSame(await ann.says("{'contents': 'ann: hello'}"), ['bob has joined the room General.'])
  t.strictSame(await bob.says(), ['ann: hello'])
  t.strictSame(await ann.says('C'), [
    'Type c! and the name of the new room, of 1 to 25 characters, such as c!red.',
  ])
  t.strictSame(await ann.says("{'create': ' red room '}"), [
    `You have made the room red room and are a member of it. ${MEMBER}`,
  ])
  t.strictSame(await bob.says('j', "{'join': 'red room'}", 'S'), [
    "{'gram type': 'room choose', 'prompt': 'Type j! and the number of the room that you join, such as j!1.', " +
      "'rooms': {'General': {}, 'red room': {}}, 'joined rooms': ['General'], 'length': 2}",
    `You are a member of the room red room now. ${MEMBER}`,
    "{'gram type': 'switch room', 'joined rooms': ['General', 'red room'], 'current': 'General', " +
      "'prompt': 'Type s! and the number of the room that you switch to, such as s!1.'}",
  ])
  const [switched = ''] = await bob.says("{'switch': 'red room'}")
  t.match(
    switched,
    /^\{'gram type': 'welcome alert', 'prompt': 'You have switched to the room red room, bob\.'/,
  )
  t.match(
    switched,
    /'rooms': \{'General': \{1: 'ann', 2: 'bob'}, 'red room': \{1: 'ann', 2: 'bob'}}/,
  )
  t.strictSame(await ann.says(), ['bob has switched from the room General to red room.'])
  await bob.says("{'contents': 'bob: nobody is here'}")
  t.strictSame(await ann.says(), [], 'a member who has not switched')
  await ann.says("{'switch': 1}")
  t.strictSame(await bob.says("{'contents': 'bob: hi'}"), [
    'ann has switched from the room General to red room.',
  ])
  t.strictSame(await ann.says(), ['bob: hi'])
  t.strictSame(await ann.says('L!', 'l!'), [
    'You have left the room red room and are back in General.',
    'Are you sure? Nobody leaves the room General without quitting. Type q! to quit.',
  ])
  t.strictSame(await bob.says(), ['ann has left the room red room.'])
  t.match(await ann.says("{'switch': 'red room'}"), [/^You are not in the room red room\./])
  t.strictSame(await bob.says('q!'), ['exit()', '(closed)'])
  t.strictSame(await ann.says("{'create': 'red room'}"), [
    'bob has left the room General.',
    `You are a member of the room red room now. ${MEMBER}`,
  ])
  t.strictSame(await ann.stops(), ['(closed)'], 'no farewell after its own end')
})

t.test('broadcasts', async (t) => {
  const floor = new Floor(chatbox)
  const [ann, bob, cat] = [
    await one(floor, 'ann'),
    await one(floor, 'bob'),
    await one(floor, 'cat'),
  ]
  for (const room of ['red', 'tea']) await ann.says(`{'create': '${room}'}`)
  await bob.says("{'join': 'red'}")
  for (const client of [ann, bob, cat]) await client.says()
  t.strictSame(await ann.says('b'), [
    "{'gram type': 'broadcast', 'joined rooms': ['General', 'red', 'tea'], 'length': 3, " +
      "'prompt': 'Type b!, the numbers of rooms, ! and what you say there, such as b!0,1! hello.'}",
  ])
  const rows: readonly (readonly [gram: string, hearers: readonly Client[]])[] = [
    ["{'broadcast rooms': ['red'], 'message': 'hi'}", [ann, bob]],
    ["{'broadcast rooms': ['General', 'red', 'tea'], 'message': ' hi '}", [ann, bob, cat]],
    ["{'broadcast rooms': [1, '2'], 'message': 'hi'}", [ann, bob]],
    [`{'broadcast rooms': "['red', 'tea']", 'message': 'hi'}`, [ann, bob]],
    ["{'message': 'hi', 'broadcast rooms': ('tea',)}", [ann]],
    ['b!1,2 hi', [ann, bob]],
  ]
  for (const [gram, hearers] of rows) {
    const heard = [await ann.says(gram), await bob.says(), await cat.says()]
    const expected = [ann, bob, cat].map((client) => (hearers.includes(client) ? ['ann: hi'] : []))
    t.strictSame(heard, expected, gram)
  }
})

t.test('who is said to speak', async (t) => {
  const floor = new Floor(chatbox)
  const [bob, ann, lee] = [
    await one(floor, 'ann'),
    await one(floor, 'ann'),
    await one(floor, 'Ann Lee'),
  ]
  const rows: readonly (readonly [Client, said: string, heard: string])[] = [
    [ann, 'ann: as asked for', 'ann1: as asked for'],
    [ann, 'ann1:as given', 'ann1: as given'],
    [ann, 'ann: ann: twice', 'ann1: ann: twice'],
    [ann, 'bob: as another', 'ann1: bob: as another'],
    [ann, 'plain', 'ann1: plain'],
    [lee, 'Ann Lee: hello', 'AnnLee: hello'],
    [lee, 'AnnLee:  two spaces', 'AnnLee:  two spaces'],
    [lee, 'one\\nann: two', 'AnnLee: one\nAnnLee: ann: two'],
    [lee, 'look {x}\\x1b[2J', 'AnnLee: look ｛x}'],
  ]
  await bob.says()
  for (const [client, said, heard] of rows) {
    await client.says(`{'contents': '${said}'}`)
    t.strictSame(await bob.says(), [heard], show(said))
  }
  await ann.says("{'contents': 'ann: '}", "{'contents': ''}")
  t.strictSame(await bob.says(), [], 'nothing is said')
})

t.test('people at telnet and nc', async (t) => {
  const floor = new Floor(chatbox)
  const bob = await one(floor, 'bob')
  const ann = new Client(floor)
  t.strictSame(await ann.says('\r\n', 'ann\r\n'), [
    'Welcome to the room General, ann. Type m! for the menu.\r\n',
  ])
  await bob.says()
  const menu = (await ann.says('m!\n')).join('')
  for (const typed of ['u!', 'c!', 'j!', 's!', 'l!', 'b!', 'q!', 'exit()']) t.match(menu, typed)
  const rows: readonly (readonly [typed: string, ...told: readonly string[]])[] = [
    ['c', 'Type c! and the name of the new room, of 1 to 25 characters, such as c!red.'],
    ['c! red', `You have made the room red and are a member of it. ${MEMBER}`],
    ['C!tea {x}', `You have made the room tea {x} and are a member of it. ${MEMBER}`],
    ['c!', 'Something is missing. Send c!NAME, with a name of 1 to 25 characters'],
    [
      'u!',
      'In General: bob, ann',
      'In red: ann (now in General)',
      'In tea {x}: ann (now in General)',
    ],
    ['j!1', 'There is no room 1. Send j for all rooms.'],
    ['s!2', 'You have switched to the room tea {x}, ann.'],
    ['l!', 'You have left the room tea {x} and are back in General.'],
    [
      'j',
      'Type j! and the number of the room that you join, such as j!1.',
      '0 General (joined)',
      '1 red (joined)',
      '2 tea {x}',
    ],
    ['j!2', `You are a member of the room tea {x} now. ${MEMBER}`],
    ['j! 1', 'You are in the room red already. Speak in it, or leave it.'],
    ['j!nosuch', 'There is no room nosuch. Send j for all rooms.'],
    ['j!', 'Something is missing. Send j and then j!NUMBER'],
    ['s!', 'Something is missing. Send s and then s!NUMBER'],
    ['S!red', 'You have switched to the room red, ann.'],
    [
      's',
      'Type s! and the number of the room that you switch to, such as s!1.',
      '0 General',
      '1 red (you are here)',
      '2 tea {x}',
    ],
    ['s!9', 'There is no room 9. Send j for all rooms.'],
    [
      'b',
      'Type b!, the numbers of rooms, ! and what you say there, such as b!0,1! hello.',
      '0 General',
      '1 red',
      '2 tea {x}',
    ],
    ['b! 1 , 2 ! to two', 'ann: to two'],
    ['b!1,2! hi', 'ann: hi'],
    ['b!1 3 cups!', 'ann: 3 cups!'],
    ['b!1', 'Something is missing. Send b and then b!NUMBERS! MESSAGE, such as b!0,1! hello'],
    ['b!'],
    ["{'create': 'blue'}", `You have made the room blue and are a member of it. ${MEMBER}`],
    [
      "{'creat': 'blue'}",
      'That message cannot be read: no dictionary has these keys. Send it as its protocol has it.',
    ],
    ['s!General', 'You have switched to the room General, ann.'],
  ]
  await bob.says()
  for (const [typed, ...told] of rows) {
    t.strictSame(
      await ann.says(`${typed}\r\n`),
      told.length === 0 ? [] : [`${told.join('\r\n')}\r\n`],
      typed,
    )
  }
  await bob.says()
  await ann.says('{smile} hello\n', 'ann: hi\n', ' c\n', '\n')
  t.strictSame(await bob.says(), ['ann: ｛smile} hello', 'ann: ann: hi', 'ann:  c'])
  await bob.says("{'contents': 'bob: one\\ntwo {}'}")
  t.strictSame(await ann.says(), ['bob: one\r\nbob: two {}\r\n'])
  t.strictSame(await ann.says(Buffer.of(0xff, 0xf6)), ['The server is here.\r\n'], 'are you there')
  t.match(await ann.says(`${'x'.repeat(3000)}\n`), [/at most 2048 bytes a line\.\r\n$/])
  t.strictSame(await bob.says('q!'), ['exit()', '(closed)'])
  t.match(await ann.says(), [/^bob has left the room General/])
  await ann.says("{'create': 'blue'}\n", 's!blue\n', 'l!\n')
  t.match(await ann.says('u!\n'), [/^In blue: nobody\r$/m])
  t.strictSame(await ann.says('exit()\n'), ['Goodbye, ann.\r\n', '(closed)'])
})

t.test('a telnet that begins with a command of its own', async (t) => {
  const ann = new Client(new Floor(chatbox))
  const will = Buffer.of(0xff, 0xfb, 0x01)
  await ann.says(will)
  t.match(await ann.says('ann\r\n'), [/^Welcome to the room General, ann\..*\r\n$/])
})

t.test('names of rooms that read as numbers', async (t) => {
  const floor = new Floor(chatbox)
  const ann = await one(floor, 'ann')
  for (const room of ['red', '1', '2']) await ann.says(`{'create': '${room}'}`)
  const rows: readonly (readonly [gram: string, room: string])[] = [
    ["{'switch': '1'}", '1'],
    ["{'switch': 1}", 'red'],
    ["{'switch': '3'}", '2'],
    ["{'switch': 'RED'}", 'red'],
    ["{'switch': 2}", '1'],
  ]
  for (const [gram, room] of rows) {
    t.match(await ann.says(gram), [`the room ${room}, ann.`], gram)
  }
})

t.test('the operator ends it', async (t) => {
  const floor = new Floor(chatbox)
  const ann = await one(floor, 'ann')
  const bob = new Client(floor)
  await bob.says('bob\n')
  await ann.says()
  floor.expel('c2', { code: 'kicked', reason: 'noise' })
  t.strictSame(bob.heard, ['The operator closed your connection: noise\r\n', '(closed)'])
  t.strictSame(ann.heard, ['bob has left the room General.'])
  floor.expel('c1', { code: 'kicked', reason: 'noise' })
  t.strictSame(ann.heard, ['exit()', '(closed)'])
})
