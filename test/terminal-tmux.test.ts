// `partyline connect` at a real terminal, against the real server and a hostile one: what counts is
// what the screen shows.

import t, { type Test } from 'tap'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { Client } from './support/client.js'
import { drawScreen } from './support/picture.js'
import { PROGRAM, startProgram } from './support/program.js'
import { openScreen, type Screen } from './support/tmux.js'
import { testWith } from './support/tools.js'

t.jobs = 2

// The one who runs the tests may want no colours.
const COLOURED = ['-u', 'NO_COLOR', '-u', 'FORCE_COLOR']

/** Somebody at `partyline connect`, once it is connected. `settings` are variables such as `NO_COLOR=1`. */
async function sitDown(
  t: Test,
  port: number,
  options: readonly string[],
  settings: readonly string[] = [],
): Promise<Screen> {
  const program = [process.execPath, PROGRAM, ...connecting(port), ...options]
  const screen = await openScreen(t, ['env', ...COLOURED, ...settings, ...program])
  await screen.shows(/^Connected to 127\.0\.0\.1 at port \d+\.$/m)
  return screen
}

function connecting(port: number): readonly string[] {
  return ['connect', `line://127.0.0.1:${port}`]
}

testWith(t, ['tmux'], 'one who types while others talk', async (t) => {
  const { port } = await startProgram(t)
  const bob = await Client.named(`line://127.0.0.1:${port}`, 'bob')
  const alice = await sitDown(t, port, ['--notices'])
  await alice.shows(/^Nickname: $/m)
  await alice.line('alice')
  await alice.line('hi')
  t.equal(await bob.line(), 'alice: hi')

  const long = `a line ${'that goes on '.repeat(8)}over the edge`
  await alice.type(long)
  await alice.shows(/edge$/m)
  bob.say('one', 'two', 'three')
  await alice.shows(/^bob: one\nbob: two\nbob: three\nalice> a line that .*\n.*over the edge\n/m)
  await alice.press('C-a')
  await alice.type('日本')
  await alice.press('Left')
  await alice.type('e\u0301')
  bob.say('four')
  await alice.shows(/^bob: three\nbob: four\nalice> 日e\u0301本a line /m)

  for (const [columns, rows] of [
    ['37', '9'],
    ['120', '30'],
    ['61', '12'],
  ] as const) {
    await alice.tmux('resize-window', '-x', columns, '-y', rows)
    bob.say(`now ${columns} wide`)
    // Whole, wherever it is broken.
    const typed = `日e\u0301本${long}`.replace(/./gu, '\n?$&')
    await alice.shows(new RegExp(`^bob: now ${columns} wide\nalice> ${typed}\n`, 'm'))
    t.pass(`${columns} columns`)
  }
  await alice.press('Enter')
  t.equal(await bob.line(), `alice: 日e\u0301本${long}`)

  await alice.type('#b')
  await alice.press('Tab')
  await alice.line('psst')
  t.equal(await bob.line(), '#alice: psst')
  await alice.press('Up', 'C-w')
  await alice.line('wait')
  t.equal(await bob.line(), '#alice: wait')
  await alice.press('Up', 'Up', 'Up')
  await alice.shows(/^alice> 日e\u0301本a line [^]*edge\n$/m)
  await alice.press('C-u', 'C-k')
  t.match(await alice.tmux('capture-pane', '-p', '-e'), /\x1b\[\d\dmbob\x1b\[39m: now 61 wide/)
  bob.say('!quit')
  await alice.shows(/^!notice offline bob\nalice> $/m)
  await alice.line('/quit')
  await alice.shows(/Pane is dead \(status 0/)
  t.notMatch(await alice.text(), /!users|!rooms/, 'look-ups are not seen')
})

testWith(t, ['tmux'], 'many lines pasted, and a server that is killed', async (t) => {
  const program = await startProgram(t)
  const { port } = program
  const bob = await Client.named(`line://127.0.0.1:${port}`, 'bob')
  const alice = await sitDown(t, port, ['--nick', 'alice'], ['NO_COLOR=1'])
  const lines = Array.from({ length: 150 }, (_, n) => `row ${n} ${'-'.repeat(n % 120)} `)
  await alice.tmux(
    'set-buffer',
    '--',
    `${lines.join('\n')}\na\ttab\nand`,
    ';',
    'paste-buffer',
    '-p',
  )
  t.same(
    await bob.lines(151),
    [...lines, 'a tab'].map((line) => `alice: ${line}`),
  )
  await alice.line(' more')
  t.equal(await bob.line(), 'alice: and more')
  // A terminal that does not mark what is pasted.
  await alice.tmux('set-buffer', '--', `${lines.join('\n')}\n`, ';', 'paste-buffer')
  t.same(
    await bob.lines(150),
    lines.map((line) => `alice: ${line}`),
  )
  await alice.shows(/^alice> row 149 -+ \nalice> $/m)
  t.notMatch(await alice.tmux('capture-pane', '-p', '-e'), '\x1b', 'NO_COLOR')
  await alice.type('half a line')
  await alice.shows(/^alice> half a line$/m)
  await program.stop('SIGKILL')
  await alice.shows(
    /^Connection closed by server\.\nNot sent: half a line\n[^]*Pane is dead \(status 3/m,
  )
})

testWith(t, ['tmux', 'bash'], 'Ctrl-Z, Ctrl-D, Ctrl-C and the shell', async (t) => {
  const { port } = await startProgram(t)
  const bob = await Client.named(`line://127.0.0.1:${port}`, 'bob')
  const screen = await openScreen(t, ['env', 'PS1=shell$ ', 'bash', '--norc', '--noprofile', '-i'])
  const start = [process.execPath, PROGRAM, ...connecting(port), '--nick alice'].join(' ')
  const judge = 'echo "code $? $([ "$modes" = "$(stty -g)" ] && echo modes as before)"'
  await screen.line(`modes=$(stty -g); cd /; clear`)

  await screen.line(start)
  await screen.type('half')
  await screen.shows(/^alice> half$/m)
  await screen.press('C-z')
  await screen.shows(/Stopped/)
  bob.say('meanwhile')
  await screen.line('echo in the $(echo shell)')
  await screen.shows(/^in the shell$/m)
  await screen.line('fg')
  await screen.shows(/^bob: meanwhile\nalice> half$/m)
  await screen.line(' a line')
  t.equal(await bob.line(), 'alice: half a line')
  await screen.press('C-d')
  await screen.shows(/^shell\$ $/m)
  await screen.line(judge)
  await screen.shows(/^code 0 modes as before$/m)

  await screen.line('clear')
  await screen.line(start)
  await screen.type('never sent')
  await screen.shows(/^alice> never sent$/m)
  await screen.press('C-d', 'C-c')
  await screen.shows(/^Not sent: never sent\nshell\$ $/m)
  await screen.line(judge)
  await screen.shows(/^code 0 modes as before$/m)
})

/** A server that says what a test wants it to, with one client. */
async function scriptedServer(t: Test): Promise<{ port: number; socket: Promise<Socket> }> {
  const server = createServer({ noDelay: true }).listen(0, '127.0.0.1')
  const socket = once(server, 'connection').then(([socket]: Socket[]) => {
    if (socket === undefined) throw new Error('a connection without a socket')
    return socket.setEncoding('utf8').on('error', () => undefined)
  })
  t.teardown(() => server.close())
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return { port: address.port, socket }
}

testWith(t, ['tmux'], 'a hostile server', async (t) => {
  const server = await scriptedServer(t)
  const alice = await sitDown(t, server.port, ['--nick', 'alice'])
  const socket = await server.socket
  let heard = ''
  socket.on('data', (text: string) => (heard += text))
  t.teardown(() => socket.destroy())

  const title = await alice.tmux('display', '-p', '#{pane_title}')
  socket.write('\x1b]0;evil\x07\x1b[2J\x1b[31mred\x1b[6n\x9b5;5H\x0e\x1bc\rback\b\b: x\r\n')
  socket.write(Buffer.from([0xff, 0xfe, 0x80, ...Buffer.from(' bad\r\nbob: after\r\n')]))
  await alice.shows(/^bob: after\nalice>/m)
  t.equal(await alice.tmux('display', '-p', '#{pane_title}'), title)
  t.match(await alice.text(), /^Connected to/m, 'nothing was erased')

  socket.write('endless '.repeat(30_000))
  await alice.type('still')
  await alice.shows(/^alice> still$/m)
  socket.write('\r\n')

  const flood = Array.from({ length: 100_000 }, (_, n) => `bob: ${n}\r\n`).join('')
  socket.write(flood)
  await alice.shows(/^bob: \d{3,}$/m)
  await alice.line(' here')
  await alice.type('and typing')
  await alice.shows(/^bob: 99999\n[^]*alice> and typing$/m)
  t.match(heard, /^still here\r\n/m)
  t.notMatch(heard, /\x1b/, 'the terminal was asked nothing that it answered')
  if (process.platform === 'linux') {
    const pid = (await alice.tmux('display', '-p', '#{pane_pid}')).trim()
    const peak = Number(
      /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1],
    )
    t.ok(peak < 256_000, `${peak} KiB at most`)
  }

  socket.resetAndDestroy()
  await alice.shows(/Not sent: and typing\n[^]*Pane is dead \(status 3/)
})

const PICTURE = 'docs/session.svg'
const WINDOW = { columns: 80, rows: 20, title: 'partyline connect --notices' }

// The picture in the README is a real screen. RECORD=true draws it anew.
testWith(t, ['tmux'], `the picture ${PICTURE}`, async (t) => {
  const { port } = await startProgram(t)
  const bob = await Client.named(`line://127.0.0.1:${port}`, 'bob')
  const carol = await Client.named(`line://127.0.0.1:${port}`, 'carol')
  const alice = await sitDown(t, port, ['--notices'])
  const { columns, rows } = WINDOW
  await alice.tmux('resize-window', '-x', String(columns), '-y', String(rows))
  await alice.line('alice')
  await alice.shows(/^!notices on$/m)
  await alice.line('hello!')
  await bob.has('alice: hello!')
  const spoken: readonly (readonly [Client | Screen, string, RegExp])[] = [
    [bob, 'hello alice', /^bob: hello/m],
    [alice, 'is there any tea?', /^alice> is there/m],
    [carol, 'there is, in the room tea', /^carol: there/m],
    [alice, '!enter tea', /^alice> !enter tea$/m],
    [bob, '!enter tea', /^!notice entered tea bob$/m],
    [bob, '@tea the kettle is on', /^@tea bob: the/m],
    [alice, '@tea a cup for me, please', /^alice> @tea a cup/m],
    [
      carol,
      '#alice this is for you alone, and longer than the window, so it breaks between two words',
      /two words$/m,
    ],
    [alice, '#dave are you there?', /^!error unknown-nick/m],
    [alice, '!users', /^bob carol alice$/m],
    [carol, '!quit', /^!notice offline carol$/m],
  ]
  for (const [who, line, shown] of spoken) {
    if (who instanceof Client) who.say(line)
    else await who.line(line)
    await alice.shows(shown)
  }
  await alice.type('@tea what I type stays whole while oth')
  await alice.shows(/oth$/m)
  const [column = 0, row = 0] = (await alice.tmux('display', '-p', '#{cursor_x} #{cursor_y}'))
    .split(' ')
    .map(Number)
  const capture = await alice.tmux('capture-pane', '-p', '-e')
  const picture = drawScreen(capture.trimEnd().replaceAll(String(port), '8888'), {
    ...WINDOW,
    cursor: { column, row },
  })
  if (process.env['RECORD'] === 'true') writeFileSync(PICTURE, picture)
  t.equal(picture, readFileSync(PICTURE, 'utf8'), 'RECORD=true draws it anew')

  process.kill(Number(await alice.tmux('display', '-p', '#{pane_pid}')), 'SIGTERM')
  await alice.shows(/^Not sent: @tea what [^]*Pane is dead \(status 143/m)
})
