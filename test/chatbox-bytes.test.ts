// What the Chat Box makes of messages that are none, and of dictionaries that come in pieces; and
// what its chapter says of all bytes.

import { readFileSync } from 'node:fs'
import t from 'tap'
import { chatbox } from '../lib/dialects/chatbox/index.js'
import { readGram, writeGram } from '../lib/dialects/chatbox/grams.js'
import { isDict, readLiteral } from '../lib/dialects/chatbox/literal.js'
import { readRequest, writeRequest } from '../lib/dialects/chatbox/requests.js'
import { line } from '../lib/dialects/line/index.js'
import { Client, one } from './support/chatbox-client.js'
import { Floor } from './support/core-arena.js'
import { Grammar } from './support/grammar.js'
import { show } from './support/show.js'

const NEITHER = 'it is neither a command nor a dictionary'
const unreadable = (problem: string): string =>
  `That message cannot be read: ${problem}. Send it as its protocol has it.`

t.test('bad messages', async (t) => {
  const keys = unreadable('no dictionary has these keys')
  const type = unreadable('a value is of the wrong type')
  const neither = unreadable(NEITHER)
  const usage = /^That does not fit the command\. Send c!NAME, with a name of 1 to 25 characters/
  const rows: readonly (readonly [message: string | Buffer, told: string | RegExp | undefined])[] =
    [
      ['hello', neither],
      ["['contents']", neither],
      ["'contents'", neither],
      ['17', neither],
      ['u!c', neither],
      ["{1, 'two'}", neither],
      ['{open(1)}', neither],
      ["{'contents': open('x')}", neither],
      ["{'contents': __import__('os')}", neither],
      [`${'{1:'.repeat(60)}1${'}'.repeat(60)}`, neither],
      ['{}', keys],
      ["{'contentz': 'x'}", keys],
      ["{'__proto__': 'x'}", keys],
      ["{'contents': 'x', 'port': 5}", keys],
      ["{'broadcast rooms': ['General']}", keys],
      ["{'contents': 5}", type],
      ["{'contents': None}", type],
      ["{'create': ['red']}", type],
      ["{'join': 1}", type],
      ["{'switch': [1]}", type],
      ["{'broadcast rooms': 'red', 'message': 'x'}", type],
      ["{'broadcast rooms': [True], 'message': 'x'}", type],
      ["{'broadcast rooms': {}, 'message': 'x'}", type],
      ["{'broadcast rooms': [], 'message': 'x'}", /^Something is missing\. Send b /],
      ["{'broadcast rooms': ['General'], 'message': ' '}", /^Something is missing\. Send b /],
      ["{'broadcast rooms': ['red'], 'message': 'x'}", /^There is no room red\. Send j /],
      ["{'create': ' '}", /^Something is missing\. Send c!NAME/],
      [`{'create': '${'x'.repeat(26)}'}`, usage],
      ["{'create': '\\u200d'}", /^That is no name of a room/],
      ["{'join': 'red'}", 'There is no room red. Send j for all rooms.'],
      ["{'join': 'General'}", /^You are in the room General already/],
      ["{'switch': 7}", /^There is no room 7\. /],
      ["{'switch': -1}", /^There is no room -1\. /],
      [Buffer.from('\xff', 'latin1'), /UTF-8/],
      ['b!', undefined],
      ['\r\n', undefined],
    ]
  const floor = new Floor(line)
  const ann = await one(floor, 'ann')
  const canary = new Client(floor, line)
  await canary.says('bob\n')
  await ann.says()
  for (const [message, told] of rows) {
    const name = show(String(message)).slice(0, 60)
    const heard = await ann.says(message)
    if (told === undefined) t.strictSame(heard, [], name)
    else t.match(heard, [told], name)
    t.equal(heard.length, told === undefined ? 0 : 1)
    t.strictSame(await canary.says(), [], 'and nobody else hears of it')
  }
  t.match(await ann.says(`{'x': '${'x'.repeat(70_000)}`), [
    'That was too long. Send at most 65536 bytes in a message.',
    'exit()',
    '(closed)',
  ])
  const cut = await one(floor, 'cut')
  t.match(await cut.says("{'contents': 'x'"), [])
  t.match(await cut.stops(), [
    'Your last dictionary was not closed, and was not carried out.',
    '(closed)',
  ])
})

t.test('dictionaries in any reads', async (t) => {
  const grams = `{'contents': 'ann: 1 }'} {"contents": "é \\"{"}\r\n{'create': 'red'}`
  for (const length of [1, 2, 3, 7, 1000]) {
    const floor = new Floor(chatbox)
    const bob = await one(floor, 'bob')
    const ann = new Client(floor, chatbox, (bytes) =>
      bytes.includes('{')
        ? Array.from({ length: Math.ceil(bytes.length / length) }, (_, at) =>
            bytes.subarray(at * length, (at + 1) * length),
          )
        : [bytes],
    )
    await ann.says('ann')
    await bob.says()
    t.match(await ann.says(grams), [/^You have made the room red /])
    t.strictSame(await bob.says(), ['ann: 1 }', 'ann: é "｛'], `${length} bytes a read`)
  }
})

const chapter = readFileSync('docs/protocols/chatbox.md', 'utf8')

/** What stands in the chapter under a heading, up to the next of the same level. */
function section(heading: string): string {
  const start = chapter.indexOf(`\n## ${heading}\n`)
  return chapter.slice(start, chapter.indexOf('\n## ', start + 1))
}

/** Its examples: who sends, and what. */
function examples(text: string): readonly (readonly [who: string, message: string])[] {
  return [...text.matchAll(/^([CS]): (.*)$/gm)].map(([, who = '', message = '']) => [who, message])
}

t.test('the examples of the chapter, and its grammar', (t) => {
  const [, abnf = ''] = /^```abnf\n([^]*?)^```$/m.exec(chapter) ?? []
  const grammar = new Grammar(abnf)
  for (const [who, message] of examples(chapter)) {
    const rule = who === 'C' ? 'client-message' : 'server-message'
    t.ok(grammar.match(rule, message), message)
    const literal = message.startsWith('{') ? readLiteral(message) : undefined
    if (who === 'S' && literal !== undefined) {
      const gram = readGram(message)
      t.equal(gram && writeGram(gram), message)
      t.ok(grammar.match('gram', message))
    }
    const request = who === 'C' && isDict(literal) ? readRequest(literal) : undefined
    if (request !== undefined && 'type' in request) t.equal(writeRequest(request), message)
  }
  t.notOk(grammar.match('server-message', 'a { that is no gram'))
  t.end()
})

t.test('the dialogues of the chapter', async (t) => {
  for (const [heading, lineEnd] of [
    ['Errors', ''],
    ['Lines', '\r\n'],
  ] as const) {
    const ann =
      lineEnd === '' ? await one(new Floor(chatbox), 'ann') : new Client(new Floor(chatbox))
    let heard = ''
    for (const [who, message] of examples(section(heading))) {
      if (who === 'C') {
        t.equal(heard, '')
        heard = (await ann.says(message + lineEnd)).join('').replace('(closed)', '')
      } else {
        t.ok(heard.startsWith(message + lineEnd), message)
        heard = heard.slice(message.length + lineEnd.length)
      }
    }
    t.equal(heard, '', heading)
  }
})
