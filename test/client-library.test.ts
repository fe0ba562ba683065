// The client for programs at all dialects, and `--raw`, against servers in the same process.

import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import t, { type Test } from 'tap'
import { carryRaw, type RawOptions } from '../lib/client/raw.js'
import { readTarget } from '../lib/client/place.js'
import { ChatError, DIALECTS, connect, type Chat, type Heard, type Said } from '../lib/index.js'
import { Client } from './support/client.js'
import { serve } from './support/hosting.js'
import { rogueServer } from './support/rogue.js'

/** The next thing said to a program. */
async function nextSaid(chat: Chat): Promise<Said> {
  return await new Promise((resolve) => chat.once('said', resolve))
}

t.test('two programs at line', async (t) => {
  const { url } = await serve(t)
  const ann = await connect(url, { nick: 'ann' })
  const bob = await connect(url, { nick: 'Bob' })
  t.equal(bob.nick, 'Bob')
  const said = nextSaid(ann)
  await bob.say('hello')
  t.match(await said, { from: 'Bob', text: 'hello' })
  const told = nextSaid(ann)
  await bob.tell('ANN', 'psst')
  t.match(await told, { from: 'Bob', text: 'psst', private: true })
  await Promise.all([ann.enter('tea'), bob.enter('tea')])
  // Nothing answers an entry; the answer to what follows it says that it is done.
  await Promise.all([ann.users(), bob.users()])
  t.strictSame(await Promise.all([ann.users(), ann.rooms(), ann.members('tea')]), [
    ['ann', 'Bob'],
    ['tea'],
    ['ann', 'Bob'],
  ])
  const posted = nextSaid(ann)
  await bob.post('tea', '!quit')
  t.match(await posted, { from: 'Bob', text: '!quit', room: 'tea' })
  await bob.leave('tea')
  t.strictSame(await bob.members('tea'), ['ann'])

  const heard: Heard[] = []
  ann.on('heard', (one) => heard.push(one))
  await t.rejects(ann.members('nowhere'), { name: 'ChatError', code: 'unknown-room' })
  await ann.leave('nowhere')
  await t.rejects(ann.members('nowhere'), { code: 'unknown-room' }, 'nothing answers a leave')
  await ann.enter('den')
  await ann.leave('den')
  await t.rejects(ann.members('den'), { code: 'unknown-room' }, 'nor an entry with this')
  await t.rejects(ann.tell('two words', 'x'), { code: undefined, message: /is no name/ })
  const problem = once(ann, 'problem')
  await ann.tell('zoe', 'x')
  t.match(await problem, [{ code: 'unknown-nick', wish: { type: 'tell', nick: 'zoe' } }])
  t.strictSame(
    heard.map(({ type }) => type),
    ['problem', 'problem', 'problem', 'problem', 'problem'],
  )

  await bob.close()
  t.equal(await bob.over, '')
  await t.rejects(bob.say('x'), { message: 'The conversation is over.' })
  const closed = once(ann, 'closed')
  const question = ann.users()
  ann.giveUp('enough')
  await t.rejects(question, ChatError)
  t.strictSame(await closed, [''])
})

t.test('arguments that do not fit', async (t) => {
  const rows: readonly (readonly [
    args: readonly unknown[],
    why: { name: string; message: RegExp },
  ])[] = [
    [[], { name: 'TypeError', message: /^connect needs a URL/ }],
    [['8888'], { name: 'TypeError', message: /^connect needs a nickname/ }],
    [['8888', { nick: 7 }], { name: 'TypeError', message: /^connect needs a nickname/ }],
    [['8888', { nick: 'a', motd: 1 }], { name: 'TypeError', message: /no option motd, only nick/ }],
    [['8888', { nick: 'a', patience: '9' }], { name: 'RangeError', message: /^patience is a/ }],
  ]
  for (const [args, why] of rows) {
    // As a program in JavaScript may call it.
    const call = Reflect.apply(connect, undefined, args) as Promise<unknown>
    await t.rejects(call, why)
  }
  const { url } = await serve(t)
  const ann = await connect(url, { nick: 'ann' })
  const wishes: readonly (readonly [
    method: 'say' | 'tell' | 'members',
    args: readonly unknown[],
    message: string,
  ])[] = [
    ['say', [5], 'say needs its text as a string'],
    ['tell', ['ann'], 'tell needs its text as a string'],
    ['members', [], 'members needs its room as a string'],
  ]
  for (const [method, args, message] of wishes) {
    const call = Reflect.apply(ann[method].bind(ann), undefined, args) as Promise<unknown>
    await t.rejects(call, { name: 'TypeError', message })
  }
  await ann.close()
})

t.test('what is said at once is heard', async (t) => {
  const { url } = await serve(t, { motd: ['Welcome.'] })
  const ann = await connect(url, { nick: 'ann' })
  const [motd] = (await once(ann, 'heard')) as unknown[]
  t.match(motd, { shown: ['!motd Welcome.'] })
  await ann.close()
})

t.test('why there is no conversation', async (t) => {
  const { url } = await serve(t)
  await connect(url, { nick: 'ann' })
  await t.rejects(connect(url, { nick: 'Ann' }), { code: 'nick-in-use' })
  await t.rejects(connect(url, { nick: 'a b' }), { code: 'bad-nick' })
  await t.rejects(connect(url, { nick: 'eve\r\n!quit' }), {
    name: 'ChatError',
    message: /^A nickname has no line breaks/,
  })
  await t.rejects(connect('irc://x', { nick: 'a' }), { message: /^there is no dialect 'irc'/ })
  await t.rejects(connect('127.0.0.1:1', { nick: 'a' }), { message: /^Cannot connect to / })
  const silent = await rogueServer('hangs')
  t.teardown(() => silent.close())
  const { port } = silent.address
  await t.rejects(connect(String(port), { nick: 'a', patience: 100 }), {
    message: 'The nickname did not stand in time.',
  })
})

t.test('all dialects', async (t) => {
  const { server, url } = await serve(t)
  const bob = await Client.named(url, 'bob')
  for (const dialect of DIALECTS.keys()) {
    const chat = await connect(await server.listen(`${dialect}://127.0.0.1:0`), { nick: dialect })
    await chat.enter(`from-${dialect}`)
    await chat.post(`from-${dialect}`, 'hello')
    const rooms = await chat.rooms()
    t.ok(rooms.includes(`from-${dialect}`), dialect)
    t.ok((await chat.users()).includes('bob'))
    await chat.close()
    bob.say(`!members from-${dialect}`)
    await bob.line()
  }
})

interface Carried {
  readonly input: PassThrough
  printed(): string
  notes(): string
  readonly outcome: Promise<string>
}

function carry(t: Test, url: string, options: Partial<RawOptions> = {}): Carried {
  const target = readTarget(url, DIALECTS)
  if ('problem' in target) throw new Error(target.problem)
  const [input, output, notes] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const chunks: Buffer[] = []
  output.on('data', (bytes: Buffer) => chunks.push(bytes))
  let told = ''
  notes.on('data', (bytes: Buffer) => (told += bytes.toString()))
  const over = new AbortController()
  t.teardown(() => {
    over.abort()
  })
  const usual = { place: target.place, timeout: undefined, trace: undefined, isSeen: false }
  const outcome = carryRaw({ ...usual, ...options }, { input, output, notes }, over.signal)
  return {
    input,
    printed: () => Buffer.concat(chunks).toString('latin1'),
    notes: () => told,
    outcome,
  }
}

t.test('raw', async (t) => {
  const { url } = await serve(t)
  const ann = carry(t, url, { trace: { hex: false, rulers: true } })
  ann.input.end('ann\n!users\n')
  t.equal(await ann.outcome, 'done')
  t.equal(ann.printed(), 'ann\r\n')
  t.match(ann.notes(), /^-> write 1: 13 bytes\n/)
  const rogue = await rogueServer('prints binary')
  t.teardown(() => rogue.close())
  const place = `127.0.0.1:${rogue.address.port}`
  // Each byte comes back with all bits turned over: as ESC, U+009B, CR, CR LF.
  const sent = Buffer.from([0x1b, 0xc2, 0x9b, 0x0d, 0x41, 0x0d, 0x0a].map((byte) => byte ^ 0xff))
  const seen = carry(t, place, { isSeen: true })
  seen.input.end(sent)
  t.equal(await seen.outcome, 'done')
  t.equal(seen.printed(), '^[M-^[^MA\r\n')
  const late = carry(t, place, { timeout: 50 })
  t.equal(await late.outcome, 'unmet')
  t.match(late.notes(), /^It was not over within 0\.05 seconds\.$/m)
  const nowhere = carry(t, '127.0.0.1:1')
  t.equal(await nowhere.outcome, 'unreachable')
  const reader = carry(t, place)
  reader.input.write('x')
  reader.input.destroy()
})
