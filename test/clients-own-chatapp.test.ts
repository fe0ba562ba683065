// ChatApp's client as its document has it, without a socket. What is sent and received is written as
// transcripts write it.

import t from 'tap'
import { Book } from '../lib/dialects/chatapp/book.js'
import type { PostType } from '../lib/dialects/chatapp/messages.js'
import { notation } from '../lib/dialects/chatapp/notation.js'
import { withHeader } from '../lib/wire/header.js'
import { Sitting, clientOf, type Row } from './support/sitting.js'

const sent = (bytes: Buffer): string => notation.decode?.(bytes)[0]?.written ?? String(bytes)

const hears = (...messages: readonly string[]): Row[0] => [
  'reads',
  Buffer.concat(messages.flatMap((message) => notation.encode(message, 'nobody') ?? [])),
]
const created = (room: string): Row[0] => hears(`Create "${room}" to "ALL" from "Server"`)
const joined = (nick: string, room: string): Row[0] =>
  hears(`Join "${room}" to "ALL" from "${nick}"`)

const sits = (nick?: string): Sitting => new Sitting('chatapp', { nick }, sent)

const ARRIVAL: readonly Row[] = [
  [['opens'], '> Connection "CONNECT" to "Server" from "ann"'],
  [
    hears(
      'Connection "CONNECT" to "ann" from "Server"',
      'Create "General" to "ann" from "Server"',
      'Join "General" to "ann" from "bob"',
      'Create "red" to "ann" from "Server"',
    ),
    '= ann',
    '~note|Choose $menu$ for all options.',
  ],
]

const ERROR = {
  empty: '~problem 20|ERROR CODE 20: ERROR: empty string submitted',
  long: '~problem 21|ERROR CODE 21: ERROR: name exceeds MAX length 50',
  unknown: (room: string) => `~problem 22|ERROR CODE 22: ROOM ERROR: ${room} does not exist`,
  joined: (room: string) =>
    `~problem 24|ERROR CODE 24: ROOM ERROR: ann username already joined to ${room}`,
  exists: (room: string) => `~problem 25|ERROR CODE 25: ROOM ERROR: ${room} name already in use`,
  data: '~problem 26|ERROR CODE 26: MSG ERROR: data in message exceeds 1000',
  notJoined: (room: string) =>
    `~problem 27|ERROR CODE 27: ROOM ERROR: ann username not joined to ${room}`,
  notAll: '~problem 28|ERROR CODE 28: WARNING: could not join all selected rooms',
}
const LONG = 'é'.repeat(26)

t.test('6.b: connecting', (t) => {
  t.equal(clientOf('chatapp').keepAlive, 5_000, 'CHECK_TIME')
  const ann = sits('ann')
  const [effect] = ann.happens(['opens'])
  t.same(
    effect?.type === 'send' && effect.bytes.toString(),
    '123                 {"__type__": "ConnectionMessage", "timestamp": "21/11/2026 07:49:24", ' +
      '"dest": "Server", "sender": "ann", "data": "CONNECT"}',
  )
  t.equal(ann.session.nick, undefined)
  t.equal(ann.session.prompt, '')

  const asked = sits()
  asked.plays(t, [
    [['opens'], '? Username: '],
    [['ends']],
    [['types', ' '], ERROR.empty, '? Username: '],
    [['types', LONG], ERROR.long, '? Username: '],
    [['types', ' ann '], '> Connection "CONNECT" to "Server" from "ann"'],
    [['wishes', { type: 'users' }], '~problem (users)|The server has not taken your username yet.'],
    // Nothing in the document acknowledges a CONNECT.
    [
      ['types', '$join$ red'],
      '= ann',
      '~note|Choose $menu$ for all options.',
      ERROR.unknown('red'),
      ERROR.notAll,
    ],
  ])
  t.equal(asked.session.nick, 'ann')
  t.equal(asked.session.prompt, 'ann >> ')

  sits('').plays(t, [[['opens'], ERROR.empty, '? Username: ']])
  sits('ann').plays(t, [
    ARRIVAL[0] ?? [['opens']],
    [
      hears('Error 3 "CONNECTION ERROR: ann username already in use"'),
      'problem 3|ERROR CODE 3: CONNECTION ERROR: ann username already in use',
      'failed The server has closed the connection.',
    ],
    [created('red')],
    [['closes']],
  ])
  t.end()
})

t.test('6.c to 6.k: options, validated before anything is sent', (t) => {
  const ann = sits('ann')
  ann.plays(t, [
    ...ARRIVAL,
    [['types', '$view_all$'], 'answer rooms General,red|Rooms: General, red'],
    [['types', '$list$ General'], 'answer members bob|Members of General: bob'],
    [['types', '$list$ blue'], ERROR.unknown('blue')],
    [['types', '$create$ red'], ERROR.exists('red')],
    [['types', `$create$ ${LONG}`], ERROR.long],
    [['types', '$create$']],
  ])
  t.equal(ann.session.prompt, 'New room name: ')
  ann.plays(t, [
    [['types', ''], ERROR.empty],
    [['types', '$CREATE$ tea room '], '> Create "tea room" to "Server" from "ann"'],
    [created('tea room'), 'made  tea room|The room tea room has been made.'],
    [['types', '$join$']],
  ])
  t.equal(ann.session.prompt, 'What room(s) do you wish to join? ')
  ann.plays(t, [
    [
      ['types', 'red, tea room ,blue,,red'],
      '> Join "red" to "Server" from "ann"',
      '> Join "tea room" to "Server" from "ann"',
      ERROR.unknown('blue'),
      ERROR.empty,
      ERROR.notAll,
    ],
    [joined('ann', 'red'), 'entered ann red|ann has joined the room red.'],
    [joined('ann', 'tea room'), 'entered ann tea room|ann has joined the room tea room.'],
    [['types', `$join$ red,${LONG}`], ERROR.joined('red'), ERROR.long, ERROR.notAll],
    [
      ['types', '$msg$ red, General, blue, tea room'],
      ERROR.notJoined('General'),
      ERROR.unknown('blue'),
    ],
  ])
  t.equal(ann.session.prompt, 'Msg: ')
  ann.plays(t, [
    [
      ['types', 'hello, all'],
      '> Chat "hello, all" to "red" from "ann"',
      '> Chat "hello, all" to "tea room" from "ann"',
    ],
    [['types', '$msg$ blue'], ERROR.unknown('blue')],
    [['types', '$msg$']],
  ])
  t.equal(ann.session.prompt, "Rooms to msg ('all' for all joined): ")
  ann.plays(t, [
    [['types', 'all']],
    [
      ['types', 'to both'],
      '> Chat "to both" to "red" from "ann"',
      '> Chat "to both" to "tea room" from "ann"',
    ],
    [['types', '$msg$ red']],
    [['types', ''], ERROR.empty],
    [['types', '$msg$ red']],
    [['types', 'é'.repeat(501)], ERROR.data],
    [['types', '$msg$ red']],
    [
      ['types', '☕'.repeat(333)],
      '~problem 4|ERROR CODE 4: MSG ERROR: msg in message exceeds 2000',
    ],
    // An option takes the place of an answer.
    [['types', '$msg$ red']],
    [
      ['types', '$menu$'],
      [
        '~note|$view_all$ shows all rooms',
        '$list$ shows who is in a room',
        '$create$ makes a room',
        '$join$ joins rooms, with commas between them',
        '$msg$ says something in rooms, or in all that you have joined',
        '$leave$ leaves rooms',
        '$menu$ shows this menu',
        '$quit$ leaves ChatApp',
        'My rooms: red, tea room',
      ].join('|'),
    ],
    [['types', ' ']],
    [
      ['types', 'hi'],
      '~problem|hi is no option. Choose $msg$ to say it, or $menu$ for all options.',
    ],
    [['types', '$leave$']],
    [['types', 'red,General'], '> Leave "red" to "Server" from "ann"', ERROR.notJoined('General')],
    [hears('Leave "red" to "ALL" from "ann"'), 'left ann red|ann has left the room red.'],
    [
      ['types', '$leave$ red,tea room'],
      ERROR.notJoined('red'),
      '> Leave "tea room" to "Server" from "ann"',
    ],
    [
      hears('Leave "tea room" to "ALL" from "ann"'),
      'left ann tea room|ann has left the room tea room.',
    ],
    [['types', '$msg$ all']],
    [['types', 'anybody?'], '~problem|You have joined no room. Choose $join$ first.'],
    [
      ['types', '$quit$'],
      '> Connection "QUIT" to "Server" from "ann"',
      'end You have left ChatApp.',
    ],
    [['closes'], 'end The server has closed the connection.'],
  ])
  t.same([...ann.session.known.nicks], ['bob'])
  t.same([...ann.session.known.rooms], ['General', 'red', 'tea room'])
  t.ok(ann.session.known.commands.includes('$view_all$'))
  t.end()
})

t.test('what is typed next waits for what the server answers', (t) => {
  const ann = sits('ann')
  ann.plays(t, ARRIVAL)
  const answers: readonly (readonly [string, Row[0]])[] = [
    ['$create$ tea', created('tea')],
    ['$create$ x', hears('Error 99 "No."')],
    ['$join$ tea', joined('ann', 'tea')],
    ['$leave$ tea', hears('Leave "tea" to "ALL" from "ann"')],
  ]
  for (const [line, answer] of answers) {
    t.notOk(ann.session.isWaiting)
    ann.happens(['types', line])
    t.ok(ann.session.isWaiting, line)
    ann.happens(answer)
  }
  t.notOk(ann.session.isWaiting)
  ann.happens(['types', '$create$ y'])
  ann.now += 2001
  t.notOk(ann.session.isWaiting, 'for a while')
  t.end()
})

t.test('what the server tells, and what does not fit', (t) => {
  const mismatch = (code: number, text: string): string =>
    `~problem ${code}|ERROR CODE ${code}: client server mismatch: ${text}`
  sits('ann').plays(t, [
    ...ARRIVAL,
    [created('red'), mismatch(25, 'ROOM ERROR: red name already in use')],
    [joined('bob', 'General'), mismatch(24, 'ROOM ERROR: bob username already joined to General')],
    [joined('bob', 'blue'), mismatch(22, 'ROOM ERROR: blue does not exist')],
    [joined('', 'red'), mismatch(20, 'ERROR: empty string submitted')],
    [joined(LONG, 'red'), mismatch(21, 'ERROR: name exceeds MAX length 50')],
    [
      hears('Leave "red" to "ALL" from "bob"'),
      mismatch(27, 'ROOM ERROR: bob username not joined to red'),
    ],
    [hears('Leave "blue" to "ALL" from "bob"'), mismatch(22, 'ROOM ERROR: blue does not exist')],
    [
      hears('Chat "hi" to "red" from "bob"'),
      mismatch(27, 'ROOM ERROR: ann username not joined to red'),
    ],
    [created(''), mismatch(20, 'ERROR: empty string submitted')],
    [
      ['reads', withHeader('[]')],
      mismatch(
        99,
        'That message cannot be read: it is no JSON object. Send it as its protocol has it.',
      ),
    ],

    [joined('cy', 'red'), 'entered cy red'],
    [joined('ann', 'red'), 'entered ann red|ann has joined the room red.'],
    [joined('bob', 'red'), 'entered bob red|bob has joined the room red.'],
    [hears('Leave "red" to "ALL" from "bob"'), 'left bob red|bob has left the room red.'],
    [
      hears('Chat "hi :)" to "red" from "cy" at "21/11/2026 07:49:24"'),
      'said cy red hi :)|[ROOM: red] >> cy >> 21/11/2026 07:49:24 >> hi :)',
    ],
    [hears('Chat "" to "red" from "cy"'), mismatch(20, 'ERROR: empty string submitted')],
    [
      hears(
        'Chat "one\\n[ROOM: red] >> bob >> x >> \\u001b[2Jtwo" to "red" from "cy" at "\\u001b[31mnow"',
      ),
      'said cy red one [ROOM: red] >> bob >> x >> two|[ROOM: red] >> cy >> now >> one|' +
        '[ROOM: red] >> cy >> now >> [ROOM: red] >> bob >> x >> two',
    ],
    [joined('ann', 'General'), 'entered ann General|ann has joined the room General.'],
    [
      hears('Chat "hi" to "General" from "bob" at "now"'),
      'said bob  hi|[ROOM: General] >> bob >> now >> hi',
    ],
    [
      hears('Message "The kettle is on." to "ALL" from "Server"'),
      'note|Server >> The kettle is on.',
    ],
    [hears('Connection "QUIT" to "ALL" from "Server"'), 'note|Server closes the connection.'],
    [hears('Error 99 "Odd\\u001b[2J."'), 'problem 99|ERROR CODE 99: Odd.'],
    [
      hears('Error 2 "CONNECTION ERROR: lost connection from Server"'),
      'problem 2|ERROR CODE 2: CONNECTION ERROR: lost connection from Server',
      'failed The server has closed the connection.',
    ],
  ])
  t.end()
})

t.test('section 8: the server is gone, or is none', (t) => {
  const lost = '~problem 2|ERROR CODE 2: CONNECTION ERROR: lost connection from Server'
  const gone = 'failed The server has closed the connection.'
  const plays = (...rows: readonly Row[]): void => {
    sits('ann').plays(t, [...ARRIVAL, ...rows])
  }
  plays([['closes'], lost, gone])
  plays(
    [['hears', '60                  {"__type__"']],
    [
      ['closes'],
      '~problem|The last message of the server was cut off and is not shown.',
      lost,
      gone,
    ],
  )
  plays(
    [
      ['hears', '2001                '],
      '~problem 4|ERROR CODE 4: MSG ERROR: msg in message exceeds 2000',
      'failed The server has sent a message that is too long.',
    ],
    [created('blue')],
  )
  plays([
    ['hears', 'HTTP/1.1 400 Bad Request'],
    'failed What the server sends is not ChatApp: no length stands in its header.',
  ])
  plays([
    ['reads', Buffer.from(`${'1'.padEnd(20)}\xff`, 'latin1')],
    '~problem|A message of the server was no UTF-8 and is not shown.',
  ])
  plays(
    [['ends'], '> Connection "QUIT" to "Server" from "ann"'],
    [['closes'], 'end The server has closed the connection.'],
  )
  t.end()
})

t.test('wishes', (t) => {
  sits('ann').plays(t, [
    ...ARRIVAL,
    [
      ['wishes', { type: 'say', text: 'hi' }],
      '~problem (say)|You have joined no room. Choose $join$ first.',
    ],
    [
      ['wishes', { type: 'tell', nick: 'bob', text: 'hi' }],
      '~problem (tell)|ChatApp has no private messages. Say it in a room that you share.',
    ],
    [
      ['wishes', { type: 'post', room: 'red', text: 'hi' }],
      ERROR.notJoined('red').replace('27|', '27 (post)|'),
    ],
    [
      ['wishes', { type: 'post', room: ' ', text: 'hi' }],
      '~problem (post)|A room has a name that shows.',
    ],
    [['wishes', { type: 'users' }], 'answer users bob (users)|Users: bob'],
    [['wishes', { type: 'rooms' }], 'answer rooms General,red (rooms)|Rooms: General, red'],
    [
      ['wishes', { type: 'members', room: 'General' }],
      'answer members bob (members)|Members of General: bob',
    ],
    [['wishes', { type: 'enter', room: 'red' }], '> Join "red" to "Server" from "ann"'],
    [joined('bob', 'red'), 'entered bob red'],
    [joined('ann', 'red'), 'entered ann red (enter)|ann has joined the room red.'],
    [
      ['wishes', { type: 'enter', room: 'a, b' }],
      '> Create "a, b" to "Server" from "ann"',
      '> Join "a, b" to "Server" from "ann"',
    ],
    [
      hears('Error 99 "There are too many rooms for a, b."'),
      'problem 99 (enter)|ERROR CODE 99: There are too many rooms for a, b.',
    ],
    [['wishes', { type: 'say', text: 'hi' }], '> Chat "hi" to "red" from "ann"'],
    [['wishes', { type: 'post', room: 'red', text: 'hi' }], '> Chat "hi" to "red" from "ann"'],
    [['wishes', { type: 'leave', room: 'red' }], '> Leave "red" to "Server" from "ann"'],
    [hears('Leave "red" to "ALL" from "ann"'), 'left ann red (leave)|ann has left the room red.'],
    [
      ['wishes', { type: 'leave', room: 'red' }],
      ERROR.notJoined('red').replace('27|', '27 (leave)|'),
    ],
  ])
  t.end()
})

t.test('a book has an end', (t) => {
  const book = new Book('ann')
  const note = (type: PostType, sender: string, data: string): string | undefined =>
    book.note({ type, timestamp: '', dest: 'ALL', sender, data })?.code
  for (let i = 0; i < 10_000; i++) note('CreateRoomMessage', 'Server', `room ${i}`)
  t.equal(note('CreateRoomMessage', 'Server', 'one more'), 'too-many-rooms')
  for (let i = 0; i < 50_000; i++) note('JoinMessage', `user ${i}`, 'room 0')
  t.equal(note('JoinMessage', 'ann', 'room 0'), 'too-many-members')
  t.equal(note('LeaveMessage', 'user 0', 'room 0'), undefined)
  t.equal(note('JoinMessage', 'ann', 'room 0'), undefined)
  t.equal(book.rooms.length, 10_000)

  const ann = sits('ann')
  for (const [event] of ARRIVAL) ann.happens(event)
  const crowd = Array.from({ length: 50_000 }, (_, i) => `Join "red" to "ALL" from "user${i}"`)
  const told = ann.happens(hears(...crowd)).at(-1)
  t.match(told?.type === 'show' ? told.heard.shown : [], [
    /client server mismatch: only 50000 members of rooms are kept, so one is not listed/,
  ])
  t.end()
})
