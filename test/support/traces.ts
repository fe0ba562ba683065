// Random lives of a house: what five connections may do in any order, sensible or not, under
// limits so small that they are met all the time.

import * as fc from 'fast-check'
import {
  initialState,
  transition,
  type Command,
  type ConnectionId,
  type CoreLimits,
  type Effect,
  type IfTaken,
  type Input,
  type State,
} from '../../lib/core/index.js'
import { MANNERS, hearings, type Hearing } from './house.js'

/** How often each property is tried; FUZZ_RUNS sets it. */
export const RUNS = Number(process.env.FUZZ_RUNS ?? 100)

/** The limits of these houses. */
export const LIMITS: Partial<CoreLimits> = {
  maxClients: 5,
  maxNewcomers: 2,
  registrationFailures: 3,
  roomsPerUser: 2,
  maxRooms: 4,
  keptRoomsPerUser: 2,
  historyLength: 2,
}

/** One input and what came of it. */
export interface Step {
  readonly before: State
  readonly input: Input
  readonly after: State
  readonly effects: readonly Effect[]
  readonly heard: readonly Hearing[]
}

/** Feeds the inputs to a new house. */
export function play(inputs: readonly Input[], limits = LIMITS): readonly Step[] {
  let state = initialState({ limits, motd: ['be kind'] })
  return inputs.map((input) => {
    const before = state
    const { state: after, effects } = transition(before, input)
    state = after
    return { before, input, after, effects, heard: hearings(effects) }
  })
}

// No nickname or room name below holds an id, so that an id can be looked for in a whole state.
const IDS = ['conn-1', 'conn-2', 'conn-3', 'conn-4', 'conn-5'] as const
const id = fc.constantFrom(...IDS)
const nick = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('ann', 'ANN', 'bob', 'cy', 'd.e', 'constructor') },
  { weight: 1, arbitrary: fc.constantFrom('all', 'no nick', '') },
)
const room = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('red', 'RED', 'blue', 'Tea: time', 'tea_time') },
  { weight: 2, arbitrary: fc.constantFrom('green', '__proto__', 'general', '', 'a\nb') },
)
const on = fc.boolean()

/** How a user takes part. */
export const manners = fc.record({
  lobby: fc.constantFrom(true, true, false),
  echo: on,
  notices: on,
  tells: fc.constantFrom(true, true, false),
  focus: on,
  survey: fc.constantFrom(true, false, false),
})

function named<Name extends Command['name']>(name: Name): fc.Arbitrary<Name> {
  return fc.constant(name)
}

const text = fc.constant('')
const rooms = fc.array(room, { minLength: 1, maxLength: 3 })
/** Rooms that somebody is often in. */
const inhabited = fc.subarray(['General', 'red', 'RED', 'blue'], { minLength: 1 })
/** What a shout begins with. */
const address = fc
  .array(fc.constantFrom('red', 'RED', 'blue', 'General', 'Tea:', 'tea_time'), { maxLength: 3 })
  .map((words) => words.map((word) => `${word} `).join(''))
const chat: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ name: named('say'), room, text }),
  fc.record({ name: named('say'), room: fc.constant('General'), text }),
  fc.record({ name: named('sayHere'), text }),
  fc.record({ name: named('speak'), text }),
  fc.record({ name: named('shout'), text: address }),
  fc.record({ name: named('broadcast'), rooms: fc.oneof(rooms, inhabited), text }),
  fc.record({ name: named('tell'), nick, text }),
)

const BAD_TEXT = { code: 'bad-text' } as const

/** What changes nothing for others, whoever asks it. */
export const question: fc.Arbitrary<Command> = fc.oneof(
  fc.record({ name: named('echo'), on }),
  fc.record({ name: named('help'), topic: nick }),
  fc.record({ name: named('history'), room, count: fc.nat(3) }),
  fc.record({ name: named('history'), room }),
  fc.record({ name: named('members'), room }),
  fc.record({ name: named('notices'), on }),
  fc.record({ name: named('ping'), token: nick }),
  fc.record({ name: named('refuseLine'), refusal: fc.constant(BAD_TEXT) }),
  fc.record({ name: named('rooms'), scope: fc.constantFrom('all' as const, 'own' as const) }),
  fc.record({ name: named('survey'), purpose: nick }),
  fc.record({ name: named('users') }),
  fc.record({ name: named('version') }),
)

const ifTaken = fc.constantFrom<IfTaken>('close', 'ask-again', 'number')
const makerAs = fc.constantFrom('member' as const, 'founder' as const)
const deed: fc.Arbitrary<Command> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ name: named('register'), nick, manners, ifTaken }) },
  { weight: 6, arbitrary: fc.record({ name: named('enter'), room, kept: on }) },
  { weight: 2, arbitrary: fc.record({ name: named('create'), room, as: makerAs }) },
  { weight: 2, arbitrary: fc.record({ name: named('join'), rooms, history: on }) },
  { weight: 3, arbitrary: fc.record({ name: named('switchRoom'), room }) },
  { weight: 1, arbitrary: fc.record({ name: named('leave'), room }) },
  { weight: 1, arbitrary: fc.record({ name: named('part'), room }) },
  { weight: 1, arbitrary: fc.record({ name: named('partCurrent') }) },
  { weight: 1, arbitrary: fc.record({ name: named('quit') }) },
  { weight: 1, arbitrary: fc.constant({ name: 'refuseLine', refusal: BAD_TEXT, fatal: true }) },
)

const command = fc.oneof(
  { weight: 3, arbitrary: deed },
  { weight: 2, arbitrary: chat },
  { weight: 2, arbitrary: question },
)

/** An input that has no time yet. */
export type Timeless = Input extends infer One
  ? One extends Input
    ? Omit<One, 'at'>
    : never
  : never

/** A connection comes; its number is the last digit of its id. */
export function opening(id: ConnectionId, exempt: boolean): Timeless {
  return { type: 'open', id, exempt, number: Number(id.at(-1)) }
}

const kicked = { code: 'kicked', reason: '' } as const
const happening: fc.Arbitrary<Timeless> = fc.oneof(
  { weight: 60, arbitrary: fc.record({ type: fc.constant('command' as const), id, command }) },
  { weight: 6, arbitrary: fc.tuple(id, on).map(([id, exempt]) => opening(id, exempt)) },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('close' as const),
      id,
      reason: fc.constantFrom('disconnected' as const, 'too-slow' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant('expel' as const),
      id,
      refusal: fc.constant(kicked),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ type: 'announce' as const, text: 'tea' }) },
  { weight: 2, arbitrary: fc.constant({ type: 'tick' as const }) },
)

/** Milliseconds between two inputs: mostly none. */
const pause = fc.oneof(
  { weight: 20, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constantFrom(1, 9_999, 20_000, 60_000) },
)

const arrivals: readonly (readonly [Timeless, number])[] = ['ann', 'bob', 'cy'].flatMap(
  (nick, i): (readonly [Timeless, number])[] => {
    const id = IDS[i] ?? ''
    const manners = { ...MANNERS, notices: i !== 1, survey: i === 1, focus: i === 2 }
    return [
      [opening(id, false), 0],
      [{ type: 'command', id, command: { name: 'register', nick, manners } }, 0],
    ]
  },
)

/** They go into rooms, so that two share one and one is in two. */
const gatherings: readonly (readonly [Timeless, number])[] = [
  ['conn-1', 'red'],
  ['conn-2', 'red'],
  ['conn-2', 'blue'],
  ['conn-3', 'blue'],
].map(([id = '', room = '']) => [{ type: 'command', id, command: { name: 'enter', room } }, 0])

const beginning = fc.constantFrom([...arrivals, ...gatherings], arrivals, arrivals, [])

/** A life: three users to begin with, in rooms or not, or nobody; then anything. Each line of chat holds its number in it. */
export const traces: fc.Arbitrary<readonly Input[]> = fc
  .tuple(beginning, fc.array(fc.tuple(happening, pause), { maxLength: 60, size: 'max' }))
  .map(([first, then]) => timed([...first, ...then]))

/** Puts the inputs on a clock, and each one's number into its text. */
function timed(steps: readonly (readonly [Timeless, number])[]): readonly Input[] {
  let at = 0
  return steps.map(([input, pause], number): Input => {
    at += pause
    if (input.type !== 'command') return { ...input, at }
    const { command } = input
    const spoken = 'text' in command ? { ...command, text: command.text + String(number) } : command
    return { ...input, command: spoken, at }
  })
}
