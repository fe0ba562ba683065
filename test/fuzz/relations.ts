// Invariants of a state: what its parts say of each other, and how many there are of each.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { clean, fold, type ConnectionId, type Room, type User } from '../../lib/core/index.js'
import { always, invariant, throughout, type Invariant } from './invariant.js'
import { allRooms, asker, heardBy } from './steps.js'
import { storyOfText } from './story.js'

/** Invariants 1 to 6. */
export const RELATIONS: readonly Invariant[] = [
  always('1: nicknames and users are the same relation', ({ after: { nicks, users } }) => {
    assert.equal(nicks.size, users.size)
    for (const [id, user] of users) {
      assert.equal(user.id, id)
      assert.equal(nicks.get(fold(user.nick)), id)
    }
  }),
  invariant(
    '2: folding and cleaning again change nothing',
    fc.string({ unit: 'binary' }),
    (text) => {
      assert.equal(fold(fold(text)), fold(text))
      assert.equal(clean(clean(text)), clean(text))
    },
    storyOfText,
  ),
  always('2: the keys are unique and are the folded names', ({ after }) => {
    for (const [key, room] of after.rooms) {
      assert.equal(room.key, key)
      assert.equal(fold(room.name.word), key)
      assert.notEqual(key, after.lobby.key)
    }
  }),
  always('3: members are users, and nobody is user and newcomer', ({ after }) => {
    for (const { members } of allRooms(after)) {
      for (const id of members) assert.ok(after.users.has(id))
    }
    for (const id of after.newcomers.keys()) assert.ok(!after.users.has(id))
  }),
  always('4: a room has a member or is kept', ({ after }) => {
    for (const { members, keptBy } of after.rooms.values()) {
      assert.ok(members.size > 0 || keptBy !== undefined)
    }
    assert.equal(after.lobby.keptBy, undefined)
  }),
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
  }),
  always('4: a room makes way only in a full table, and only the one empty longest', (step) => {
    const { before, after } = step
    for (const [key, { keptBy }] of before.rooms) {
      if (keptBy === undefined || after.rooms.has(key) || after.stopping) continue
      assert.equal(before.rooms.size, before.limits.maxRooms)
      assert.equal(key, before.emptyKept.first())
    }
  }),
  always('5: members and rooms are the same relation read from both sides', ({ after }) => {
    for (const user of after.users.values()) {
      const inside = [...after.rooms.values()].filter((room) => room.members.has(user.id))
      assert.deepEqual(new Set(user.rooms), new Set(inside.map(({ key }) => key)))
      assert.equal(new Set(user.rooms).size, user.rooms.length)
    }
  }),
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
  }),
  always('5: the current room is the lobby or one that the user is in', ({ after }) => {
    for (const { id, current } of after.users.values()) {
      assert.ok(current === after.lobby.key || after.rooms.get(current)?.members.has(id))
    }
  }),
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
  }),
  always('6: every limit holds', ({ after }) => {
    const { limits, newcomers, users, rooms } = after
    assert.ok(newcomers.size + users.size <= limits.maxClients)
    assert.ok(newcomers.count(({ exempt }) => !exempt) <= limits.maxNewcomers)
    assert.ok(rooms.size <= limits.maxRooms)
    for (const user of users.values()) assert.ok(user.rooms.length <= limits.roomsPerUser)
    for (const { failures } of newcomers.values()) assert.ok(failures < limits.registrationFailures)
    for (const { history } of allRooms(after)) assert.ok(history.length <= limits.historyLength)
    for (const count of after.keptCounts.values()) assert.ok(count <= limits.keptRoomsPerUser)
  }),
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
  }),
]

/** Whether this user hears what is said in a room that he is in. */
function hears({ manners, current }: User, { key }: Room): boolean {
  return !manners.focus || current === key
}
