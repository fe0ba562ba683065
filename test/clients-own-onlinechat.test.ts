// OnlineChat's client as its figures have it, without a socket: rows of what happens and what follows.

import t from 'tap'
import { Sitting, type Row } from './support/sitting.js'

const frame = (text: string): string => `${Buffer.byteLength(text)},${text}`
const hears = (...texts: readonly string[]): Row[0] => ['hears', texts.map(frame).join('')]
const sends = (line: string): string => `> ${frame(`${line}\n`)}`

const WELCOME = 'Welcome to the chat :)\nTo view instructions, type /help\n'

const ARRIVAL: readonly Row[] = [
  [['opens']],
  [hears('ACK'), '~note|Connection to server established.', `> ${frame('flowers')}`],
  [hears('flowers'), '= flowers'],
  [hears(WELCOME), 'note|Welcome to the chat :)', 'note|To view instructions, type /help'],
]

t.test('figure 5: the connection and the name', (t) => {
  const ann = new Sitting('onlinechat', { nick: 'flowers' })
  t.equal(ann.session.prompt, '')
  t.equal(ann.session.nick, undefined)
  ann.plays(t, ARRIVAL)
  t.equal(ann.session.prompt, 'flowers: ')
  t.equal(ann.session.nick, 'flowers')

  new Sitting('onlinechat').plays(t, [
    [['opens']],
    [
      ['types', 'hello'],
      '~problem|The server has not given a username yet. This was not sent: hello',
    ],
    [hears('ACK'), '~note|Connection to server established.', '? Username: '],
    [hears('\rbones is now online.\n'), 'note|bones is now online.'],
    [['types', '  '], '? Username: '],
    [['types', ' flowers '], `> ${frame('flowers')}`],
    [
      ['types', 'early'],
      '~problem|The server has not given a username yet. This was not sent: early',
    ],
    [['looks up'], 'looked up'],
    [['hears', '8,flow']],
    [['hears', 'ers1'], '= flowers1'],
  ])
  t.end()
})

t.test('figure 5: no ACK, no connection', (t) => {
  for (const [happening, ...effects] of [
    [hears('NAK'), 'problem|NAK', 'failed Could not establish connection to server.'],
    [
      hears('All 10 places are taken.\n'),
      'problem|All 10 places are taken.',
      'failed Could not establish connection to server.',
    ],
    [['hears', 'SSH-2.0-x\r\n'], 'failed Could not establish connection to server.'],
    [['closes'], 'failed Could not establish connection to server.'],
  ] satisfies readonly Row[]) {
    new Sitting('onlinechat', { nick: 'ann' }).plays(t, [
      [['opens']],
      [happening, ...effects],
      [hears('ACK')],
    ])
  }
  new Sitting('onlinechat', { nick: 'ann' }).plays(t, [
    [hears('ACK'), '~note|Connection to server established.', `> ${frame('ann')}`],
    [hears('You connect too fast.\n'), 'problem|You connect too fast.'],
    [hears('\x1b[2J \n'.trim()), 'failed The server has given no username.'],
    [['closes']],
  ])
  t.end()
})

t.test('figures 6 and 12: what comes, and what it means', (t) => {
  const ann = new Sitting('onlinechat', { nick: 'flowers' })
  ann.plays(t, [
    ...ARRIVAL,
    [hears('\r\rbones is now online.\n'), 'came bones |bones is now online.'],
    [['types', 'hello :)'], sends('hello :)')],
    [hears('\rbones: hi: you\n'), 'said bones  hi: you|bones: hi: you'],
    [hears('\r(PM) bones: nm wby\n'), 'said bones private nm wby|(PM) bones: nm wby'],
    [['types', '/cg Awesome'], sends('/cg Awesome')],
    [
      hears('Group Awesome created.\n'),
      'made flowers Awesome|Group Awesome created.',
      'entered flowers Awesome',
    ],
    [
      hears('\rbones has joined group Awesome.\n'),
      'entered bones Awesome|bones has joined group Awesome.',
    ],
    [hears('\r(Awesome) bones: thanks\n'), 'said bones Awesome thanks|(Awesome) bones: thanks'],
    [
      hears('\rbones has just left group Awesome.\n'),
      'left bones Awesome|bones has just left group Awesome.',
    ],
    [hears('\rserver: The kettle is on.\n'), 'note|server: The kettle is on.'],
    [hears('\rSomething else comes between\n'), 'note|Something else comes between'],
    [['types', '/cg Awesome'], sends('/cg Awesome')],
    [
      hears('A group with that name already exists.\n'),
      'problem|A group with that name already exists.',
    ],
    [hears('There is no command /x.\n'), 'problem|There is no command /x.'],
    [
      hears('\n* Messages are broadcasted by default. *\n/help    View command options.\n'),
      'note|* Messages are broadcasted by default. *',
      'note|/help    View command options.',
    ],
    [
      hears('\rann: one\n\rann: bob: no, two\n'),
      'said ann  one|ann: one',
      'said ann  bob: no, two|ann: bob: no, two',
    ],
    [
      hears('\rbones: \x1b[31mred\x07 \u202egnp.exe\n'),
      'said bones  red gnp.exe|bones: red gnp.exe',
    ],
    [['types', '/listg'], sends('/listg')],
    [hears('\r\n'), 'note|'],
  ])
  t.same([...ann.session.known.nicks], ['ann', 'bones'])
  t.same([...ann.session.known.rooms], ['Awesome'])
  t.ok(ann.session.known.commands.includes('/listg'))
  ann.plays(t, [[hears('\rbones has gone offline.\n'), 'went bones |bones has gone offline.']])
  t.notOk([...ann.session.known.nicks].includes('bones'))
  t.end()
})

t.test('lists have no form of their own: they answer what was asked', (t) => {
  const ann = new Sitting('onlinechat', { nick: 'flowers' })
  ann.plays(t, [
    ...ARRIVAL,
    [hears('\rflowers, bones\n'), 'note|flowers, bones'],
    [['types', '/LO'], sends('/LO')],
    [['types', '/listallg'], sends('/listallg')],
    [hears('\rbones: hi\n'), 'said bones  hi|bones: hi'],
    [hears('\rflowers, bones\n'), 'answer users flowers,bones|flowers, bones'],
    [hears('\rAwesome, red\n'), 'answer rooms Awesome,red|Awesome, red'],
    [['looks up'], sends('/lo'), sends('/listallg')],
    [hears('\rflowers, carol\n')],
    [hears('\r\n'), 'looked up'],
    [['looks up'], sends('/lo'), sends('/listallg')],
    [hears('There is no command /lo. Send /help.\n')],
    [hears('There is no command /listallg. Send /help.\n'), 'looked up'],
    [['looks up'], sends('/lo'), sends('/listallg')],
  ])
  t.same([...ann.session.known.nicks], ['bones', 'flowers', 'carol'])
  const names = Array.from({ length: 1001 }, (_, i) => `u${i}`)
  ann.plays(t, [
    [hears('\r' + names.join(', ') + '\n')],
    [hears('\rred\n'), 'looked up'],
    [['looks up'], sends('/lo'), sends('/listallg')],
  ])
  t.same([...ann.session.known.nicks], names.slice(1), 'of many names the last thousand')
  // A server that does not know these commands is not waited for.
  ann.now += 2001
  ann.plays(t, [
    [['types', '/listg'], sends('/listg')],
    [hears('\rred\n'), 'note|red'],
    [['wishes', { type: 'users' }], sends('/lo')],
    [['ends']],
    [['closes'], 'failed The server has closed the connection.'],
  ])
  t.end()
})

t.test('wishes', (t) => {
  const ann = new Sitting('onlinechat', { nick: 'flowers' })
  ann.plays(t, [
    [
      ['wishes', { type: 'say', text: 'hi' }],
      '~problem (say)|The server has not given a username yet.',
    ],
    ...ARRIVAL,
    [['wishes', { type: 'say', text: 'hi\nyou' }], sends('hi\nyou')],
    [['wishes', { type: 'say', text: '/quit' }], sends(' /quit')],
    [
      ['wishes', { type: 'say', text: '\x07 ' }],
      '~problem (say)|There is nothing to say in that text.',
    ],
    [['wishes', { type: 'tell', nick: 'bob', text: 'psst' }], sends('/pm bob psst')],
    [
      ['wishes', { type: 'tell', nick: 'b b', text: 'psst' }],
      '~problem (tell)|A nickname is one word.',
    ],
    [['wishes', { type: 'post', room: 'red', text: 'hi' }], sends('/gc red hi')],
    [['wishes', { type: 'post', room: 'general', text: '/hi' }], sends(' /hi')],
    [
      ['wishes', { type: 'post', room: 'a b', text: 'hi' }],
      '~problem (post)|A room is one word here, without any of , : # @ !',
    ],
    [['wishes', { type: 'leave', room: 'red' }], sends('/lg red')],
    [
      ['wishes', { type: 'members', room: 'red' }],
      '~problem (members)|OnlineChat has no list of who is in a group.',
    ],
    [['wishes', { type: 'rooms' }], sends('/listallg')],
    [hears('\rred\n'), 'answer rooms red (rooms)|red'],
    [['wishes', { type: 'users' }], sends('/lo')],
    [hears('\rflowers\n'), 'answer users flowers (users)|flowers'],
    // What is not there is made, what is there is joined.
    [['wishes', { type: 'enter', room: 'blue' }], sends('/cg blue')],
    [
      hears('Group blue created.\n'),
      'made flowers blue|Group blue created.',
      'entered flowers blue (enter)',
    ],
    [['wishes', { type: 'enter', room: 'red' }], sends('/cg red')],
    [hears('A group with that name already exists.\n'), sends('/jg red'), sends('/listg')],
    [hears('\rblue, red\n'), 'entered flowers red (enter)'],
    [['wishes', { type: 'enter', room: 'red' }], sends('/cg red')],
    [hears('A group with that name already exists.\n'), sends('/jg red'), sends('/listg')],
    [hears('The group is full.\n'), 'problem|The group is full.'],
    [hears('\rblue\n'), 'problem (enter)|You are not in the group red.'],
    [['ends']],
    [['closes'], 'end The server has closed the connection.'],
  ])
  t.end()
})

t.test('ends, and servers that are none', (t) => {
  const plays = (...rows: readonly Row[]): void => {
    new Sitting('onlinechat', { nick: 'flowers' }).plays(t, [...ARRIVAL, ...rows])
  }
  const gone = 'failed The server has closed the connection.'
  const tooLong = '~problem|A message of the server was too long and is not shown.'
  const noFrame = 'failed What the server sends is not OnlineChat: no length stands in front of it.'
  plays([['quits'], 'end '])
  plays([['closes'], gone], [hears('\rx\n')], [['closes']])
  plays(
    [
      ['reads', Buffer.from('2,\xff\n', 'latin1')],
      '~problem|A message of the server was no UTF-8 and is not shown.',
    ],
    [hears('\rstill here\n'), 'note|still here'],
  )
  // Lengths that lie: too short, too long, beyond all measure.
  plays([['hears', '3,hello'], 'problem|hel', noFrame])
  plays(
    [['hears', '10,abc']],
    [['closes'], '~problem|The last message of the server was cut off and is not shown.', gone],
  )
  plays([['hears', `70000,${'x'.repeat(70_000)}`], tooLong])
  plays([['hears', '2000000,'], noFrame])
  t.end()
})
