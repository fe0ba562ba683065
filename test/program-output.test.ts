// The program where its surroundings are bad: nobody reads what it prints, its disk is full, its
// terminal is stopped or gone, it may open few files. The chat goes on, and it still ends.

import { execFileSync } from 'node:child_process'
import { constants, openSync } from 'node:fs'
import { connect, createServer, Socket } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { Changes } from './support/changes.js'
import { Client } from './support/client.js'
import { PROGRAM, startProgram } from './support/program.js'
import { ROOT } from './support/root.js'
import { run, type Running } from './support/running.js'
import { openScreen } from './support/tmux.js'
import { testWith } from './support/tools.js'

t.jobs = 3

const ANY = 'line://127.0.0.1:0'
/** Lines that fill every pipe and buffer on the way to a reader several times over, if they are logged. */
const MUCH: readonly string[] = Array.from({ length: 300 }, (_, n) => `${n} `.padEnd(2000, 'x'))

/** Test beside others: each waits for processes most of the time. */
const test = (name: string, body: (t: Test) => Promise<void>): void => {
  t.test(name, { buffered: true }, body)
}

/** Starts the program from a shell: in `line`, `"$@"` is the program with its arguments. */
function startFromShell(t: Test, line: string, args: readonly string[] = []): Running {
  return run(t, 'sh', ['-c', line, 'sh', process.execPath, PROGRAM, ...args])
}

/** A named pipe that the test reads from when it likes. */
class Pipe {
  readonly path: string
  text = ''
  readonly #changes = new Changes()
  readonly #socket: Socket

  constructor(t: Test) {
    this.path = join(t.testdir({}), 'pipe')
    execFileSync('mkfifo', [this.path])
    const descriptor = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK)
    this.#socket = new Socket({ fd: descriptor, writable: false })
    this.#socket.on('data', (bytes) => {
      this.text += bytes.toString()
      this.#changes.tell()
    })
    t.teardown(() => {
      this.close()
    })
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  close(): void {
    this.#socket.destroy()
  }

  async until(claim: (text: string) => boolean): Promise<void> {
    await this.#changes.until(
      () => claim(this.text),
      () => `still not: ${this.text.slice(-500)}`,
    )
  }

  async printed(pattern: RegExp): Promise<RegExpExecArray> {
    await this.until((text) => pattern.test(text))
    return pattern.exec(this.text) ?? missing()
  }
}

function linesLogged(text: string): number {
  return text.match(/^alice in General: \d+ x+$/gm)?.length ?? 0
}

function linesDropped(text: string): number {
  const notes = text.matchAll(/^\((\d+) lines were dropped: nobody read them\)\n/gm)
  return [...notes].reduce((sum, [, count]) => sum + Number(count), 0)
}

function missing(): never {
  throw new Error('what was there is gone')
}

/** Chats a lot; resolves once all of it has been carried out and heard. */
async function chatMuch(alice: Client, bob: Client): Promise<readonly string[]> {
  alice.say(...MUCH)
  await alice.fence()
  return await bob.fence()
}

const HEARD: readonly string[] = MUCH.map((line) => `alice: ${line}`)

test('F-21: a pipe that nobody reads any more', async (t) => {
  const pipe = new Pipe(t)
  const running = startFromShell(t, `exec "$@" >${pipe.path}`, ['--listen', ANY])
  const [, url = ''] = await pipe.printed(/listening on (\S+)\n/)
  pipe.close()
  const alice = await Client.named(url, 'alice')
  running.write('users\n')
  const bob = await Client.named(url, 'bob')
  alice.say('hello')
  await alice.fence()
  t.same(await bob.fence(), ['alice: hello'])
  t.same(await running.stop(), { code: 0, signal: null })
  t.equal(running.stderr, '')
})

test('F-22: a pipe whose reader stalls', async (t) => {
  const pipe = new Pipe(t)
  const args = ['--listen', ANY, '--log-messages']
  const running = startFromShell(t, `exec "$@" >${pipe.path}`, args)
  const [, url = ''] = await pipe.printed(/listening on (\S+)\n/)
  const [alice, bob] = [await Client.named(url, 'alice'), await Client.named(url, 'bob')]
  pipe.pause()
  t.same(await chatMuch(alice, bob), HEARD)
  pipe.resume()
  await pipe.printed(/^\(\d+ lines were dropped: nobody read them\)\n/m)
  // What the pipe had taken before it stalled is accounted for by itself: the notes can be several.
  await pipe.until((text) => linesLogged(text) + linesDropped(text) >= MUCH.length)
  t.equal(linesLogged(pipe.text) + linesDropped(pipe.text), MUCH.length, 'the others were whole')
  pipe.pause()
  t.same(await chatMuch(alice, bob), HEARD)
  t.same(await running.stop(), { code: 0, signal: null }, 'it ends while nobody reads')
})

test('a socket whose reader stalls, and goes', async (t) => {
  const program = await startProgram(t, { args: ['--log-messages'] })
  const url = `line://127.0.0.1:${program.port}`
  const [alice, bob] = [await Client.named(url, 'alice'), await Client.named(url, 'bob')]
  program.child.stdout?.pause()
  for (let n = 0; n < 3; n++) t.same(await chatMuch(alice, bob), HEARD)
  program.child.stdout?.resume()
  await program.printed(/^\(\d+ lines were dropped: nobody read them\)\n/m)
  program.child.stdout?.destroy()
  t.same(await chatMuch(alice, bob), HEARD)
  t.same(await program.stop(), { code: 0, signal: null })
})

test('F-24: a full disk', async (t) => {
  const url = `line://127.0.0.1:${await freePort()}`
  const running = startFromShell(t, 'exec "$@" >/dev/full 2>/dev/full', ['--listen', url])
  await listens(url)
  const alice = await Client.named(url, 'alice')
  t.same(await alice.fence(), [])
  t.same(await running.stop(), { code: 0, signal: null })
})

test('what was asked for and cannot be written', async (t) => {
  const program = await startProgram(t)
  const url = `line://127.0.0.1:${program.port}`
  const rows: readonly (readonly [code: number, ...args: string[]])[] = [
    [1, '--help'],
    [1, '--version'],
    [1, 'bench', url, '--clients', '2', '--seconds', '0.05'],
    [2, 'check', '--list'],
    [3, 'connect', url],
    [3, 'connect', url, '--raw'],
  ]
  for (const [code, ...args] of rows) {
    const running = startFromShell(t, 'exec "$@" >/dev/full', args)
    running.end('ann\n!users\n')
    t.same(await running.ended(), { code, signal: null }, args.join(' '))
    t.equal(running.stderr.match(/The output cannot be written: ENOSPC/g)?.length, 1)
  }
})

/** A port that was free a moment ago. */
function freePort(): Promise<number> {
  const server = createServer()
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      server.close(() => {
        resolve(port)
      })
    })
  })
}

/** Resolves once somebody listens; knocks until then. */
async function listens(url: string): Promise<void> {
  for (;;) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      socket
        .on('connect', () => {
          socket.destroy()
          resolve(true)
        })
        .on('error', () => {
          resolve(false)
        })
    })
    if (open) return
  }
}

test('DEBUG shows bytes, frames, inputs and effects', async (t) => {
  const program = await startProgram(t, { env: { DEBUG: 'partyline:*', DEBUG_COLORS: 'no' } })
  const alice = await Client.named(`line://127.0.0.1:${program.port}`, 'alice')
  alice.say('hello')
  await alice.fence()
  t.same(await program.stop(), { code: 0, signal: null })
  const shown = program.stderr
  t.match(shown, /partyline:bytes c1 .*616c6963650d0a/)
  t.match(shown, /partyline:frames c1 "hello"/)
  t.match(shown, /partyline:inputs \{"type":"command".*"text":"hello"/)
  t.match(shown, /partyline:effects \{"type":"send".*"text":"hello"/)
  t.match(shown, /partyline:bytes c1 flushed, 0 bytes wait/)
})

test('F-13: too few open files', async (t) => {
  const running = startFromShell(t, 'ulimit -n 128 && exec "$@"', ['--listen', ANY])
  t.same(await running.ended(), { code: 1, signal: null })
  t.match(running.stderr, /^partyline: this process may open 128 files, which is too few: .*\n$/)
  // What Node notes of coverage could not be written either.
  const few = 'unset NODE_V8_COVERAGE && ulimit -n 64 && exec "$@"'
  const loading = startFromShell(t, few, ['--listen', ANY])
  t.same(await loading.ended(), { code: 1, signal: null })
  t.match(loading.stderr, /^partyline: .*: raise the limit with ulimit -n\n$/)
  const lifted = startFromShell(t, 'ulimit -n 129 && exec "$@"', ['--listen', ANY, '--no-limits'])
  const [, url = ''] = await lifted.printed(/listening on (\S+)\n/)
  await Client.named(url, 'alice')
  t.match(await (await Client.to(url)).rest(), [/^!error server-full .* 1 places/])
  t.same(await lifted.stop(), { code: 0, signal: null })
  t.equal(lifted.stderr, '', 'as many as there can be is what was asked for')
})

test('F-12 F-13: few open files', async (t) => {
  const RESERVED = 128
  const PLACES = 19
  const limit = `ulimit -n ${RESERVED + PLACES} && exec "$@"`
  const running = startFromShell(t, limit, ['--listen', ANY])
  const [, url = ''] = await running.printed(/listening on (\S+)\n/)
  const [, lowered] = await running.printed(
    /^warning: .* 147 files, so --max-clients is (.*);/,
    'stderr',
  )
  t.equal(lowered, `lowered from 1000 to ${PLACES}`)
  const clients = await Promise.all(
    Array.from({ length: PLACES }, (_, n) => Client.named(url, `user${n}`)),
  )
  const late = await Client.to(url)
  t.match(await late.rest(), [/^!error server-full .* 19 places/])
  t.same(await clients[0]?.fence(), [])
  t.same(await running.stop(), { code: 0, signal: null })
})

const LISTEN = [process.execPath, PROGRAM, '--listen', ANY]

/** Sees to it that a process is gone after the test: the end of its terminal does not end it. */
function endAfter(t: Test, pid: number): void {
  t.teardown(() => {
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended as it should.
    }
  })
}

testWith(t, ['tmux'], 'F-23: a stopped terminal', async (t) => {
  const screen = await openScreen(t, [...LISTEN, '--log-messages'])
  endAfter(t, Number(await screen.tmux('display', '-p', '#{pane_pid}')))
  const [, url = ''] = await screen.shows(/listening on (\S+)\n/)
  const [alice, bob] = [await Client.named(url, 'alice'), await Client.named(url, 'bob')]
  await screen.press('C-s')
  t.same(await chatMuch(alice, bob), HEARD)
  await screen.press('C-q')
  await screen.shows(/\(\d+ lines were dropped: nobody read them\)/)
  await screen.line('stop')
  t.match(await alice.rest(), [/^!error shutting-down /])
  await screen.shows(/^stopped$/m)
})

testWith(t, ['tmux'], 'F-18: a terminal that goes', async (t) => {
  const screen = await openScreen(t, LISTEN)
  const pid = Number(await screen.tmux('display', '-p', '#{pane_pid}'))
  endAfter(t, pid)
  const [, url = ''] = await screen.shows(/listening on (\S+)\n/)
  const alice = await Client.named(url, 'alice')
  await screen.tmux('kill-server')
  t.same(await alice.fence(), [])
  const bob = await Client.named(url, 'bob')
  alice.say('still here')
  t.equal(await bob.line(), 'alice: still here')
  process.kill(pid, 'SIGTERM')
  t.match(await alice.rest(), [/^!error shutting-down /])
})

testWith(t, ['tmux', 'bash'], 'a job in the background', async (t) => {
  const screen = await openScreen(t, ['bash', '--norc', '--noprofile'])
  await screen.line(`${LISTEN.join(' ')} & echo pid $!.`)
  const [, pid] = await screen.shows(/^pid (\d+)\.$/m)
  endAfter(t, Number(pid))
  const [, url = ''] = await screen.shows(/listening on (line\S+)\n/)
  const alice = await Client.named(url, 'alice')
  await screen.line('echo typed $((40 + 2))')
  await screen.shows(/typed 42/)
  t.same(await alice.fence(), [], 'it reads nothing of its terminal, and so is not stopped')
  await screen.line('fg')
  await screen.shows(/fg\n\S+node /)
  await screen.line('users')
  await screen.shows(/\n1 user\n/)
  await screen.line('stop')
  t.match(await alice.rest(), [/^!error shutting-down /])
  await screen.shows(/^stopped$/m)
})

testWith(t, ['tmux', 'bash'], 'a question that is put off', async (t) => {
  const screen = await openScreen(t, ['bash', '--norc', '--noprofile'])
  await screen.line(`PS1='$ '; ${process.execPath} ${PROGRAM} --ask`)
  await screen.shows(/^Address \[127\.0\.0\.1\]: $/m)
  await screen.press('C-z')
  await screen.shows(/Stopped/)
  await screen.line('bg; echo pid $!.')
  const [, pid] = await screen.shows(/^pid (\d+)\.$/m)
  endAfter(t, Number(pid))
  await screen.line('echo typed $((40 + 2)); jobs')
  await screen.shows(/typed 42\n.*Running/)
  await screen.line('fg')
  await screen.shows(/fg\n.*node /)
  await screen.line('localhost')
  await screen.shows(/^Port \[8888\]: $/m)
  await screen.line('0')
  const [, url = ''] = await screen.shows(/listening on (line\S+)\n/)
  const alice = await Client.named(url, 'alice')
  await screen.line('stop')
  t.match(await alice.rest(), [/^!error shutting-down /])
  const [shown] = await screen.shows(/[^]*^stopped$/m)
  t.notMatch(shown, /^> /m)
})

testWith(t, ['tmux', 'npm'], 'Ctrl-C under npm', async (t) => {
  const screen = await openScreen(t, ['npm', 'start', '--prefix', ROOT, '--', '--port', '0'])
  const [, url = ''] = await screen.shows(/listening on (line\S+)\n/)
  const alice = await Client.to(url, { halfOpen: true })
  alice.say('alice')
  await alice.fence()
  await screen.press('C-c')
  t.match(await alice.rest(), [/^!error shutting-down /])
  alice.end()
  await screen.shows(/^alice is offline \(.*\): shutting-down\nstopped$/m)
})
