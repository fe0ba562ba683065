// Ordeals whose clients come from other machines, or seem to. They are played in a network of their own
// (far-process.ts), in which 192.0.2.0/24 is here and 198.51.100.2 is at the end of a wire.

import { execFileSync, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { ok } from 'node:assert/strict'
import { fileURLToPath } from 'node:url'
import { Caller } from './caller.js'
import { gather, reset } from './crowd.js'
import type { Server } from './scene.js'
import { openFiles, until, type Ordeal, type Stage } from './stage.js'

const HERE = '192.0.2.1'
const WIRE = { here: '198.51.100.1', there: '198.51.100.2' }

/** What an address and a house may have by default. */
const CONNECTIONS = 64
const A_MINUTE = 120
const NEWCOMERS = 256
/** Closed newcomers who may stay to read why. */
const LINGERING = 32

const floods: Ordeal = {
  numbers: 'F-10 F-11',
  promise:
    'one address, or two hundred with 10,000 connections: few are kept, and users notice nothing',
  overwhelms: true,
  async play(stage) {
    const both = ['--listen', `line://${HERE}:0`, '--listen', 'line://127.0.0.1:0']
    const server = await stage.server(both)
    const [loopback = ''] = await server.running.printed(/line:\/\/127\S+/)
    const user = await Caller.named(server.url, 'user')
    const files = openFiles(server.running.child.pid)

    const one = await gather(server.url, A_MINUTE, () => '192.0.2.2')
    const told = (code: string): number =>
      one.filter(({ tail }) => tail.startsWith(`!error ${code} `)).length
    const tooMany = A_MINUTE - CONNECTIONS
    await until(() => told('too-many-connections') === tooMany, 'too many from one address')
    reset(one)
    await until(() => openFiles(server.running.child.pid) <= files, 'files back to base')
    const [late] = await gather(server.url, 1, () => '192.0.2.2')
    await until(() => late?.tail.startsWith('!error connecting-too-fast ') === true, 'too fast')

    const all = await gather(server.url, 10_000, (n) => `192.0.2.${10 + (n % 200)}`)
    const open = (): number => all.filter(({ gone }) => !gone).length
    await until(() => open() <= NEWCOMERS, 'no more newcomers than there may be')
    const kept = openFiles(server.running.child.pid) - files
    ok(kept <= NEWCOMERS + LINGERING, `${kept} more files`)
    await user.fence()
    const local = await Caller.named(loopback, 'local')
    local.say('hello')
    await local.fence()
    await user.fence()
    ok(user.take().includes('local: hello'))
    reset(all)
    return `${open()} of 10,000 kept, ${kept} more files`
  },
}

/** A wire to another machine, and somebody registered at its other end as `far0`. */
async function callFromFar(stage: Stage): Promise<Server & { readonly cut: () => void }> {
  const machine = spawn('unshare', ['--net', 'sleep', '600'], { stdio: 'ignore' })
  stage.after(() => machine.kill('SIGKILL'))
  const there = ['--target', String(machine.pid), '--net', 'ip']
  const far = (...args: readonly string[]): Buffer => execFileSync('nsenter', [...there, ...args])
  await until(() => isElsewhere(machine.pid), 'another machine')
  ip('link', 'add', 'here', 'type', 'veth', 'peer', 'name', 'there', 'netns', String(machine.pid))
  ip('addr', 'add', `${WIRE.here}/24`, 'dev', 'here')
  far('addr', 'add', `${WIRE.there}/24`, 'dev', 'there')
  far('link', 'set', 'there', 'up')
  ip('link', 'set', 'here', 'up')
  const server = await stage.server(['--listen', 'line://0.0.0.0:0'])
  const { port } = new URL(server.url.replace('line:', 'http:'))
  const throng = fileURLToPath(new URL('throng.js', import.meta.url))
  const url = `line://${WIRE.here}:${port}`
  const call = ['--target', String(machine.pid), '--net', process.execPath, throng, url, '1', 'far']
  const caller = spawn('nsenter', call, { stdio: ['ignore', 'ignore', 'inherit'] })
  stage.after(() => caller.kill('SIGKILL'))
  await server.running.printed(/^far0 is online \(198\.51\.100\.2:/m)
  return {
    ...server,
    cut: () => {
      // As a cable that is pulled: what is sent goes away, and nobody says that it did.
      const [neighbour = ''] = /(?:\w\w:){5}\w\w/.exec(ip('neigh', 'show', WIRE.there)) ?? []
      ip('neigh', 'replace', WIRE.there, 'lladdr', neighbour, 'nud', 'permanent', 'dev', 'here')
      far('addr', 'flush', 'dev', 'there')
    },
  }
}

/** Whether the process has gone to a network of its own by now. */
function isElsewhere(pid: number | undefined): boolean {
  const network = (id: string): string =>
    execFileSync('readlink', [`/proc/${id}/ns/net`]).toString()
  return network(String(pid)) !== network('self')
}

async function isLost({ running }: Server, patience: number): Promise<number> {
  const lost = (): boolean => /^far0 is offline .*: connection-lost$/m.test(running.stdout)
  return until(lost, 'the end of the one who vanished', patience)
}

const vanished: Ordeal = {
  numbers: 'F-4',
  promise: 'who vanishes without a word is noticed within 45 seconds',
  async play(stage) {
    const server = await callFromFar(stage)
    server.cut()
    const took = await isLost(server, 45)
    await Caller.named(server.url.replace('0.0.0.0', '127.0.0.1'), 'far0')
    return `after ${took.toFixed(1)} s`
  },
}

/** With so many tries the kernel gives up after 13 s; with 15, its default, after a quarter of an hour. */
const RETRIES = '5'

const vanishedInTalk: Ordeal = {
  numbers: 'F-5',
  promise:
    'who vanishes while lines are on the way is gone when the kernel gives up, or its queue is full',
  async play(stage) {
    writeFileSync('/proc/sys/net/ipv4/tcp_retries2', RETRIES)
    const server = await callFromFar(stage)
    const speaker = await Caller.named(server.url.replace('0.0.0.0', '127.0.0.1'), 'speaker')
    server.cut()
    const talking = setInterval(() => {
      speaker.say('hello')
    }, 100)
    const took = await isLost(server, 45).finally(() => {
      clearInterval(talking)
    })
    return `after ${took.toFixed(1)} s, with tcp_retries2 at ${RETRIES}`
  },
}

/** Runs the program that sets up networks. */
function ip(...args: readonly string[]): string {
  return execFileSync('ip', [...args]).toString()
}

/** Gives this network its addresses; it has none, and must be our own. */
export function furnishNetwork(): void {
  ip('link', 'set', 'lo', 'up')
  ip('addr', 'add', `${HERE}/24`, 'dev', 'lo')
}

/** Those that wait side by side with others. */
export const farPatience: readonly Ordeal[] = [vanished, vanishedInTalk]

/** Those that take turns. */
export const farCrowds: readonly Ordeal[] = [floods]
