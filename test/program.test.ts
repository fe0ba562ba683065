// The program as it is built: its arguments, how it ends, and what its operator types. What it
// prints when nobody reads is test/program-output.test.ts.

import { readFileSync, readdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join, relative } from 'node:path'
import { createServer as createChat, initialState, transition } from 'partyline'
import t, { type Test } from 'tap'
import { complaintOf } from '../bin/complaint.js'
import { describeServe, optionOf, parserOf, readServe, type ServeOptions } from '../bin/options.js'
import { UsageError } from '../bin/sources.js'
import { DEFAULT_LIMITS, LIMITS, type LimitName } from '../lib/index.js'
import { Client } from './support/client.js'
import { PROGRAM, runProgram, startProgram, type ProgramSettings } from './support/program.js'
import { ROOT } from './support/root.js'
import { run, type Running } from './support/running.js'

t.jobs = 3

const ANY = 'line://127.0.0.1:0'
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((network) => network?.address === '::1')

/** Test beside others: each waits for processes most of the time. */
const test = (name: string, body: (t: Test) => Promise<void>): void => {
  t.test(name, { buffered: true }, body)
}

/** The URL of a running program. */
async function urlOf(running: Running): Promise<string> {
  const [, url = ''] = await running.printed(/listening on (\S+)\n/)
  return url
}

/** A command as somebody runs it who may not have ports below 1024. */
function withoutRights(command: string, ...args: readonly string[]): [string, readonly string[]] {
  if (process.getuid?.() !== 0) return [command, args]
  const less = ['--bounding-set', '-net_bind_service', '--inh-caps', '-net_bind_service']
  return ['setpriv', [...less, command, ...args]]
}

/** A port of loopback that is taken for the length of a test. */
function takenPort(t: Test): Promise<number> {
  const server = createServer()
  t.teardown(() => server.close())
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

test('--help names every option, with default and unit', async (t) => {
  const running = runProgram(t, { args: ['--help'] })
  t.same(await running.ended(), { code: 0, signal: null })
  const help = running.stdout.replace(/\s+/g, ' ')
  let name: LimitName
  for (name in LIMITS) {
    const { about, unit, default: number } = LIMITS[name]
    t.match(help, `--${optionOf(name)} ${about} (${unit}) [default: ${number}]`)
  }
  for (const name of ['listen', 'port', 'host', 'motd', 'no-limits', 'log-format', 'ask']) {
    t.match(help, `--${name} `)
  }
  t.equal(running.stderr, '')
})

test('--help without a command tells how to call it, and its exit codes', async (t) => {
  for (const args of [['--help'], ['serve', '--help']]) {
    const running = run(t, process.execPath, [PROGRAM, ...args])
    t.same(await running.ended(), { code: 0, signal: null })
    if (args.length === 1) t.match(running.stdout, /^partyline \[serve\] \[options\]\n/)
    t.match(running.stdout, /--max-clients /)
    t.match(
      running.stdout,
      /as PARTYLINE_MAX_CLIENTS=50 for\n--max-clients 50; .* file of --config\./s,
    )
    t.match(running.stdout, /\nExit code: 0 after a stop, 130 after one at once, 1 if .*\n2 for /)
  }
})

test('--version is its own, installed in a project that has another', async (t) => {
  const link = (path: string) => t.fixture('symlink', join(ROOT, path))
  const packages = readdirSync(join(ROOT, 'node_modules')).map((name) => {
    return [name, link(`node_modules/${name}`)] as const
  })
  const folder = t.testdir({
    project: {
      'package.json': '{ "name": "project", "version": "9.9.9" }',
      node_modules: {
        ...Object.fromEntries(packages),
        partyline: { 'package.json': link('package.json'), dist: link('dist') },
      },
    },
  })
  const installed = join(folder, 'project/node_modules/partyline', relative(ROOT, PROGRAM))
  // Node is to see the files where an installation has them, not where the links lead.
  const args = ['--preserve-symlinks', '--preserve-symlinks-main', installed, '--version']
  const running = run(t, process.execPath, args)
  t.same(await running.ended(), { code: 0, signal: null })
  const description: unknown = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  t.has(description, { version: running.stdout.trimEnd() })
})

/** Arguments that are refused (`@` stands for the test's folder), and how. */
const BAD: readonly (readonly [readonly string[], RegExp])[] = [
  [['--port', 'abc'], /--port takes a whole number from 0 to 65535, not 'abc'/],
  [['--port', '70000'], /--port takes .* not '70000'/],
  [['--port', '-1'], /--port takes .* not '-1'/],
  [['--port', '1.5'], /--port takes .* not '1.5'/],
  [['--port', '1', '--port', '2'], /--port may be given only once/],
  [['--port', '0', '--port', '1'], /--port may be given only once/],
  [['--max-clients', '7', '--max-clients', '1'], /--max-clients may be given only once/],
  [['--port='], /--port needs a value/],
  [['--port'], /port/],
  [['--host='], /--host needs a value/],
  [['--host', 'a/b'], /--host: 'line:\/\/a\/b:8888' is not DIALECT:\/\/HOST:PORT/],
  [['--motd='], /--motd needs a value/],
  [['--motd', '/no/such/file'], /--motd: \/no\/such\/file cannot be read \(ENOENT/],
  [['--config='], /--config needs a value/],
  [['--config', '/no/such/file'], /--config: \/no\/such\/file cannot be read/],
  [['--config', '@list.json'], /--config: .* holds no JSON object/],
  [['--config', '@text.json'], /--config: .* is not JSON/],
  [['--config', '@true.json'], /^port in \/.*\/true.json needs a value/],
  [['--config', '@none.json'], /^listen in .* needs a value/],
  [['--config', '@unknown.json'], /^prot in .* is no option/],
  [['--config', '@itself.json'], /^config in .* is no option/],
  [['--listen='], /listen/],
  [['--listen', 'irc://127.0.0.1:1'], /there is no dialect 'irc', only line/],
  [['--listen', 'line://127.0.0.1:99999'], /port 99999 is too large/],
  [
    ['--listen', 'line://a:1', '--listen', 'line://a:1'],
    /--listen has line:\/\/a:1 twice: leave one/,
  ],
  [['--listen', ANY, '--port', '1'], /--listen and --port both say where to listen/],
  [['--ask', '--host', '::1'], /--ask and --host both say where to listen/],
  [['--ask=maybe'], /--ask takes true, false or nothing, not 'maybe'/],
  [
    ['--ask', '--mistake', 'nick-cut'],
    /--mistake is for chat:\/\/, and --ask is for line:\/\/: leave/,
  ],
  [['--ask', '--ask'], /--ask may be given only once/],
  [['--log-format', 'xml'], /--log-format takes text or json, not 'xml'/],
  [['--max-clients', '0'], /--max-clients takes a whole number from 1 to 1000000, not '0'/],
  [['--no-limits', '--host', '0.0.0.0'], /--no-limits is for loopback only/],
  [['--nonsense'], /Unknown argument: nonsense/],
  [['--port', '0', '--', 'nonsense'], /Unknown argument: nonsense/],
  [['--', '--port'], /Unknown argument: --port/],
]

/** Reads arguments, and variables of the environment. */
async function read(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ServeOptions> {
  return readServe(await describeServe(parserOf(args)).parseAsync(), env)
}

test('what does not fit', async (t) => {
  const folder = t.testdir({
    'list.json': '[]',
    'text.json': 'port: 1',
    'true.json': '{ "port": true }',
    'none.json': '{ "listen": [] }',
    'unknown.json': '{ "prot": 1 }',
    'itself.json': '{ "config": "itself.json" }',
  })
  for (const [given, why] of BAD) {
    const args = given.map((arg) => arg.replace('@', `${folder}/`))
    await t.rejects(read(args), { constructor: UsageError, message: why }, given.join(' '))
  }
})

test('what does fit', async (t) => {
  t.match(await read([]), { listen: ['line://127.0.0.1:8888'], limits: DEFAULT_LIMITS })
  t.match(await read(['--host', '::1', '-p', '0']), { listen: ['line://[::1]:0'] })
  const folder = t.testdir({ 'config.json': '\uFEFF{ "port": 7 }', motd: '' })
  t.match(await read(['--config', `${folder}/config.json`]), { listen: ['line://127.0.0.1:7'] })
  t.strictSame((await read(['--motd', `${folder}/motd`])).motd, [], 'an empty file has no lines')
  t.match(await read(['--host=[::1]']), { listen: ['line://[::1]:8888'] })
  t.match(await read(['--log-messages=false', '--ask']), {
    listen: [],
    ask: true,
    logMessages: false,
  })
  const { limits } = await read(['--no-limits', '--max-rooms', '7'])
  t.match(limits, { maxClients: LIMITS.maxClients.max, maxRooms: 7, lineBytes: 2048 })
})

/** What the command line, the environment and a file say, and where to listen then; empty to ask. */
const PLACES: readonly (readonly [string, NodeJS.ProcessEnv, object, readonly string[]])[] = [
  ['--port 1', { PARTYLINE_LISTEN: ANY }, {}, ['line://127.0.0.1:1']],
  ['--host ::1', {}, { listen: ANY }, ['line://[::1]:8888']],
  ['', { PARTYLINE_LISTEN: ` ${ANY}, line://[::1]:1 ` }, {}, [ANY, 'line://[::1]:1']],
  [`--listen ${ANY}`, { PARTYLINE_PORT: 'tcp://10.0.0.1:80' }, { ask: true }, [ANY]],
  ['--port 1', { PARTYLINE_HOST: '::1' }, { host: 'localhost', port: 2 }, ['line://[::1]:1']],
  ['', { PARTYLINE_PORT: '1' }, { listen: [ANY, ANY] }, ['line://127.0.0.1:1']],
  ['', {}, { listen: [ANY, ANY] }, [ANY, ANY]],
  ['--ask', { PARTYLINE_PORT: '1' }, { listen: ANY }, []],
  ['--port 1', { PARTYLINE_ASK: 'true' }, {}, ['line://127.0.0.1:1']],
  ['--ask=false', { PARTYLINE_ASK: 'true' }, { port: 1 }, ['line://127.0.0.1:1']],
]

test('who says where to listen', async (t) => {
  for (const [line, env, file, listen] of PLACES) {
    const folder = t.testdir({ 'config.json': JSON.stringify(file) })
    const args = ['--config', `${folder}/config.json`, ...line.split(' ').filter(Boolean)]
    t.match(await read(args, env), { listen, ask: listen.length === 0, warnings: [] }, line)
  }
})

test('what does not fit in the environment', async (t) => {
  const rows: readonly (readonly [NodeJS.ProcessEnv, RegExp])[] = [
    [{ PARTYLINE_PORT: 'tcp://10.0.0.1:80' }, /^PARTYLINE_PORT takes .* not 'tcp:/],
    [{ PARTYLINE_MAX_CLIENTS: '' }, /^PARTYLINE_MAX_CLIENTS needs a value/],
    [{ PARTYLINE_LISTEN: ' ' }, /^PARTYLINE_LISTEN needs a value/],
    [{ PARTYLINE_LISTEN: 'irc://a' }, /^PARTYLINE_LISTEN: there is no dialect/],
    [{ PARTYLINE_ASK: '' }, /^PARTYLINE_ASK needs a value/],
    [{ PARTYLINE_LOG_FORMAT: 'xml' }, /^PARTYLINE_LOG_FORMAT takes text or json/],
    [{ PARTYLINE_MOTD: '/no/such/file' }, /^PARTYLINE_MOTD: .* cannot be read/],
    [{ PARTYLINE_CONFIG: '/no/such/file' }, /^PARTYLINE_CONFIG: .* cannot be read/],
    [{ PARTYLINE_NO_LIMITS: 'true', PARTYLINE_HOST: '::' }, /^PARTYLINE_NO_LIMITS is for loopback/],
    [{ PARTYLINE_LISTEN: ANY, PARTYLINE_PORT: '1' }, /^PARTYLINE_LISTEN and PARTYLINE_PORT both/],
  ]
  for (const [env, why] of rows) {
    await t.rejects(read([], env), { constructor: UsageError, message: why }, JSON.stringify(env))
  }
})

test('a variable that is no option is ignored, with a warning', async (t) => {
  const program = await startProgram(t, { env: { PARTYLINE_SERVICE_HOST: '10.0.0.1' } })
  t.same(await program.stop(), { code: 0, signal: null })
  t.equal(program.stderr, 'warning: PARTYLINE_SERVICE_HOST is no option and is ignored\n')
})

test('what does not fit is refused in one line', async (t) => {
  const rows: readonly (readonly [ProgramSettings, RegExp])[] = [
    [{ args: ['--port', 'abc'] }, /: --port takes .* not 'abc' \(partyline --help shows/],
    [{ args: ['--motd', '/no/such\nfile'] }, /: --motd: \/no\/such file cannot be read/],
    [{ args: ['nonsense'] }, /: Unknown argument: nonsense/],
    [{ env: { PARTYLINE_MAX_CLIENTS: 'abc' } }, /: PARTYLINE_MAX_CLIENTS takes .* not 'abc'/],
  ]
  for (const [settings, why] of rows) {
    const running = runProgram(t, settings)
    t.same(await running.ended(), { code: 2, signal: null })
    t.match(running.stderr, /^partyline: [^\n]+\n$/)
    t.match(running.stderr, why)
    t.equal(running.stdout, '')
  }
})

t.test('an error is told in one line, and a mistake of our own whole', (t) => {
  t.equal(complaintOf(new Error('no room\n  left')), 'no room left')
  t.equal(complaintOf('gone'), 'gone')
  const full = Object.assign(new Error('EMFILE: open'), { code: 'EMFILE' })
  t.match(complaintOf(full), /^too many files are open: raise the limit with ulimit -n$/)
  const usage = new UsageError('what?')
  t.equal(complaintOf(usage), 'what? (partyline --help shows all options)')
  t.equal(complaintOf(usage, '--port'), 'what? (partyline --help shows all options)')
  const counted = 'Not enough non-option arguments: got 0, need at least 1'
  t.match(complaintOf(new UsageError(counted), 'bench'), /^bench needs line:\/\/HOST:PORT \(/)
  t.match(complaintOf(new UsageError(counted), 'other'), /^Not enough/)
  const twice = new UsageError('Unknown arguments: max-client, maxClient')
  t.match(complaintOf(twice), /^Unknown argument: max-client \(/)
  t.match(complaintOf(new UsageError('Unknown arguments: a, b')), /^Unknown arguments: a, b \(/)
  t.equal(complaintOf(usage, 'check'), 'what? (partyline check --help shows all options)')
  t.match(
    complaintOf(new TypeError('x is undefined')),
    /^our mistake, please report it: TypeError: x is undefined\n +at /,
  )
  t.end()
})

test('F-14 F-15: a place that cannot be had is told in one line', async (t) => {
  const port = await takenPort(t)
  const running = runProgram(t, { args: ['--port', `${port}`] })
  t.same(await running.ended(), { code: 1, signal: null })
  t.equal(
    running.stderr,
    `partyline: cannot listen on line://127.0.0.1:${port}: ` +
      'the port is in use, stop the other server or take another port\n',
  )
  const elsewhere = runProgram(t, { args: ['--listen', 'line://192.0.2.1:0'] })
  t.same(await elsewhere.ended(), { code: 1, signal: null })
  t.match(elsewhere.stderr, /^partyline: cannot listen .*: this machine has no such address\n$/)
  const low = run(t, ...withoutRights(process.execPath, PROGRAM, '--port', '1'))
  t.same(await low.ended(), { code: 1, signal: null })
  t.match(low.stderr, /^partyline: cannot listen .*: ports below 1024 need rights, .*\n$/)
})

test('several places to listen on', async (t) => {
  const places = [ANY, 'line://0.0.0.0:0', ...(hasIpv6 ? ['line://[::1]:0'] : [])]
  const args = places.flatMap((place) => ['--listen', place])
  const running = runProgram(t, { args })
  const end = places.length === 2 ? /0\.0\.0\.0:\d+ can/ : /listening on line:\/\/\[::1\]:\d+\n/
  await running.printed(end)
  const urls = [...running.stdout.matchAll(/^listening on (\S+)$/gm)].map(([, url = '']) => url)
  t.equal(urls.length, places.length)
  const clients = urls.map((url, n) =>
    Client.named(url.replace('0.0.0.0', '127.0.0.1'), `user${n}`),
  )
  const [first] = await Promise.all(clients)
  first?.say('!users')
  t.equal((await first?.line())?.split(' ').length, places.length)
  t.match(running.stdout, /^line:\/\/0\.0\.0\.0:\d+ can be reached by everybody on your network/m)
  t.equal(running.stdout.match(/can be reached/g)?.length, 1)
})

test('the command line goes before the environment, and that before the file', async (t) => {
  const folder = t.testdirName
  t.testdir({
    file: 'file\r\n',
    environment: 'environment',
    'command line': 'command\nline\n',
    'config.json': JSON.stringify({ motd: `${folder}/file`, listen: [ANY], 'nick-length': 16 }),
  })
  const config = `${folder}/config.json`
  const env = { PARTYLINE_MOTD: `${folder}/environment` }
  const rows = [
    { args: ['--config', config], env: {}, motd: ['!motd file'] },
    { args: [], env: { ...env, PARTYLINE_CONFIG: config }, motd: ['!motd environment'] },
    {
      args: ['--config', config, '--motd', `${folder}/command line`],
      env,
      motd: ['!motd command', '!motd line'],
    },
  ]
  for (const { args, env, motd } of rows) {
    const program = await startProgram(t, { args, env })
    const client = await Client.to(`line://127.0.0.1:${program.port}`)
    client.say('longerthansixteen', 'short')
    t.match(await client.fence(), [/^!error bad-nick .* 1 to 16 /, ...motd])
    await program.stop()
  }
})

test('--ask asks until it can listen', async (t) => {
  const port = await takenPort(t)
  const running = runProgram(t, { args: ['--ask'] })
  await running.printed(/Address \[127\.0\.0\.1\]: $/)
  running.write('\n')
  await running.printed(/Port \[8888\]: $/)
  running.write(`${port}\n`)
  await running.printed(/cannot listen on .*: the port is in use.*\nAddress .*: $/)
  running.write('::1\n')
  await running.printed(/Port \[8888\]: $/)
  running.write('many\n')
  await running.printed(/'line:\/\/\[::1\]:many' is not .*\nAddress .*: $/)
  running.write('\n')
  await running.printed(/Port \[8888\]: $/)
  running.write('0\n')
  const client = await Client.named(await urlOf(running), 'alice')
  running.write('users\n')
  await running.printed(/^alice .*\n1 user\n/m)
  t.same(await running.stop(), { code: 0, signal: null })
  t.match(await client.rest(), [/^!error shutting-down /])
})

test('--ask asks again for an address beyond loopback while limits are lifted', async (t) => {
  const running = runProgram(t, { args: ['--ask', '--no-limits'] })
  running.write('0.0.0.0\n0\n')
  await running.printed(
    /: --no-limits is for loopback only, and line:\/\/0\.0\.0\.0:0 is not: give another address\n/,
  )
  running.write('127.0.0.1\n0\n')
  t.match(await urlOf(running), /^line:\/\/127\.0\.0\.1:/)
  t.same(await running.stop(), { code: 0, signal: null })
})

test('the lines after the answers to --ask are for the console', async (t) => {
  const running = runProgram(t, { args: ['--ask'] })
  running.end('127.0.0.1\n0\nusers\nstop\n')
  t.same(await running.ended(), { code: 0, signal: null })
  t.match(running.stdout, /listening on line:.*\n0 users\nstopping\nstopped\n$/)
})

test('--ask without answers', async (t) => {
  const running = runProgram(t, { args: ['--ask'] })
  running.end('127.0.0.1\n')
  t.same(await running.ended(), { code: 2, signal: null })
  t.match(running.stderr, /^partyline: --ask: no address and port were given [^\n]*\n$/)
  t.match(running.stdout, /Port \[8888\]: \n$/, 'the error begins a line')
  const asking = runProgram(t, { args: ['--ask'] })
  await asking.printed(/Address/)
  t.same(await asking.stop(), { code: 0, signal: null })
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} stops it, with a goodbye to everybody`, async (t) => {
    const program = await startProgram(t)
    const url = `line://127.0.0.1:${program.port}`
    const clients = [await Client.named(url, 'alice'), await Client.to(url)]
    t.same(await program.stop(signal), { code: 0, signal: null })
    for (const client of clients) t.match(await client.rest(), [/^!error shutting-down /])
    t.match(
      program.stdout,
      /\nstopping\nturned away .*\nalice is offline \(.*\): shutting-down\nstopped\n$/,
    )
    t.equal(program.stderr, '')
  })
}

/** Starts the program with a client that reads nothing and is owed a lot. */
async function withStalledReader(t: Test, ...args: readonly string[]) {
  const limits = ['--send-queue-bytes', '1000000000', '--linger-timeout', '1000']
  const program = await startProgram(t, { args: [...limits, ...args] })
  const url = `line://127.0.0.1:${program.port}`
  const deaf = await Client.named(url, 'deaf')
  deaf.socket.pause()
  const alice = await Client.named(url, 'alice')
  const EIGHT_MEBIBYTES = 4096
  alice.say(...Array<string>(EIGHT_MEBIBYTES).fill('x'.repeat(2040)))
  await alice.fence()
  return { program, alice, deaf }
}

test('F-17: a reader that stalls holds up no stop', async (t) => {
  const { program, alice, deaf } = await withStalledReader(t, '--stop-timeout', '1')
  t.same(await program.stop(), { code: 0, signal: null })
  t.match(await alice.rest(), [/^!error shutting-down /])
  deaf.reset()
})

test('F-18: a second signal ends it at once', async (t) => {
  const { program, alice, deaf } = await withStalledReader(t, '--stop-timeout', '1000')
  program.child.kill('SIGTERM')
  await program.printed(/^stopping\n/m)
  t.match(await alice.rest(), [/^!error shutting-down /])
  // One that comes too early counts for nothing, so they come until the end.
  const signals = setInterval(() => program.child.kill('SIGINT'), 50)
  t.teardown(() => {
    clearInterval(signals)
  })
  t.same(await program.ended(), { code: 130, signal: null })
  deaf.reset()
})

test('two signals at once are one', async (t) => {
  const program = await startProgram(t)
  const url = `line://127.0.0.1:${program.port}`
  const alice = await Client.to(url, { halfOpen: true })
  // Of two SIGINT that wait, a process gets one; two kinds both arrive.
  program.child.kill('SIGINT')
  program.child.kill('SIGTERM')
  t.match(await alice.rest(), [/^!error shutting-down /])
  alice.end()
  t.same(await program.ended(), { code: 0, signal: null })
  t.match(program.stdout, /\nstopped\n$/)
})

test('F-18 F-19: SIGHUP, SIGUSR1, SIGPIPE and SIGCONT change nothing', async (t) => {
  const program = await startProgram(t)
  const alice = await Client.named(`line://127.0.0.1:${program.port}`, 'alice')
  for (const signal of ['SIGHUP', 'SIGUSR1', 'SIGPIPE', 'SIGCONT'] as const) {
    program.child.kill(signal)
    t.same(await alice.fence(), [])
  }
  program.write('users\n')
  await program.printed(/^1 user\n/m)
  t.same(await program.stop(), { code: 0, signal: null })
  t.equal(program.stderr, '', 'no inspector listens')
})

test('F-34: a mistake of our own is logged, and everybody told goodbye', async (t) => {
  const fault = `process.on('SIGUSR2', () => { throw new Error('boom') })`
  const args = ['--import', `data:text/javascript,${fault}`, PROGRAM, '--listen', ANY]
  const running = run(t, process.execPath, args)
  const alice = await Client.named(await urlOf(running), 'alice')
  t.same(await running.stop('SIGUSR2'), { code: 1, signal: null })
  t.match(await alice.rest(), [/^!error shutting-down /])
  t.match(running.stderr, /^partyline: our mistake: Error: boom\n +at /)
})

test('a mistake while it stops does not stop that', async (t) => {
  const fault = `process.on('SIGUSR2', () => { throw new Error('boom') })`
  const args = ['--import', `data:text/javascript,${fault}`, PROGRAM, '--listen', ANY]
  const running = run(t, process.execPath, args)
  const alice = await Client.to(await urlOf(running), { halfOpen: true })
  running.child.kill('SIGTERM')
  await running.printed(/^stopping\n/m)
  running.child.kill('SIGUSR2')
  await running.printed(/our mistake: Error: boom/, 'stderr')
  t.match(await alice.rest(), [/^!error shutting-down /])
  alice.end()
  t.same(await running.ended(), { code: 0, signal: null })
})

test('F-20: standard input may be closed or end', async (t) => {
  for (const redirect of ['<&-', '']) {
    const line = `exec "$@" ${redirect}`
    const running = run(t, 'sh', ['-c', line, 'sh', process.execPath, PROGRAM, '--listen', ANY])
    const url = await urlOf(running)
    running.end()
    const alice = await Client.named(url, 'alice')
    t.same(await alice.fence(), [])
    t.same(await running.stop(), { code: 0, signal: null }, redirect)
  }
})

test('the console', async (t) => {
  const program = await startProgram(t)
  const url = `line://127.0.0.1:${program.port}`
  const [alice, bob, carol] = [
    await Client.named(url, 'alice'),
    await Client.named(url, 'bob'),
    await Client.named(url, 'carol'),
  ]
  program.write('help\nusers\nrooms\n')
  await program.printed(
    /^kick NICK\|PORT \[REASON\]: .*[^]*^alice 127\.0\.0\.1:\d+ line\n[^]*^3 users\n0 rooms\n/m,
  )
  program.write('say break at noon\n')
  t.equal(await alice.line(), '!announce break at noon')
  program.write(`kick BOB too loud\n${carol.port}\n`)
  t.match((await bob.rest()).slice(-1), [/^!error kicked .*: too loud$/])
  t.match((await carol.rest()).slice(-1), [/^!error kicked /])
  await program.printed(/^bob is offline \(.*\): kicked\n[^]*^carol is offline \(.*\): kicked\n/m)
  program.write('dance\nport 5\n')
  await program.printed(/^There is no command 'dance'[^]*^There is no command 'port'/m)
  program.write('stop\n')
  t.same(await program.ended(), { code: 0, signal: null })
  t.match((await alice.rest()).slice(-1), [/^!error shutting-down /])
})

test('what happens is told in JSON, message text on request', async (t) => {
  const program = runProgram(t, { args: ['--log-format', 'json', '--log-messages'] })
  const [, url = ''] = await program.printed(/"listening","url":"(\S+)"/)
  const alice = await Client.named(url, 'alice')
  alice.say('hello')
  await alice.fence()
  await program.stop()
  const entries = program.stdout.trimEnd().split('\n')
  t.match(
    entries.map((entry): unknown => JSON.parse(entry)),
    [
      { time: /^\d{4}-.*Z$/, what: 'listening' },
      { what: 'online', nick: 'alice' },
      { what: 'said', from: 'alice', room: 'General', text: 'hello' },
      { what: 'stopping' },
      { what: 'offline', nick: 'alice', reason: 'shutting-down' },
      { what: 'stopped' },
    ],
  )
})

test('among JSON there is nothing else', async (t) => {
  const running = runProgram(t, { args: ['--ask', '--log-format', 'json'] })
  running.end('127.0.0.1\n0\nusers\nstop\n')
  t.same(await running.ended(), { code: 0, signal: null })
  t.equal(running.stderr, 'Address [127.0.0.1]: Port [8888]: 0 users\n')
  const entries = running.stdout.trimEnd().split('\n')
  t.match(
    entries.map((entry): unknown => JSON.parse(entry)),
    [{ what: 'listening' }, { what: 'stopping' }, { what: 'stopped' }],
  )
})

test('npm start leaves nobody behind', async (t) => {
  const running = run(t, 'npm', ['start', '--', '--listen', ANY], { cwd: ROOT })
  const url = await urlOf(running)
  const alice = await Client.named(url, 'alice')
  running.child.kill('SIGTERM')
  t.match(await alice.rest(), [/^!error shutting-down /])
  await running.ended()
  await t.rejects(Client.to(url), { code: 'ECONNREFUSED' })
})

test('the package, for those who embed it', async (t) => {
  const heard: string[] = []
  const server = createChat({ journal: ({ what }) => heard.push(what) })
  const alice = await Client.named(await server.listen(ANY), 'alice')
  await server.close()
  t.match(await alice.rest(), [/^!error shutting-down /])
  t.same(heard, ['listening', 'online', 'stopping', 'offline', 'stopped'])
  const { state } = transition(initialState(), {
    type: 'open',
    id: 'a',
    exempt: true,
    number: 1,
    at: 0,
  })
  t.equal(state.newcomers.size, 1)
})
