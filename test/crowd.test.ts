// Who shares a sequence of lines, and that nobody's own sequence suffers from it: whatever falls
// into one turn of the event loop, each client is sent the lines that it would be sent one by one.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { OrderedSet } from 'immutable'
import t, { type Test } from 'tap'
import type { Dialect, Session } from '../lib/dialects/dialect.js'
import { line } from '../lib/dialects/line/index.js'
import { Crowds } from '../lib/host/crowd.js'
import { Client } from './support/client.js'
import { endOfTurn, hostFor, type Hosted } from './support/hosting.js'

const spoken = line.open()

/** What is spoken with those who want to hear no chat. */
const silent: Session = {
  ...spoken,
  voice: {
    render: (event, at) => (event.type === 'said' ? undefined : spoken.voice.render(event, at)),
  },
}

/** The line dialect for them. */
const mute: Dialect = { ...line, name: 'mute', open: () => silent }

const NICKS = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay']
const CHAT = ['hello', 'hello', '@den hello', '@den hello', '#ben hello']
const LINES = [...CHAT, '!enter den', '!leave den', '!echo on', '!notices on', '!ping', '!quit']

/** A host, and a client for each of the nicknames; every third speaks {@link mute}. */
interface House extends Hosted {
  readonly clients: readonly Client[]
}

async function houseFor(t: Test): Promise<House> {
  const hosted = await hostFor(t, { dialects: [line, mute] })
  const clients: Client[] = []
  for (const [n, nick] of NICKS.entries()) {
    clients.push(await Client.named(hosted.urls[n % 3 === 2 ? 1 : 0] ?? '', nick))
  }
  return { ...hosted, clients }
}

/** One client says one line, and perhaps the turn ends after it. */
interface Saying {
  readonly who: number
  readonly line: string
  readonly last: boolean
}

const sayings = fc.array(
  fc.record({
    who: fc.nat(NICKS.length - 1),
    line: fc.constantFrom(...LINES),
    last: fc.boolean(),
  }),
  { maxLength: 60, size: 'max' },
)

/** Everything that each client is sent from now on until its end, if these things are said. */
async function heard({ host, clients }: House, sayings: readonly Saying[]) {
  const connections = [...host.connections]
  for (const [n, { who, line, last }] of sayings.entries()) {
    connections[who]?.frame(CHAT.includes(line) ? `${line} ${n}` : line)
    if (last) await endOfTurn()
  }
  const everything = Promise.all(clients.map((client) => client.rest()))
  await host.stop()
  return everything
}

t.test('how lines fall into turns changes nothing of what anybody is sent', async (t) => {
  const property = fc.asyncProperty(sayings, async (sayings) => {
    const oneATurn = sayings.map((saying) => ({ ...saying, last: true }))
    const wanted = await heard(await houseFor(t), oneATurn)
    assert.deepEqual(await heard(await houseFor(t), sayings), wanted)
  })
  await fc.assert(property, { numRuns: 25 })
})

t.test('a line to many is appended for nobody but those who are sent others', async (t) => {
  const { host, sockets } = await houseFor(t)
  const connections = [...host.connections]
  const appended = connections.map(({ outbox }) =>
    t.capture(outbox, 'append', outbox.append.bind(outbox)),
  )
  const written = sockets.map((socket) => t.capture(socket, 'write', socket.write.bind(socket)))
  const rows: readonly (readonly [readonly string[], number, string])[] = [
    // what ann says, how many lines are appended, who is written the very same bytes
    [['!echo on'], 1, 'a-----'],
    [['one'], 0, 'aa-aa-'],
    [['one', 'two', 'three'], 0, 'aa-aa-'],
    [['!ping', 'two', 'three'], 1, 'ab-bb-'],
    [['one', '!ping', 'three'], 2, 'ab-bb-'],
    [['!echo off', 'two', 'three'], 1, 'ab-bb-'],
    [['two', 'three'], 0, '-a-aa-'],
    [['!quit'], 1, 'a-----'],
  ]
  for (const [lines, times, sharers] of rows) {
    for (const line of lines) connections[0]?.frame(line)
    await endOfTurn()
    t.equal(appended.flatMap((calls) => calls()).length, times, lines.join())
    const buffers = written.map((calls) => calls()[0]?.args[0])
    const distinct = [...new Set(buffers)].filter((buffer) => buffer !== undefined)
    const letters = buffers.map((buffer) => buffer && 'ab'.charAt(distinct.indexOf(buffer)))
    t.equal(letters.map((letter) => letter ?? '-').join(''), sharers, lines.join())
  }
})

t.test('who has sixteen others told one by one has said a line more', async (t) => {
  const lonely: Session = { ...spoken, voiceFor: () => spoken.voice }
  const apart: Dialect = { ...line, name: 'apart', open: () => lonely }
  for (const [dialect, spent] of [
    [line, false],
    [apart, true],
  ] as const) {
    const { host, urls } = await hostFor(t, {
      dialects: [line, dialect],
      limits: { linesPerTurn: 2 },
    })
    await Client.named(urls[0] ?? '', 'ann')
    for (let i = 0; i < 16; i++) await Client.named(urls[1] ?? '', `listener${i}`)
    const [ann] = host.connections
    await endOfTurn()
    ann?.frame('hello')
    t.equal(ann?.throttle.spent(host.turn), spent, dialect.name)
    await host.stop()
  }
})

t.test('who is in no list of connections is in no crowd', (t) => {
  t.same(new Crowds(new Map()).of(OrderedSet(['c1'])), [])
  t.end()
})
