// Inputs I-72 to I-97: names that are none, commands that are none, and what comes in an odd order.

import { deepEqual } from 'node:assert/strict'
import { Caller } from './caller.js'
import {
  error,
  othersHear,
  row,
  sameLines,
  scenario,
  stillTalks,
  type Exchange,
  type Row,
} from './row.js'

const badNick = error('bad-nick')
const nickInUse = error('nick-in-use')
/** Each is no nickname, and the next try may be one. */
const noNicks = (...nicks: readonly string[]): readonly Exchange[] =>
  nicks.map((nick) => ({ as: 'newcomer', sends: `${nick}\r\n`, answers: [badNick] }))
/** Each is a nickname, and nothing else. */
const nicks = (...names: readonly string[]): readonly Exchange[] =>
  names.map((name) => ({
    as: 'newcomer',
    sends: `${name}\r\n!quit\r\n`,
    answers: [`!goodbye ${name}`],
    leaves: 'gone',
  }))
const taken = (...names: readonly string[]): readonly Exchange[] =>
  names.map((nick) => ({
    as: 'newcomer',
    sends: `${nick}\r\n!users\r\n`,
    answers: [nickInUse],
    leaves: 'gone',
  }))
const answered = (line: string, ...answers: readonly (string | RegExp)[]): Exchange => ({
  sends: `${line}\r\n`,
  answers,
})
const refused = (code: string, ...lines: readonly string[]): readonly Exchange[] =>
  lines.map((line) => answered(line, error(code)))
const told = (line: string, text: string): Exchange => ({
  sends: `${line}\r\n`,
  bobHears: [text],
})

/** With alice; canaries may be there, too. */
const EVERYBODY = /^(.* )?bob carol (.* )?alice$/
const TRIES = 10
const ROOMS = 20
const MANY = 1000
const OBJECT_WORDS = ['constructor', 'toString', 'hasOwnProperty', 'prototype', 'NaN', 'null']
const NO_ROOMS = [
  'a,b',
  'a:b',
  '#r',
  '@r',
  '!r',
  'a b',
  'x'.repeat(51),
  '\u00e9'.repeat(26),
  '\u0301',
]

/** The rows. */
export const names: readonly Row[] = [
  row(
    'I-72',
    'words that mean something to the language mean nothing here',
    ...nicks(...OBJECT_WORDS, 'undefined'),
    ...noNicks('__proto__'),
    ...refused('unknown-nick', '#constructor hi', '#__proto__ hi'),
    ...refused('unknown-room', '@constructor hi', '!members __proto__'),
  ),
  row(
    'I-73',
    'a nickname in use is refused in any ASCII case, and its owner not disturbed',
    ...taken('bob', 'Bob', 'BOB'),
  ),
  row(
    'I-74',
    'nor can one be imitated by other alphabets',
    ...noNicks('\uff41\uff4c\uff49\uff43\uff45', '\u0430lice'),
    ...nicks('a1ice', 'aIice'),
  ),
  row(
    'I-75',
    'letters whose case depends on the language are none',
    ...noNicks('\u0130', '\u00df', '\u0391\u03a3', '\u03b1\u03c2', '\u212a', '\u017f'),
  ),
  row('I-76', 'nor are those that stand for many', ...noNicks('\ufdfa')),
  row('I-77', 'nor are composed ones, in either form', ...noNicks('e\u0301', '\u00e9')),
  row(
    'I-78',
    'nicknames are letters and digits',
    ...noNicks(...['a b', '#a', 'a@b', '!a', 'a:b', 'a,b', '*a', '<a', '-a', '.', '\u{1f600}']),
    ...noNicks('a\u200db'),
    // What is removed from every text is not there for a nickname either.
    { as: 'newcomer', sends: 'zo\u202ee\r\n!quit\r\n', answers: ['!goodbye zoe'], leaves: 'gone' },
  ),
  row(
    'I-79',
    'up to 50 of them',
    ...nicks('a'.repeat(50)),
    ...noNicks('a'.repeat(51), '\u{10330}'.repeat(24)),
  ),
  row(
    'I-80',
    'some are taken for good, and others are not',
    ...taken('server', 'ALL', 'error', 'General'),
    ...nicks('system', 'admin', 'root', 'you'),
  ),
  row('I-81', 'the tenth line that is no nickname closes', {
    as: 'newcomer',
    sends: '-\r\n'.repeat(TRIES + 1) + 'alice\r\n',
    answers: [...Array<RegExp>(TRIES - 1).fill(badNick), error('too-many-failures')],
    leaves: 'gone',
  }),
  row(
    'I-82',
    'there are no commands before a nickname',
    ...noNicks('!users', '@r hi', '#bob hi', '!help', '!quit'),
  ),
  row(
    'I-83',
    'without a nickname or a text nobody is told anything',
    ...refused('missing-argument', '#', '# ', '#bob', '#bob ', '#bob   '),
  ),
  row(
    'I-84',
    'nobody of that name: told so, with what is repeated cleaned',
    answered('#nobody hi', /^!error unknown-nick Nobody is called nobody\./),
    answered('#no\x1b[2Jbo\x07dy hi', /^!error unknown-nick Nobody is called nobody\./),
  ),
  row('I-85', 'one may tell oneself', answered('#alice hi', '#alice: hi')),
  row(
    'I-86',
    'a text is exact from the first blank on',
    told('#bob  two  spaces ', '#alice:  two  spaces '),
  ),
  row(
    'I-87',
    'to say something makes no room',
    ...refused('missing-argument', '@', '@ ', '@r', '@r '),
    ...refused('unknown-room', '@nosuch hi'),
    answered('!rooms', 'r'),
    { sends: '!leave r\r\n@r hi\r\n', answers: [error('not-in-room')] },
  ),
  row(
    'I-88',
    'to enter twice, or to leave where one is not, is nothing',
    answered('!enter r\r\n!enter R\r\n!members r', 'bob alice'),
    answered('!leave nosuch\r\n!leave r\r\n!leave r\r\n!members r', 'bob'),
  ),
  row(
    'I-89',
    'twenty rooms, whose names are none but names',
    answered(
      Array.from({ length: ROOMS }, (_, n) => `!enter room${n}`).join('\r\n'),
      error('too-many-rooms'),
    ),
    ...refused('bad-room', ...NO_ROOMS.map((name) => `!enter ${name}`)),
  ),
  row(
    'I-90',
    'unknown commands are told so',
    ...refused('unknown-command', '!', '!!', '!nosuch', '! users', '!__proto__', '!constructor'),
    answered('!USERS', EVERYBODY),
    ...refused('bad-argument', '!users extra'),
  ),
  row(
    'I-91',
    'text made to be slow to read is not',
    ...refused('unknown-command', '!' + 'a'.repeat(2047), `!help ${'(a+)+$'.repeat(300)}`),
    ...refused('missing-argument', '#'.repeat(2000)),
    answered(' '.repeat(1000)),
    answered(`!ping ${' '.repeat(1000)}x`, '!pong x'),
  ),
  scenario('I-94', 'to enter and leave a thousand times disturbs nobody', async (scene) => {
    const alice = await Caller.named(scene.url, 'alice', '!enter r')
    const turn = ['!leave r', '!enter r']
    alice.say(...Array.from({ length: MANY }, () => turn).flat(), '!members r')
    await alice.fence()
    deepEqual(alice.take(), ['bob alice'])
    await othersHear(scene, {})
    await stillTalks(scene, alice)
    await alice.leave()
  }),
  row('I-95', 'what comes after a goodbye is not carried out', {
    sends: `!quit\r\n${'hello\r\n!users\r\n'.repeat(25)}`,
    answers: ['!goodbye alice'],
    leaves: 'gone',
  }),
  scenario('I-96', 'of two who ask for a nickname at once, one gets it', async (scene) => {
    const both = await Promise.all([Caller.to(scene.url), Caller.to(scene.url)])
    for (const one of both) one.say('alice', '!ping it is me')
    const answers = await Promise.all(both.map((one) => one.client.line()))
    sameLines(answers.sort(), [nickInUse, '!pong it is me'], 'what they are told')
    await Promise.all(both.map((one) => one.leave()))
    await othersHear(scene, {})
  }),
  row('I-97', 'a script in one segment, end included, gets its answers', {
    as: 'newcomer',
    sends: 'alice\r\n!users\r\n',
    then: 'fin',
    answers: [EVERYBODY],
  }),
]
