// Inputs I-1 to I-28: where a line ends, how long it may be, and what becomes of one without an end.

import { deepEqual, equal, ok } from 'node:assert/strict'
import { Caller } from './caller.js'
import { error, hasRead, isGone, othersHear, row, sameLines, scenario, type Row } from './row.js'

const LONGEST = 2048
const numbered = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => `line ${n}`)

/** Bytes without a line end after which a connection is closed, and one more. */
const ENDLESS = 65_537
/** How much more a client would send, if it were let. */
const HUNDRED_MEBIBYTES = 100 * 1024 * 1024

const hi = { said: ['hi'] }
const unfinished = error('unfinished-line')

/** The rows. */
export const lines: readonly Row[] = [
  row('I-1', 'LF ends a line', { sends: 'hi\n', ...hi }),
  row('I-2', 'CR LF ends a line, and no CR is left of it', { sends: 'hi\r\n', ...hi }),
  row('I-3', 'CR NUL ends a line at once', { sends: 'hi\r\0', ...hi }),
  row('I-4', 'CR alone ends a line at once', { sends: 'hi\r', ...hi }),
  row('I-5', 'a CR and, later, its LF are one end', { sends: ['hi\r', '\n'], ...hi }),
  row('I-6', 'CR CR LF leaves no second line', { sends: 'hi\r\r\n', ...hi }),
  row('I-7', 'CR NUL CR LF leaves no second line', { sends: 'hi\r\0\r\n', ...hi }),
  row('I-8', 'CR NUL LF leaves no second line', { sends: 'hi\r\0\n', ...hi }),
  row('I-9', 'Enter alone is nothing', ...['\n', '\r\n', '\r\0', '\r'].map((sends) => ({ sends }))),
  row('I-10', 'ten thousand times Enter is nothing', { sends: '\n'.repeat(10_000) }),
  row('I-11', 'blanks alone are nothing', { sends: '  \t\n' }),
  row('I-12', 'a line may come in two segments', { sends: ['abc', 'def\r\n'], said: ['abcdef'] }),
  row('I-13', 'a CR cannot make a line of somebody else', {
    sends: 'h\rbob: x\n',
    said: ['h', 'bob: x'],
  }),
  row('I-14', 'a whole session byte by byte', {
    as: 'newcomer',
    sends: [...Buffer.from('alice\r\nh\u00e9llo\r\n#bob psst\r\n!ping x\r\n')].map((byte) =>
      Buffer.of(byte),
    ),
    said: ['h\u00e9llo'],
    bobHears: ['#alice: psst'],
    answers: ['!pong x'],
    leaves: 'user',
  }),
  row('I-15', 'a thousand lines in one segment, all in order', {
    sends: numbered(1000)
      .map((line) => `${line}\n`)
      .join(''),
    said: numbered(1000),
  }),
  row('I-16', 'the longest line', {
    sends: 'a'.repeat(LONGEST) + '\n',
    said: ['a'.repeat(LONGEST)],
  }),
  row('I-17', 'a line of one byte more is dropped whole, the next one is not', {
    sends: 'a'.repeat(LONGEST + 1) + '\nok\n',
    said: ['ok'],
    answers: [error('too-long')],
  }),
  row('I-18', 'the limit is in bytes, and cuts no character', {
    sends: 'a'.repeat(LONGEST - 1) + '\u00e9\n',
    answers: [error('too-long')],
  }),
  row('I-19', 'bytes without any line end close the connection', {
    sends: 'a'.repeat(ENDLESS),
    answers: [error('too-long')],
    leaves: 'gone',
  }),
  row('I-20', 'and far fewer of them before a nickname', {
    as: 'newcomer',
    sends: 'a'.repeat(ENDLESS),
    answers: [error('registration-too-long')],
    leaves: 'gone',
  }),
  scenario('I-21', '100 MiB without a line end: closed soon, and told why', async (scene) => {
    const alice = await Caller.named(scene.url, 'alice')
    const { socket } = alice.client
    alice.send(Buffer.alloc(HUNDRED_MEBIBYTES, 'a'))
    await alice.closed()
    ok(socket.writableLength > 0, 'not all of it was taken')
    socket.destroy()
    sameLines(alice.take(), [error('too-long')], 'what she is told')
    await othersHear(scene, {})
  }),
  row(
    'I-25',
    'a last line without its end is never carried out, and its sender told',
    { as: 'newcomer', sends: 'alice', then: 'fin', answers: [unfinished] },
    { sends: 'hi\nand', then: 'fin', said: ['hi'], answers: [unfinished] },
  ),
  scenario(
    'I-26',
    'a reset in mid line: nothing of it is said, and its sender leaves once',
    async (scene) => {
      const dora = await Caller.named(scene.url, 'dora', '!notices on')
      const alice = await Caller.named(scene.url, 'alice')
      alice.send('hi')
      await hasRead(scene)
      alice.client.reset()
      await isGone(scene, 'alice')
      await dora.fence()
      const notices = ['!notices on', '!notice online alice', '!notice offline alice']
      deepEqual(dora.take(), notices)
      await dora.leave()
      await othersHear(scene, {})
    },
  ),
  row('I-27', 'NULs are nothing', { sends: '\0'.repeat(1000) + '\n' }),
  row('I-28', 'nor are they within a line', { sends: 'a\0b\n', said: ['ab'] }),
]

/** Rows that end with a newcomer's time, which is to be short or patience long. */
export const deadlines: readonly Row[] = [
  scenario('I-22', 'a user may leave a line unfinished for as long as it likes', async (scene) => {
    const alice = await Caller.named(scene.url, 'alice')
    alice.send('a'.repeat(LONGEST - 8))
    await hasRead(scene)
    const silent = await Caller.to(scene.url)
    await silent.closed()
    alice.send('b'.repeat(8))
    await hasRead(scene)
    await othersHear(scene, {})
    alice.send('\n')
    await alice.fence()
    const text = 'a'.repeat(LONGEST - 8) + 'b'.repeat(8)
    await othersHear(scene, { lobby: [`alice: ${text}`] })
    await alice.leave()
  }),
  scenario('I-23', 'a newcomer gains no time by sending byte after byte', async (scene) => {
    const slow = await Caller.to(scene.url)
    const dripping = setInterval(() => {
      slow.send('a')
    }, 100)
    await slow.closed().finally(() => {
      clearInterval(dripping)
    })
    sameLines(slow.take(), [error('registration-timeout')], 'what it is told')
    await othersHear(scene, {})
  }),
  scenario('I-24', 'a newcomer who says nothing is closed, and told why', async (scene) => {
    const silent = await Caller.to(scene.url)
    await silent.closed()
    sameLines(silent.take(), [error('registration-timeout')], 'what it is told')
    equal(silent.takeTelnet(), '')
    await othersHear(scene, {})
  }),
]
