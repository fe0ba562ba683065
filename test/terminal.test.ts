// The comfortable screen as the running client sees it: a terminal that is none takes what it draws.

import t, { type Test } from 'tap'
import { setImmediate as turn } from 'node:timers/promises'
import type { Heard } from '../lib/dialects/client.js'
import { Terminal } from '../lib/client/terminal/terminal.js'
import { Keyboard, Paper, RestingDesk } from './support/desk.js'

process.env['TZ'] = 'UTC'

const MINUTE = 60_000

function said(from: string, text: string, over: object = {}): Heard {
  return { type: 'said', from, text, shown: [`${from}: ${text}`], ...over }
}

/** An open screen, on which alice has a nickname. `clock.time` is the time in milliseconds since 1970. */
function openTerminal(t: Test, over: { times?: boolean; bell?: boolean; colours?: boolean } = {}) {
  const keyboard = new Keyboard()
  const paper = new Paper(over.colours)
  const desk = new RestingDesk()
  const clock = { time: 0 }
  const { times = false, bell = false } = over
  const terminal = new Terminal({
    input: keyboard,
    output: paper,
    times,
    bell,
    now: () => clock.time,
  })
  terminal.open(desk)
  terminal.named('alice')
  t.teardown(async () => terminal.close())
  return { keyboard, paper, desk, clock, terminal }
}

t.test('the terminal is given back as it was', async (t) => {
  const { keyboard, paper, desk, terminal } = openTerminal(t)
  terminal.hold()
  t.equal(keyboard.raw, true)
  await paper.shows('alice> ')
  keyboard.write('hello\rhalf')
  await paper.shows('alice> half')
  t.same(desk.asked, ['hello'], 'held or not')
  terminal.release()
  await terminal.close()
  t.match(paper.text, /alice> hello\n[^]*Not sent: half\n$/)
  t.equal(keyboard.raw, false)
  t.equal(paper.count('\x1b[?2004h'), 1)
  t.equal(paper.count('\x1b[?2004l'), 1)
})

t.test('the question for a nickname', async (t) => {
  const { keyboard, paper, desk, terminal } = openTerminal(t)
  terminal.ask('Nickname: ')
  await paper.shows('Nickname: ')
  keyboard.write('ann\r')
  terminal.prompt('ann says ')
  keyboard.write('\x1b[A')
  await paper.shows('ann says ')
  t.same(desk.asked, ['ann'])
  t.notMatch(paper.text, 'ann says ann', 'a nickname is not in the history')
  terminal.prompt('')
  terminal.ask('Another nickname: ')
  await paper.shows('Another')
  paper.written = ''
  terminal.named('bea')
  await paper.shows('bea> ')
})

t.test('keys that end', async (t) => {
  const { keyboard, desk } = openTerminal(t)
  keyboard.write('\x03')
  t.same(desk.asked, ['(quit)'])
  keyboard.write('a\x04')
  t.same(desk.asked, ['(quit)'], 'Ctrl-D in a line does not end')
  keyboard.write('\x15\x04')
  t.same(desk.asked, ['(quit)', '(quit)'])
  t.equal(keyboard.raw, false, 'Ctrl-C is the signal again')
  keyboard.end()
  await new Promise((resolve) => keyboard.once('end', resolve))
  t.equal(desk.asked[2], '(gone)')
})

t.test('away, times, bell', async (t) => {
  const { keyboard, paper, clock, terminal } = openTerminal(t, { times: true, bell: true })
  terminal.show(said('bob', 'one'))
  clock.time = MINUTE
  terminal.show(said('bob', 'two'))
  clock.time = 3 * MINUTE
  terminal.show(said('bob', 'alice?'))
  await paper.shows('00:03 bob: alice?')
  t.match(
    paper.text,
    /00:00 bob: one\n─+ unread since 00:00 ─+\n00:01 bob: two\n00:03 bob: alice\?\n/,
  )
  t.equal(paper.count('\x07'), 1)
  keyboard.write('x')
  terminal.show(said('bob', 'three'))
  await paper.shows('three')
  t.equal(paper.count('unread'), 1, 'there is none while one is there')
  clock.time = 4 * MINUTE
  terminal.show(said('bob', 'psst', { private: true }))
  await paper.shows('psst')
  t.match(paper.text, 'unread since 00:03')
  t.equal(paper.count('\x07'), 2)
})

t.test('Tab', async (t) => {
  const { keyboard, paper, desk } = openTerminal(t)
  keyboard.write('#b\t')
  await paper.shows('#bea  #bob')
  keyboard.write('o\tand !e\tx')
  await paper.shows('alice> #bob and !ex')
  keyboard.write('\x15!e\ttea\r')
  await paper.shows('alice> !enter tea\n')
  t.same(desk.asked, ['(lookUp)', '(lookUp)', '(lookUp)', '!enter tea'], 'not for a command')
  const many = { commands: [], rooms: [], nicks: Array.from({ length: 130 }, (_, n) => `n${n}`) }
  Object.assign(desk, { known: many })
  keyboard.write('n\t')
  await paper.shows('and 30 more')
})

t.test('keys, in whatever pieces', async (t) => {
  const { keyboard, paper, desk } = openTerminal(t)
  const rows: readonly (readonly [string, string])[] = [
    ['world\x01hello \x05!\r', 'hello world!'],
    ['one two three\x17\x1bb\x1b[D日本\x1b[3~\r', 'one日本two '],
    ['ac\x1b[D\x1b[200~x\ty\r\n\x1b[201~b\r', 'ax yc|b'],
    ['e\u0301😀\x1b[D\x7fx\r', 'ex😀'],
    ['a\x1b[1;5Cb\x1bOHc\x1b[4~d\r', 'cabd'],
    ['a\nb\r\nc\r', 'a|b|c'],
  ]
  for (const [typed, expected] of rows) {
    for (const chunks of [[typed], typed.match(/\x1b?[^]/gu) ?? []]) {
      desk.asked.length = 0
      for (const chunk of chunks) keyboard.write(chunk)
      await turn()
      t.equal(desk.asked.join('|'), expected, JSON.stringify(chunks))
    }
  }
  keyboard.write(`${'x'.repeat(100_000)}\r`)
  await paper.shows('xxx')
  t.equal(desk.asked.at(-1)?.length, 100_000, 'a paste without marks takes no time')
})

t.test('whatever a server sends', async (t) => {
  const { paper, terminal } = openTerminal(t)
  const evil = 'a\x1b]0;title\x07\x9b2J\x1b[6n\r\n\b\x7f\u0085z'
  terminal.show(said(evil, evil))
  terminal.note(evil)
  terminal.trace([evil])
  terminal.status(evil.repeat(9))
  terminal.prompt(evil)
  terminal.show({ type: 'answer', to: 'users', names: [evil], shown: [evil] })
  terminal.show({ type: 'problem', text: evil, shown: [evil] })
  await paper.shows('z')
  const ours = /\x1b\[(?:\?(?:2004|25|7)[hl]|\d*[ACBJK]|H)|\r\n|\r/g
  t.notMatch(paper.written.replace(ours, ''), /[\0-\x1f\x7f-\x9f]/)
})

t.test('colours', async (t) => {
  const { paper, terminal } = openTerminal(t, { colours: true })
  terminal.show(said('bob', 'hi'))
  terminal.note('gone')
  await paper.shows('gone')
  t.match(paper.written, /\x1b\[\d\dmbob\x1b\[0m: hi/)
  t.match(paper.written, '\x1b[2mgone\x1b[0m')
})

t.test('a flood goes as fast as the terminal takes it, and the line stays', async (t) => {
  const { keyboard, paper, desk, terminal } = openTerminal(t)
  await paper.shows('alice> ')
  paper.stall(true)
  let sent = 0
  const flood = (): void => {
    while (!terminal.full) terminal.show(said('bob', `line ${sent++}`))
  }
  flood()
  while (paper.writableLength === 0) await turn()
  flood()
  keyboard.write('still here')
  await turn()
  t.equal(terminal.full, true)
  paper.stall(false)
  await paper.shows(`line ${sent - 1}\nalice> still here`)
  const shown = paper.text.match(/line \d+/g) ?? []
  t.same(
    shown,
    Array.from({ length: sent }, (_, n) => `line ${n}`),
    'nothing is lost',
  )
  t.ok(desk.asked.includes('(drained)'))
})

t.test('the window and the screen', async (t) => {
  const { keyboard, paper, terminal } = openTerminal(t)
  for (let n = 0; n < 20; n++) terminal.show(said('bob', `line ${n}`))
  keyboard.write('typed')
  await paper.shows('alice> typed')
  paper.written = ''
  Object.assign(paper, { rows: 4, columns: 20 })
  terminal.status('a status that is wider than this')
  paper.emit('resize')
  await paper.shows('alice> typed')
  t.equal(paper.text, 'bob: line 18\nbob: line 19\na status that is wid\nalice> typed')
  paper.written = ''
  terminal.status('')
  keyboard.write('\x0c')
  await paper.shows('alice> typed')
  t.equal(paper.text, 'alice> typed', 'Ctrl-L')
  // A terminal that does not tell its size.
  paper.written = ''
  Object.assign(paper, { rows: 0, columns: 0 })
  paper.emit('resize')
  await paper.shows('alice> typed')
})
