// The rules of PROTOCOL.md that no transcript can show, since they take time, an operator, a
// crowd or users of other protocols; each against the core and the line dialect, without any IO
// but for the last.

import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import t from 'tap'
import { LINE_BREAK } from '../lib/core/index.js'
import { createServer } from '../lib/index.js'
import { MANNERS } from './support/house.js'
import { LineHouse } from './support/line-house.js'

const SECOND = 1000

/** Another protocol's user, who is in the lobby like everybody. */
const STRANGER = MANNERS

t.test('NICK-8: a newcomer has 60 seconds, or 10 when places are scarce', (t) => {
  const late = '!error registration-timeout No nickname came within'
  const house = new LineHouse().connect('slow')
  house.tick(59 * SECOND).send('slow', 'not a nick')
  t.match(house.take('slow'), [/^!error bad-nick /u])
  house.tick(60 * SECOND)
  t.strictSame(house.take('slow'), [`${late} 60 seconds. Connect again and send one.`, 'closed'])

  const crowded = new LineHouse({ limits: { maxClients: 5 } }).with('a', 'b', 'c', 'd')
  crowded.connect('slow').tick(9 * SECOND)
  t.strictSame(crowded.take('slow'), [])
  crowded.tick(10 * SECOND)
  t.strictSame(crowded.take('slow'), [`${late} 10 seconds. Connect again and send one.`, 'closed'])
  t.strictSame(crowded.take('a'), [], 'a user stays')
  t.end()
})

t.test('NICK-10: nicknames of other protocols', (t) => {
  const house = new LineHouse().with('alice').withStranger('a.b-c_d', STRANGER)
  house.send('alice', '!users').send('alice', '#A.B-C_D hi').send('alice', '#a.b hi')
  t.match(house.take('alice'), ['alice a.b-c_d', /^!error unknown-nick /u])
  t.strictSame(house.take('a.b-c_d'), ['#alice: hi'])
  house.send('a.b-c_d', 'hello')
  t.strictSame(house.take('alice'), ['a.b-c_d: hello'])
  t.end()
})

t.test('TELL-6: a user who cannot be told', (t) => {
  const house = new LineHouse().with('alice').withStranger('Rob', { ...STRANGER, tells: false })
  house.send('alice', '#rob hi')
  const sentence = 'Rob cannot be given private lines. Say it in a room that you share.'
  t.strictSame(house.take('alice'), [`!error no-private ${sentence}`])
  t.strictSame(house.take('Rob'), [])
  t.end()
})

t.test('SAY-1: lobby talk spares those who stay out of the lobby', (t) => {
  const house = new LineHouse()
    .with('alice', 'bob')
    .withStranger('rob', { ...STRANGER, lobby: false })
  house.send('alice', 'hello')
  t.strictSame(house.take('bob'), ['alice: hello'])
  t.strictSame(house.take('rob'), [])
  t.end()
})

t.test('SHAPE-4: each line of a text has its sender in front', (t) => {
  const house = new LineHouse().with('alice').withStranger('rob', STRANGER)
  const text = ['one', 'bob: two', ''].join(LINE_BREAK)
  house.feed({ type: 'command', id: 'rob', at: 0, command: { name: 'say', room: 'General', text } })
  t.strictSame(house.take('alice'), ['rob: one', 'rob: bob: two', 'rob: '])
  house.send('alice', '!history General')
  t.match(house.take('alice'), [
    /^!history \S+ @General rob: one$/u,
    /^!history \S+ @General rob: bob: two$/u,
    /^!history \S+ @General rob: $/u,
    '!history end General 3',
  ])
  t.end()
})

t.test('ENTER-4: rooms in all', (t) => {
  const house = new LineHouse({ limits: { maxRooms: 2 } }).with('alice', 'bob')
  house.send('alice', '!enter one').send('alice', '!enter two').send('bob', '!enter three')
  const sentence = 'There are 2 rooms, the most there may be. Enter one that stands.'
  t.strictSame(house.take('bob'), [`!error too-many-rooms ${sentence}`])
  house.send('bob', '!enter two').send('bob', '!members two')
  t.strictSame(house.take('bob'), ['alice bob'])
  t.end()
})

t.test('LIMIT-2: a full server', (t) => {
  const house = new LineHouse({ limits: { maxClients: 2 } }).with('alice', 'bob').connect('carol')
  const sentence = 'All 2 places are taken. Try again later.'
  t.strictSame(house.take('carol'), [`!error server-full ${sentence}`, 'closed'])
  house.send('alice', 'hello').send('carol', 'carol')
  t.strictSame(house.take('bob'), ['alice: hello'])
  t.end()
})

t.test('LIMIT-3: too many newcomers', (t) => {
  const house = new LineHouse({ limits: { maxNewcomers: 2 } }).with('alice')
  house.feed({ type: 'open', id: 'local', at: 0, exempt: true, number: 0 })
  house.connect('first', 'second', 'third')
  const sentence =
    'More than 2 connections are waiting without a nickname. Connect again and send one at once.'
  t.strictSame(house.take('first'), [`!error crowded-out ${sentence}`, 'closed'])
  for (const id of ['local', 'second', 'third', 'alice']) t.strictSame(house.take(id), [], id)
  t.end()
})

t.test('END-5: the server stops', (t) => {
  const house = new LineHouse().with('alice').connect('carol').feed({ type: 'stop', at: 0 })
  const goodbye = ['!error shutting-down The server is stopping. Connect again later.', 'closed']
  t.strictSame(house.take('alice'), goodbye)
  t.strictSame(house.take('carol'), goodbye)
  t.strictSame(house.connect('dave').take('dave'), goodbye)
  t.end()
})

t.test('END-6: the operator closes a connection', (t) => {
  const house = new LineHouse().with('alice', 'bob').send('bob', '!notices on')
  house.expel('alice', { code: 'kicked', reason: 'lunch' })
  const sentence = 'The operator closed your connection'
  t.strictSame(house.take('alice'), [`!error kicked ${sentence}: lunch`, 'closed'])
  t.strictSame(house.take('bob'), ['!notices on', '!notice offline alice'])
  house.expel('bob', { code: 'kicked', reason: '' })
  t.strictSame(house.take('bob'), [`!error kicked ${sentence}.`, 'closed'])
  t.end()
})

t.test('MOTD-1: the message of the day', (t) => {
  const house = new LineHouse({ motd: ['Be kind.', ''] }).connect('alice')
  t.strictSame(house.take('alice'), [])
  house.send('alice', 'alice').send('alice', '!ping 1')
  t.strictSame(house.take('alice'), ['!motd Be kind.', '!motd ', '!pong 1'])
  t.end()
})

t.test('ANNOUNCE-1: the operator speaks', (t) => {
  const house = new LineHouse().with('alice').connect('carol')
  house.feed({ type: 'announce', at: 0, text: 'The server stops at five.' })
  t.strictSame(house.take('alice'), ['!announce The server stops at five.'])
  t.strictSame(house.take('carol'), [])
  t.end()
})

/** The kernel's table of connections: local address, peer, state, queues, timer in 1/100 s (proc(5)). */
const TABLE = '/proc/net/tcp'
const skip = existsSync(TABLE) || process.env['CI'] === 'true' ? false : `no ${TABLE} here`

t.test('END-4: TCP asks after a silent client', { skip }, async (t) => {
  const server = createServer({ limits: { keepalive: 45 } })
  t.teardown(() => server.close())
  const { port } = new URL(await server.listen('line://127.0.0.1:0'))
  const client = connect(Number(port), '127.0.0.1')
  t.teardown(() => client.destroy())
  client.write('alice\n!ping\n')
  await once(client, 'data')
  const here = `0100007F:${Number(port).toString(16).toUpperCase().padStart(4, '0')}`
  const row = new RegExp(`: ${here} \\S+ 01 \\S+ (?<kind>..):(?<ticks>\\S+)`, 'u')
  const { kind, ticks = '' } = row.exec(readFileSync(TABLE, 'utf8'))?.groups ?? {}
  t.equal(kind, '02', 'the timer is one of keepalive')
  const seconds = parseInt(ticks, 16) / 100
  t.ok(seconds > 30 && seconds <= 45, `and due when the option says: in ${seconds} s`)
})
