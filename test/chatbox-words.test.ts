// How the Chat Box tells of each event: to its document's client in grams and texts, to people in
// lines.

import t from 'tap'
import {
  LINE_BREAK,
  LOBBY,
  initialState,
  type Event,
  type Message,
  type Refusal,
} from '../lib/core/index.js'
import { gramVoice, lineVoice } from '../lib/dialects/chatbox/render.js'
import type { Rendering } from '../lib/dialects/dialect.js'
import { show } from './support/show.js'

const AT = 0
const RED = { title: 'red room', word: 'red_room' }

const text = (bytes: Rendering | undefined): string | undefined => bytes?.toString()
const message = (said: string): Message => ({ from: 'bob', text: said, at: 0 })

const nobody = { you: 'nobody', house: initialState() }

t.test('events to the byte', (t) => {
  const at = (said: string) =>
    ({ type: 'said', room: RED, lobby: false, message: message(said) }) as const
  const long = 'é'.repeat(600)
  // Without a third text, the people's is the client's with a line end.
  const rows: readonly (readonly [Event, string | undefined, string?])[] = [
    [{ type: 'nickRequested' }, undefined],
    [
      { type: 'welcomed', nick: 'bob', outlook: nobody },
      "{'gram type': 'welcome alert', 'prompt': 'Welcome to the room General, bob. Type m! for the menu.', 'rooms': {'General': {}}, 'tracker': {}, 'welcome room': 'General'}",
      'Welcome to the room General, bob. Type m! for the menu.\r\n',
    ],
    [
      { type: 'youSwitched', room: RED, outlook: nobody },
      "{'gram type': 'welcome alert', 'prompt': 'You have switched to the room red room.', 'rooms': {'General': {}}, 'tracker': {}, 'welcome room': 'red room'}",
      'You have switched to the room red room.\r\n',
    ],
    [
      { type: 'surveyed', purpose: 'switch', outlook: nobody },
      "{'gram type': 'switch room', 'joined rooms': [], 'current': 'General', 'prompt': 'Type s! and the number of the room that you switch to, such as s!1.'}",
      'Type s! and the number of the room that you switch to, such as s!1.\r\n',
    ],
    [{ type: 'greeted', motd: [] }, undefined],
    [
      { type: 'greeted', motd: ['tea {x}', 'cake'] },
      'Message of the day:\ntea ｛x}\ncake',
      'Message of the day:\r\ntea {x}\r\ncake\r\n',
    ],
    [at('hi {you}'), 'bob: hi ｛you}', 'bob: hi {you}\r\n'],
    [at('{'), 'bob: ｛', 'bob: {\r\n'],
    [at(`1${LINE_BREAK}ann: 2`), 'bob: 1\nbob: ann: 2', 'bob: 1\r\nbob: ann: 2\r\n'],
    [at(long), `bob: ${'é'.repeat(496)}…`, `bob: ${long}\r\n`],
    [
      { type: 'told', to: 'ann', message: message(`psst${LINE_BREAK}here`) },
      '(private) bob: psst\n(private) bob: here',
      '(private) bob: psst\r\n(private) bob: here\r\n',
    ],
    [{ type: 'announced', text: 'exit()' }, 'server: exit()'],
    [
      { type: 'entered', room: RED, nick: 'bob', why: 'asked' },
      'bob has joined the room red room.',
    ],
    [{ type: 'left', room: RED, nick: 'bob', why: 'offline' }, 'bob has left the room red room.'],
    [
      { type: 'switched', from: LOBBY, to: RED, nick: 'bob' },
      'bob has switched from the room General to red room.',
    ],
    [
      { type: 'youEntered', room: RED, made: true },
      'You have made the room red room and are a member of it. Type s to switch to it.',
    ],
    [
      { type: 'youEntered', room: RED, made: false },
      'You are a member of the room red room now. Type s to switch to it.',
    ],
    [{ type: 'youLeft', room: RED }, 'You have left the room red room and are back in General.'],
    [{ type: 'ponged', token: '' }, 'The server is here.'],
    [{ type: 'saidGoodbye', nick: 'bob' }, undefined, 'Goodbye, bob.\r\n'],
  ]
  for (const [event, said, typed] of rows) {
    t.equal(text(gramVoice.render(event, AT)), said, show(event).slice(0, 80))
    const lines = typed ?? (said === undefined ? undefined : `${said}\r\n`)
    t.equal(text(lineVoice.render(event, AT)), lines)
  }
  t.end()
})

t.test('what is not told', (t) => {
  const events: readonly Event[] = [
    { type: 'usersListed', nicks: ['bob'] },
    { type: 'roomsListed', scope: 'all', rooms: [RED] },
    { type: 'membersListed', room: RED, nicks: ['bob'] },
    { type: 'historyListed', room: RED, messages: [message('hi')] },
    { type: 'versionTold' },
    { type: 'noticesSet', on: true },
    { type: 'echoSet', on: true },
    { type: 'youMade', room: RED },
    { type: 'cameOnline', nick: 'bob' },
    { type: 'wentOffline', nick: 'bob', reason: 'quit' },
    { type: 'roomMade', room: RED, by: 'bob' },
    { type: 'roomGone', room: RED },
  ]
  for (const event of events) {
    t.equal(gramVoice.render(event, AT), undefined, event.type)
    t.equal(lineVoice.render(event, AT), undefined)
  }
  t.end()
})

t.test('refusals', (t) => {
  const rows: readonly (readonly [Refusal, RegExp | undefined, RegExp?])[] = [
    [{ code: 'kicked', reason: 'noise' }, undefined, /operator.*noise/],
    [{ code: 'shutting-down' }, undefined, /stopping/],
    [{ code: 'too-slow' }, undefined, /read/],
    [{ code: 'idle', minutes: 3 }, undefined, /3 minutes/],
    [{ code: 'too-long', maxBytes: 2048 }, /at most 65536 bytes/, /at most 2048 bytes/],
    [{ code: 'unfinished-line' }, /dictionary was not closed/, /CR LF/],
    [{ code: 'server-full', max: 3 }, /^All 3 places/],
    [{ code: 'unknown-room', room: '{red}' }, /room ｛red}\. Send j /, /room \{red}/],
    [{ code: 'lobby-stays', room: LOBBY }, /^Are you sure\? .*General.* q! /],
    [{ code: 'bad-room', maxBytes: 50 }, /up to 50 bytes/],
    [{ code: 'not-in-room', room: RED, nick: 'bob' }, /red room.*Send j and its number first/],
    [{ code: 'unknown-command', command: 'x' }, /Send m! /],
    [{ code: 'unknown-nick', nick: 'x' }, /Send u! /],
    [{ code: 'wrong-protocol', protocol: 'TLS' }, /TLS.*Chat Box client, telnet or nc/],
  ]
  for (const [refusal, said, typed = said] of rows) {
    const event = { type: 'refused', refusal } as const
    const [gram, line] = [gramVoice, lineVoice].map((voice) => text(voice.render(event, AT)))
    if (said === undefined) t.equal(gram, undefined, refusal.code)
    else t.match(gram, said, refusal.code)
    t.match(line, typed)
    t.notMatch(gram, /\{/, 'no brace that is no gram')
  }
  t.end()
})

t.test('texts are joined, grams are not', (t) => {
  const joined = (a: string, b: string): string | undefined =>
    text(gramVoice.pacing?.join(Buffer.from(a), Buffer.from(b)))
  t.equal(joined('ann: hi', 'bob: ho'), 'ann: hi\nbob: ho')
  t.equal(joined('a'.repeat(499), 'b'.repeat(500))?.length, 1000)
  t.equal(joined('a'.repeat(500), 'b'.repeat(500)), undefined)
  t.equal(joined('ann: hi', '{}'), undefined)
  t.equal(joined('{}', 'ann: hi'), undefined)
  t.end()
})
