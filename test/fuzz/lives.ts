// Invariants of change: what changes nothing, what undoes itself, what is the same twice, and how
// it all ends.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import {
  findRoom,
  initialState,
  transition,
  type Command,
  type ConnectionId,
  type Input,
} from '../../lib/core/index.js'
import { MANNERS, dump, hearings, type Hearing } from '../support/house.js'
import { LIMITS, manners, opening, play, question } from '../support/traces.js'
import { always, invariant, throughout, type Invariant } from './invariant.js'
import { asked, asker, heardBy, isFatal, isRefusal } from './steps.js'
import { storyOf } from './story.js'

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

const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', 'NaN', 'null'),
)
const ofText = COMMANDS_OF_TEXT.map((commandOf) =>
  fc.tuple(text, text).map(([a, b]) => commandOf(a, b)),
)

const badNick = fc.record({
  name: fc.constant('register' as const),
  nick: fc.constantFrom('', 'all', 'ann', 'no nick'),
  manners,
  ifTaken: fc.constantFrom('close' as const, 'ask-again' as const),
})
/** What nobody can do who is in no room. */
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
/** Two ask, and the third sends what must be nothing to them. */
const beside: fc.Arbitrary<readonly Input[]> = fc.array(
  fc
    .oneof(
      fc.tuple(fc.constantFrom('conn-1', 'conn-2'), question),
      fc.tuple(fc.constant('conn-3'), fc.oneof(badNick, question, nowhere)),
      fc.tuple(fc.constant('conn-1'), nowhere),
    )
    .map(([id, command]) => asking(id, command)),
)

/** Invariants 21 to 30. */
export const LIVES: readonly Invariant[] = [
  always('21: a refused user changes nothing: the very same state', (step) => {
    const command = asked(step)
    if (command === undefined || isFatal(command)) return
    const refusals = heardBy(asker(step), step).filter(isRefusal)
    if (refusals.length < (command.name === 'join' ? command.rooms.length : 1)) return
    assert.equal(step.after, step.before)
    assert.equal(step.heard.length, refusals.length)
  }),
  always('21: an input without effects changes nothing', ({ before, after, effects }) => {
    if (effects.length === 0) assert.equal(after, before)
  }),
  always(
    '23: to enter and to leave again is as if nothing had been',
    ({ after, input: { at } }) => {
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
    },
    0.25,
  ),
  always('24: after a tick nobody is a newcomer beyond its time', ({ input, before, after }) => {
    if (input.type !== 'tick') return
    const { registrationTimeout, crowdedTimeout, maxClients } = after.limits
    const crowded = before.newcomers.size + before.users.size > 0.8 * maxClients
    const seconds = crowded ? crowdedTimeout : registrationTimeout
    for (const { since } of after.newcomers.values()) assert.ok(input.at - since < 1000 * seconds)
  }),
  invariant(
    '27: what a third connection sends changes nothing that two others get',
    fc.record({ named: fc.boolean(), lines: beside }),
    ({ named, lines }) => {
      const hear = (inputs: readonly Input[]): readonly unknown[] =>
        play([...threeArrive(named), ...inputs], {})
          .flatMap(({ heard }) => heard)
          .filter(([id]) => id !== 'conn-3')
          .map(([id, event]) => [id, 'outlook' in event ? { ...event, outlook: id } : event])
      const without = lines.filter((input) => !('id' in input) || input.id !== 'conn-3')
      assert.deepEqual(hear(lines), hear(without))
    },
    ({ named, lines }) => storyOf([...threeArrive(named), ...lines]),
  ),

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
    0.25,
  ),
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
  ),
  invariant(
    '30: no text in any place makes it throw',
    fc.array(fc.oneof(...ofText)),
    (commands) => {
      assert.doesNotThrow(() => play(afterArrival(commands)))
    },
    (commands) => storyOf(afterArrival(commands)),
  ),
]

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

function afterArrival(commands: readonly Command[]): readonly Input[] {
  return [...threeArrive(true), ...commands.map((command) => asking('conn-1', command))]
}
