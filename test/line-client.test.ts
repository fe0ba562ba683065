// The tutorial's client without a socket: what it sends for what is typed, what it shows for what is
// received, from Partyline and from servers that follow the tutorial in their own way.

import t from 'tap'
import type { ClientEffect, ClientSession, Heard, Wish } from '../lib/dialects/client.js'
import { client } from '../lib/dialects/line/client.js'
import { ruler, sign } from '../lib/wire/rulers.js'
import { LenientLines } from '../lib/wire/lenient-lines.js'
import { TelnetEar, TelnetVoice } from '../lib/wire/nvt.js'

/** An effect as a test reads it: `> bytes`, what is heard, or the effect's type and text. */
function told(effect: ClientEffect): unknown {
  switch (effect.type) {
    case 'send':
      return `> ${effect.bytes.toString()}`
    case 'show':
      return effect.heard
    case 'asking':
      return `? ${effect.question}`
    case 'named':
      return `named ${effect.nick}`
    case 'lookedUp':
      return 'looked up'
    case 'end':
      return `${effect.failed ? 'failed' : 'over'}: ${effect.why}`
  }
}

let time = 0
const now = (): number => time

/** A client whose nickname has been sent. */
function ann(): ClientSession {
  const session = client.open({ nick: 'ann', now })
  session.opened()
  return session
}

function hear(session: ClientSession, text: string | Buffer): readonly unknown[] {
  return session.received(Buffer.from(text)).map(told)
}

const note = (...shown: string[]): Heard => ({ type: 'note', shown })
const remark = (...shown: string[]): Heard => ({ type: 'note', shown, local: true })
const QUIT_HINT = remark('To quit, type "/quit".')

t.test('the nickname', (t) => {
  const asking = client.open({ nick: undefined, now })
  t.strictSame(asking.opened().map(told), [QUIT_HINT, '? Nickname: '])
  t.equal(asking.nick, undefined)
  t.strictSame(asking.typed('').map(told), ['> \r\n', '? Nickname: '], 'a blank line is none')
  t.strictSame(asking.typed('a b').map(told), ['> a b\r\n', 'named a b'])
  const refusal = { code: 'bad-nick', text: 'That is not a nickname.', type: 'problem' }
  const shown = ['!error bad-nick That is not a nickname.']
  t.strictSame(hear(asking, `${String(shown[0])}\r\n`), [{ ...refusal, shown }, '? Nickname: '])
  t.strictSame(asking.lookUp?.().map(told), ['looked up'], 'nobody asks without a name')
  t.strictSame(asking.typed('ann').map(told), ['> ann\r\n', 'named ann'])
  t.equal(asking.nick, 'ann')

  const given = client.open({ nick: 'bob', now })
  t.strictSame(given.opened().map(told), [QUIT_HINT, '> bob\r\n', 'named bob'])

  t.notOk(given.isWaiting, 'every server takes that')
  const doubtful = client.open({ nick: 'b_b', now })
  doubtful.opened()
  t.ok(doubtful.isWaiting)
  hear(doubtful, `${String(shown[0])}\r\n`)
  t.notOk(doubtful.isWaiting)

  const sure = client.open({ nick: 'eve', now, sure: true })
  t.strictSame(sure.opened().map(told), [QUIT_HINT, '> eve\r\n!users\r\n'])
  t.equal(sure.nick, undefined)
  time += 100_000
  t.strictSame(hear(sure, 'ann eve\r\n'), ['named eve'])
  t.equal(sure.nick, 'eve')
  t.end()
})

t.test('what a line means', (t) => {
  const rows: readonly (readonly [string, object])[] = [
    ['bob: hi: you', { type: 'said', from: 'bob', text: 'hi: you' }],
    ['#bob: psst', { type: 'said', from: 'bob', text: 'psst', private: true }],
    ['#bob psst', { type: 'said', from: 'bob', text: 'psst', private: true }],
    ['@tea bob: hi', { type: 'said', room: 'tea', from: 'bob', text: 'hi' }],
    ['@tea: bob: hi', { type: 'said', room: 'tea', from: 'bob', text: 'hi' }],
    ['!notice online bob', { type: 'came', nick: 'bob' }],
    ['!notice offline bob', { type: 'went', nick: 'bob' }],
    ['!notice entered tea bob', { type: 'entered', room: 'tea', nick: 'bob' }],
    ['!notice left tea bob', { type: 'left', room: 'tea', nick: 'bob' }],
    ['!notice something new', { type: 'note' }],
    ['!pong x', { type: 'note' }],
    [
      '!error too-long That is dropped.',
      { type: 'problem', code: 'too-long', text: 'That is dropped.' },
    ],
    ['error: no such nick', { type: 'problem', text: 'no such nick' }],
    ['ERROR no-room', { type: 'problem', text: 'no-room' }],
    [
      '!error no-private bob has none.',
      { type: 'problem', code: 'no-private', text: 'bob has none.' },
    ],
    ['!error no such room', { type: 'problem', text: 'no such room' }],
    ['!error', { type: 'problem', text: '!error' }],
    ['errors: many', { type: 'said', from: 'errors', text: 'many' }],
    ['Welcome to my server', { type: 'note' }],
    ['', { type: 'note' }],
  ]
  for (const [line, heard] of rows) {
    t.strictSame(hear(ann(), `${line}\r\n`), [{ shown: [line], ...heard }], line)
  }
  t.strictSame(
    hear(ann(), '\x1b[2Jbob: \x07hi\u009b1m\r\n'),
    hear(ann(), 'bob: hi\r\n'),
    'it is clean',
  )
  t.end()
})

t.test('answers, and what they answer', (t) => {
  const session = ann()
  const answer = (to: string, line: string, names: readonly string[]): unknown => ({
    ...{ type: 'answer', shown: [line], to, names },
  })
  for (const line of ['!users', '!rooms', '!members tea']) session.typed(line)
  t.strictSame(hear(session, 'bob: hi\r\nann bob\r\n'), [
    { type: 'said', shown: ['bob: hi'], from: 'bob', text: 'hi' },
    answer('users', 'ann bob', ['ann', 'bob']),
  ])
  t.strictSame(hear(session, "['tea', 'red']\n"), [
    answer('rooms', "['tea', 'red']", ['tea', 'red']),
  ])
  t.strictSame(hear(session, '\r\n'), [answer('members', '', [])])
  t.strictSame(hear(session, 'carol\r\n'), [note('carol')], 'nobody asked')
  t.strictSame([...session.known.nicks], ['ann', 'bob'])
  t.strictSame([...session.known.rooms], ['tea', 'red'])
  t.ok(session.known.commands.includes('!users') && session.known.commands.includes('/quit'))

  t.strictSame(session.lookUp?.().map(told), ['> !users\r\n!rooms\r\n'])
  t.strictSame(hear(session, 'ann bob zoe\r\n'), [], 'unseen')
  t.strictSame(hear(session, 'blue\r\n'), ['looked up'])
  t.strictSame([...session.known.nicks], ['ann', 'bob', 'zoe'])
  session.lookUp?.()
  time += 5000
  t.strictSame(hear(session, '* bob is away\r\n'), [note('* bob is away')], 'not hidden for ever')
  session.lookUp?.()
  const strange = { type: 'problem', text: 'no', shown: ['error: no'] }
  t.strictSame(hear(session, 'error: no\r\n'), [strange], 'it may be about anything')
  t.strictSame(hear(session, 'error: what is !users\r\n'), [])
  t.strictSame(hear(session, 'error: what is !rooms\r\n'), ['looked up'])
  hear(session, '!notice offline bob\r\n!notice online dan\r\n@blue eve: x\r\n')
  t.strictSame([...session.known.nicks], ['ann', 'zoe', 'dan', 'eve'])
  for (let i = 0; i < 200; i++) session.typed('#zoe hi')
  session.typed('!rooms')
  t.strictSame(hear(session, '\r\n'), [answer('rooms', '', [])], 'bounded, the latest kept')
  t.end()
})

t.test('what programs wish for', (t) => {
  const rows: readonly (readonly [Wish, string])[] = [
    [{ type: 'say', text: 'hi' }, 'hi\r\n'],
    [{ type: 'say', text: 'one\n\n!quit\u2028#x' }, 'one\r\n !quit\r\n #x\r\n'],
    [{ type: 'tell', nick: 'bob', text: 'a\nb\x07' }, '#bob a\r\n#bob b\r\n'],
    [{ type: 'post', room: 'tea', text: '!x' }, '@tea !x\r\n'],
    [{ type: 'enter', room: 'tea' }, '!enter tea\r\n'],
    [{ type: 'leave', room: 'tea' }, '!leave tea\r\n'],
    [{ type: 'users' }, '!users\r\n'],
    [{ type: 'rooms' }, '!rooms\r\n'],
    [{ type: 'members', room: 'tea' }, '!members tea\r\n'],
  ]
  for (const [wish, lines] of rows) {
    t.strictSame(ann().wished(wish).map(told), [`> ${lines}`], wish.type)
  }
  const refused: readonly Wish[] = [
    { type: 'say', text: ' \n' },
    { type: 'tell', nick: 'two words', text: 'x' },
    { type: 'post', room: '', text: 'x' },
    { type: 'enter', room: 'a\r\n!quit' },
  ]
  for (const wish of refused) {
    const [effect, ...more] = ann().wished(wish)
    t.match(effect, { type: 'show', heard: { type: 'problem', local: true } })
    t.equal(effect?.type === 'show' && effect.heard.wish, wish, 'the same object')
    t.strictSame(more, [])
  }

  const session = ann()
  const members: Wish = { type: 'members', room: 'tea' }
  const tell: Wish = { type: 'tell', nick: 'zoe', text: 'x' }
  const wishOf = (line: string): Wish | undefined => {
    const [effect] = session.received(Buffer.from(`${line}\r\n`))
    return effect?.type === 'show' ? effect.heard.wish : undefined
  }
  for (const wish of [tell, { type: 'post', room: 'red', text: 'x' }, members] as const) {
    session.wished(wish)
  }
  t.equal(wishOf('!error unknown-nick Nobody is called zoe.'), tell)
  t.equal(wishOf('!error internal Oh.'), undefined, 'about either')
  t.equal(wishOf('!error unknown-room There is no room tea.'), members)
  session.wished(members)
  t.equal(wishOf('error: no'), members, 'it can be about nothing else')
  session.wished(members)
  t.equal(wishOf('ann bob'), members)
  t.end()
})

t.test('the end', (t) => {
  const end = (session: ClientSession): unknown => session.closed().map(told).at(-1)
  const CLOSED = 'Connection closed by server.'
  t.strictSame(ann().typed('/quit').map(told), ['over: '])
  t.equal(end(ann()), `failed: ${CLOSED}`)
  const done = ann()
  t.strictSame(done.ended(), [])
  t.equal(end(done), `over: ${CLOSED}`)
  const owed = ann()
  owed.typed('!users')
  owed.ended()
  t.equal(end(owed), `failed: ${CLOSED}`, 'an answer is missing')
  const refused = ann()
  refused.ended()
  hear(refused, '!error nick-in-use The nickname ann is taken.\r\n')
  t.equal(end(refused), `failed: ${CLOSED}`)
  const dismissed = ann()
  hear(dismissed, '!goodbye ann\r\n')
  t.equal(end(dismissed), `over: ${CLOSED}`)
  const cut = ann()
  hear(cut, 'bob: hal')
  t.strictSame(cut.closed().map(told), [
    { type: 'said', shown: ['bob: hal'], from: 'bob', text: 'hal' },
    remark('That line had no end.'),
    `failed: ${CLOSED}`,
  ])
  t.end()
})

t.test('lines that are none', (t) => {
  const session = ann()
  t.equal(session.prompt, '')
  hear(session, 'Your name? \x1b[1m')
  t.equal(session.prompt, 'Your name? ', 'may be a question')
  t.strictSame(hear(session, '\n'), [note('Your name? ')])
  hear(session, 'x'.repeat(300))
  t.equal(session.prompt, '')
  hear(session, '\n')

  const piece = Buffer.alloc(60_000, 'x')
  t.strictSame(session.received(piece), [])
  t.match(hear(session, piece), [remark(/without an end/ as unknown as string)])
  for (let i = 0; i < 100; i++) t.strictSame(session.received(piece), [], 'said once')
  const [shown, size] = hear(session, 'y\r\n')
  t.match(shown, { type: 'note', shown: [/^x{65536}…$/] })
  t.strictSame(size, remark(`That line had ${102 * 60_000 + 1} bytes.`))

  const bad = Buffer.from([0x62, 0x3a, 0x20, 0xff, 0x0a])
  t.match(hear(session, bad), [{ from: 'b', text: '�' }, { local: true }])
  t.match(hear(session, bad), [{ from: 'b', text: '�' }])
  t.equal(hear(session, bad).length, 1, 'said once')
  t.end()
})

t.test('received lines, in any chunks', (t) => {
  const bytes = Buffer.from('one\r\ntwo\nthree\rfour\r\r\n\nend')
  const want = ['one', 'two', 'three', 'four', '', '', 'end']
  for (let size = 1; size <= bytes.length; size++) {
    const lines = new LenientLines(100)
    const got: string[] = []
    for (let at = 0; at < bytes.length; at += size) {
      got.push(...lines.take(bytes.subarray(at, at + size)).map(({ text }) => text))
    }
    const last = lines.end()
    t.strictSame([...got, last?.text], want, `${size} at once`)
    t.strictSame(last?.flaws, ['no-end'])
    t.equal(lines.end(), undefined)
  }
  t.end()
})

t.test('as telnet has it', (t) => {
  const voice = new TelnetVoice()
  const sent = ['hi\n', 'a\r', '\nb\r', 'c\xff'].map((text) =>
    voice.take(Buffer.from(text, 'latin1')).toString('latin1'),
  )
  t.strictSame(sent, ['hi\r\n', 'a\r', '\nb\r', '\0c\xff\xff'])

  const bytes = Buffer.from(
    'a\xff\xfb\x01b\r\0c\xff\xfa\x18\x01\xff\x02\xff\xf0\xff\xf9\xff\xffd\0',
    'latin1',
  )
  for (const size of [1, 2, 100]) {
    const replies: Buffer[] = []
    const ear = new TelnetEar((reply) => replies.push(reply))
    let shown = ''
    for (let at = 0; at < bytes.length; at += size) {
      shown += ear.take(bytes.subarray(at, at + size)).toString('latin1')
    }
    t.equal(shown, 'ab\rc\xffd\0', `${size} at once`)
    t.equal(Buffer.concat(replies).toString('hex'), 'fffe01')
    ear.take(Buffer.of(0xff, 0xfc, 0x01))
    t.equal(replies.length, 1, 'a refusal is not answered')
  }
  t.end()
})

t.test('rulers with open ends', (t) => {
  t.equal(ruler([3, 1, 2]), '└─┘│└┘')
  t.equal(ruler([3, 3], { before: true, after: true }), '──┘└──')
  t.equal(ruler([1, 1], { before: true, after: true }), '┘└')
  t.equal(ruler([1], { before: true, after: true }), '─')
  t.equal([...Buffer.from('A\n\r \t\0\x01\x7fé')].map(sign).join(''), 'A␊␍␠␉␀··▒▒')
  t.end()
})
