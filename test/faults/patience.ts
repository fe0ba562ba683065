// Ordeals that take time: deadlines of their real length, readers that stall or are slow, a server
// that is stopped for a minute. They wait side by side.

import { once } from 'node:events'
import { equal, match, ok } from 'node:assert/strict'
import { Caller } from './caller.js'
import { error, sameLines } from './row.js'
import type { Server } from './scene.js'
import { residentMebibytes, secondsSince, until, type Ordeal, type Stage } from './stage.js'

const SECOND = 1000
const TEXT = 'x'.repeat(2000)
const KIBIBYTE = 1024
/** A newcomer's time by default, in seconds, and how late the server may look at it. */
const REGISTRATION = 60
const STALL = 10
const LATE = 3
/** Somebody who is not read by must wait no longer than this for the log, in seconds. */
const LONG = 90

const deadlines: Ordeal = {
  numbers: 'I-22 I-23 I-24',
  promise: 'a newcomer has 60 seconds, whatever it sends; a user has all the time',
  async play(stage) {
    const { url } = await stage.server()
    const user = await Caller.named(url, 'user')
    const silent = await Caller.to(url)
    const slow = await Caller.to(url)
    const start = performance.now()
    const dripping = setInterval(() => {
      for (const one of [user, slow]) one.send('a')
    }, 5 * SECOND)
    const took = await Promise.all(
      [silent, slow].map(async (one) => {
        await one.closed()
        sameLines(one.take(), [error('registration-timeout')], 'what it is told')
        return secondsSince(start)
      }),
    ).finally(() => {
      clearInterval(dripping)
    })
    for (const seconds of took) ok(seconds > REGISTRATION - 1 && seconds < REGISTRATION + LATE)
    const other = await Caller.named(url, 'other')
    user.send('!\n')
    await user.fence()
    await other.fence()
    const [said = ''] = other.take()
    match(said, /^user: a+!$/)
    return `closed after ${inSeconds(...took)}`
  },
}

const idle: Ordeal = {
  numbers: 'idle',
  promise: 'with --idle-minutes 1 who is silent for a minute is closed, and nobody else',
  async play(stage) {
    const { url } = await stage.server(['--idle-minutes', '1'])
    const [silent, other] = [await Caller.named(url, 'silent'), await Caller.named(url, 'other')]
    const start = performance.now()
    const talking = setInterval(() => {
      other.say('!ping')
    }, 5 * SECOND)
    await silent.closed().finally(() => {
      clearInterval(talking)
    })
    sameLines(silent.take(), [error('idle')], 'what it is told')
    const took = secondsSince(start)
    ok(took > 59 && took < 60 + LATE)
    await other.fence()
    return `closed after ${inSeconds(took)}`
  },
}

/** Has `nick` told lines until the server gives it up, or so many bytes; gives how many that were. */
async function fill(server: Server, nick: string, most = Infinity): Promise<number> {
  const speaker = await Caller.named(server.url, `for${nick}`)
  let bytes = 0
  while (bytes < most && !isGivenUp(server, nick)) {
    speaker.say(`#${nick} ${TEXT}`)
    await speaker.fence()
    bytes += TEXT.length
  }
  await speaker.leave()
  return bytes
}

function isGivenUp({ running }: Server, nick: string): boolean {
  return running.stdout.includes(`${nick} is offline`)
}

/** A client that registers, and is then stopped by a signal, as by Ctrl-Z. */
async function stopped(stage: Stage, { url }: Server, nick: string): Promise<string> {
  const throng = stage.process('throng.js', url, '1', nick)
  await once(throng, 'message')
  throng.kill('SIGSTOP')
  return `${nick}0`
}

const stalled: Ordeal = {
  numbers: 'F-6',
  promise: 'a stopped client is closed when 1 MiB waits for it, or nothing has gone for 10 seconds',
  async play(stage) {
    const server = await stage.server()
    const { stdout } = server.running
    equal(/offline/.test(stdout), false)
    const first = await stopped(stage, server, 'first')
    const most = await fill(server, first)
    match(server.running.stdout, new RegExp(`^${first} is offline .*: too-slow$`, 'm'))
    // Half a mebibyte less waits for this one, so it is time that closes it.
    const second = await stopped(stage, server, 'second')
    await fill(server, second, most - 512 * KIBIBYTE)
    const took = await until(() => isGivenUp(server, second), 'the end of the second', LONG)
    match(server.running.stdout, new RegExp(`^${second} is offline .*: too-slow$`, 'm'))
    ok(took > STALL - LATE && took < STALL + LATE, `after ${took} s`)
    return `after ${(most / KIBIBYTE / KIBIBYTE).toFixed(1)} MiB, kernel included; after ${inSeconds(took)}`
  },
}

const slow: Ordeal = {
  numbers: 'F-7',
  promise:
    'a reader slower than the talk is closed when its queue is full, and nobody waits for it',
  async play(stage) {
    const server = await stage.server()
    const reader = await Caller.named(server.url, 'reader')
    const { socket } = reader.client
    socket.pause()
    const reading = setInterval(() => {
      socket.read(KIBIBYTE)
    }, SECOND)
    const start = performance.now()
    const bytes = await fill(server, 'reader').finally(() => {
      clearInterval(reading)
    })
    socket.destroy()
    match(server.running.stdout, /^reader is offline .*: too-slow$/m)
    return `closed after ${(bytes / KIBIBYTE / KIBIBYTE).toFixed(1)} MiB and ${inSeconds(secondsSince(start))}`
  },
}

const suspended: Ordeal = {
  numbers: 'F-31',
  promise: 'after a stop of 65 seconds nobody is late for what lay in the kernel',
  async play(stage) {
    const { url, running } = await stage.quietServer()
    const user = await Caller.named(url, 'user')
    const newcomer = await Caller.to(url)
    await user.fence()
    running.child.kill('SIGSTOP')
    newcomer.say('newcomer')
    user.say('hello')
    await new Promise((resolve) => setTimeout(resolve, (REGISTRATION + 5) * SECOND))
    running.child.kill('SIGCONT')
    await newcomer.fence()
    await user.fence()
    await stage.sing(url)
    await new Promise((resolve) => setTimeout(resolve, STALL * SECOND))
    return 'the newcomer is a user'
  },
}

const unread: Ordeal = {
  numbers: 'F-22',
  promise: 'a log that nobody reads stops nothing, costs little, and tells what was dropped',
  async play(stage) {
    const server = await stage.server(['--log-messages'])
    const { child } = server.running
    child.stdout?.pause()
    const speaker = await Caller.named(server.url, 'speaker')
    const before = residentMebibytes(child.pid)
    const start = performance.now()
    while (secondsSince(start) < STALL) {
      speaker.say(...Array<string>(10).fill(TEXT))
      await speaker.fence()
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    const grown = residentMebibytes(child.pid) - before
    ok(grown < 64, `${grown} MiB more`)
    child.stdout?.resume()
    const [, dropped] = await server.running.printed(/^\((\d+) lines were dropped/m)
    return `${dropped ?? ''} lines dropped, ${grown.toFixed(0)} MiB more`
  },
}

function inSeconds(...seconds: readonly number[]): string {
  return `${seconds.map((each) => each.toFixed(1)).join(' and ')} s`
}

/** All of them. */
export const patience: readonly Ordeal[] = [deadlines, idle, stalled, slow, suspended, unread]
