// `partyline check` and `partyline ladder` as their users start them: exit codes, files, folders,
// recording, and a server that nobody here wrote.

import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { describeCheck, readCheck } from '../bin/check-options.js'
import { check } from '../bin/check.js'
import { describeLadder, drawingsOf, readLadder } from '../bin/ladder.js'
import { parserOf } from '../bin/options.js'
import { UsageError } from '../bin/sources.js'
import { Client } from './support/client.js'
import { PROGRAM, startProgram } from './support/program.js'
import { run, type Running } from './support/running.js'
import { testWith } from './support/tools.js'

/** The options by which tap watches its tests would make each server under test slow. */
const NODE = `NODE_OPTIONS= exec ${JSON.stringify(process.execPath)}`

const SPEC = [
  '# One',
  '```chat id=hi stage=one rule=SAY-1',
  'hint: Say it.',
  'with alice, bob',
  'alice > hi',
  'bob < alice: hi',
  '```',
  '',
].join('\n')

/** An echo server; it names itself after what follows its port. */
const ECHO = [
  "const server = require('net').createServer((s) => s.pipe(s).on('error', () => s.destroy()))",
  "server.listen(+process.argv[2], () => console.log('up'))",
].join('\n')

function partyline(test: Test, ...args: readonly string[]): Running {
  return run(test, process.execPath, [PROGRAM, ...args], { env: { ...process.env, NO_COLOR: '1' } })
}

t.test('a right server and a wrong one', async (test) => {
  const folder = test.testdir({
    spec: { 'one.md': SPEC },
    whole: { 'one.md': SPEC.replace('with', 'needs: whole-lines\nwith') },
    class: { 'a.cjs': ECHO, 'b.cjs': 'process.exit(4)' },
  })
  const spec = ['--spec', join(folder, 'spec'), '--wiring', 'crlf', '--patience', '500']
  const file = (name: string): string => join(folder, name)
  const server = await startProgram(test)
  const good = partyline(
    test,
    'check',
    '--connect',
    `127.0.0.1:${server.port}`,
    ...spec,
    '--html',
    file('x.html'),
    '--csv',
    file('x.csv'),
  )
  test.match(await good.exit, { code: 0 }, good.stderr)
  test.match(good.stdout, /^ok {6}hi {2}One {3}stage one {3}1\/1\n[^]*1 of 1 points/)
  test.match(readFileSync(file('x.html'), 'utf8'), /^<!doctype html>[^]*<svg/)
  const cmd = `${NODE} ${join(folder, 'class', 'a.cjs')} {port}`
  const files = [
    '--junit',
    file('x.xml'),
    '--gradescope',
    file('g.json'),
    '--json',
    file('x.json'),
    '--csv',
    file('x.csv'),
  ]
  const bad = partyline(test, 'check', '--cmd', cmd, ...spec, ...files)
  test.match(await bad.exit, { code: 1 }, bad.stderr)
  test.match(bad.stdout, /FAIL {4}hi[^]*Hint 1\/1: Say it\.[^]*\| up\n[^]*0 of 1 points/)
  test.match(JSON.parse(readFileSync(file('g.json'), 'utf8')), {
    score: 0,
    tests: [{ max_score: 1 }],
  })
  test.match(JSON.parse(readFileSync(file('x.json'), 'utf8')), {
    results: [{ id: 'hi', grade: 'failed' }],
  })
  test.match(readFileSync(file('x.xml'), 'utf8'), /<failure/)
  test.equal(readFileSync(file('x.csv'), 'utf8').split('\r\n').length, 4, 'a head and two rows')
  const tap = partyline(test, 'check', '--cmd', cmd, ...spec, '--tap')
  test.match(await tap.exit, { code: 1 })
  test.match(tap.stdout, /^TAP version 14\n1\.\.1\nnot ok 1 - hi One\n/)
  const fits = partyline(test, 'check', '--cmd', cmd, '--spec', file('whole'), '--wiring', 'merged')
  test.match(await fits.exit, { code: 3 }, 'nothing was played')
  test.match(fits.stdout, /^skipped [^]*Nothing was played[^]*0 of 0 points/)
  const all = `${NODE} {file} {port}`
  const batch = partyline(
    test,
    'check',
    '--batch',
    file('class'),
    '--cmd',
    all,
    ...spec,
    '--html',
    file('class.html'),
  )
  test.match(await batch.exit, { code: 1 }, batch.stderr)
  test.match(
    batch.stdout,
    /^1\/2 {2}a\.cjs {6}0\/1 .*\n2\/2 {2}b\.cjs {2}no server: the server exited with code 4/,
  )
  test.match(readFileSync(file('class.html'), 'utf8'), /a\.cjs[^]*b\.cjs/)
  const none = partyline(
    test,
    'check',
    '--cmd',
    'exit 5 # {port}',
    ...spec,
    '--gradescope',
    file('none.json'),
  )
  test.match(await none.exit, { code: 2 })
  test.match(none.stdout, /No server: the server exited with code 5/)
  test.match(JSON.parse(readFileSync(file('none.json'), 'utf8')), {
    score: 0,
    output: /exited with code 5/,
  })
})

/** Does what the program does with arguments of `check`, in this process. */
async function checkHere(args: readonly string[]): Promise<void> {
  await parserOf(['check', ...args])
    .command('check', '', describeCheck, async (read) => {
      await check(readCheck(read))
    })
    .parseAsync()
}

t.test('arguments that do not fit', async (test) => {
  const folder = test.testdir({ 'bad.md': '```chat id=a\nwhat\n```\n', one: { 'one.md': SPEC } })
  const one = ['--spec', join(folder, 'one')]
  const table: readonly (readonly [readonly string[], RegExp])[] = [
    [[], /check needs a server/],
    [['--connect', 'nowhere'], /--connect takes HOST:PORT/],
    [['--connect', 'a:1', '--cmd', 'b'], /both name a server/],
    [['--connect', 'a:1', '--wiring', 'wet'], /--wiring takes lf, crlf, bytewise, merged/],
    [['--connect', 'a:1', '--wiring', 'constructor'], /--wiring takes lf, .*, not 'constructor'/],
    [['--connect', 'a:1', '--with', 'zzz', ...one], /--with zzz: nothing here needs that/],
    [['--connect', 'a:1', '--port', '1'], /--connect and --port do not .* a server that --cmd/],
    [['--connect', 'a:1', '--input', 'x'], /--connect and --input do not go together/],
    [['--connect', 'a:1', '--jobs', '2'], /--connect and --jobs do not go together/],
    [['--record', 'a:1', '--connect', 'a:2'], /--record and --connect do not go together/],
    [['--record', 'a:1', '--list'], /--record and --list do not go together: --record plays no/],
    [['--record', 'a:1', '--stage', 'a'], /--record and --stage do not go together/],
    [['--record', 'a:1', '--html', 'x'], /--record and --html do not go together/],
    [['--list', '--tap', ...one], /--list and --tap do not go together: --list plays nothing/],
    [['--list', '--gradescope', join(folder, 'x')], /--list and --gradescope do not go together/],
    [['--connect', 'a:1', '--stage', 'a', '--until', 'b'], /both choose stages/],
    [['--connect', 'a:1', '--batch', 'x'], /--batch needs --cmd with {file}/],
    [['--cmd', '{file}', '--batch', 'x', '--tap'], /the other reports are about one server/],
    [['--cmd', '{file}', '--batch', join(folder, 'none'), ...one], /there is no such folder/],
    [['--cmd', '{file}', '--batch', join(folder, 'bad.md'), ...one], /bad.md: that is no folder/],
    [['--list', '--spec', join(folder, 'bad.md')], /--spec .*bad.md: that is no folder/],
    [['--connect', 'a:1', '--spec', folder], /bad.md:2: This is no step/],
    [['--connect', 'a:1', ...one, '--gradescope', join(folder, 'no', 'x')], /cannot be written/],
    [['--what'], /Unknown argument/],
  ]
  for (const [args, message] of table) {
    await test.rejects(checkHere(args), { constructor: UsageError, message }, args.join(' '))
  }
  const program = partyline(test, 'check', '--connect', 'a:1', '--spec', folder)
  test.match(await program.exit, { code: 3 })
  test.match(program.stderr, /^partyline: .*bad\.md:2: This is no step/)
})

/** What `ladder` draws for arguments. */
async function drawnHere(args: readonly string[]): Promise<string> {
  let drawn: readonly string[] = []
  await parserOf(['ladder', ...args])
    .command('ladder <file>', '', describeLadder, (read) => {
      drawn = drawingsOf(readLadder(read))
    })
    .parseAsync()
  return drawn.join('\n')
}

t.test('lists and ladders', async (test) => {
  const folder = test.testdir({
    'one.md': SPEC,
    'bad.md': '```chat id=a\nwhat\n```\n',
    'none.md': '# Nothing\n',
    'two.md': SPEC + SPEC.replace('id=hi', 'id=ho'),
  })
  const file = join(folder, 'one.md')
  const drawn: readonly (readonly [readonly string[], RegExp])[] = [
    [[file], /^One\n\nalice +bob +server\n/],
    [[join(folder, 'two.md')], /^One\n[^]*\n\nOne\n/],
    [[file, '--format', 'svg'], /^<svg/],
    [[file, '--rulers', 'bytewise'], /alice sent\n││││\nhi␍␊\n└──┘/],
  ]
  for (const [args, expected] of drawn) test.match(await drawnHere(args), expected, args.join(' '))
  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [[file, '--rulers', 'wet'], /--rulers takes/],
    [[file, '--rulers', 'lf', '--blanks'], /--rulers and --blanks do not go together/],
    [[file, '--rulers', 'lf', '--format', 'svg'], /--rulers draws text alone/],
    [[join(folder, 'none.md')], /none.md has no transcripts: name a file with blocks/],
    [[file, '--format', 'png'], /--format takes/],
    [[file, '--id', 'no'], /has no transcript no: it has hi/],
    [[join(folder, 'two.md'), '--format', 'svg'], /name it with --id/],
    [[join(folder, 'bad.md')], /This is no step/],
  ]
  for (const [args, message] of refused) {
    await test.rejects(drawnHere(args), { constructor: UsageError, message }, args.join(' '))
  }
  const list = partyline(test, 'check', '--list')
  const blanks = partyline(test, 'ladder', file, '--blanks', '--format', 'mermaid')
  test.match(await list.exit, { code: 0 })
  test.match(list.stdout, /^Chat server\n\nstage nick\n {2}nick-wait {2}The server waits/)
  test.match(await blanks.exit, { code: 0 })
  test.match(blanks.stdout, /server->>bob: _+\n/)
})

t.test('recording', async (test) => {
  const server = await startProgram(test)
  const recorder = partyline(test, 'check', '--record', `127.0.0.1:${server.port}`)
  const [, port = ''] = await recorder.printed(/localhost port (\d+)/, 'stderr')
  const alice = await Client.named(`line://127.0.0.1:${port}`, 'alice')
  alice.socket.end()
  recorder.child.kill('SIGINT')
  test.match(await recorder.exit, { code: 0 })
  test.match(recorder.stdout, /^```chat id=recorded\nwith alice\nalice > !ping /)
})

t.test('recordings that cannot be', async (test) => {
  const taken = await startProgram(test)
  const port = String(taken.port)
  const busy = partyline(test, 'check', '--record', 'localhost:1', '--port', port)
  test.match(await busy.exit, { code: 2 })
  test.match(busy.stderr, /^partyline: --port \d+: the port is in use, end the other program or/)
  const lost = partyline(test, 'check', '--record', '[::1]:1')
  const [, open = ''] = await lost.printed(/localhost port (\d+)/, 'stderr')
  const client = connect({ port: Number(open), host: '127.0.0.1' }).on('error', () => undefined)
  await lost.printed(/\[::1\]:1 cannot be reached \(\w+\): start the server there/, 'stderr')
  client.destroy()
})

t.test('what is left when the kit is ended', async (test) => {
  const folder = test.testdir({ 'one.md': SPEC, 'server.cjs': `console.log(process.pid)\n${ECHO}` })
  const pidFile = join(folder, 'pid')
  const cmd = `echo $$ > ${pidFile}; ${NODE} ${join(folder, 'server.cjs')} {port}`
  const [csv, scope] = [join(folder, 'x.csv'), join(folder, 'g.json')]
  const program = partyline(
    test,
    ...['check', '--cmd', cmd, '--spec', folder, '--patience', '60000'],
    ...['--csv', csv, '--gradescope', scope],
  )
  while (!existsSync(pidFile) || readFileSync(pidFile, 'utf8') === '')
    await new Promise((resolve) => setTimeout(resolve, 50))
  const pid = Number(readFileSync(pidFile, 'utf8'))
  program.child.kill('SIGTERM')
  test.match(await program.exit, { code: 130 })
  test.equal(
    program.stdout,
    '\nStopped before its end, so there are no points: run it again for a mark.\n',
  )
  test.throws(() => process.kill(pid, 0), 'no server')
  test.match(JSON.parse(readFileSync(scope, 'utf8')), { score: 0, output: /it was stopped before/ })
  test.notOk(existsSync(csv), 'no mark')
})

t.test('report files that cannot be written', async (test) => {
  const folder = test.testdir({
    ...{ 'one.md': SPEC, 'server.cjs': ECHO, dir: {}, 'old.csv': 'time,server\r\n' },
    // As a spreadsheet saves it.
    'same.csv': '\ufefftime,server,score,max,one,trouble\nx\n',
  })
  const file = (name: string): string => join(folder, name)
  const cmd = `touch ${file('started')}; ${NODE} ${file('server.cjs')} {port}`
  const args = ['--cmd', cmd, '--spec', folder, '--patience', '300', '--wiring', 'crlf']
  const before: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ['--junit', file('dir'), '--html', file('no/x'), '--json', file('x')],
      /dir cannot be written \(EISDIR.*; .*no\/x cannot be written \(ENOENT/,
    ],
    [
      ['--csv', file('old.csv')],
      /old.csv: its columns are time,server, and .* time,server,score,max,one,trouble\. Choose/,
    ],
  ]
  for (const [files, message] of before) {
    const refused = checkHere([...args, ...files])
    await test.rejects(refused, { constructor: UsageError, message }, files.join(' '))
  }
  test.notOk(existsSync(file('started')), 'nothing was begun')
  test.notOk(existsSync(file('x')), 'and what was tried is not there')
  // It is there at the beginning, and a folder at the end.
  const spoilt = `rm -f ${file('y')}; mkdir -p ${file('y')}; ${cmd}`
  const late = partyline(
    test,
    ...['check', '--cmd', spoilt, ...args.slice(2)],
    ...['--gradescope', file('y'), '--csv', file('same.csv')],
  )
  test.same(await late.ended(), { code: 3, signal: null })
  test.match(late.stderr, /y cannot be written/)
  test.match(readFileSync(file('same.csv'), 'utf8'), /^\ufefftime.*\nx\n2.*\r\n$/, 'the others are')
})

t.test('a batch is stopped as a whole', async (test) => {
  const silent = "require('net').createServer(() => console.log('up')).listen(+process.argv[2])"
  const up = `require('fs').writeFileSync(__filename + '.up', '');${silent}`
  const folder = test.testdir({
    spec: { 'one.md': SPEC },
    class: { 'a.cjs': 'process.exit(4)', 'b.cjs': up, 'c.cjs': up },
  })
  const csv = join(folder, 'x.csv')
  const cmd = `${NODE} {file} {port}`
  const program = partyline(
    test,
    ...['check', '--batch', join(folder, 'class'), '--cmd', cmd, '--spec', join(folder, 'spec')],
    ...['--patience', '60000', '--csv', csv, '--html', join(folder, 'x.html')],
  )
  while (!existsSync(join(folder, 'class', 'b.cjs.up')))
    await new Promise((resolve) => setTimeout(resolve, 50))
  program.child.kill('SIGINT')
  test.match(await program.exit, { code: 130 }, program.stderr)
  test.match(
    program.stdout,
    /^1\/3 {2}a\.cjs .*\nStopped after 1 of 3: the others have no mark\.\n$/,
  )
  test.match(readFileSync(csv, 'utf8').split('\r\n'), [/^time/, /,a\.cjs,/, /^$/])
  test.notMatch(readFileSync(join(folder, 'x.html'), 'utf8'), 'b.cjs')
  test.notOk(existsSync(join(folder, 'class', 'c.cjs.up')), 'the next was never started')
})

t.test('output that goes nowhere', { skip: !existsSync('/dev/full') }, async (test) => {
  const folder = test.testdir({ 'one.md': SPEC, 'server.cjs': ECHO })
  const server = `${NODE} ${join(folder, 'server.cjs')} {port}`
  const scope = join(folder, 'g.json')
  const table: readonly (readonly [string, number])[] = [
    [`ladder ${join(folder, 'one.md')}`, 1],
    ['check --list', 2],
    [`check --spec ${folder} --cmd '${server}' --patience 300 --gradescope ${scope}`, 2],
  ]
  for (const [args, code] of table) {
    const command = `exec ${JSON.stringify(process.execPath)} ${PROGRAM} ${args}`
    const full = run(test, 'sh', ['-c', `${command} >/dev/full`])
    test.match(await full.exit, { code }, args)
    test.match(full.stderr, /^partyline: The output cannot be written: ENOSPC.*\n$/)
  }
  test.match(JSON.parse(readFileSync(scope, 'utf8')), { tests: [{}] }, 'the files are written')
  const closed = partyline(test, 'check', '--list')
  closed.child.stdout?.destroy()
  test.match(await closed.exit, { code: 0 })
  test.equal(closed.stderr, '', 'who reads no more has read enough')
})

testWith(t, ['ncat'], 'ncat --chat, which nobody wrote for a course', async (test) => {
  const port = String(20_000 + (process.pid % 10_000))
  const cmd = 'exec ncat --listen --chat 127.0.0.1 {port}'
  const json = join(test.testdir({}), 'x.json')
  const stage = ['--stage', 'nick', '--wiring', 'crlf', '--patience', '300']
  const program = partyline(test, 'check', '--cmd', cmd, '--port', port, ...stage, '--json', json)
  test.match(await program.exit, { code: 1 }, program.stderr)
  const { score, results } = JSON.parse(readFileSync(json, 'utf8')) as {
    score: number
    results: readonly { id: string; mistake?: string; got?: readonly string[] }[]
  }
  const [wait, prefix] = results
  test.match(wait, { id: 'nick-wait', mistake: 'speaks-before-nick' }, 'it says who comes')
  test.match(prefix?.got?.[0], /^bob: "<user\d+> hello"/, 'it calls them by numbers')
  const mistakes = Object.fromEntries(results.map(({ id, mistake }) => [id, mistake]))
  test.match(mistakes, {
    'nick-line-pieces': 'forwards-fragments',
    'nick-own-buffer': 'forwards-fragments',
    'nick-several': 'merged-lines',
  })
  test.equal(score, 1, 'it leaves spaces alone, and has no nicknames')
})
