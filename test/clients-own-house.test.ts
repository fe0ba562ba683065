// The documents' clients against our own sessions in memory: each hears the others however the bytes
// are cut, and no bytes at all make one throw or show what a terminal would obey.

import t from 'tap'
import fc from 'fast-check'
import { clean } from '../lib/core/index.js'
import { encode, type PostType } from '../lib/dialects/chatapp/messages.js'
import type { ClientEffect } from '../lib/dialects/client.js'
import { DIALECTS } from '../lib/dialects/index.js'
import type { Dialect } from '../lib/dialects/dialect.js'
import { withHeader } from '../lib/wire/header.js'
import { Floor } from './support/core-arena.js'
import { FramedLink } from './support/framed-link.js'
import { Sitting, written } from './support/sitting.js'

const FRAMED: readonly string[] = ['onlinechat', 'chatapp']
const ALL: readonly string[] = [...FRAMED, 'cs494', 'chatbox']

function dialectOf(name: string): Dialect {
  const dialect = DIALECTS.get(name)
  if (dialect === undefined) throw new Error(`there is no dialect ${name}`)
  return dialect
}

/** A client whose sends reach a house at once, and what it has shown. */
class Guest {
  readonly seen: string[] = []
  readonly #sitting: Sitting
  readonly #link: FramedLink
  /** Sends wait until what is being heard has been heard out. */
  #sends: Buffer[] = []

  /** `cut` is the size of its reads, in bytes. */
  constructor(floor: Floor, dialect: string, nick: string, cut = Infinity) {
    this.#sitting = new Sitting(dialect, { nick })
    const ear = {
      heard: (bytes: Buffer) => {
        for (let at = 0; at < bytes.length; at += cut) {
          this.#do(this.#sitting.happens(['reads', bytes.subarray(at, at + cut)]))
        }
      },
      ended: () => {
        this.#do(this.#sitting.happens(['closes']))
      },
    }
    this.#link = new FramedLink(floor, ear, dialectOf(dialect))
    this.#do(this.#sitting.happens(['opens']))
  }

  async types(...lines: readonly string[]): Promise<void> {
    for (const line of lines) {
      this.#do(this.#sitting.happens(['types', line]))
      await this.sends()
    }
  }

  /** Sends what waits, and what follows from it. */
  async sends(): Promise<void> {
    for (let bytes = this.#sends.shift(); bytes !== undefined; bytes = this.#sends.shift()) {
      await this.#link.send(bytes)
    }
  }

  #do(effects: readonly ClientEffect[]): void {
    for (const effect of effects) {
      if (effect.type === 'send') this.#sends.push(effect.bytes)
      else this.seen.push(written(effect))
    }
  }
}

t.test('in one house', async (t) => {
  for (const cut of [Infinity, 1, 7]) {
    const floor = new Floor(dialectOf('line'))
    const guests = ALL.map((dialect, i) => {
      // What has no frames is one read a message.
      return new Guest(floor, dialect, `guest${i}`, FRAMED.includes(dialect) ? cut : Infinity)
    })
    for (const guest of guests) await guest.sends()
    const [flowers, al, ann, bob] = guests
    await al?.types('$create$ tea', '$join$ General, tea')
    await flowers?.types('one')
    await al?.types('$msg$ General', 'two')
    await ann?.types('three', '/join tea', '/s tea only there', '/disconnect')
    await bob?.types('c!tea', 's', 's!1', 'here', 'l!', 'four', 'exit()')
    const said = (guest: Guest | undefined): readonly string[] =>
      (guest?.seen ?? []).flatMap((line) => /^said (.*?)\|/.exec(line)?.[1] ?? [])
    t.same(said(flowers), ['guest1  two', 'guest2  three', 'guest3  four'])
    t.same(said(al), [
      ...['guest0  one', 'guest1  two', 'guest2  three', 'guest2 tea only there'],
      ...['guest3 tea here', 'guest3  four'],
    ])
    t.same(said(ann), ['guest0  one', 'guest1  two', 'guest2  three', 'guest2 tea only there'])
    t.same(said(bob), ['guest0  one', 'guest1  two', 'guest2  three'])
    t.equal(ann?.seen.at(-1), 'end You have been disconnected.')
    t.ok(bob?.seen.includes('left guest3 tea|You have left the room tea and are back in General.'))
  }
})

/** A message of ChatApp about the room x. */
function post(type: PostType, sender: string, data: string): string {
  const fields = { type, timestamp: '\x1b[1m', dest: 'x', sender, data }
  return withHeader(encode(fields)).toString()
}

function fault(data: string): string {
  return withHeader(encode({ type: 'Error', code: 1, data })).toString()
}

const ROOM = [
  post('CreateRoomMessage', 'Server', 'x'),
  post('CreateRoomMessage', 'Server', '\x1b[2Jy'),
  post('JoinMessage', 'ann', 'x'),
  post('JoinMessage', '\x1b]b', 'x'),
  post('ChatMessage', 'c\x9b', 'b\x07\r\n\x1bc'),
]

/** What a server of a dialect may send to some effect. */
const BITS = [
  ...['3,ACK', '5,guest', '9,\ra: b\r\n\x1b', '999,', '0,', '12,\rx, \u202ey, z\n', '99999999,'],
  ...['--disconnect--', 'General\n', 'a\n', 'Please send a username.\n', '(General) \x9b: x\n'],
  ...[
    "{'gram type': 'echo rooms', 'rooms': {'\x1b': {1: '\\x07'}}, 'tracker': {}}",
    "{'",
    '}',
    'exit()',
  ],
  ...[
    "{'gram type': 'switch room', 'joined rooms': ['\\x1b[2J'], 'current': '', 'prompt': 'a\\nb'}",
  ],
  ...['60                  ', withHeader('{}').toString(), fault('\x07')],
  ...ROOM.map((_message, i) => ROOM.slice(0, i + 1).join('')),
  ...['\x1b]0;title\x07', '\0', '\r', '\n', '\xff', ': ', ' has joined the room \x85.'],
]
const LINES = [
  ...[
    '',
    'ann',
    'hello',
    '/users',
    '/lo',
    '/list',
    '/cg x',
    '/join a b',
    '/quit',
    'u!',
    'j',
    's',
    'j!0',
    's!0',
  ],
  ...[
    'b!0 x',
    'c!x',
    'm!',
    '$join$',
    '$create$ x',
    '$msg$ x',
    '$list$',
    '$menu$',
    '$view_all$',
    '\x1b[2J',
  ],
]

t.test('whatever a server sends', (t) => {
  const step = fc.oneof(
    fc.record({ type: fc.constant('reads' as const), bytes: fc.constantFrom(...BITS) }),
    fc.record({ type: fc.constant('reads' as const), bytes: fc.string({ unit: 'binary' }) }),
    fc.record({ type: fc.constant('types' as const), line: fc.constantFrom(...LINES) }),
    fc.constant({ type: 'looks up' as const }),
  )
  for (const dialect of ALL) {
    const property = fc.property(
      fc.array(step, { maxLength: 30 }),
      fc.boolean(),
      (steps, knows) => {
        const sitting = new Sitting(dialect, { nick: knows ? 'ann' : undefined })
        const effects = [...sitting.happens(['opens'])]
        for (const step of steps) {
          if (step.type === 'reads')
            effects.push(...sitting.happens(['reads', Buffer.from(step.bytes, 'latin1')]))
          else if (step.type === 'types') effects.push(...sitting.happens(['types', step.line]))
          else effects.push(...sitting.happens(['looks up']))
        }
        effects.push(...sitting.happens(['closes']))
        const shown = effects.flatMap((effect) =>
          effect.type === 'show' ? effect.heard.shown : [],
        )
        return [...shown, sitting.session.prompt].every((line) => clean(line) === line)
      },
    )
    t.doesNotThrow(() => {
      fc.assert(property, { numRuns: 200 })
    }, dialect)
  }
  t.end()
})
