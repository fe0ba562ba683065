// `partyline connect` as its users start it: what it prints where, how it ends, and what it refuses.

import t, { type Test } from 'tap'
import { readConnect } from '../bin/connect.js'
import { Client } from './support/client.js'
import { listenFor, serve } from './support/hosting.js'
import { PROGRAM } from './support/program.js'
import { ROOT } from './support/root.js'
import { run, type Running } from './support/running.js'
import { openScreen } from './support/tmux.js'
import { testWith } from './support/tools.js'

t.jobs = 2

function connect(t: Test, ...args: readonly string[]): Running {
  return run(t, process.execPath, [PROGRAM, 'connect', ...args])
}

t.test('as a good Unix tool', { buffered: true }, async (t) => {
  const { url } = await serve(t)
  const ann = connect(t, url.slice('line://'.length), '--trace')
  ann.end('ann\n!users')
  t.strictSame(await ann.ended(), { code: 0, signal: null })
  t.equal(ann.stdout, 'ann\n')
  t.match(
    ann.stderr,
    /^Connected to 127\.0\.0\.1 at port \d+\.\nTo quit, type "\/quit"\.\n-> write 1: 5 bytes\n/,
  )
  t.match(ann.stderr, /\nConnection closed by server\.\n$/)

  const head = connect(t, url, '--nick', 'bob')
  head.write('!help\n')
  await head.printed(/^!help text/m)
  head.child.stdout?.destroy()
  head.write('!help\n!help\n')
  t.strictSame(await head.ended(), { code: 0, signal: null }, 'its reader has gone')
  t.notMatch(head.stderr, /EPIPE/)

  const eve = connect(t, url, '--nick', 'eve', '--expect', '^dan: (?:yes|no)$')
  const dan = await Client.named(url, 'dan')
  eve.end('really?\n')
  t.equal(await dan.line(), 'eve: really?')
  dan.say('yes')
  t.strictSame(await eve.ended(), { code: 0, signal: null })
  t.equal(eve.stdout, 'dan: yes\n')

  const zoe = connect(t, url, '--nick', 'zoe')
  await zoe.printed(/Connected/, 'stderr')
  t.strictSame(await zoe.stop('SIGINT'), { code: 130, signal: null })
})

t.test('exit codes', { buffered: true }, async (t) => {
  const { url } = await serve(t)
  const rows: readonly (readonly [code: number, stderr: RegExp, ...args: string[]])[] = [
    [1, /^Cannot connect to localhost:1: nobody listens there\./, 'localhost:1'],
    [1, /^Cannot connect to 127\.0\.0\.1:1: nobody listens/, '127.0.0.1:1', '--raw'],
    [1, /^Cannot connect to localhost:1: nobody/, '--nick', 'ann', '--', 'localhost:1'],
    [2, /there is no dialect 'irc', only line, /, 'irc://localhost'],
    [2, /--notices takes no value: leave it out/, 'localhost:1', '--notices=maybe'],
    [3, /closed by server/, url, '--nick', 'all'],
    [4, /^Nothing matched never within 1 second\.$/m, url, '--timeout', '1', '--expect', 'never'],
  ]
  for (const [code, stderr, ...args] of rows) {
    const program = connect(t, ...args)
    program.end('ann\n')
    t.equal((await program.ended()).code, code, args.join(' '))
    t.match(program.stderr, stderr)
  }
})

t.test('options that do not fit', (t) => {
  const rows: readonly (readonly [args: Readonly<Record<string, unknown>>, why: RegExp])[] = [
    [{ server: 'irc://localhost' }, /^there is no dialect 'irc', only line, /],
    [{ expect: '(' }, /^--expect: \( is no regular expression of JavaScript: Unterminated group$/],
    [{ expect: '\\-' }, /^--expect: \\- is no .*: Invalid escape$/],
    [{ expect: '[z-a]' }, /: Range out of order in character class$/],
    [{ server: '' }, /^'' is no server: give DIALECT:/],
    [{ raw: true, nick: 'x' }, /^--raw adds nothing to what is typed, so --nick has no place/],
    [{ nick: 'ann\r\n!users' }, /^--nick: A nickname has no line breaks/],
    [{ notices: true, server: 'chatapp://' }, /^--notices: chatapp has no way/],
    [{ timeout: 'soon' }, /^--timeout takes a whole number from 1 to 1000000, not 'soon'$/],
  ]
  for (const [args, why] of rows) t.throws(() => readConnect(args), { message: why })
  t.end()
})

t.test('raw refuses no option of telnet once its input is over, and reads on', async (t) => {
  const url = await listenFor(t, (socket) => {
    socket.resume().on('end', () => {
      socket.write(Buffer.from([0xff, 0xfd, 0x18]))
      socket.end('last words\r\n')
    })
  })
  const raw = connect(t, url, '--raw')
  raw.end('hi\n')
  t.strictSame(await raw.ended(), { code: 0, signal: null })
  t.equal(raw.stdout, 'last words\r\n')
})

testWith(t, ['tmux'], 'raw at a terminal sends what is typed so far', async (t) => {
  const { url, entries } = await serve(t)
  const screen = await openScreen(t, [process.execPath, PROGRAM, 'connect', url, '--raw'])
  const bob = await Client.named(url, 'bob')
  await screen.line('ann')
  await entries.until('online', 2)
  await screen.type('Hi,')
  await screen.press('C-d')
  await screen.type(' I um')
  await screen.press('C-d')
  await screen.line(' have to tell you')
  t.equal(await bob.line(), 'ann: Hi, I um have to tell you')
  bob.say('listening')
  await screen.shows(/^bob: listening$/m)
  t.notMatch(await screen.text(), /Connected|To quit/, 'nothing of our own')
})

t.test('the bot of the examples', { buffered: true }, async (t) => {
  const { url } = await serve(t)
  const bot = run(t, process.execPath, [`${ROOT}/dist/examples/echo-bot.js`, url])
  const ann = await Client.named(url, 'ann')
  ann.say('!notices on')
  ann.say('!users')
  let line = ''
  while (!/\bParrot\b/.test(line)) line = await ann.line()
  ann.say('hello there')
  t.equal(await ann.line(), 'Parrot: Hello ann!')
  ann.say('#Parrot pretty bird')
  t.equal(await ann.line(), '#Parrot: you said: pretty bird')
  await bot.stop()
  const lost = run(t, process.execPath, [`${ROOT}/dist/examples/echo-bot.js`, '127.0.0.1:1'])
  t.strictSame(await lost.ended(), { code: 1, signal: null })
  t.match(lost.stderr, /^Cannot connect to 127\.0\.0\.1:1: nobody listens there\..*\n$/)
})
