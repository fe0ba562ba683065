// Connections that come and go: places, deadlines, and what the operator does.

import t from 'tap'
import { LOBBY, type Refusal } from '../lib/core/index.js'
import { House, MANNERS, dump, type Heard, type Hearing } from './support/house.js'

/** A connection is told why, and closed. */
function turnedAway(id: string, refusal: Refusal): readonly Hearing[] {
  return [
    [id, { type: 'refused', refusal }],
    [id, { type: 'closed', reason: refusal.code }],
  ]
}

/** A connection is there. */
function asked(id: string): readonly Hearing[] {
  return [[id, { type: 'nickRequested' }]]
}

const timeout = { code: 'registration-timeout', seconds: 60 } as const
const offline = (nick: string, reason: Refusal['code']): Heard => ({
  type: 'wentOffline',
  nick,
  reason,
})

t.test('nobody hears of a connection that comes and goes without a nickname', (t) => {
  const house = new House().online('W', 'wendy', { notices: true })
  t.strictSame(house.open('A'), asked('A'))
  const opened = house.state
  t.strictSame(house.open('A'), [], 'a second opening')
  t.strictSame(house.open('W'), [], 'an opening of a user')
  t.equal(house.state, opened)
  t.strictSame(house.close('A'), [['A', { type: 'closed', reason: 'disconnected' }]])
  const closed = house.state
  t.strictSame(house.close('A'), [], 'a second closing')
  t.strictSame(house.close('Z'), [], 'a closing of nobody')
  t.equal(house.state, closed)
  t.end()
})

t.test('a newcomer has 60 seconds from its opening, whatever it sends', (t) => {
  const house = new House()
  house.open('A')
  house.at = 30_000
  house.open('B', true)
  house.ask('A', { name: 'ping', token: '' })
  house.ask('A', { name: 'users' })
  const waiting = house.state
  t.strictSame(house.tick(59_999), [])
  t.equal(house.state, waiting, 'nothing to do is the very same state')
  t.strictSame(house.tick(60_000), turnedAway('A', timeout))
  t.strictSame(house.tick(89_999), [])
  t.strictSame(house.tick(90_000), turnedAway('B', timeout))

  house.online('C', 'carol')
  t.strictSame(house.tick(999_999), [], 'users have no deadline')
  t.end()
})

t.test('all whose time is over go at once, oldest first', (t) => {
  const house = new House()
  for (const id of ['A', 'B', 'C']) house.open(id)
  house.at = 1
  house.open('D')
  t.strictSame(
    house.tick(60_000),
    ['A', 'B', 'C'].flatMap((id) => turnedAway(id, timeout)),
  )
  t.strictSame([...house.state.newcomers.keys()], ['D'])
  t.end()
})

t.test('while more than four fifths of the places are taken it has 10 seconds', (t) => {
  const house = new House({ limits: { maxClients: 5 } })
  for (const id of ['A', 'B', 'C', 'D']) house.open(id)
  t.strictSame(house.tick(10_000), [], 'four fifths are not more')
  house.open('E')
  t.strictSame(
    house.tick(10_001),
    ['A', 'B', 'C', 'D'].flatMap((id) =>
      turnedAway(id, { code: 'registration-timeout', seconds: 10 }),
    ),
  )
  const brisk = new House({ limits: { maxClients: 1, registrationTimeout: 5 } })
  brisk.open('A')
  t.strictSame(
    brisk.tick(5_000),
    turnedAway('A', { code: 'registration-timeout', seconds: 5 }),
    'never longer than usual',
  )
  t.end()
})

t.test('beyond the places for newcomers the oldest goes, exempt ones apart', (t) => {
  const house = new House({ limits: { maxNewcomers: 2 } })
  house.open('L1', true)
  house.open('L2', true)
  house.open('L3', true)
  t.strictSame(house.open('A'), asked('A'))
  t.strictSame(house.open('B'), asked('B'))
  t.strictSame(house.open('L4', true), asked('L4'), 'an exempt one crowds nobody out')
  const crowdedOut = turnedAway('A', { code: 'crowded-out', max: 2 })
  t.strictSame(house.open('C'), [...crowdedOut, ...asked('C')])
  t.strictSame([...house.state.newcomers.keys()], ['L1', 'L2', 'L3', 'B', 'L4', 'C'])
  house.ask('B', { name: 'register', nick: 'bob', manners: MANNERS })
  t.strictSame(house.open('D'), asked('D'), 'a user takes no newcomer’s place')
  t.end()
})

t.test('a full server turns away, exempt or not', (t) => {
  const house = new House({ limits: { maxClients: 2 } }).online('A', 'alice')
  house.open('B')
  const full = house.state
  for (const exempt of [false, true]) {
    t.strictSame(house.open('C', exempt), turnedAway('C', { code: 'server-full', max: 2 }))
    t.equal(house.state, full, 'the very same state')
  }
  house.close('A')
  t.strictSame(house.open('C'), asked('C'))
  t.end()
})

t.test('a lost user is out of everything', (t) => {
  const house = new House().online('A', 'alice', { notices: true, lobby: false })
  house.online('B', 'bob').inside('red', 'A', 'B').inside('blue', 'A')
  const without = new House()
  without.open('A')
  without.close('A')
  const empty = dump(without.online('B', 'bob').inside('red', 'B').state)
  t.strictSame(house.close('A', 'too-slow'), [['A', { type: 'closed', reason: 'too-slow' }]])
  t.strictSame(dump(house.state), empty)
  t.end()
})

t.test('the operator expels a user, a newcomer, or nobody', (t) => {
  const house = new House().online('A', 'alice').online('W', 'wendy', { notices: true })
  house.open('N')
  const kicked = { code: 'kicked', reason: 'enough' } as const
  t.strictSame(house.expel('A', kicked), [
    ['A', { type: 'refused', refusal: kicked }],
    ['W', { type: 'left', room: LOBBY, nick: 'alice', why: 'offline' }],
    ['W', offline('alice', 'kicked')],
    ['A', { type: 'closed', reason: 'kicked' }],
  ])
  t.strictSame(house.expel('N', kicked), turnedAway('N', kicked), 'nobody else hears of it')
  const before = house.state
  t.strictSame(house.expel('A', kicked), [])
  t.equal(house.state, before)
  t.end()
})

t.test('the operator speaks to everybody online', (t) => {
  const house = new House().online('A', 'alice').online('B', 'bob', { lobby: false })
  house.open('N')
  const before = house.state
  const announced: Heard = { type: 'announced', text: 'tea is ready' }
  t.strictSame(house.feed({ type: 'announce', text: 'tea is ready', at: 0 }), [
    ['A', announced],
    ['B', announced],
  ])
  t.equal(house.state, before)
  t.end()
})

t.test('the server stops: one goodbye each, and nobody new', (t) => {
  const house = new House().online('A', 'alice', { notices: true }).online('B', 'bob')
  house.inside('red', 'A', 'B')
  house.ask('A', { name: 'create', room: 'kept', as: 'founder' })
  house.open('N')
  const stopping: Refusal = { code: 'shutting-down' }
  t.strictSame(
    house.stop(),
    ['N', 'A', 'B'].flatMap((id) => turnedAway(id, stopping)),
  )
  const empty = new House().state
  t.strictSame(dump(house.state), dump({ ...empty, stopping: true }), 'the house is empty')
  const stopped = house.state
  t.strictSame(house.stop(), [], 'a second stop')
  t.strictSame(house.open('C'), turnedAway('C', stopping))
  t.strictSame(house.close('A'), [])
  t.strictSame(house.ask('A', { name: 'users' }), [])
  t.strictSame(house.tick(99_999), [])
  t.equal(house.state, stopped)
  t.end()
})
