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
  type Room,
  type State,
} from '../lib/core/index.js'
import { MANNERS, dump, hearings, type Heard, type Hearing } from './support/house.js'
import { LIMITS, RUNS, manners, play, question, traces, type Step } from './support/traces.js'

const COMMANDS_OF_TEXT: readonly ((a: string, b: string) => Command)[] = [
  (room) => ({ name: 'enter', room }),
  (room) => ({ name: 'create', room }),
  (room) => ({ name: 'leave', room }),
  (room) => ({ name: 'members', room }),
  (room) => ({ name: 'history', room }),
  (room, text) => ({ name: 'say', room, text, stamp: text }),
  (nick, text) => ({ name: 'tell', nick, text }),
  (topic) => ({ name: 'help', topic }),
  (nick) => ({ name: 'register', nick, manners: MANNERS }),
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

function roomsOf(state: State): readonly Room[] {
  return [state.lobby, ...state.rooms.values()]
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
  for (const { members } of roomsOf(after)) {
    for (const id of members) assert.ok(after.users.has(id))
  }
  for (const id of after.newcomers.keys()) assert.ok(!after.users.has(id))
})

always('4: a room has a member or is kept', ({ after }) => {
  for (const { members, kept } of after.rooms.values()) {
    assert.ok(members.size > 0 || kept !== undefined)
    if (kept !== undefined) assert.equal(kept.emptySince === undefined, members.size > 0)
  }
})

always('5: members and rooms are the same relation read from both sides', ({ after }) => {
  for (const user of after.users.values()) {
    const inside = [...after.rooms.values()].filter((room) => room.members.has(user.id))
    assert.deepEqual(new Set(user.rooms), new Set(inside.map(({ key }) => key)))
    assert.equal(new Set(user.rooms).size, user.rooms.length)
  }
})

always('5: watchers are the members, and the users, who want notices', ({ after }) => {
  const want = (id: ConnectionId): boolean => after.users.get(id)?.manners.notices === true
  const everybody = [...after.users.keys()]
  assert.deepEqual(new Set(after.watchers), new Set(everybody.filter(want)))
  for (const { members, watchers } of roomsOf(after)) {
    assert.deepEqual(new Set(watchers), new Set([...members].filter(want)))
  }
})

always('6: every limit holds', ({ after }) => {
  const { limits, newcomers, users, rooms } = after
  assert.ok(newcomers.size + users.size <= limits.maxClients)
  assert.ok(newcomers.count(({ exempt }) => !exempt) <= limits.maxNewcomers)
  assert.ok(rooms.size <= limits.maxRooms)
  for (const user of users.values()) assert.ok(user.rooms.length <= limits.roomsPerUser)
  for (const { failures } of newcomers.values()) assert.ok(failures < limits.registrationFailures)
  for (const { history } of roomsOf(after)) assert.ok(history.length <= limits.historyLength)
  const makers = [...rooms.values()].flatMap(({ kept }) => kept?.by ?? [])
  for (const maker of makers) {
    assert.ok(makers.filter((by) => by === maker).length <= limits.keptRoomsPerUser)
  }
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
    for (const { key, name, members } of before.rooms.values()) {
      if (!members.has(id)) continue
      const watchers = after.rooms.get(key)?.watchers ?? after.watchers
      const told = heard.filter(
        ([, event]) => (event.type === 'left' || event.type === 'roomGone') && event.room === name,
      )
      assert.deepEqual(
        told.map(([to]) => to),
        [...watchers],
      )
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

/** How many answers a user gets who does not watch and whose command is not refused. */
function answersTo(command: Command, step: Step): number {
  const { name } = command
  if (name === 'say') return step.before.users.get(asker(step) ?? '')?.manners.echo === true ? 1 : 0
  if (name === 'tell') {
    return step.before.nicks.get(fold(command.nick)) === asker(step) ? 1 : 0
  }
  if (name === 'quit') return 2
  return ['register', 'enter', 'create', 'leave'].includes(name) ? 0 : 1
}

always('10: one line is at most one line for each other, and the right answers', (step) => {
  const everybody = new Set(step.heard.map(([id]) => id))
  for (const id of everybody) {
    const events = heardBy(id, step)
    assert.ok(events.filter(isChat).length <= 1)
    if (id === asker(step) || step.before.watchers.has(id)) continue
    assert.ok(events.filter(({ type }) => type !== 'refused' && type !== 'closed').length <= 1)
  }
  const command = asked(step)
  if (command === undefined) return
  const answers = heardBy(asker(step), step).filter(({ type }) => !NOTICES.has(type))
  assert.equal(answers.length, answers.some(isRefusal) ? 1 : answersTo(command, step))
})

throughout('12: everybody hears the lines of all in the order they were said', (steps) => {
  const last = new Map<ConnectionId, number>()
  for (const [id, event] of steps.flatMap(({ heard }) => heard)) {
    if (event.type !== 'said' && event.type !== 'told') continue
    const number = Number(event.message.text)
    assert.ok(number > (last.get(id) ?? -1))
    last.set(id, number)
  }
  for (const { history } of steps.flatMap(({ after }) => roomsOf(after))) {
    const numbers = history.map(({ text }) => Number(text))
    assert.deepEqual(
      numbers,
      [...numbers].sort((a, b) => a - b),
    )
  }
})

always('13 and 14: a line reaches whom it is for, once each, and nobody else', (step) => {
  const command = asked(step)
  const chat = step.heard.filter(([, event]) => isChat(event))
  if (command === undefined || step.heard.some(([, event]) => isRefusal(event))) {
    assert.deepEqual(chat, [])
    return
  }
  const { before } = step
  const sender = before.users.get(asker(step) ?? '')
  const audience = chat.map(([id]) => id)
  if (command.name === 'tell') {
    assert.deepEqual(audience, [before.nicks.get(fold(command.nick))])
  } else if (command.name === 'say') {
    const members = [...(findRoom(before, command.room)?.members ?? [])]
    const expected = members.filter((id) => id !== sender?.id || sender.manners.echo)
    assert.deepEqual(audience, expected)
  } else assert.deepEqual(audience, [])
})

throughout('15: no line comes before the welcome nor after the goodbye', (steps) => {
  const named = new Set<ConnectionId>()
  for (const { input, heard } of steps) {
    for (const [id, { type }] of heard) {
      if (type === 'welcomed') named.add(id)
      else if (type === 'saidGoodbye') named.delete(id)
      else if (type !== 'refused' && type !== 'closed') {
        const own = input.type === 'command' && input.id === id && type === 'ponged'
        assert.ok(own || named.has(id), `${id} hears ${type}`)
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
  const steps = play([...inputs, { type: 'open', id, at, exempt: true }, ping, end])
  const [full, pinged, ended] = steps.slice(-3).map((step) => heardBy(id, step))
  if (full?.length === 2) return
  assert.deepEqual(pinged, [{ type: 'ponged', token: 'fence' }])
  assert.deepEqual(ended, [{ type: 'closed', reason: 'disconnected' }])
})

always('21: a refused user changes nothing: the very same state', (step) => {
  if (asked(step) === undefined || !heardBy(asker(step), step).some(isRefusal)) return
  assert.equal(step.after, step.before)
  assert.equal(step.heard.length, 1)
})

always('21: an input without effects changes nothing, but an opening', (step) => {
  const { input, before, after, effects } = step
  if (effects.length > 0 || input.type === 'open') return
  assert.equal(after, before)
})

always('23: to enter and to leave again is as if nothing had been', ({ after, input: { at } }) => {
  for (const id of after.users.keys()) {
    for (const name of ['red', 'another', 'General']) {
      const room = findRoom(after, name)
      const leave: Input = { type: 'command', id, at, command: { name: 'leave', room: name } }
      if (room?.members.has(id)) continue
      assert.deepEqual(transition(after, leave), { state: after, effects: [] })
      const makesWay = room === undefined && after.rooms.size >= after.limits.maxRooms
      if (makesWay || room?.kept !== undefined) continue
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
  })
  const nowhere = fc.constantFrom<Command>(
    { name: 'say', room: 'red', text: '' },
    { name: 'tell', nick: 'nobody', text: '' },
    { name: 'create', room: 'General' },
    { name: 'enter', room: '' },
    { name: 'leave', room: 'red' },
  )
  const garbage = fc.tuple(fc.constant('conn-3'), fc.oneof(badNick, question, nowhere))
  const life = fc.array(fc.oneof(ours, garbage, fc.tuple(fc.constant('conn-1'), nowhere)))
  const property = fc.property(life, fc.boolean(), (lines, named) => {
    const hear = (asked: readonly (readonly [string, Command])[]): readonly Hearing[] =>
      play([...threeArrive(named), ...asked.map(([id, command]) => asking(id, command))], {})
        .flatMap(({ heard }) => heard)
        .filter(([id]) => id !== 'conn-3')
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
    const open: Input = { type: 'open', id, exempt: false, at: 0 }
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
      assert.deepEqual(hearings(effects), step.heard)
      assert.deepEqual(dump(state), dumps[i])
      state = frozen(next)
      assert.deepEqual(dump(state), dump(step.after))
    }
  },
)

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
    const { newcomers, users, nicks, rooms, watchers, lobby } = stopped.state
    for (const { size } of [newcomers, users, nicks, rooms, watchers, lobby.members]) {
      assert.equal(size, 0)
    }
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
