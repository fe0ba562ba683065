// Who passes the tutorial's stages: the teaching servers, Partyline itself, and servers as students
// write them; and that a teaching server stays well whatever one client does.

import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { readCourse, type Course } from '../lib/check/course.js'
import { grade, type Result } from '../lib/check/grade.js'
import type { Ground } from '../lib/check/ground.js'
import { Watch } from '../lib/check/idle.js'
import { launch } from '../lib/check/launch.js'
import { readTranscripts } from '../lib/check/read.js'
import { resultText } from '../lib/check/report/console.js'
import type { TeachingOptions } from '../lib/teach/index.js'
import { lessonsGround, partylineGround, startLessons, type Lessons } from './support/classroom.js'
import { runProgram, startProgram } from './support/program.js'
import { testWith } from './support/tools.js'

const LOOK = { hints: 0, place: 'localhost 8888', colour: false }
const CHAT = ['nick', 'private', 'users', 'rooms', 'robust', 'scripting']

function stages(...names: readonly string[]): Course {
  const course = readCourse({ folder: 'spec/tutorial', stages: names })
  if ('problems' in course) throw new Error(course.problems.join('\n'))
  return course
}

async function play(
  course: Course,
  ground: Ground,
  {
    wirings = ['crlf', 'bytewise', 'merged', 'lf'],
    abilities = [] as readonly string[],
    jobs = 12,
  } = {},
): Promise<readonly Result[]> {
  const { results } = await grade(course, ground, {
    patience: { answer: 5000, quiet: 100 },
    signal: new AbortController().signal,
    told: () => undefined,
    jobs,
    abilities,
    wirings,
  })
  return results
}

/** What is not as it should be, in words. */
function complaints(results: readonly Result[]): readonly string[] {
  return results
    .filter(({ grade: judged }) => judged !== 'passed' && judged !== 'skipped')
    .flatMap((result) => resultText(result, LOOK))
}

/** What is not as it should be, as name and mistake. */
function mistakes(results: readonly Result[]): Readonly<Record<string, string | undefined>> {
  const wrong = results.filter(({ grade: judged }) => ['failed', 'not strict'].includes(judged))
  return Object.fromEntries(
    wrong.map(({ transcript, diagnosis }) => [transcript.id, diagnosis?.mistake?.id]),
  )
}

t.jobs = 3

t.test('the teaching servers pass their stages', { buffered: true }, async (t) => {
  const rows: readonly (readonly [string, Partial<TeachingOptions>, readonly string[]])[] = [
    ['echo', {}, ['echo']],
    ['echo', { closeAfterLine: true }, ['echo']],
    ['upper', {}, ['echo', 'upper', 'lines']],
    ['upper', { closeAfterLine: true }, ['echo', 'upper']],
    ['relay', {}, ['relay']],
    ['chat', {}, CHAT],
  ]
  for (const [name, options, names] of rows) {
    const results = await play(stages(...names), lessonsGround(name, options))
    t.strictSame(complaints(results), [], `${name} ${JSON.stringify(options)}`)
  }
})

t.test('and not those of others', { buffered: true }, async (t) => {
  const relay = await play(stages('nick'), lessonsGround('relay'), { wirings: ['crlf'] })
  t.equal(relay.find(({ transcript }) => transcript.id === 'nick-prefix')?.grade, 'failed')
  const close = await play(stages('lines'), lessonsGround('upper', { closeAfterLine: true }))
  t.equal(close.find(({ transcript }) => transcript.id === 'line-conversation')?.grade, 'failed')
  t.equal(close.find(({ transcript }) => transcript.id === 'line-pieces')?.grade, 'passed')
})

t.test('Partyline passes every stage of a chat server', { buffered: true }, async (t) => {
  const results = await play(stages(...CHAT), partylineGround())
  t.strictSame(complaints(results), [])
  const skipped = results.filter(({ grade: judged }) => judged === 'skipped')
  t.strictSame(
    skipped.map(({ transcript }) => transcript.id),
    ['robust-silent'],
    'but for what takes half a minute',
  )
})

t.test('silence is a mistake of one server only', { buffered: true }, async (t) => {
  const block = ['with alice', 'idle 4s', 'alice > #alice hi', 'alice <~ {any}hi']
  const text = ['# Silence', '```chat id=silent', 'needs: time', '', ...block, '```'].join('\n')
  const tasks = readTranscripts(text, 'silence.md').map((transcript) => ({
    transcript,
    stage: 'robust',
    points: 1,
  }))
  const course = { name: 'Silence', tasks }
  const wrong = lessonsGround('chat', { mistake: 'idle-timeout' })
  const [bad, good] = await Promise.all([
    play(course, wrong, { abilities: ['time'] }),
    play(course, lessonsGround('chat'), { abilities: ['time'] }),
  ])
  t.strictSame(mistakes(bad), { silent: 'idle-timeout' })
  t.strictSame(complaints(good), [])
})

/** A student's server, started once for all transcripts: to start it takes longer than to play. */
async function student(t: Test, line: string): Promise<Ground> {
  const start = await launch({ line, patience: 20_000 })
  if (start.type === 'failed') throw new Error([start.problem, ...start.output].join('\n'))
  const { server } = start
  t.teardown(() => server.end())
  return {
    shared: false,
    name: line,
    enter: () =>
      Promise.resolve({
        address: server.address,
        watch: new Watch(server.address.port),
        death: () => server.death,
        output: () => server.lastOutput,
        leave: () => Promise.resolve(),
      }),
  }
}

testWith(t, ['python3'], "a student's server in Python is right", async (t) => {
  const ground = await student(t, 'python3 test/fixtures/students/chat.py {port}')
  const results = await play(stages('nick', 'private', 'users'), ground, {
    wirings: ['crlf', 'bytewise'],
    jobs: 1,
  })
  t.strictSame(complaints(results), [])
})

testWith(t, ['cc'], "a student's server in C loses lines", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'partyline-student-'))
  t.teardown(() => {
    rmSync(folder, { recursive: true })
  })
  const program = join(folder, 'chat')
  const { status, stderr } = spawnSync('cc', ['-o', program, 'test/fixtures/students/chat.c'])
  t.equal(status, 0, `it compiles ${stderr.toString()}`)
  const ground = await student(t, `${program} {port}`)
  const results = await play(stages('nick'), ground, { wirings: ['crlf'], jobs: 1 })
  const [first, ...others] = Object.entries(mistakes(results))
  t.strictSame(first, ['nick-several', 'second-line-lost'])
  t.strictSame(
    others.map(([id]) => id),
    ['nick-one-and-a-half', 'nick-twice-case'],
  )
})

testWith(t, ['socat', 'bash'], "a student's server in shell loses spaces", async (t) => {
  const ground = await student(t, 'test/fixtures/students/chat.sh {port}')
  const results = await play(stages('nick'), ground, { wirings: ['crlf'], jobs: 1 })
  t.strictSame(mistakes(results), {
    'nick-twice-case': undefined,
    'nick-text': 'trims-message',
    'nick-text-around': 'trims-message',
  })
})

/** A teaching server, which is closed when the test is over. */
async function lessons(t: Test, name: string): Promise<Lessons> {
  const running = await startLessons(name)
  t.teardown(() => running.close())
  return running
}

/** A connection to a teaching server, which is gone when the test is over. */
async function client(t: Test, port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port })
  socket.on('error', () => undefined)
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  return socket
}

/** Waits until a client has received a text, line ends included. */
async function heard(socket: Socket, text: string): Promise<void> {
  let last = ''
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    last = (last + String(chunk)).slice(-text.length)
    if (last === text) return
  }
  throw new Error(`the connection has ended without ${text}`)
}

t.test('one bad client', async (t) => {
  const { address } = await lessons(t, 'relay')
  const [alice, bob, carol] = [
    await client(t, address.port),
    await client(t, address.port),
    await client(t, address.port),
  ]
  const line = `${'x'.repeat(1000)}\r\n`

  bob.pause()
  alice.write(line.repeat(12_000) + 'done\r\n')
  await heard(carol, 'done\r\n')
  t.pass('one who does not read keeps nothing from the others')
  const gone = once(bob, 'close')
  bob.resume()
  await gone
  t.pass('and is cut off')

  const dave = await client(t, address.port)
  const closed = once(dave.resume(), 'end')
  dave.write('x'.repeat(70_000))
  await closed
  t.pass('one whose line never ends is closed')

  const erin = await client(t, address.port)
  erin.write('x'.repeat(3000) + '\r\n\xe9\r\nerin is here\r\n', 'latin1')
  await heard(carol, 'erin is here\r\n')
  t.pass('lines that are too long or no text go to nobody')
  erin.resetAndDestroy()
  alice.write('still here\r\n')
  await heard(carol, 'still here\r\n')
  t.pass('a connection that breaks off harms nobody')
})

t.test('one who reads late gets everything', async (t) => {
  const { address } = await lessons(t, 'echo')
  const alice = await client(t, address.port)
  alice.pause()
  alice.end(`${'x'.repeat(1000)}\r\n`.repeat(8000) + 'done\r\n')
  let bytes = 0
  alice.on('data', (chunk) => (bytes += chunk.length)).resume()
  await once(alice, 'end')
  t.equal(bytes, 8000 * 1002 + 'done\r\n'.length)
})

t.test('telnet is refused as by the chat server', async (t) => {
  const { address } = await lessons(t, 'echo')
  const alice = await client(t, address.port)
  alice.write(Buffer.of(0xff, 0xfd, 0x01))
  const [bytes] = (await once(alice, 'data')) as [Buffer]
  t.strictSame([...bytes], [0xff, 0xfc, 0x01])
})

t.test('a full class', async (t) => {
  const { address } = await lessons(t, 'echo')
  const seats = []
  for (let count = 0; count < 500; count++) seats.push(await client(t, address.port))
  const late = await client(t, address.port)
  await once(late.resume(), 'close')
  seats[0]?.write('still here\r\n')
  if (seats[0] !== undefined) await heard(seats[0], 'still here\r\n')
  t.pass('one too many is cut off, and the others stay')
})

t.test('the program', async (t) => {
  const rows: readonly (readonly [readonly string[], RegExp])[] = [
    [['--mistake', 'all'], /--mistake takes one of forwards-fragments, .*, not 'all'/],
    [
      ['--mistake', 'ghost-nick', '--listen', 'line://127.0.0.1:0'],
      /--mistake is for chat:\/\/: give --listen one of those/,
    ],
    [['--close-after-line'], /--close-after-line is for echo:\/\/ or upper:\/\//],
    [
      ['--listen', 'choir://127.0.0.1'],
      /no dialect 'choir', only line, .*echo, upper, relay, chat/,
    ],
  ]
  for (const [args, message] of rows) {
    const program = runProgram(t, { args })
    t.strictSame(await program.ended(), { code: 2, signal: null }, args.join(' '))
    t.match(program.stderr, message)
  }
  const args = ['--mistake', 'reset-kills-server', '--port', '0']
  const program = await startProgram(t, { args: [...args] })
  t.match(program.stdout, /^listening on chat:\/\/127\.0\.0\.1:\d+\n/)
  const other = runProgram(t, { args: ['--listen', `echo://127.0.0.1:${program.port}`] })
  t.strictSame(await other.ended(), { code: 1, signal: null })
  t.match(other.stderr, /cannot listen on echo:\/\/\S+: the port is in use/)
  const alice = await client(t, program.port)
  alice.write('alice\r\n!users\r\n')
  await once(alice, 'data')
  alice.resetAndDestroy()
  t.strictSame(await program.ended(), { code: 1, signal: null }, 'the mistake ends it')
  t.match(program.stderr, /^partyline: the server with --mistake reset-kills-server: connection/m)
})
