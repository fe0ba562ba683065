// The chat servers of Debian that Partyline is measured beside with `--peers`, where they are installed:
// with all limits lifted that would slow a load down, as `--no-limits` does for Partyline.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chmodSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { IrcInterpreter } from './irc.js'
import { CannotRun, type Running } from './server.js'

/** Another chat server. */
export interface Peer {
  readonly name: string
  /** Starts it on a free port of 127.0.0.1; throws {@link CannotRun} if it takes no connection within 10 s. */
  start(): Promise<Running>
}

interface Kind {
  readonly name: string
  readonly args: (file: string) => readonly string[]
  readonly config: (port: number, directory: string) => string
  /** Registrations under way at once: ngircd's queue of connections to accept is ten long. */
  readonly connecting: number
}

/** Debian's user for whoever has no rights: inspircd refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 }
const START_MS = 10_000
const RETRY_MS = 50

const KINDS: readonly Kind[] = [
  {
    name: 'ngircd',
    args: (file) => ['--nodaemon', '--config', file],
    config: (port) => `[Global]
Name = irc.bench.local
Info = bench
Listen = 127.0.0.1
Ports = ${port}
AdminInfo1 = bench
AdminEMail = root@localhost
ServerUID = nobody
ServerGID = nogroup
MotdPhrase = "hello"
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 0
MaxNickLength = 16
MaxPenaltyTime = 0
PingTimeout = 3600
[Options]
DNS = no
Ident = no
PAM = no
`,
    connecting: 8,
  },
  {
    name: 'inspircd',
    args: (file) => ['--nofork', `--config=${file}`],
    config: (port, directory) => `<config format="xml">
<server name="irc.bench.local" description="bench" network="bench" id="97K">
<admin name="a" nick="a" email="root@localhost">
<bind address="127.0.0.1" port="${port}" type="clients">
<connect name="main" allow="*" timeout="120" threshold="100000000" commandrate="1000000000"
  fakelag="off" pingfreq="3600" hardsendq="67108864" softsendq="67108864" recvq="1048576"
  localmax="100000" globalmax="100000" maxconnwarn="no" resolvehostnames="no" useident="no"
  limit="100000" maxchans="100" modes="">
<cidr ipv4clone="32" ipv6clone="128">
<channels users="100" opers="100">
<options defaultmodes="">
<performance netbuffersize="65534" somaxconn="4096" softlimit="100000" quietbursts="yes"
  nouserdns="yes" clonesonconnect="no" timeskipwarn="600s">
<limits maxnick="31" maxchan="64" maxmodes="20">
<log method="file" type="* -USERINPUT -USEROUTPUT" level="default" target="${directory}/log">
<pid file="${directory}/pid">
`,
    connecting: 500,
  },
]

/** The peers that are installed. */
export function installedPeers(): readonly Peer[] {
  return KINDS.flatMap((kind) => {
    const program = find(kind.name)
    return program === undefined ? [] : [{ name: kind.name, start: () => startPeer(kind, program) }]
  })
}

/** Where a program is: Debian keeps servers where PATH may not look. */
function find(name: string): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin']
  return places.map((place) => join(place, name)).find(isProgram)
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function startPeer(kind: Kind, program: string): Promise<Running> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-'))
  chmodSync(directory, 0o777)
  const port = await freePort()
  const file = join(directory, 'config')
  writeFileSync(file, kind.config(port, directory))
  const user = process.getuid?.() === 0 ? NOBODY : {}
  const child = spawn(program, kind.args(file), { stdio: 'ignore', ...user })
  // A program that cannot be started takes no connection either.
  child.on('error', () => undefined)
  const killed = (): void => void child.kill('SIGKILL')
  process.once('exit', killed)
  const stop = async (): Promise<void> => {
    process.removeListener('exit', killed)
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      const ended = once(child, 'exit')
      killed()
      await ended
    }
    rmSync(directory, { recursive: true })
  }
  if (child.pid === undefined || !(await accepts(port))) {
    await stop()
    throw new CannotRun(`${kind.name} did not start: ${program} ${kind.args(file).join(' ')}`)
  }
  const interpret = (write: (text: string) => void): IrcInterpreter => new IrcInterpreter(write)
  return { port, pid: child.pid, stop, interpret, connecting: kind.connecting }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const address = server.address()
  await new Promise((closed) => server.close(closed))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Whether somebody accepts connections there, soon. */
async function accepts(port: number): Promise<boolean> {
  const end = performance.now() + START_MS
  while (performance.now() < end) {
    const taken = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port })
        .on('connect', () => {
          socket.resetAndDestroy()
          resolve(true)
        })
        .on('error', () => {
          resolve(false)
        })
    })
    if (taken) return true
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
  return false
}
