// What holds for the state machine after any inputs in any order: each property is tried on
// random lives of a house (FUZZ_RUNS of them, see
// support/traces.ts). A number is a property's name: it stays, also when others go.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import t from 'tap'
import {
  clean,
  findRoom,
  fold,
  initialState,
  transition,
  type Command,
  type ConnectionId,
  type Event,
  type Input,
  type Message,
  type Room,
  type State,
  type User,
} from '../lib/core/index.js'
import { MANNERS, dump, hearings, type Heard, type Hearing } from './support/house.js'
import {
  LIMITS,
  RUNS,
  manners,
  opening,
  play,
  question,
  traces,
  type Step,
} from './support/traces.js'

const COMMANDS_OF_TEXT: readonly ((a: string, b: string) => Command)[] = [
  (room) => ({ name: 'enter', room, kept: true }),
  (room) => ({ name: 'enter', room }),
  (room) => ({ name: 'create', room, as: 'founder' }),
  (room) => ({ name: 'create', room, as: 'member' }),
  (room, other) => ({ name: 'join', rooms: [room, other] }),
  (room) => ({ name: 'leave', room }),
  (room) => ({ name: 'part', room }),
  (room) => ({ name: 'switchRoom', room }),
  (room) => ({ name: 'members', room }),
  (room) => ({ name: 'history', room }),
  (room, text) => ({ name: 'say', room, text, stamp: text }),
  (text, stamp) => ({ name: 'sayHere', text, stamp }),
  (text, stamp) => ({ name: 'speak', text, stamp }),
  (room, text) => ({ name: 'shout', text: `${room} ${text}` }),
  (room, text) => ({ name: 'broadcast', rooms: [room, 'General'], text, stamp: text }),
  (nick, text) => ({ name: 'tell', nick, text }),
  (topic) => ({ name: 'help', topic }),
  (purpose) => ({ name: 'survey', purpose }),
  (nick) => ({ name: 'register', nick, manners: MANNERS, ifTaken: 'number' }),
]

/** Tries a claim about every step of every life. */
function always(title: string, holds: (step: Step) => void): void {
  throughout(title, (steps) => {
    for (const step of steps) holds(step)
  })
}

/** Tries a claim about whole lives. */
function throughout(
  title: string,
  holds: (steps: readonly Step[], inputs: readonly Input[]) => void,
): void {
  t.test(title, (t) => {
    const property = fc.property(traces, (inputs) => {
      holds(play(inputs), inputs)
    })
    fc.assert(property, { numRuns: RUNS })
    t.end()
  })
}

function allRooms(state: State): readonly Room[] {
  return [state.lobby, ...state.rooms.values()]
}

/** Whether this user hears what is said in a room that he is in. */
function hears({ manners, current }: User, { key }: Room): boolean {
  return !manners.focus || current === key
}

/** The connection whose input it is. */
function asker({ input }: Step): ConnectionId | undefined {
  return input.type === 'command' ? input.id : undefined
}

/** What it asked for, if its nickname stood. */
function asked(step: Step): Command | undefined {
  const { before, input } = step
  return input.type === 'command' && before.users.has(input.id) ? input.command : undefined
}

const NOTICES: ReadonlySet<string> = new Set<Event['type']>([
  'cameOnline',
  'wentOffline',
  'roomMade',
  'roomGone',
  'entered',
  'left',
  'switched',
])
const isChat = ({ type }: Heard): boolean => type === 'said' || type === 'told'
const isRefusal = ({ type }: Heard): boolean => type === 'refused'

/** What one connection hears in a step. */
function heardBy(id: ConnectionId | undefined, { heard }: Step): readonly Heard[] {
  return heard.filter(([to]) => to === id).map(([, event]) => event)
}

always('1: nicknames and users are the same relation', ({ after: { nicks, users } }) => {
  assert.equal(nicks.size, users.size)
  for (const [id, user] of users) {
    assert.equal(user.id, id)
    assert.equal(nicks.get(fold(user.nick)), id)
  }
})

t.test('2: folding and cleaning again change nothing', (t) => {
  const property = fc.property(fc.string({ unit: 'binary' }), (text) => {
    assert.equal(fold(fold(text)), fold(text))
    assert.equal(clean(clean(text)), clean(text))
  })
  fc.assert(property, { numRuns: RUNS })
  t.end()
})

always('2: the keys are unique and are the folded names', ({ after }) => {
  for (const [key, room] of after.rooms) {
    assert.equal(room.key, key)
    assert.equal(fold(room.name.word), key)
    assert.notEqual(key, after.lobby.key)
  }
})

always('3: members are users, and nobody is user and newcomer', ({ after }) => {
  for (const { members } of allRooms(after)) {
    for (const id of members) assert.ok(after.users.has(id))
  }
  for (const id of after.newcomers.keys()) assert.ok(!after.users.has(id))
})

always('4: a room has a member or is kept', ({ after }) => {
  for (const { members, keptBy } of after.rooms.values()) {
    assert.ok(members.size > 0 || keptBy !== undefined)
  }
  assert.equal(after.lobby.keptBy, undefined)
})

throughout('4: the account of kept rooms equals a recount', (steps) => {
  let empty: readonly string[] = []
  for (const { after } of steps) {
    const rooms = [...after.rooms.values()]
    const counts = new Map<string, number>()
    for (const { keptBy } of rooms) {
      if (keptBy !== undefined) counts.set(keptBy, (counts.get(keptBy) ?? 0) + 1)
    }
    assert.deepEqual(new Map(after.keptCounts), counts)
    const now = rooms.filter(({ members }) => members.isEmpty()).map(({ key }) => key)
    const still = empty.filter((key) => now.includes(key))
    empty = [...after.emptyKept]
    // One who goes can empty several rooms in one step: among those no order is promised.
    assert.deepEqual(empty.slice(0, still.length), still)
    assert.deepEqual([...empty].sort(), [...now].sort())
  }
})

always('4: a room makes way only in a full table, and only the one empty longest', (step) => {
  const { before, after } = step
  for (const [key, { keptBy }] of before.rooms) {
    if (keptBy === undefined || after.rooms.has(key) || after.stopping) continue
    assert.equal(before.rooms.size, before.limits.maxRooms)
    assert.equal(key, before.emptyKept.first())
  }
})

always('5: members and rooms are the same relation read from both sides', ({ after }) => {
  for (const user of after.users.values()) {
    const inside = [...after.rooms.values()].filter((room) => room.members.has(user.id))
    assert.deepEqual(new Set(user.rooms), new Set(inside.map(({ key }) => key)))
    assert.equal(new Set(user.rooms).size, user.rooms.length)
  }
})

always('5: who listens, watches and surveys are those whose manners say so', ({ after }) => {
  const idsOf = (users: readonly User[]): ReadonlySet<ConnectionId> =>
    new Set(users.map(({ id }) => id))
  const users = [...after.users.values()]
  const watching = users.filter(({ manners }) => manners.notices)
  assert.deepEqual(new Set(after.watchers), idsOf(watching))
  assert.deepEqual(new Set(after.surveyors), idsOf(users.filter(({ manners }) => manners.survey)))
  for (const room of allRooms(after)) {
    const listening = users
      .filter(({ id }) => room.members.has(id))
      .filter((user) => hears(user, room))
    assert.deepEqual(new Set(room.listeners), idsOf(listening))
    assert.deepEqual(
      new Set(room.watchers),
      idsOf(listening.filter((user) => watching.includes(user))),
    )
    if (listening.length === room.members.size) assert.equal(room.listeners, room.members)
  }
})

always('5: the current room is the lobby or one that the user is in', ({ after }) => {
  for (const { id, current } of after.users.values()) {
    assert.ok(current === after.lobby.key || after.rooms.get(current)?.members.has(id))
  }
})

throughout('5: a user switches by asking or by leaving, and keeps his number', (steps) => {
  for (const step of steps) {
    for (const [id, { current, number }] of step.before.users) {
      const now = step.after.users.get(id)
      assert.equal(now?.number ?? number, Number(id.at(-1)))
      if (now === undefined || now.current === current) continue
      assert.equal(asker(step), id)
      const types = heardBy(id, step).map(({ type }) => type)
      if (!types.includes('youSwitched')) assert.equal(now.current, step.after.lobby.key)
    }
  }
})

always('6: every limit holds', ({ after }) => {
  const { limits, newcomers, users, rooms } = after
  assert.ok(newcomers.size + users.size <= limits.maxClients)
  assert.ok(newcomers.count(({ exempt }) => !exempt) <= limits.maxNewcomers)
  assert.ok(rooms.size <= limits.maxRooms)
  for (const user of users.values()) assert.ok(user.rooms.length <= limits.roomsPerUser)
  for (const { failures } of newcomers.values()) assert.ok(failures < limits.registrationFailures)
  for (const { history } of allRooms(after)) assert.ok(history.length <= limits.historyLength)
  for (const count of after.keptCounts.values()) assert.ok(count <= limits.keptRoomsPerUser)
})

throughout('6: connections and failures equal a recount of what was heard', (steps) => {
  const failures = new Map<ConnectionId, number>()
  for (const { input, after, heard } of steps) {
    if (input.type === 'open' && !failures.has(input.id)) failures.set(input.id, 0)
    for (const [id, { type }] of heard) {
      if (type === 'closed') failures.delete(id)
      if (type === 'refused') failures.set(id, (failures.get(id) ?? 0) + 1)
    }
    const open = new Set([...after.newcomers.keys(), ...after.users.keys()])
    assert.deepEqual(new Set(failures.keys()), open)
    for (const newcomer of after.newcomers.values()) {
      assert.equal(newcomer.failures, failures.get(newcomer.id))
    }
  }
})

always('7: who is closed occurs nowhere, and each room hears it once', (step) => {
  const { before, after, heard, input } = step
  for (const [id, event] of heard) {
    if (event.type !== 'closed') continue
    assert.ok(!JSON.stringify(dump(after)).includes(id))
    for (const type of ['close', 'expel'] as const) {
      const again: Input =
        type === 'close'
          ? { type, id, at: input.at, reason: 'quit' }
          : { type, id, at: input.at, refusal: { code: 'too-slow' } }
      assert.deepEqual(transition(after, again), { state: after, effects: [] })
    }
    if (input.type === 'stop') continue
    for (const { key, name, members } of allRooms(before)) {
      if (!members.has(id)) continue
      const told = (type: 'left' | 'roomGone'): readonly ConnectionId[] =>
        heard.filter(([, e]) => e.type === type && e.room === name).map(([to]) => to)
      const room = allRooms(after).find((room) => room.key === key)
      assert.deepEqual(told('left'), [...(room?.watchers ?? []), ...after.surveyors])
      assert.deepEqual(told('roomGone'), room === undefined ? [...after.surveyors] : [])
    }
  }
})

throughout('8: only open connections are addressed, and nothing follows a close', (steps) => {
  const open = new Set<ConnectionId>()
  for (const { input, heard } of steps) {
    if (input.type === 'open') open.add(input.id)
    for (const [id, { type }] of heard) {
      assert.ok(open.has(id), `${id} is not open`)
      if (type === 'closed') open.delete(id)
    }
  }
})

always('9: a newcomer hears answers to its own lines and why it is closed, no more', (step) => {
  for (const id of step.before.newcomers.keys()) {
    const events = heardBy(id, step)
    if (asker(step) === id) continue
    const types = events.map(({ type }) => type)
    const itself = step.input.type === 'close' && step.input.id === id
    if (types.length > 0) assert.deepEqual(types, itself ? ['closed'] : ['refused', 'closed'])
  }
})

/** Who hears a line of chat, and in which room; nobody if it must be refused. From the documents, not from the core. */
function audienceOf(command: Command, { before }: Step, id: ConnectionId): readonly Audible[] {
  const user = before.users.get(id)
  if (user === undefined) return []
  const find = (name: string): readonly Room[] => [findRoom(before, name) ?? []].flat()
  const listening = (rooms: readonly Room[]): readonly Audible[] =>
    [...new Set(rooms)].flatMap(({ name, listeners }) =>
      [...listeners]
        .filter((to) => to !== id || user.manners.echo)
        .map((to) => [to, name.word] as const),
    )
  const isMember = ({ members }: Room): boolean => members.has(id)
  if (command.name === 'tell') {
    const to = before.nicks.get(fold(command.nick)) ?? ''
    return before.users.get(to)?.manners.tells === true ? [[to, '']] : []
  }
  if (command.name === 'say') return listening(find(command.room).filter(isMember))
  if (command.name === 'sayHere') return listening(find(user.current).filter(isMember))
  if (command.name === 'speak') {
    return listening([before.lobby.key, ...user.rooms].flatMap(find).filter(isMember))
  }
  if (command.name === 'shout') {
    const words = command.text.split(' ')
    return listening(
      words
        .slice(
          0,
          words.findIndex((word) => find(word).length === 0),
        )
        .flatMap(find),
    )
  }
  if (command.name !== 'broadcast') return []
  const rooms = command.rooms.flatMap(find)
  if (rooms.length < command.rooms.length || !rooms.every(isMember)) return []
  const told = new Map<ConnectionId, string>()
  for (const { members, name } of rooms) {
    for (const to of members) told.set(to, told.get(to) ?? name.word)
  }
  return [...told]
}

/** Who hears a line, and the room in which it is said; none for a private one. */
type Audible = readonly [to: ConnectionId, room: string]

/** How many answers a user gets whose command is not refused, its talk apart; one if not listed. */
const ANSWERS: Readonly<Partial<Record<Command['name'], number>>> = {
  register: 0,
  leave: 0,
  say: 0,
  sayHere: 0,
  speak: 0,
  shout: 0,
  broadcast: 0,
  tell: 0,
  quit: 2,
  refuseLine: 2,
}

always('10: each asker gets the right answers, each room joined its history', (step) => {
  const command = asked(step)
  if (command === undefined) return
  const heard = heardBy(asker(step), step).filter(
    (event) => !NOTICES.has(event.type) && !isChat(event),
  )
  const histories = heard.filter(({ type }) => command.name === 'join' && type === 'historyListed')
  const joined = heard.filter(({ type }) => type === 'youEntered')
  if (command.name === 'join') assert.equal(histories.length, command.history ? joined.length : 0)
  const answers = heard.length - histories.length
  if (command.name === 'join') assert.equal(answers, command.rooms.length)
  else if (heard.some(isRefusal) && !isFatal(command)) assert.equal(answers, 1)
  else assert.equal(answers, ANSWERS[command.name] ?? 1)
})

always('10: nothing is told twice, but to those who survey all rooms', (step) => {
  const { heard, before } = step
  const told = new Set<string>()
  for (const [id, event] of heard) {
    if (id === asker(step) || before.surveyors.has(id)) continue
    const line = `${id} ${JSON.stringify(event)}`
    assert.ok(!told.has(line), line)
    told.add(line)
  }
})

function isFatal(command: Command): boolean {
  return command.name === 'refuseLine' && command.fatal === true
}

throughout('12: everybody hears the lines of all in the order they were said', (steps) => {
  const last = new Map<ConnectionId, number>()
  for (const [id, event] of steps.flatMap(({ heard }) => heard)) {
    if (event.type !== 'said' && event.type !== 'told') continue
    const number = numberOf(event.message)
    assert.ok(number >= (last.get(id) ?? 0))
    last.set(id, number)
  }
  for (const { history } of steps.flatMap(({ after }) => allRooms(after))) {
    const numbers = history.map(numberOf)
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    )
  }
})

/** The number of the input that a line of chat ends with. */
function numberOf({ text }: Message): number {
  return Number(/\d+$/.exec(text)?.[0])
}

always('13 and 14: a line reaches whom it is for, once each, and nobody else', (step) => {
  const command = asked(step)
  const chat = step.heard.filter(([, event]) => isChat(event))
  const audience = chat.map(([id, event]) => [id, event.type === 'said' ? event.room.word : ''])
  const right = command === undefined ? [] : audienceOf(command, step, asker(step) ?? '')
  assert.deepEqual(audience, right)
})

throughout('15: no line comes before the welcome nor after the goodbye', (steps) => {
  const named = new Set<ConnectionId>()
  for (const { input, heard } of steps) {
    for (const [id, { type }] of heard) {
      if (type === 'welcomed') named.add(id)
      else if (type === 'saidGoodbye') named.delete(id)
      else if (type !== 'refused' && type !== 'closed') {
        const own = input.type === 'command' && input.id === id && type === 'ponged'
        const coming = input.type === 'open' && type === 'nickRequested'
        assert.ok(own || coming || named.has(id), `${id} hears ${type}`)
      }
      if (type === 'closed') named.delete(id)
    }
  }
})

throughout('20: whatever is accepted before the end is answered before the close', (_, inputs) => {
  const id = 'conn-1'
  const at = inputs.at(-1)?.at ?? 0
  const ping: Input = { type: 'command', id, at, command: { name: 'ping', token: 'fence' } }
  const end: Input = { type: 'close', id, at, reason: 'disconnected' }
  const steps = play([...inputs, { ...opening(id, true), at }, ping, end])
  const [full, pinged, ended] = steps.slice(-3).map((step) => heardBy(id, step))
  if (full?.length === 2) return
  assert.deepEqual(pinged, [{ type: 'ponged', token: 'fence' }])
  assert.deepEqual(ended, [{ type: 'closed', reason: 'disconnected' }])
})

always('21: a refused user changes nothing: the very same state', (step) => {
  const command = asked(step)
  if (command === undefined || isFatal(command)) return
  const refusals = heardBy(asker(step), step).filter(isRefusal)
  if (refusals.length < (command.name === 'join' ? command.rooms.length : 1)) return
  assert.equal(step.after, step.before)
  assert.equal(step.heard.length, refusals.length)
})

always('21: an input without effects changes nothing', ({ before, after, effects }) => {
  if (effects.length === 0) assert.equal(after, before)
})

always('23: to enter and to leave again is as if nothing had been', ({ after, input: { at } }) => {
  for (const id of after.users.keys()) {
    for (const name of ['red', 'another', 'General']) {
      const room = findRoom(after, name)
      const leave: Input = { type: 'command', id, at, command: { name: 'leave', room: name } }
      if (room?.members.has(id)) continue
      assert.deepEqual(transition(after, leave), { state: after, effects: [] })
      const makesWay = room === undefined && after.rooms.size >= after.limits.maxRooms
      if (makesWay || room?.keptBy !== undefined) continue
      const enter: Input = { type: 'command', id, at, command: { name: 'enter', room: name } }
      const left = transition(transition(after, enter).state, leave).state
      assert.deepEqual(dump(left), dump(after))
    }
  }
})

always('24: after a tick nobody is a newcomer beyond its time', ({ input, before, after }) => {
  if (input.type !== 'tick') return
  const { registrationTimeout, crowdedTimeout, maxClients } = after.limits
  const crowded = before.newcomers.size + before.users.size > 0.8 * maxClients
  const seconds = crowded ? crowdedTimeout : registrationTimeout
  for (const { since } of after.newcomers.values()) assert.ok(input.at - since < 1000 * seconds)
})

t.test('27: what a third connection sends changes nothing that two others get', (t) => {
  const ours = fc.tuple(fc.constantFrom('conn-1', 'conn-2'), question)
  const badNick = fc.record({
    name: fc.constant('register' as const),
    nick: fc.constantFrom('', 'all', 'ann', 'no nick'),
    manners,
    ifTaken: fc.constantFrom('close' as const, 'ask-again' as const),
  })
  const nowhere = fc.constantFrom<Command>(
    { name: 'say', room: 'red', text: '' },
    { name: 'tell', nick: 'nobody', text: '' },
    { name: 'create', room: 'General', as: 'founder' },
    { name: 'enter', room: '' },
    { name: 'join', rooms: ['red', 'General'] },
    { name: 'leave', room: 'red' },
    { name: 'part', room: 'red' },
    { name: 'switchRoom', room: 'red' },
    { name: 'shout', text: 'red hi' },
    { name: 'broadcast', rooms: ['General', 'red'], text: '' },
  )
  const garbage = fc.tuple(fc.constant('conn-3'), fc.oneof(badNick, question, nowhere))
  const life = fc.array(fc.oneof(ours, garbage, fc.tuple(fc.constant('conn-1'), nowhere)))
  const property = fc.property(life, fc.boolean(), (lines, named) => {
    const hear = (asked: readonly (readonly [string, Command])[]): readonly unknown[] =>
      play([...threeArrive(named), ...asked.map(([id, command]) => asking(id, command))], {})
        .flatMap(({ heard }) => heard)
        .filter(([id]) => id !== 'conn-3')
        .map(([id, event]) => [id, 'outlook' in event ? { ...event, outlook: id } : event])
    assert.deepEqual(hear(lines), hear(lines.filter(([id]) => id !== 'conn-3')))
  })
  fc.assert(property, { numRuns: RUNS })
  t.end()
})

function asking(id: ConnectionId, command: Command): Input {
  return { type: 'command', id, command, at: 0 }
}

/** ann and bob are online and have spoken; the third connection has a nickname or not. */
function threeArrive(named: boolean): readonly Input[] {
  return ['ann', 'bob', 'cy'].flatMap((nick, i): readonly Input[] => {
    const id = `conn-${i + 1}`
    const open: Input = { ...opening(id, false), at: 0 }
    if (nick === 'cy' && !named) return [open]
    const register = asking(id, { name: 'register', nick, manners: MANNERS })
    return [open, register, asking(id, { name: 'say', room: 'General', text: `I am ${nick}` })]
  })
}

throughout(
  '28: the same inputs have the same effects, and old states stay true',
  (steps, inputs) => {
    let state = frozen(initialState({ limits: LIMITS, motd: ['be kind'] }))
    const dumps = steps.map(({ before }) => dump(before))
    for (const [i, step] of steps.entries()) {
      const { state: next, effects } = transition(state, frozen(inputs[i] ?? step.input))
      assert.deepEqual(hearings(effects).map(plain), step.heard.map(plain))
      assert.deepEqual(dump(state), dumps[i])
      state = frozen(next)
      assert.deepEqual(dump(state), dump(step.after))
    }
  },
)

/** What somebody heard, as plain data. */
function plain([id, event]: Hearing): unknown {
  return [id, 'outlook' in event ? { ...event, outlook: dump(event.outlook.house) } : event]
}

/** Freezes what is plain in a value, whatever collections it lies in. */
function frozen<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  if (Symbol.iterator in value && !Array.isArray(value)) {
    for (const item of value as Iterable<unknown>) frozen(item)
    return value
  }
  for (const item of Object.values(value)) frozen(item)
  return Object.freeze(value)
}

throughout(
  '29: after a stop there is one goodbye each, and nobody comes any more',
  (steps, inputs) => {
    const last = steps.at(-1)?.after ?? initialState()
    const stopped = transition(last, { type: 'stop', at: 0 })
    const ids = [...last.newcomers.keys(), ...last.users.keys()]
    assert.deepEqual(
      hearings(stopped.effects).map(([id, { type }]) => [id, type]),
      ids.flatMap((id) => [
        [id, 'refused'],
        [id, 'closed'],
      ]),
    )
    const { limits, motd } = stopped.state
    assert.deepEqual(
      dump(stopped.state),
      dump({ ...initialState({ limits, motd }), stopping: true }),
    )
    for (const input of inputs) {
      const { state, effects } = transition(stopped.state, input)
      assert.equal(state, stopped.state)
      assert.equal(effects.length, input.type === 'open' ? 2 : 0)
    }
  },
)

t.test('30: no text in any place makes it throw', (t) => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'NaN', 'null'),
  )
  const command = fc.oneof(
    ...COMMANDS_OF_TEXT.map((commandOf) => fc.tuple(text, text).map(([a, b]) => commandOf(a, b))),
  )
  const property = fc.property(fc.array(command), (commands) => {
    const lines = commands.map((command) => asking('conn-1', command))
    assert.doesNotThrow(() => play([...threeArrive(true), ...lines]))
  })
  fc.assert(property, { numRuns: RUNS })
  t.end()
})
