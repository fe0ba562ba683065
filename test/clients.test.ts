// The programs that people really have, against the real server: two telnets on a terminal,
// judged by what their screens show, and every netcat in a pipe, judged by what it prints.

import t, { type Test } from 'tap'
import { startProgram, type Program } from './support/program.js'
import { run, type Running } from './support/running.js'
import { openScreen, type Screen } from './support/tmux.js'
import { testWith } from './support/tools.js'

t.jobs = 4

const UNICODE = 'žluť €😀'

for (const telnet of ['inetutils-telnet', 'telnet-ssl']) {
  testWith(t, ['tmux', telnet], `two people at ${telnet}`, async (t) => {
    const program = await startProgram(t, { env: { DEBUG: 'partyline:bytes' } })
    const alice = await sitDown(t, `${telnet} 127.0.0.1 $PORT`, program, 'alice')
    const bob = await sitDown(t, `${telnet} 127.0.0.1 $PORT`, program, 'bob')

    await alice.line('hello')
    await bob.shows(/^alice: hello$/m)
    await bob.line(UNICODE)
    await alice.shows(new RegExp(`^bob: ${UNICODE}$`, 'm'))

    await interrupt(t, { program, alice, bob }, 'C-c', 'fff4fffd06')
    await interrupt(t, { program, alice, bob }, 'C-\\', 'fff3fffd06')
    await interrupt(t, { program, alice, bob }, 'C-z', 'ffedfffd06')

    await alice.type('abc')
    await alice.press('C-d')
    await program.printed(/ 616263\n/, 'stderr')
    await alice.line('def')
    await bob.shows(/^alice: abcdef$/m)

    await giveCommand(alice, 'mode character')
    await program.printed(/ fffd03fffd01\n/, 'stderr')
    // The client reads in order: once it shows this, it has read that both options are refused.
    await bob.line('are you back')
    await alice.shows(/^bob: are you back$/m)
    await alice.line('in line mode')
    await bob.shows(/^alice: in line mode$/m)
    await program.printed(
      new RegExp(` ${Buffer.from('in line mode\r\n').toString('hex')}\n`),
      'stderr',
    )

    await giveCommand(alice, 'send ayt')
    await alice.shows(/^!pong$/m)

    const page = Array.from({ length: 120 }, (_, row) => `row ${row} ${'-'.repeat(60)}`)
    await alice.paste(`${page.join('\n')}\n!ping pasted\n`)
    await alice.shows(/^!pong pasted$/m)
    await bob.shows(/^alice: row 119 /m)
    const seen = (await bob.text()).split('\n').filter((line) => line.startsWith('alice: row'))
    t.same(
      seen,
      page.map((row) => `alice: ${row}`),
      'the other sees every pasted row, in order',
    )

    await alice.paste(`${'x'.repeat(3000)}\n`)
    await alice.shows(/^!error too-long /m)
    await alice.line('!quit')
    await alice.shows(/^!goodbye alice$/m)
    await alice.shows(/Connection closed by foreign host/)
  })
}

// socat passes each key on, and Enter as a bare CR; plink negotiates before anything else.
const TYPED = [
  'nc.openbsd -C 127.0.0.1 $PORT',
  'nc.traditional 127.0.0.1 $PORT',
  'ncat 127.0.0.1 $PORT',
  'busybox nc 127.0.0.1 $PORT',
  'busybox telnet 127.0.0.1 $PORT',
  'plink -telnet -batch -P $PORT 127.0.0.1',
  'socat -,raw,echo=0 TCP:127.0.0.1:$PORT',
]

t.test('one at telnet, one at something else', async (t) => {
  const program = await startProgram(t)
  for (const [row, command] of TYPED.entries()) {
    testWith(t, ['tmux', 'inetutils-telnet', toolOf(command)], command, async (t) => {
      const alice = await sitDown(t, 'inetutils-telnet 127.0.0.1 $PORT', program, `alice${row}`)
      const bob = await sitDown(t, command, program, `bob${row}`)
      await alice.line(`#bob${row} ${UNICODE}`)
      await bob.shows(new RegExp(`^#alice${row}: ${UNICODE}$`, 'm'))
      await bob.line(`#alice${row} ${UNICODE}`)
      await alice.shows(new RegExp(`^#bob${row}: ${UNICODE}$`, 'm'))
    })
  }
})

/** Somebody at a terminal with `command`, who has taken a nickname. */
async function sitDown(t: Test, command: string, program: Program, nick: string): Promise<Screen> {
  const port = String(program.port)
  const screen = await openScreen(t, ['sh', '-c', `PORT=${port}; exec ${command}`])
  // Only telnets say that they are connected; the others hold what is typed until they are.
  if (/^\S*telnet/.test(command)) await screen.shows(/Escape character is/)
  await screen.line(nick)
  await screen.line('!ping here')
  await screen.shows(/^!pong here$/m)
  return screen
}

interface Scene {
  readonly program: Program
  readonly alice: Screen
  readonly bob: Screen
}

/**
 * Alice presses `key` in the middle of a line, for which a telnet sends `bytes` (hex) and shows nothing
 * until they are answered; then she must see what bob says, and be heard.
 */
async function interrupt(
  t: Test,
  { program, alice, bob }: Scene,
  key: string,
  bytes: string,
): Promise<void> {
  await alice.type('never sent')
  await alice.press(key)
  await program.printed(new RegExp(` ${bytes}\n`), 'stderr')
  const lines = Array.from({ length: 10 }, (_, line) => `after ${key} ${line}`)
  for (const line of lines) await bob.line(line)
  await alice.shows(new RegExp(`^bob: ${literally(lines.at(-1))}$`, 'm'))
  const text = await alice.text()
  t.same(
    lines.filter((line) => !text.includes(`bob: ${line}\n`)),
    [],
    `all is seen after ${key}`,
  )
  await alice.line(`still here after ${key}`)
  await bob.shows(new RegExp(`^alice: still here after ${literally(key)}$`, 'm'))
}

/** Gives the telnet itself a command, at the prompt that its escape character brings. */
async function giveCommand(screen: Screen, text: string): Promise<void> {
  await screen.press('C-]')
  await screen.shows(/telnet\S*> *\s*$/)
  await screen.line(text)
}

/** A regular expression for `text` as it is. */
function literally(text = ''): string {
  return text.replace(/\W/g, '\\$&')
}

/**
 * How a piped script ends. `at once`: its input ends right behind its lines; the client sends FIN and
 * stays until the server closes. `answered`: its input ends once the answers are there, for clients that
 * do not wait for them, or not long. `quit`: the client never sends FIN, so the last line is `!quit`.
 */
type Ending = 'at once' | 'answered' | 'quit'

interface Recipe {
  readonly ending: Ending
  /** For bash; `$PORT` is the server's. Its first word is the tool. */
  readonly command: string
  /** What it makes of the server's CR LF, if not the same. */
  readonly prints?: '\n'
}

const RECIPES: readonly Recipe[] = [
  { ending: 'at once', command: 'nc.openbsd -N 127.0.0.1 $PORT' },
  { ending: 'at once', command: 'nc.openbsd -q0 127.0.0.1 $PORT' },
  { ending: 'at once', command: 'nc.openbsd -N -C 127.0.0.1 $PORT' },
  { ending: 'quit', command: 'nc.openbsd 127.0.0.1 $PORT' },
  { ending: 'quit', command: 'nc.traditional 127.0.0.1 $PORT' },
  // People take -q 1 and -t2, which give a slow machine too little time to be a test.
  { ending: 'at once', command: 'nc.traditional -q 30 127.0.0.1 $PORT' },
  { ending: 'answered', command: 'nc.traditional -q 1 127.0.0.1 $PORT' },
  { ending: 'answered', command: 'nc.traditional -C -q 1 127.0.0.1 $PORT' },
  { ending: 'at once', command: 'ncat 127.0.0.1 $PORT' },
  { ending: 'at once', command: 'ncat -C 127.0.0.1 $PORT' },
  { ending: 'at once', command: 'socat -t30 - TCP:127.0.0.1:$PORT' },
  { ending: 'at once', command: 'socat -t30 - TCP:127.0.0.1:$PORT,crnl', prints: '\n' },
  { ending: 'answered', command: 'socat - TCP:127.0.0.1:$PORT' },
  { ending: 'answered', command: 'socat -t2 - TCP:127.0.0.1:$PORT' },
  { ending: 'at once', command: 'busybox nc 127.0.0.1 $PORT' },
  { ending: 'at once', command: 'plink -raw -batch -P $PORT 127.0.0.1' },
  { ending: 'quit', command: 'bash -c "exec 3<>/dev/tcp/127.0.0.1/$PORT; cat >&3; cat <&3"' },
  { ending: 'answered', command: 'inetutils-telnet 127.0.0.1 $PORT', prints: '\n' },
  { ending: 'answered', command: 'telnet-ssl 127.0.0.1 $PORT', prints: '\n' },
  { ending: 'answered', command: 'busybox telnet 127.0.0.1 $PORT' },
]

t.test('scripts', async (t) => {
  const program = await startProgram(t)
  for (const [row, { ending, command, prints = '\r\n' }] of RECIPES.entries()) {
    for (const [name, eol] of Object.entries({ LF: '\n', CRLF: '\r\n' })) {
      testWith(t, [toolOf(command)], `${name} | ${command}`, async (t) => {
        const nick = `r${row}${name}`
        const lines = [nick, '!ping a', `!enter ${nick}`, `!members ${nick}`, '!ping b']
        const answers = ['!pong a', nick, '!pong b']
        if (ending === 'quit') {
          lines.push('!quit')
          answers.push(`!goodbye ${nick}`)
        }
        const client = runClient(t, command, program)
        client.write(lines.map((line) => line + eol).join(''))
        if (ending === 'answered') await client.printed(/^!pong b/m)
        client.end()
        await client.ended()
        t.equal(withoutBanner(client.stdout), answers.map((line) => line + prints).join(''))
      })
    }
  }
})

function toolOf(command: string): string {
  return command.split(' ', 1).join()
}

function runClient(t: Test, command: string, { port }: Program): Running {
  return run(t, 'bash', ['-c', `exec ${command}`], { env: { ...process.env, PORT: String(port) } })
}

/** A telnet tells of its connection before and after what the server sends. */
function withoutBanner(text: string): string {
  return text.replace(/^(Trying|Connected to|Escape character|Connection closed) .*\n/gm, '')
}

testWith(t, ['nc.openbsd'], '1,000 scripts, 20 at a time, get all their answers', async (t) => {
  const program = await startProgram(t)
  const script =
    'out=$(printf "nK\\r\\n!users\\r\\n" | nc.openbsd -N 127.0.0.1 $PORT; echo end); printf "K:%s\\n" "$out"'
  const client = runClient(t, `seq 1000 | xargs -P 20 -I K sh -c '${script}'`, program)
  client.end()
  t.same(await client.exit, { code: 0, signal: null })
  const outputs = client.stdout.split('end\n').slice(0, -1)
  const answered = outputs.filter((output) => {
    const [, k = '', nicks = ''] = /^(\d+):([^\r\n]+)\r\n$/.exec(output) ?? []
    return nicks.split(' ').includes(`n${k}`)
  })
  t.equal(answered.length, 1000)
  t.same(
    outputs.filter((output) => !answered.includes(output)),
    [],
  )
})

testWith(
  t,
  ['nc.openbsd'],
  'F-3: a line whose sender is killed before its end is never said',
  async (t) => {
    const program = await startProgram(t, { env: { DEBUG: 'partyline:bytes' } })
    const listener = runClient(t, 'nc.openbsd -N 127.0.0.1 $PORT', program)
    listener.write('bob\n!ping here\n')
    await listener.printed(/^!pong here\r\n/)
    const client = runClient(t, 'nc.openbsd -N 127.0.0.1 $PORT', program)
    client.write('alice\nwhole\nhalf of it')
    await listener.printed(/^alice: whole\r\n/m)
    await program.printed(new RegExp(`${Buffer.from('half of it').toString('hex')}\n`), 'stderr')
    await client.stop('SIGKILL')
    await program.printed(/^alice is offline /m)
    listener.end('!users\n')
    await listener.ended()
    t.equal(listener.stdout, '!pong here\r\nalice: whole\r\nbob\r\n')
  },
)

testWith(t, ['nc.openbsd'], 'I-104: a port scan leaves no trace', async (t) => {
  const program = await startProgram(t)
  const scan = runClient(t, 'nc.openbsd -z 127.0.0.1 $PORT', program)
  t.same(await scan.ended(), { code: 0, signal: null })
  const client = runClient(t, 'nc.openbsd -N 127.0.0.1 $PORT', program)
  client.end('alice\n!users\n')
  await client.ended()
  t.equal(client.stdout, 'alice\r\n')
  t.same(await program.stop(), { code: 0, signal: null })
  t.equal(program.stderr, '')
  t.notMatch(program.stdout, /warning|mistake|error/i)
})
