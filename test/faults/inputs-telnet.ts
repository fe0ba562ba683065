// Inputs I-29 to I-51: what telnets send beside text, and what the keys of a terminal without line
// editing send.

import { ok, equal } from 'node:assert/strict'
import { Caller } from './caller.js'
import {
  error,
  hex,
  othersHear,
  row,
  scenario,
  stillTalks,
  type Exchange,
  type Row,
} from './row.js'

/** The answer to DO TIMING-MARK, without which a telnet shows nothing more after Ctrl-C. */
const WONT_TIMING_MARK = 'fffc06'
const X = '78 0d 0a'

/** An interrupt in mid line: the line so far is dropped, the question answered, the next line works. */
const interrupt = (command: string): Exchange => ({
  sends: ['never sent', hex(`${command} ff fd 06`), 'x\r\n'],
  said: ['x'],
  telnet: WONT_TIMING_MARK,
})
const nothing = (bytes: string): Exchange => ({ sends: hex(bytes) })
const says = (bytes: string, ...said: readonly string[]): Exchange => ({ sends: hex(bytes), said })
const badText = (bytes: string): Exchange => ({
  sends: hex(bytes),
  answers: [error('bad-text')],
})

/** DO, for every option, a hundred times: what may be answered is one WONT each, for TIMING-MARK some more. */
const ALL_OPTIONS = Buffer.concat(
  Array.from({ length: 256 * 100 }, (_, n) => Buffer.of(0xff, 0xfd, n % 256)),
)
const MOST_ANSWER_BYTES = 2048

/** The rows. */
export const telnet: readonly Row[] = [
  row(
    'I-29',
    'Ctrl-C drops the line and is answered, so that the telnet shows on',
    interrupt('ff f4'),
  ),
  row('I-30', 'so are Ctrl-\\ and Ctrl-Z', interrupt('ff f3'), interrupt('ff ed')),
  row('I-31', 'are-you-there is answered by a line', {
    sends: hex('ff f6'),
    answers: ['!pong'],
  }),
  row(
    'I-32',
    'the other commands are nothing',
    ...['f1', 'f9', 'f2', 'f5', 'ee', 'ef'].map((command) => nothing(`ff ${command}`)),
  ),
  row('I-33', 'erase-character takes one back', says('68 69 78 ff f7 0a', 'hi')),
  row('I-34', 'erase-line takes all back', says('6a 75 6e 6b ff f8 68 69 0a', 'hi')),
  row(
    'I-35',
    'there may be nothing to take back',
    ...['ff f7', 'ff f8'].map((bytes) => ({ as: 'newcomer', sends: hex(bytes) }) as const),
  ),
  row('I-36', 'end-of-file is the end of the input', {
    sends: Buffer.concat([Buffer.from('!ping a\r\n'), hex('ff ec')]),
    answers: ['!pong a'],
    leaves: 'gone',
  }),
  row('I-37', 'a doubled IAC is a byte that no text has', badText('61 ff ff 62 0d 0a')),
  row('I-38', 'an IAC without a command goes alone', says('ff 61 62 0a', 'ab')),
  row('I-39', 'what a synch leaves behind is no text', badText('f2 61 0a')),
  row('I-40', 'a command may come in three segments', {
    sends: [hex('68 69 ff'), hex('fd'), hex('01'), hex('0a')],
    said: ['hi'],
    telnet: 'fffc01',
  }),
  row(
    'I-41',
    'a subnegotiation is nothing until its end, and without one closes the connection',
    { sends: Buffer.concat([hex('ff fa 18 00'), Buffer.alloc(2000, 'x'), hex('ff f0')]) },
    {
      sends: Buffer.concat([hex('ff fa 18 00'), Buffer.from('hello\n'.repeat(11_000))]),
      answers: [error('too-long')],
      leaves: 'gone',
    },
  ),
  row('I-42', 'a long list of line-editing characters is nothing', {
    sends: Buffer.concat([hex('ff fa 22 03'), Buffer.alloc(600, hex('01 02 03')), hex('ff f0')]),
  }),
  row('I-43', 'a window of 255 columns is nothing', nothing('ff fa 1f 00 ff ff 00 28 ff f0')),
  row('I-44', 'a broken subnegotiation ends where it should', nothing('ff fa 1f ff 61 ff f0')),
  scenario(
    'I-45',
    'asked for all options again and again, it answers little and each once',
    async (scene) => {
      const alice = await Caller.named(scene.url, 'alice', '!enter r')
      alice.send(ALL_OPTIONS)
      await alice.fence()
      const answers = alice.takeTelnet().match(/.{6}/g) ?? []
      ok(answers.length * 3 < MOST_ANSWER_BYTES, `${answers.length} answers`)
      const others = answers.filter((answer) => answer !== WONT_TIMING_MARK)
      equal(others.length, 255, 'one for each option')
      equal(new Set(answers).size, 256, 'and each of them WONT')
      ok(answers.every((answer) => answer.startsWith('fffc')))
      await othersHear(scene, {})
      alice.take()
      await stillTalks(scene, alice)
      await alice.leave()
    },
  ),
  row('I-46', 'an answer is never answered', nothing('ff fc 01 ff fe 03')),
  row('I-47', 'PuTTY negotiates first, and is refused', {
    as: 'newcomer',
    sends: Buffer.concat([
      hex('ff fb 1f ff fb 20 ff fb 18 ff fb 27 ff fd 01 ff fb 03 ff fd 03'),
      Buffer.from('alice\r\n'),
    ]),
    telnet: 'fffe1ffffe20fffe18fffe27fffc01fffe03fffc03',
    leaves: 'user',
  }),
  row(
    'I-48',
    'Backspace takes back one character, however many bytes it has',
    says('68 69 7f 0a', 'h'),
    says('68 69 08 0a', 'h'),
    says('68 f0 9f 98 80 7f 0a', 'h'),
    says('c5 be c5 bd 08 0a', '\u017e'),
  ),
  row('I-49', 'Ctrl-D on an empty line is nothing', says(`04 ${X}`, 'x')),
  row(
    'I-50',
    'keys that move the cursor are nothing',
    nothing('1b 5b 41 0a'),
    says(`1b 5b 41 ${X}`, 'x'),
  ),
]
