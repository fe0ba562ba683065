// Faults of the whole program, row by row of docs/faults.md: it is stopped in a burst and started
// again, its clock jumps, it stands still. Each needs a process of its own.

import { networkInterfaces } from 'node:os'
import t, { type Test } from 'tap'
import { Client } from '../support/client.js'
import { PROGRAM } from '../support/program.js'
import { run, type Running } from '../support/running.js'
import { testWith } from '../support/tools.js'

const ANY = 'line://127.0.0.1:0'
const SPEAKERS = ['ann', 'ben', 'cat', 'dan', 'eve', 'fay', 'gus', 'hal']
/** Lines that each of them says, far more than are said before the end. */
const MUCH = 3000

/** For clients that the test's own process may keep waiting. */
const PATIENT = ['--send-queue-bytes', '1000000000', '--stop-timeout', '60']

/** Test beside others: each waits for processes most of the time. */
const test = (name: string, body: (t: Test) => Promise<void>): void => {
  t.test(name, { buffered: true }, body)
}

t.jobs = 3

/** Starts the program, after what `fault` does within its process. */
function start(t: Test, args: readonly string[], fault = ''): Running {
  const imports = ['--import', `data:text/javascript,${encodeURIComponent(fault)}`]
  return run(t, process.execPath, [...imports, PROGRAM, ...args])
}

async function urlOf(running: Running): Promise<string> {
  const [, url = ''] = await running.printed(/^listening on (\S+)\n/m)
  return url
}

/** Whether the lines of one speaker, from the first that was heard, are whole and without a gap. */
function isWhole(lines: readonly string[], speaker: string): boolean {
  const heard = lines.filter((line) => line.startsWith(`${speaker}: `))
  const [first = ''] = heard
  const begin = Number(/\d+/.exec(first)?.[0])
  return heard.every((line, n) => line === `${speaker}: ${textOf(begin + n)}`)
}

function textOf(number: number): string {
  return `${number} `.padEnd(200, 'x')
}

test('F-16 F-32: a stop in a burst tears no line, and another server may begin at once', async (t) => {
  const program = start(t, ['--listen', ANY, ...PATIENT])
  const url = await urlOf(program)
  const speakers = await Promise.all(SPEAKERS.map(() => Client.to(url)))
  const lines = Array.from({ length: MUCH }, (_, n) => textOf(n))
  for (const [n, nick] of SPEAKERS.entries()) speakers[n]?.say(nick, ...lines)
  // The burst has begun for everybody.
  await Promise.all(speakers.map((speaker) => speaker.line()))
  program.child.kill('SIGTERM')
  for (const speaker of speakers) {
    const heard = await speaker.rest()
    t.match(heard.at(-1), /^!error shutting-down \S.*\.$/)
    t.ok(
      SPEAKERS.every((nick) => isWhole(heard, nick)),
      'every line is whole, and none is missing between',
    )
    t.equal(heard.filter((line) => !/^\w+: \d+ x+$/.test(line)).length, 1, 'and there is no other')
  }
  t.same(await program.ended(), { code: 0, signal: null })

  await urlOf(start(t, ['--listen', url]))
  const again = await Client.named(url, 'ann')
  t.same(await again.fence(), [])
})

/** At each signal the next of: an hour forth, two hours back, a loop that stands still. */
const TIME_GOES_WRONG = `
  const now = Date.now
  let shift = 0
  Date.now = () => now() + shift
  const faults = [
    () => (shift = 3600_000),
    () => (shift = -3600_000),
    () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 3000),
  ]
  process.on('SIGUSR2', () => faults.shift()())
`

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((network) => network?.address === '::1')

test('F-30 F-35 F-42: time that jumps or stands still', async (t) => {
  const place = hasIpv6 ? 'line://[::]:0' : ANY
  const limits = ['--registration-timeout', '2', '--idle-minutes', '1']
  const program = start(t, ['--listen', place, ...limits], TIME_GOES_WRONG)
  const url = (await urlOf(program)).replace('[::]', '127.0.0.1')
  const [alice, bob] = [await Client.named(url, 'alice'), await Client.named(url, 'bob')]
  await program.printed(
    new RegExp(`alice is online \\(127\\.0\\.0\\.1:${alice.port}\\) by line\\n`),
  )

  for (const hours of [1, -1]) {
    const silent = await Client.to(url)
    program.child.kill('SIGUSR2')
    t.match(await silent.rest(), [/^!error registration-timeout /], `as ever after ${hours} h`)
    bob.say(`${hours}`)
    t.same(await bob.fence(), [], 'and nobody was idle')
    alice.say('!history General 1')
    const [said, remembered = ''] = await alice.fence()
    t.equal(said, `bob: ${hours}`)
    const at = Date.parse(/\S+Z/.exec(remembered)?.[0] ?? '')
    t.equal(Math.round((at - Date.now()) / 3_600_000), hours, 'the time of day is what it is')
  }

  const late = await Client.to(url)
  await alice.fence()
  program.child.kill('SIGUSR2')
  late.say('late')
  t.same(await late.fence(), [], 'what came while it stood still is no later than it was sent')
  await program.printed(/^warning: nobody was served for \d+\.\d s: the process was stopped, /m)
  t.same(await program.stop(), { code: 0, signal: null })
})

const URGENT = `
import socket, sys
peer = socket.create_connection(("127.0.0.1", int(sys.argv[1])))
peer.sendall(b"alice\\r\\nhel")
peer.send(b"!", socket.MSG_OOB)
peer.sendall(b"lo\\r\\n!ping urgent\\r\\n")
print(peer.makefile().readline().strip())
`

testWith(t, ['python3'], 'I-51: an urgent byte is not in the line', async (t) => {
  const program = start(t, ['--listen', ANY])
  const url = await urlOf(program)
  const bob = await Client.named(url, 'bob')
  const alice = run(t, 'python3', ['-c', URGENT, new URL(url).port])
  await alice.ended()
  t.equal(alice.stdout, '!pong urgent\n')
  t.same(await bob.fence(), ['alice: hello'])
})
