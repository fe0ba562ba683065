// OnlineChat: frames to commands, events to frames, and frames that are joined.

import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import {
  LINE_BREAK,
  LOBBY,
  initialState,
  type Command,
  type Event,
  type RefusalCode,
} from '../lib/core/index.js'
import { onlinechat } from '../lib/dialects/onlinechat/index.js'
import { withLength } from '../lib/wire/length-prefix.js'
import { show } from './support/show.js'

const session = onlinechat.open()
const { pacing } = session.voice
const flowers = { nick: 'flowers' }
const red = { title: 'red', word: 'red' }
const text = (event: Event): string | undefined =>
  session.voice.render(event, 0)?.toString().replace(/^\d+,/, '')
const message = (said: string) => ({ from: 'ann', text: said, at: 0 })

t.test('the first frame is the username, repaired', (t) => {
  const rows: readonly (readonly [string, string])[] = [
    ['flowers', 'flowers'],
    ['flowers\n', 'flowers'],
    ['Ann Lee', 'AnnLee'],
    ['.-_x.y', 'x.y'],
    ['\u001b[31mred', '31mred'],
    ['žluť', 'lu'],
    ['', 'guest'],
    ['žťě', 'guest'],
    ['/help\n', 'help'],
    ['x'.repeat(80), 'x'.repeat(50)],
  ]
  for (const [frame, nick] of rows) {
    const command = session.parse(frame, { nick: undefined })
    t.match(command, { name: 'register', nick, ifTaken: 'number' }, show(frame))
  }
  t.end()
})

t.test('lines as commands', (t) => {
  const missing = (usage: string): Command => ({
    name: 'refuseLine',
    refusal: { code: 'missing-argument', usage },
  })
  const nowhere = (room: string): Command => ({
    name: 'refuseLine',
    refusal: { code: 'unknown-room', room },
  })
  const rows: readonly (readonly [string, Command | undefined])[] = [
    ['hello :)\n', { name: 'say', room: 'General', text: 'hello :)' }],
    ['a, b,c\r\n', { name: 'say', room: 'General', text: 'a, b,c' }],
    ['and/or x\n', { name: 'say', room: 'General', text: 'and/or x' }],
    [' /help\n', { name: 'say', room: 'General', text: ' /help' }],
    ['two\nlines\n', { name: 'say', room: 'General', text: `two${LINE_BREAK}lines` }],
    ['no end', { name: 'say', room: 'General', text: 'no end' }],
    ['\n', undefined],
    ['', undefined],
    ['  \r\n\n', undefined],
    ['/help\n', { name: 'help', topic: '' }],
    ['/HELP me\n', { name: 'help', topic: '' }],
    ['/pm ann hi  there\n', { name: 'tell', nick: 'ann', text: 'hi  there' }],
    ['/pm ann\n', missing('/pm <username> <message>')],
    ['/pm ann  \n', missing('/pm <username> <message>')],
    ['/pm\n', missing('/pm <username> <message>')],
    ['/gc red hi\n', { name: 'say', room: 'red', text: 'hi' }],
    ['/gc red\n', missing('/gc <groupname> <message>')],
    ['/gc\n', missing('/gc <groupname> <message>')],
    ['/gc a,b hi\n', nowhere('a,b')],
    ['/cg red\n', { name: 'create', room: 'red', as: 'member' }],
    ['/cg  red \n', { name: 'create', room: 'red', as: 'member' }],
    ['/cg two words\n', { name: 'create', room: '', as: 'member' }],
    ['/cg\n', missing('/cg <groupname>')],
    ['/jg red\n', { name: 'join', rooms: ['red'] }],
    ['/jg two words\n', nowhere('two words')],
    ['/jg\n', missing('/jg <groupname>')],
    ['/lg red\n', { name: 'part', room: 'red' }],
    ['/lg a:b\n', nowhere('a:b')],
    ['/lg\n', missing('/lg <groupname>')],
    ['/lg GENERAL\n', { name: 'refuseLine', refusal: { code: 'lobby-stays', room: LOBBY } }],
    ['/listg\n', { name: 'rooms', scope: 'own' }],
    ['/listallg\n', { name: 'rooms' }],
    ['/lo\n', { name: 'users' }],
    ['/nope x\n', { name: 'refuseLine', refusal: { code: 'unknown-command', command: '/nope' } }],
    ['/\n', { name: 'refuseLine', refusal: { code: 'unknown-command', command: '/' } }],
  ]
  for (const [frame, command] of rows) {
    t.strictSame(session.parse(frame, flowers), command, show(frame))
  }
  const long = session.parse('é'.repeat(9000), flowers)
  t.equal(long?.name === 'say' && Buffer.byteLength(long.text) <= 8192, true, 'cut')
  t.end()
})

t.test('events as frames', (t) => {
  const outlook = { you: 'a', house: initialState() }
  const refused = (code: RefusalCode, more: object = {}): Event =>
    Object.assign({ type: 'refused' as const }, { refusal: Object.assign({ code }, more) }) as Event
  const rows: readonly (readonly [Event, string | undefined])[] = [
    [{ type: 'nickRequested' }, 'ACK'],
    [{ type: 'welcomed', nick: 'ann1', outlook }, 'ann1'],
    [{ type: 'greeted', motd: [] }, 'Welcome to the chat :)\nTo view instructions, type /help\n'],
    [
      { type: 'greeted', motd: ['be kind'] },
      'Welcome to the chat :)\nTo view instructions, type /help\nbe kind\n',
    ],
    [{ type: 'said', room: LOBBY, lobby: true, message: message('hi') }, '\rann: hi\n'],
    [{ type: 'said', room: red, lobby: false, message: message('hi') }, '\r(red) ann: hi\n'],
    [
      { type: 'said', room: red, lobby: false, message: message(`a${LINE_BREAK}bob: b`) },
      '\r(red) ann: a\n\r(red) ann: bob: b\n',
    ],
    [{ type: 'told', to: 'bob', message: message('psst') }, '\r(PM) ann: psst\n'],
    [{ type: 'cameOnline', nick: 'ann' }, '\rann is now online.\n'],
    [{ type: 'wentOffline', nick: 'ann', reason: 'quit' }, '\rann has gone offline.\n'],
    [{ type: 'entered', room: red, nick: 'ann', why: 'asked' }, '\rann has joined group red.\n'],
    [{ type: 'entered', room: LOBBY, nick: 'ann', why: 'online' }, undefined],
    [{ type: 'entered', room: LOBBY, nick: 'ann', why: 'asked' }, undefined],
    [{ type: 'left', room: red, nick: 'ann', why: 'asked' }, '\rann has just left group red.\n'],
    [{ type: 'left', room: red, nick: 'ann', why: 'offline' }, undefined],
    [{ type: 'left', room: LOBBY, nick: 'ann', why: 'asked' }, undefined],
    [{ type: 'youEntered', room: red, made: true }, 'Group red created.\n'],
    [{ type: 'youEntered', room: red, made: false }, undefined],
    [{ type: 'youMade', room: red }, 'Group red created.\n'],
    [{ type: 'roomsListed', scope: 'own', rooms: [] }, '\r\n'],
    [{ type: 'roomsListed', scope: 'all', rooms: [red, LOBBY] }, '\rred, General\n'],
    [{ type: 'usersListed', nicks: ['ann', 'bob'] }, '\rann, bob\n'],
    [{ type: 'membersListed', room: red, nicks: ['ann'] }, '\rann\n'],
    [{ type: 'historyListed', room: red, messages: [message('old')] }, '\r(red) ann: old\n'],
    [{ type: 'announced', text: 'soon' }, '\rserver: soon\n'],
    [refused('room-exists', { room: red }), 'A group with that name already exists.\n'],
    [refused('unknown-room', { room: 'x' }), 'There is no room x. Send /listallg for all rooms.\n'],
    [
      refused('not-in-room', { room: red, nick: 'ann' }),
      'You are not in the room red. Send /jg red first.\n',
    ],
    [refused('unknown-nick', { nick: 'x' }), 'Nobody is called x. Send /lo for who is online.\n'],
    [refused('shutting-down'), 'The server is stopping. Connect again later.\n'],
  ]
  for (const [event, expected] of rows) t.equal(text(event), expected, show(event))
  const help = text({ type: 'helped', topic: '' }) ?? ''
  t.equal(Buffer.byteLength(help), 357, 'as long as the program prints it')
  const silent: readonly Event[] = [
    { type: 'ponged', token: '' },
    { type: 'versionTold' },
    { type: 'noticesSet', on: true },
    { type: 'echoSet', on: true },
    { type: 'surveyed', purpose: '', outlook },
    { type: 'youLeft', room: red },
    { type: 'youSwitched', room: red, outlook },
    { type: 'switched', from: LOBBY, to: red, nick: 'ann' },
    { type: 'saidGoodbye', nick: 'ann' },
    { type: 'roomMade', room: red, by: 'ann' },
    { type: 'roomGone', room: red },
  ]
  for (const event of silent) t.equal(text(event), undefined, event.type)
  t.end()
})

t.test('long texts are cut, so that the client survives them', (t) => {
  const said = (words: string): string =>
    text({ type: 'said', room: LOBBY, lobby: true, message: message(words) }) ?? ''
  t.equal(said('x'.repeat(8000)).length, 8000 + '\rann: \n'.length)
  const rooms = Array.from({ length: 60 }, (_, index) => `${'é'.repeat(20)}${index}`)
  const wide: readonly (readonly [string, Event])[] = [
    ['\rann: é', { type: 'said', room: LOBBY, lobby: true, message: message('é'.repeat(4000)) }],
    ['\rann: x', { type: 'said', room: LOBBY, lobby: true, message: message('x'.repeat(9000)) }],
    [
      '\r(PM) ann: one é\n\r(PM) ann: ',
      { type: 'told', to: 'bob', message: message(`one é${LINE_BREAK}`.repeat(200)) },
    ],
    [
      '\réé',
      { type: 'roomsListed', scope: 'all', rooms: rooms.map((word) => ({ title: word, word })) },
    ],
    ['Welcome to the chat :)', { type: 'greeted', motd: ['é'.repeat(600)] }],
    ['\rserver: é', { type: 'announced', text: 'é'.repeat(600) }],
  ]
  for (const [beginning, event] of wide) {
    const words = text(event) ?? ''
    t.ok(words.startsWith(beginning), event.type)
    t.ok(words.endsWith('…\n'))
    t.ok(Buffer.byteLength(withLength(words)) <= 1024, 'one read of the client')
  }
  t.end()
})

t.test('frames that are joined are one frame of the same texts', (t) => {
  const line = fc.string({ unit: 'grapheme', maxLength: 300 }).map((words) => `\r${words}\n`)
  fc.assert(
    fc.property(line, line, (earlier, later) => {
      const joined = pacing?.join(withLength(earlier), withLength(later))
      const whole = withLength(earlier + later)
      t.equal(joined?.equals(whole) ?? whole.length > 1024, true)
    }),
    { numRuns: 100 },
  )
  t.equal(
    pacing?.join(withLength('flowers'), withLength('Welcome\n')),
    undefined,
    'a name is alone',
  )
  t.equal(pacing?.join(withLength('Welcome\n'), withLength('ACK')), undefined)
  t.end()
})

const chapter = readFileSync('docs/protocols/onlinechat.md', 'utf8')

t.test('the examples of the chapter', (t) => {
  const examples = [...chapter.matchAll(/(?:^| {2})[CS]: (\d+,.*?)(?=$| {2,}[CS]:)/gm)]
  t.ok(examples.length > 20)
  for (const [, example = ''] of examples) {
    const frame = example.replaceAll('\\r', '\r').replaceAll('\\n', '\n')
    t.equal(withLength(frame.slice(frame.indexOf(',') + 1)).toString(), frame, example)
  }
  t.end()
})
