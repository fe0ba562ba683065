// Invariants of what is heard: by whom, in which order, how often, and by whom not.

import * as assert from 'node:assert/strict'
import {
  findRoom,
  fold,
  transition,
  type Command,
  type ConnectionId,
  type Event,
  type Input,
  type Message,
  type Room,
} from '../../lib/core/index.js'
import { dump } from '../support/house.js'
import { opening, play, type Step } from '../support/traces.js'
import { always, throughout, type Invariant } from './invariant.js'
import { allRooms, asked, asker, heardBy, isChat, isFatal, isRefusal } from './steps.js'

const NOTICES: ReadonlySet<string> = new Set<Event['type']>([
  'cameOnline',
  'wentOffline',
  'roomMade',
  'roomGone',
  'entered',
  'left',
  'switched',
])

/** Invariants 7 to 20. */
export const TELLINGS: readonly Invariant[] = [
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
  }),
  throughout('8: only open connections are addressed, and nothing follows a close', (steps) => {
    const open = new Set<ConnectionId>()
    for (const { input, heard } of steps) {
      if (input.type === 'open') open.add(input.id)
      for (const [id, { type }] of heard) {
        assert.ok(open.has(id), `${id} is not open`)
        if (type === 'closed') open.delete(id)
      }
    }
  }),
  always('9: a newcomer hears answers to its own lines and why it is closed, no more', (step) => {
    for (const id of step.before.newcomers.keys()) {
      const events = heardBy(id, step)
      if (asker(step) === id) continue
      const types = events.map(({ type }) => type)
      const itself = step.input.type === 'close' && step.input.id === id
      if (types.length > 0) assert.deepEqual(types, itself ? ['closed'] : ['refused', 'closed'])
    }
  }),
  always('10: each asker gets the right answers, each room joined its history', (step) => {
    const command = asked(step)
    if (command === undefined) return
    const heard = heardBy(asker(step), step).filter(
      (event) => !NOTICES.has(event.type) && !isChat(event),
    )
    const histories = heard.filter(
      ({ type }) => command.name === 'join' && type === 'historyListed',
    )
    const joined = heard.filter(({ type }) => type === 'youEntered')
    if (command.name === 'join') assert.equal(histories.length, command.history ? joined.length : 0)
    const answers = heard.length - histories.length
    if (command.name === 'join') assert.equal(answers, command.rooms.length)
    else if (heard.some(isRefusal) && !isFatal(command)) assert.equal(answers, 1)
    else assert.equal(answers, ANSWERS[command.name] ?? 1)
  }),
  always('10: nothing is told twice, but to those who survey all rooms', (step) => {
    const { heard, before } = step
    const told = new Set<string>()
    for (const [id, event] of heard) {
      if (id === asker(step) || before.surveyors.has(id)) continue
      const line = `${id} ${JSON.stringify(event)}`
      assert.ok(!told.has(line), line)
      told.add(line)
    }
  }),
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
  }),
  always('13 and 14: a line reaches whom it is for, once each, and nobody else', (step) => {
    const command = asked(step)
    const chat = step.heard.filter(([, event]) => isChat(event))
    if (command === undefined || step.heard.some(([, event]) => isRefusal(event))) {
      assert.deepEqual(chat, [])
      return
    }
    const audience = chat.map(([id, event]) => [id, event.type === 'said' ? event.room.word : ''])
    assert.deepEqual(audience, audienceOf(command, step, asker(step) ?? ''))
    const sender = step.before.users.get(asker(step) ?? '')?.nick
    const text = 'text' in command ? command.text : ''
    for (const [, event] of chat) {
      if (event.type !== 'said' && event.type !== 'told') continue
      assert.equal(event.message.from, sender)
      assert.ok(text.endsWith(event.message.text) && event.message.text !== '')
    }
  }),
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
  }),
  throughout(
    '20: whatever is accepted before the end is answered before the close',
    (_, inputs) => {
      const id = 'conn-1'
      const at = inputs.at(-1)?.at ?? 0
      const ping: Input = { type: 'command', id, at, command: { name: 'ping', token: 'fence' } }
      const end: Input = { type: 'close', id, at, reason: 'disconnected' }
      const steps = play([...inputs, { ...opening(id, true), at }, ping, end])
      const [full, pinged, ended] = steps.slice(-3).map((step) => heardBy(id, step))
      if (full?.length === 2) return
      assert.deepEqual(pinged, [{ type: 'ponged', token: 'fence' }])
      assert.deepEqual(ended, [{ type: 'closed', reason: 'disconnected' }])
    },
  ),
]

/** Who hears a line of chat, and in which room, if it is not refused; from the documents, not from the core. */
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
  if (command.name === 'tell') return [[before.nicks.get(fold(command.nick)) ?? '', '']]
  if (command.name === 'say') return listening(find(command.room))
  if (command.name === 'sayHere') return listening(find(user.current))
  if (command.name === 'speak') {
    const rooms = [before.lobby.key, ...user.rooms].flatMap(find)
    return listening(rooms.filter(({ members }) => members.has(id)))
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
  const told = new Map<ConnectionId, string>()
  for (const { members, name } of command.rooms.flatMap(find)) {
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
/** The number of the input that a line of chat ends with. */
function numberOf({ text }: Message): number {
  return Number(/\d+$/.exec(text)?.[0])
}
