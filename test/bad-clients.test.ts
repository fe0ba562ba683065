// Bad input to the real program in the four dialects beside `line`: one clear answer to its sender,
// closed only where the protocol says so, and nobody else notices.

import t, { type Test } from 'tap'
import { chatapp } from '../lib/dialects/chatapp/index.js'
import { chatbox } from '../lib/dialects/chatbox/index.js'
import { cs494 } from '../lib/dialects/cs494/index.js'
import type { Dialect } from '../lib/dialects/dialect.js'
import { onlinechat } from '../lib/dialects/onlinechat/index.js'
import { withHeader } from '../lib/wire/header.js'
import { withLength } from '../lib/wire/length-prefix.js'
import { Client } from './support/client.js'
import { startProgram } from './support/program.js'
import { show } from './support/show.js'

/** What is sent by a user, or by a newcomer; what comes back; and whether the server closes then. */
interface Bad {
  readonly sent: string | Buffer
  readonly by?: 'newcomer'
  readonly says?: string | RegExp
  readonly closes?: true
}

const MEGABYTES = 2 * 1024 * 1024
const deep = (open: string, close: string): string => open.repeat(300) + close.repeat(300)
const latin = (text: string): Buffer => Buffer.from(text, 'latin1')
const says = (sent: string | Buffer, answer: string | RegExp): Bad => ({ sent, says: answer })
const closes = (sent: string | Buffer, answer: string | RegExp): Bad => ({
  sent,
  says: answer,
  closes: true,
})
const nothing = (sent: string | Buffer): Bad => ({ sent })

const FRAME = /The length in front of a message was none/
const onlinechatRows: readonly Bad[] = [
  ...['x,hi', '-1,hi', '+5,hello', '1e1,hi', '0x5,hello', ' 5,hello', '5 ,hello', ',hello'].map(
    (sent) => closes(sent, FRAME),
  ),
  closes('5;hello', FRAME),
  closes('1234567890,x', FRAME),
  closes('999999999,x', FRAME),
  closes('{"a": 1}', FRAME),
  closes('\r\n', FRAME),
  closes(latin('\xff\xf4\xff\xfd\x06'), FRAME),
  closes('x'.repeat(MEGABYTES), FRAME),
  { ...closes('GET / HTTP/1.1\r\n\r\n', FRAME), by: 'newcomer' },
  { ...closes(Buffer.of(0x16, 0x03, 0x01), /TLS/), by: 'newcomer' },
  says(latin('4,\xff\xfe\xfd\xfc'), /Send text in UTF-8/),
  says(`70000,${'x'.repeat(70_000)}`, /at most 65536 bytes/),
  says(withLength('/nope\n'), /There is no command \/nope/),
  says(withLength('/pm nobody hi\n'), /Nobody is called nobody/),
  says(withLength('/jg nowhere\n'), /There is no room nowhere/),
  says(withLength('/cg a b\n'), /That is not a room name/),
  says(withLength(`/cg ${'x'.repeat(51)}\n`), /That is not a room name/),
  says(withLength('/gc\n'), /Something is missing/),
  says(withLength('/lg General\n'), /Everybody is in General/),
  nothing('0,'),
  nothing(withLength('\n')),
  nothing(withLength('\u001b]0;evil\u0007\n')),
  nothing('000000005,hello'),
]

const json = (fields: object): string =>
  withHeader(
    JSON.stringify({ timestamp: '', dest: 'Server', sender: 'bad', data: '', ...fields }),
  ).toString()
const header = (text: string): string => text.padEnd(20)
const error = (code: number): RegExp => new RegExp(`"code": ${code}, `)
const chatappRows: readonly Bad[] = [
  closes(header('2001') + '{}', error(4)),
  closes(header('999999'), error(4)),
  ...['-5', '+5', '1_0', 'five', '', '0x10', '5.0', ' 5x', '٥'].map((sent) =>
    closes(header(sent), error(99)),
  ),
  closes('x'.repeat(MEGABYTES), error(99)),
  ...['', '[]', 'null', '5', '"x"', '{', '{"a": }', deep('[', ']'), deep('{"a":', '}')].map(
    (body) => closes(withHeader(body), error(99)),
  ),
  closes(withHeader('{"__proto__": {"__type__": "ChatMessage"}}'), error(99)),
  closes(json({ __type__: 'EvilMessage' }), error(99)),
  closes(json({ __type__: 'ChatMessage', data: 5 }), error(99)),
  closes(json({ __type__: 'ChatMessage', dest: null }), error(99)),
  closes(json({ __type__: 'JoinMessage', sender: ['bad'] }), error(99)),
  closes(withHeader('{"__type__": "ChatMessage", "data": "x"}'), error(99)),
  closes(Buffer.concat([Buffer.from(header('4')), latin('\xff\xfe\xfd\xfc')]), error(99)),
  closes(json({ __type__: 'Error', code: 'x' }), error(99)),
  says(json({ __type__: 'CreateRoomMessage', data: '' }), error(20)),
  says(json({ __type__: 'CreateRoomMessage', data: '\u0007\u202e' }), error(20)),
  says(json({ __type__: 'CreateRoomMessage', data: 'é'.repeat(26) }), error(21)),
  says(json({ __type__: 'CreateRoomMessage', data: 'GENERAL' }), error(25)),
  says(json({ __type__: 'JoinMessage', data: 'nowhere' }), error(22)),
  says(json({ __type__: 'JoinMessage', data: 'General', sender: 'canary1' }), error(23)),
  says(json({ __type__: 'LeaveMessage', data: 'General' }), error(27)),
  says(json({ __type__: 'ChatMessage', dest: 'General', data: '' }), error(20)),
  says(json({ __type__: 'ChatMessage', dest: 'General', data: 'x' }), error(27)),
  says(json({ __type__: 'ChatMessage', dest: 'nowhere', data: 'x' }), error(22)),
  says(json({ __type__: 'ChatMessage', dest: 'General', data: 'x'.repeat(1001) }), error(26)),
  nothing(json({ __type__: 'ConnectionMessage', data: 'whatever' })),
  nothing(json({ __type__: 'Message', data: 'whatever' })),
  { ...closes(json({ __type__: 'JoinMessage', data: 'General' }), error(99)), by: 'newcomer' },
  {
    ...closes(json({ __type__: 'ConnectionMessage', data: 'connect' }), error(99)),
    by: 'newcomer',
  },
  {
    ...closes(
      json({ __type__: 'ConnectionMessage', sender: 'Canary1', data: 'CONNECT' }),
      error(3),
    ),
    by: 'newcomer',
  },
  {
    ...closes(json({ __type__: 'ConnectionMessage', sender: '', data: 'CONNECT' }), error(20)),
    by: 'newcomer',
  },
]

const TOO_LONG = /That was too long/
const chatboxRows: readonly Bad[] = [
  ...[
    '{}',
    '{1, 2}',
    "{'nope': 1}",
    "{'create': 5}",
    "{'create': ''}",
    `{'create': '${'x'.repeat(26)}'}`,
    "{'create': 'a\\x07'}",
    "{'join': 'nowhere'}",
    "{'join': ['General']}",
    "{'join': 'General'}",
    "{'switch': 'nowhere'}",
    "{'switch': 99}",
    "{'switch': -1}",
    "{'broadcast rooms': ['nowhere'], 'message': 'hi'}",
    "{'broadcast rooms': 'General', 'message': 5}",
    "{'broadcast rooms': [], 'message': 'hi'}",
    "{'contents': 5}",
    "{'create': __import__('os').getpid()}",
    "{'create': open('/etc/passwd')}",
    "{'create': x}",
    "{'create': 'a' if 1 else 'b'}",
    `{'a': ${deep('[', ']')}}`,
    "{'create': '\\N{BULLET}'}",
    `{'create': ${'9'.repeat(400)}}`,
    "{'__proto__': 'x'}",
  ].map((sent) => says(sent, /\S/)),
  closes(`{'create': '${'x'.repeat(MEGABYTES)}`, TOO_LONG),
  closes(`{${"'a': {".repeat(20_000)}`, TOO_LONG),
  says(latin('\xff\xfe'), /\S/),
  nothing('b!'),
  nothing('\u001b[2J'),
]

const cs494Rows: readonly Bad[] = [
  ...[
    '/',
    '/nope',
    '/create',
    '/create a:b',
    `/create ${'x'.repeat(51)}`,
    '/create general',
    '/join',
    '/join nowhere',
    '/join General',
    '/leave',
    '/leave nowhere',
    '/users nowhere',
    '/users #',
    `/${'x'.repeat(900)}`,
    `/join ${'a '.repeat(400)}`,
    'x'.repeat(1025),
    'x'.repeat(50_000),
  ].map((sent) => says(sent, /\S.*\n/)),
  says(latin('\xc3\x28'), /UTF-8/),
  ...['/s', '/s nowhere hi', '/s General', '/w', '/w nobody hi', '/w canary1', ' ', '\u0000'].map(
    nothing,
  ),
  { sent: ' ', by: 'newcomer', closes: true },
  { sent: '/quit', by: 'newcomer', closes: true },
  { sent: 'canary1', by: 'newcomer', says: /taken/ },
  { sent: 'no nick!', by: 'newcomer', says: /not a nickname/ },
]

const DIALECTS: readonly (readonly [Dialect, readonly Bad[]])[] = [
  [chatbox, chatboxRows],
  [onlinechat, onlinechatRows],
  [cs494, cs494Rows],
  [chatapp, chatappRows],
]

/** Two who say a numbered line to each other every 100 ms, until they are asked what they heard. */
async function canaries(url: string): Promise<(t: Test) => Promise<void>> {
  const pair = [await Client.named(url, 'canary1'), await Client.named(url, 'canary2')]
  let sung = 0
  const singing = setInterval(() => {
    sung++
    for (const canary of pair) canary.say(`song ${sung}`)
  }, 100)
  return async (t) => {
    clearInterval(singing)
    for (const [index, canary] of pair.entries()) {
      const heard = (await canary.fence()).filter((line) => line.includes(': song '))
      const other = `canary${2 - index}`
      t.same(
        heard,
        Array.from({ length: sung }, (_, n) => `${other}: song ${n + 1}`),
        'every song',
      )
      canary.end()
    }
  }
}

/** Sends it, and sees what comes of it; who is not closed is asked something that it must still be able to do. */
async function suffer(url: string, dialect: Dialect, bad: Bad, observer: Client): Promise<void> {
  const { notation } = dialect
  const client = await Client.to(url)
  if (bad.by === undefined) {
    for (const bytes of notation.introduce('bad')) client.send(bytes)
    await client.has('bad')
  }
  client.send(bad.sent)
  if (bad.says !== undefined) await client.has(bad.says)
  // Data that is ready is read in the order in which it became ready: after two answers to the
  // observer the server has read what was sent before.
  for (let i = 0; i < 2; i++) await observer.fence()
  if (bad.closes !== true && bad.by === undefined) {
    client.send(notation.fence.ask('still_here', 'bad'))
    await client.has('still_here')
  }
  if (bad.closes !== true) client.end()
  await client.rest()
}

t.test('bad clients', async (t) => {
  const dialects = ['line', ...DIALECTS.map(([dialect]) => dialect.name)]
  const program = await startProgram(t, {
    args: [
      ...['--message-gap', '20'],
      ...dialects.flatMap((name) => ['--listen', `${name}://127.0.0.1:0`]),
    ],
  })
  const urlOf = async (name: string): Promise<string> => {
    const [url] = await program.printed(new RegExp(`${name}://127.0.0.1:\\d+`))
    return url
  }
  const heard = await canaries(await urlOf('line'))
  const observer = await Client.named(await urlOf('line'), 'observer')
  for (const [dialect, rows] of DIALECTS) {
    t.ok(rows.length >= 20, `${rows.length} for ${dialect.name}`)
    const url = await urlOf(dialect.name)
    for (const bad of rows) {
      const name = `${dialect.name}: ${show(bad.sent.toString().slice(0, 60))}`
      await t.resolves(suffer(url, dialect, bad, observer), name)
    }
  }
  await heard(t)
  observer.end()
})
