// The Chat Box's dictionaries both ways, how much of a house a gram shows, and how messages are
// written in transcripts.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import t, { type Test } from 'tap'
import { LOBBY, type State } from '../lib/core/index.js'
import { readGram, writeGram, type Gram, type Scene } from '../lib/dialects/chatbox/grams.js'
import { chatbox } from '../lib/dialects/chatbox/index.js'
import { isDict, readLiteral } from '../lib/dialects/chatbox/literal.js'
import { gramVoice, lineVoice } from '../lib/dialects/chatbox/render.js'
import { readRequest, writeRequest, type Request } from '../lib/dialects/chatbox/requests.js'
import type { Rendering } from '../lib/dialects/dialect.js'
import { House, MANNERS } from './support/house.js'
import { RUNS } from './support/traces.js'

const AT = 0
const FOCUSED = { ...MANNERS, notices: true, focus: true }

const text = (bytes: Rendering | undefined): string | undefined => bytes?.toString()

/** What is to be made of a client's dictionary. */
function asked(literal: string): unknown {
  const dict = readLiteral(literal)
  return isDict(dict) ? readRequest(dict) : undefined
}

// Of two surrogates that are written one by one the reader makes one character; no client has such.
const word = fc.string({ unit: 'binary', maxLength: 30 })
const number = fc.nat({ max: 70_000 })
const joined = fc.oneof(word, number)
const words = fc.array(word, { maxLength: 4 })

/** An object like those in the code, not one without a prototype. */
const record = <Value>(parts: { readonly [Key in keyof Value]: fc.Arbitrary<Value[Key]> }) =>
  fc.record(parts, { noNullPrototype: true })

t.test('what clients send, there and back', (t) => {
  const request: fc.Arbitrary<Request> = fc.oneof(
    record({ type: fc.constant('contents' as const), text: word }),
    record({ type: fc.constantFrom('create' as const, 'join' as const), room: word }),
    record({ type: fc.constant('switch' as const), room: joined }),
    record({ type: fc.constant('broadcast' as const), rooms: fc.array(joined), text: word }),
  )
  fc.assert(
    fc.property(request, (one) => {
      assert.deepStrictEqual(asked(writeRequest(one)), one)
    }),
    { numRuns: RUNS },
  )
  t.end()
})

t.test('what the server sends, there and back', (t) => {
  const place = record({ current: word, joined: words })
  const scene: fc.Arbitrary<Scene> = record({
    rooms: fc
      .array(fc.tuple(word, fc.array(fc.tuple(number, word))))
      .map((rooms) => new Map(rooms.map(([title, users]) => [title, new Map(users)]))),
    tracker: fc.array(fc.tuple(number, place)).map((places) => new Map(places)),
  })
  const gram: fc.Arbitrary<Gram> = fc.oneof(
    record({ type: fc.constant('welcome alert' as const), prompt: word, room: word, scene }),
    record({ type: fc.constant('echo rooms' as const), scene }),
    record({
      type: fc.constant('room choose' as const),
      prompt: word,
      rooms: fc.uniqueArray(word),
      joined: words,
    }),
    record({
      type: fc.constant('switch room' as const),
      prompt: word,
      joined: words,
      current: word,
    }),
    record({ type: fc.constant('broadcast' as const), prompt: word, joined: words }),
  )
  fc.assert(
    fc.property(gram, (one) => {
      assert.deepStrictEqual(readGram(writeGram(one)), one)
    }),
    { numRuns: RUNS },
  )
  t.end()
})

t.test('what is no gram', (t) => {
  const scene =
    "'rooms': {'General': {7: 'ann'}}, 'tracker': {7: {'current': 'a', 'joined rooms': []}}"
  t.ok(readGram(`{'gram type': 'echo rooms', ${scene}}`))
  for (const other of [
    'ann: hello',
    '[]',
    '{}',
    "{'gram type': 'echo rooms', 'rooms': {}}",
    "{'gram type': 'echo rooms', 'rooms': [], 'tracker': {}}",
    "{'gram type': 'echo rooms', 'rooms': {1: {}}, 'tracker': {}}",
    "{'gram type': 'echo rooms', 'rooms': {'General': {'7': 'ann'}}, 'tracker': {}}",
    "{'gram type': 'echo rooms', 'rooms': {'General': {7: 8}}, 'tracker': {}}",
    "{'gram type': 'echo rooms', 'rooms': {}, 'tracker': {7: 'General'}}",
    "{'gram type': 'echo rooms', 'rooms': {}, 'tracker': {7: {'current': 'General'}}}",
    "{'gram type': 'echo rooms', 'rooms': {}, 'tracker': {7: {'joined rooms': []}}}",
    `{'gram type': 'welcome alert', ${scene}, 'welcome room': 'General'}`,
    `{'gram type': 'welcome alert', ${scene}, 'prompt': 'Hi'}`,
    "{'gram type': 'welcome alert', 'prompt': 'Hi', 'welcome room': 'General'}",
    "{'gram type': 'room choose', 'prompt': 'Hi', 'rooms': ['red'], 'joined rooms': []}",
    "{'gram type': 'room choose', 'prompt': 'Hi', 'rooms': {5: {}}, 'joined rooms': []}",
    "{'gram type': 'room choose', 'prompt': 'Hi', 'rooms': {}, 'joined rooms': [5]}",
    "{'gram type': 'switch room', 'prompt': 'Hi', 'joined rooms': []}",
    "{'gram type': 'broadcast', 'prompt': 'Hi'}",
    "{'gram type': 'other', 'prompt': 'Hi', 'joined rooms': []}",
  ]) {
    t.equal(readGram(other), undefined, other)
  }
  t.end()
})

t.test('a broadcast with its list in a text', (t) => {
  const literal = `{'message': 'hi', 'broadcast rooms': "['red', 2]"}`
  t.strictSame(asked(literal), { type: 'broadcast', rooms: ['red', 2], text: 'hi' })
  t.end()
})

/** A user in a house of tests. */
interface Guest {
  readonly nick: string
  readonly rooms?: readonly string[]
}

/** A house with these users, who all listen to their last room. */
function houseOf(guests: readonly Guest[], titles: readonly string[] = []): State {
  const house = new House()
  for (const [at, { nick, rooms = [] }] of guests.entries()) {
    const id = `c${at + 1}`
    house.open(id, true)
    house.ask(id, { name: 'register', nick, manners: FOCUSED })
    for (const room of at === 0 ? [...titles, ...rooms] : rooms) {
      house.ask(id, { name: 'enter', room, kept: true })
    }
    for (const room of at === 0 ? titles : []) {
      if (!rooms.includes(room)) house.ask(id, { name: 'leave', room })
    }
    for (const room of rooms) house.ask(id, { name: 'switchRoom', room })
  }
  return house.state
}

/** The gram for one of them; it must fit, and every number in a room be in its tracker. */
function shown(t: Test, house: State, you: string, purpose: string): Gram | undefined {
  const outlook = { you, house }
  const bytes = gramVoice.render({ type: 'surveyed', purpose, outlook }, AT)
  t.ok(bytes !== undefined && bytes.length < 1000, `${bytes?.length ?? 0} bytes`)
  const gram = readGram(text(bytes) ?? '')
  if (gram !== undefined && 'scene' in gram) {
    for (const users of gram.scene.rooms.values()) {
      for (const key of users.keys()) t.ok(gram.scene.tracker.has(key))
    }
  }
  return gram
}

/** Who stands in which room of a gram. */
function crowd(gram: Gram | undefined): Readonly<Record<string, readonly string[]>> {
  if (gram === undefined || !('scene' in gram)) return {}
  const rooms = [...gram.scene.rooms].map(([title, users]) => [title, [...users.values()]] as const)
  return Object.fromEntries(rooms)
}

t.test('a small house is shown whole', (t) => {
  const house = houseOf([{ nick: 'ann', rooms: ['red'] }, { nick: 'bob' }], ['tea'])
  t.strictSame(
    text(
      gramVoice.render({ type: 'surveyed', purpose: 'users', outlook: { you: 'c2', house } }, AT),
    ),
    "{'gram type': 'echo rooms', " +
      "'rooms': {'General': {1: 'ann', 2: 'bob'}, 'tea': {}, 'red': {1: 'ann'}}, " +
      "'tracker': {1: {'current': 'red', 'joined rooms': ['General', 'red']}, " +
      "2: {'current': 'General', 'joined rooms': ['General']}}}",
  )
  t.end()
})

t.test('what is left out of a large house', (t) => {
  const inRed = ['r1', 'r2', 'r3'].map((nick) => ({ nick, rooms: ['red'] }))
  const inGeneral = Array.from({ length: 100 }, (_, i) => ({ nick: `g${i}` }))
  const asker = { nick: 'ann' }
  const general = houseOf([...inGeneral, ...inRed, asker])
  const you = 'c104'
  const seen = crowd(shown(t, general, you, 'users'))
  t.strictSame(seen.red, ['r1', 'r2', 'r3'], 'those who are elsewhere stay')
  t.ok((seen.General?.length ?? 0) < 14, 'those of the same room go')
  t.ok(seen.General?.includes('ann'), 'but never the asker')

  const bob = { nick: 'bob', rooms: ['red', 'blue'] }
  const blue = houseOf([...inRed, ...inGeneral, bob])
  const others = crowd(shown(t, blue, 'c104', 'users'))
  t.strictSame(others.red, ['r1', 'r2', 'r3', 'bob'], 'other rooms before one’s own and the lobby')
  t.strictSame(others.blue, ['bob'])
  t.end()
})

t.test('many rooms with long titles', (t) => {
  const titles = Array.from({ length: 200 }, (_, i) => `${i} ${'é'.repeat(20)}`)
  const house = new House({ limits: { keptRoomsPerUser: 1000, roomsPerUser: 1000 } })
  house.open('c1', true)
  house.ask('c1', { name: 'register', nick: 'ann', manners: FOCUSED })
  for (const room of titles) house.ask('c1', { name: 'enter', room, kept: true })
  house.ask('c1', { name: 'switchRoom', room: titles.at(-1) ?? '' })
  const { state } = house
  const users = crowd(shown(t, state, 'c1', 'users'))
  t.strictSame(users.General, ['ann'])
  t.strictSame(users[titles.at(-1) ?? ''], ['ann'], 'the current room stays')
  const join = shown(t, state, 'c1', 'join')
  t.strictSame(join && 'rooms' in join && join.rooms.slice(0, 2), [LOBBY.title, titles[0]])
  for (const purpose of ['switch', 'broadcast']) shown(t, state, 'c1', purpose)
  const outlook = { you: 'c1', house: state }
  const lines = text(lineVoice.render({ type: 'surveyed', purpose: 'join', outlook }, AT))
  t.equal(lines?.split('\r\n').length, 203, 'lines have no such bound')
  t.end()
})

t.test('written in transcripts', (t) => {
  const { notation, lineNotation } = chatbox
  const gram =
    "{'gram type': 'echo rooms', 'rooms': {'General': {49152: 'ann'}}, 'tracker': {49152: {'current': '5: ', 'joined rooms': []}, 7: {'current': '', 'joined rooms': []}}}"
  const prompt = "{'gram type': 'broadcast', 'joined rooms': [], 'length': 0, 'prompt': 'é'}"
  const received = Buffer.from(`ann: é\nbob: 1${gram}${prompt}{'x': 1}\nann: 2`)
  const decoded = notation.decode?.(received) ?? []
  t.strictSame(
    decoded.map(({ written }) => written),
    [
      'ann: é',
      'bob: 1',
      gram.replaceAll('49152', '<ann>').replace('7: ', '<7>: '),
      prompt,
      "{'x': 1}",
      '',
      'ann: 2',
    ],
  )
  t.equal(
    decoded.reduce((sum, { length }) => sum + length, 0),
    received.length,
  )
  t.strictSame(notation.decode?.(Buffer.from("{'a': '}'")), [], 'not whole')
  for (const [spoken, ask] of [
    [notation, "{'join': 'q7'}"],
    [lineNotation ?? notation, 'j!q7'],
  ] as const) {
    t.equal(text(spoken.encode('{é', 'ann')), '{é')
    t.strictSame(spoken.introduce('ann').map(text), ['ann'])
    t.equal(text(spoken.fence.ask('q7', 'ann')), ask)
    t.equal(spoken.fence.answer('q7'), 'There is no room q7. Send j for all rooms.')
  }
  t.end()
})
