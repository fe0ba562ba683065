// CS494: messages to commands, events to lines, in both voices.

import { readFileSync } from 'node:fs'
import t from 'tap'
import {
  LINE_BREAK,
  LOBBY,
  initialState,
  type Command,
  type Event,
  type RefusalCode,
} from '../lib/core/index.js'
import { cs494 } from '../lib/dialects/cs494/index.js'
import { lineVoice, voice } from '../lib/dialects/cs494/render.js'
import { show } from './support/show.js'

const session = cs494.open()
const kay = { nick: 'kay' }
const red = { title: 'red', word: 'red' }
const message = (text: string) => ({ from: 'ann', text, at: 0 })
const bare = (event: Event): string | undefined => voice.render(event, 0)?.toString()
const lines = (event: Event): string | undefined => lineVoice.render(event, 0)?.toString()
const refusal = (code: RefusalCode, more: object = {}): Event =>
  Object.assign({ type: 'refused' as const }, { refusal: Object.assign({ code }, more) }) as Event

t.test('the username', (t) => {
  for (const name of ['kay', ' kay ', 'kay\u0007']) {
    const command = session.parse(name, { nick: undefined })
    t.match(command, { name: 'register', nick: 'kay', ifTaken: 'ask-again' }, show(name))
  }
  t.match(session.parse('/list', { nick: undefined }), { name: 'register', nick: '/list' })
  t.same(session.parse('/quit', { nick: undefined }), { name: 'quit' })
  for (const name of ['', '  ']) {
    const command = session.parse(name, { nick: undefined })
    t.match(command, { refusal: { code: 'missing-argument' }, fatal: true }, show(name))
  }
  t.end()
})

t.test('messages as commands', (t) => {
  const refused = (code: 'missing-argument', usage: string): Command => ({
    name: 'refuseLine',
    refusal: { code, usage },
  })
  const rows: readonly (readonly [string, Command | undefined])[] = [
    ['hello', { name: 'speak', text: 'hello' }],
    [' /list', { name: 'speak', text: ' /list' }],
    ['', undefined],
    ['  ', undefined],
    ['/?', { name: 'help', topic: '' }],
    ['/create red', { name: 'create', room: 'red', as: 'founder' }],
    ['/create red blue', { name: 'create', room: 'red', as: 'founder' }],
    ['/create a:b', { name: 'create', room: '', as: 'founder' }],
    ['/create', refused('missing-argument', '/create room_name')],
    ['/join red  blue', { name: 'join', rooms: ['red', 'blue'] }],
    ['/join', refused('missing-argument', '/join room_name')],
    ['/join  ', refused('missing-argument', '/join room_name')],
    ['/leave red', { name: 'part', room: 'red' }],
    ['/leave #', { name: 'refuseLine', refusal: { code: 'unknown-room', room: '#' } }],
    ['/leave', refused('missing-argument', '/leave room_name')],
    ['/users', { name: 'users' }],
    ['/users red', { name: 'members', room: 'red' }],
    ['/users a,b', { name: 'refuseLine', refusal: { code: 'unknown-room', room: 'a,b' } }],
    ['/list', { name: 'rooms' }],
    ['/LIST', { name: 'rooms' }],
    ['/s red hi there', { name: 'shout', text: 'red hi there' }],
    ['/s', { name: 'shout', text: '' }],
    ['/w ann hi  there', { name: 'tell', nick: 'ann', text: 'hi  there' }],
    ['/w ann', undefined],
    ['/w', undefined],
    ['/disconnect', { name: 'quit' }],
    ['/quit', { name: 'quit' }],
    ['/nope', { name: 'refuseLine', refusal: { code: 'unknown-command', command: '/nope' } }],
  ]
  for (const [sent, command] of rows) t.strictSame(session.parse(sent, kay), command, show(sent))
  t.end()
})

t.test('events as lines', (t) => {
  const outlook = { you: 'a', house: initialState() }
  const rows: readonly (readonly [Event, string | undefined])[] = [
    [{ type: 'said', room: LOBBY, lobby: true, message: message('hi') }, '(General) ann: hi\n'],
    [
      { type: 'said', room: red, lobby: false, message: message(`a${LINE_BREAK}(red) bob: b`) },
      '(red) ann: a\n(red) ann: (red) bob: b\n',
    ],
    [{ type: 'told', to: 'kay', message: message('psst') }, '(Private To: kay) ann: psst\n'],
    [{ type: 'usersListed', nicks: ['ann', 'kay'] }, 'ann\nkay\n'],
    [{ type: 'membersListed', room: red, nicks: [] }, undefined],
    [{ type: 'roomsListed', scope: 'all', rooms: [red] }, 'General\nred\n'],
    [{ type: 'wentOffline', nick: 'ann', reason: 'quit' }, 'ann has disconnected.\n'],
    [{ type: 'youEntered', room: red, made: false }, 'You have joined the room red.\n'],
    [{ type: 'youLeft', room: red }, 'You have left the room red.\n'],
    [
      { type: 'youMade', room: red },
      'The room red has been created. Send /join red to be in it.\n',
    ],
    [{ type: 'announced', text: 'soon' }, 'server: soon\n'],
    [{ type: 'greeted', motd: ['be kind', 'be brief'] }, 'be kind\nbe brief\n'],
    [{ type: 'historyListed', room: red, messages: [message('old')] }, '(red) ann: old\n'],
    [{ type: 'ponged', token: '' }, 'pong\n'],
    [
      refusal('already-in-room', { room: red, nick: 'kay' }),
      'You are in the room red already. Speak in it, or leave it.\n',
    ],
    [
      refusal('nick-in-use', { nick: 'ann' }),
      'The username ann is taken. Please send another one.\n',
    ],
    [refusal('in-no-room'), 'You are in no room. Send /join ROOM first.\n'],
  ]
  for (const [event, expected] of rows) {
    t.equal(bare(event), expected, show(event))
    t.equal(lines(event), expected?.replaceAll('\n', '\r\n'), `lines: ${event.type}`)
  }
  const help = bare({ type: 'helped', topic: '' })?.trimEnd().split('\n') ?? []
  t.equal(help.length, 10, 'one line a command')
  t.ok(help.every((line) => /^\/\S+.* -- ./.test(line)))
  for (const heard of [bare, lines]) {
    t.match(heard({ type: 'nickRequested' }), /\r\n.*username.*\r\n$/, 'who reads it is not known')
    t.match(heard({ type: 'welcomed', nick: 'kay', outlook }), /kay.*General.*\/\?/s)
  }
  const silent: readonly Event[] = [
    refusal('unknown-nick', { nick: 'x' }),
    { type: 'cameOnline', nick: 'ann' },
    { type: 'entered', room: red, nick: 'ann', why: 'asked' },
    { type: 'left', room: red, nick: 'ann', why: 'asked' },
    { type: 'roomMade', room: red, by: 'ann' },
    { type: 'roomGone', room: red },
    { type: 'surveyed', purpose: '', outlook },
    { type: 'youSwitched', room: red, outlook },
    { type: 'switched', from: LOBBY, to: red, nick: 'ann' },
    { type: 'versionTold' },
    { type: 'noticesSet', on: true },
    { type: 'echoSet', on: true },
    { type: 'greeted', motd: [] },
  ]
  for (const event of silent) t.equal(bare(event), undefined, event.type)
  t.end()
})

t.test('what the farewell says is not said twice', (t) => {
  const goodbyes = [
    { type: 'saidGoodbye', nick: 'kay' } as const,
    refusal('kicked', { reason: 'noise' }),
    refusal('shutting-down'),
    refusal('too-slow'),
    refusal('idle', { minutes: 5 }),
  ]
  for (const event of goodbyes) {
    t.equal(bare(event), undefined)
    t.match(lines(event), /^.+\r\n$/, 'people at a telnet are told in words')
  }
  t.equal(voice.farewell?.bytes.toString(), '--disconnect--')
  t.equal(lineVoice.farewell, undefined)
  t.match(bare(refusal('server-full', { max: 5 })), /^All 5 places are taken/)
  t.end()
})

t.test('a message of ours is no longer than one of theirs', (t) => {
  const name = 'x'.repeat(50)
  const room = { title: name, word: name }
  const text = 'é'.repeat(2000)
  const events: readonly Event[] = [
    { type: 'said', room, lobby: false, message: { from: name, text, at: 0 } },
    { type: 'told', to: name, message: { from: name, text, at: 0 } },
  ]
  for (const event of events) t.ok(Buffer.byteLength(lines(event) ?? '') <= 1024)
  t.end()
})

const chapter = readFileSync('docs/protocols/cs494.md', 'utf8')

t.test('the examples of the chapter', (t) => {
  const said = (text: string, room = LOBBY): Event => ({
    type: 'said',
    room,
    lobby: room === LOBBY,
    message: message(text),
  })
  const events: readonly Event[] = [
    { type: 'nickRequested' },
    { type: 'welcomed', nick: 'ann', outlook: { you: 'a', house: initialState() } },
    said('hello'),
    { type: 'youMade', room: red },
    { type: 'youEntered', room: red, made: false },
    said('anybody here?', red),
    { type: 'told', to: 'bea', message: message('see you at four') },
    { type: 'youLeft', room: red },
    { type: 'wentOffline', nick: 'ann', reason: 'quit' },
    { type: 'usersListed', nicks: ['ann', 'bea'] },
    { type: 'roomsListed', scope: 'all', rooms: [red] },
    { type: 'helped', topic: '' },
  ]
  const written = [...events.map(bare), voice.farewell?.bytes.toString()]
  const examples = [...chapter.matchAll(/^S: (.*)$/gm)].map(([, example = '']) =>
    example.replaceAll('\\r', '\r').replaceAll('\\n', '\n'),
  )
  t.same(new Set(examples), new Set(written))
  t.end()
})
