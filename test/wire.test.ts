// Bytes to lines: what telnets, netcats and noise send, in every chunking.
// A number is a case's name: it stays, also when others go.

import * as assert from 'node:assert/strict'
import t from 'tap'
import { readFileSync } from 'node:fs'
import { TLS_PREFIX_BYTES, foreignLine, startsTls } from '../lib/wire/foreign.js'
import { bytesOf, type FrameReader, type FrameSink } from '../lib/wire/frame.js'
import { telnetLines } from '../lib/wire/lines.js'
import { show } from './support/show.js'
import { LIMITS, bytes, chunkings, read, seen, utf8 } from './support/wire.js'

const IP = '\xff\xf4'
const BRK = '\xff\xf3'
const SUSP = '\xff\xed'
const AYT = '\xff\xf6'
const EC = '\xff\xf7'
const EL = '\xff\xf8'
const EOF = '\xff\xec'
const SB = '\xff\xfa'
const SE = '\xff\xf0'
const WILL = '\xff\xfb'
const WONT = '\xff\xfc'
const DO = '\xff\xfd'
const DONT = '\xff\xfe'
const TIMING_MARK = '\x06'

const a = (length: number): string => 'a'.repeat(length)
const hex = (text: string): string => bytes(text).toString('hex')

interface Vector {
  readonly name: string
  /** In hex, as they were read from real clients. */
  readonly reads: readonly string[]
  readonly lines: readonly string[]
  readonly answers: string
}

t.test('what real clients send, in every chunking', async (t) => {
  const file = 'test/fixtures/telnet-vectors.json'
  const vectors = JSON.parse(readFileSync(file, 'utf8')) as readonly Vector[]
  t.ok(vectors.length >= 25)
  for (const { name, reads, lines, answers } of vectors) {
    const parts = reads.map((read) => Buffer.from(read, 'hex'))
    for (const chunks of [parts, ...chunkings(Buffer.concat(parts))]) {
      const given = await read(chunks)
      const full = seen(given.frames).filter((line) => line !== '')
      assert.deepEqual([full, given.answers], [lines, answers], `${name}: ${show(chunks)}`)
    }
    t.pass(name)
  }
})

type Row = readonly [title: string, input: string, frames: readonly string[], answers?: string]

const rows: readonly Row[] = [
  ['1: LF', 'hi\n', ['hi']],
  ['2: CR LF', 'hi\r\n', ['hi']],
  ['3: CR NUL', 'hi\r\0', ['hi']],
  ['4: CR', 'hi\r', ['hi']],
  ['6: CR CR LF', 'hi\r\r\n', ['hi', '']],
  ['7: CR NUL CR LF', 'hi\r\0\r\n', ['hi', '']],
  ['8: CR NUL LF', 'hi\r\0\n', ['hi', '']],
  ['9: empty lines', '\n\r\n\r\0\r', ['', '', '', '']],
  ['10: many empty lines', '\n'.repeat(10_000), Array<string>(10_000).fill('')],
  ['11: white space', '  \t\n', ['   ']],
  ['12: a line in two reads', 'abcdef\r\n', ['abcdef']],
  ['13: CR inside a line', 'h\rbob: x\n', ['h', 'bob: x']],
  ['15: a thousand lines', 'hi\r\n'.repeat(1000), Array<string>(1000).fill('hi')],
  ['16: the longest line', `${a(2048)}\n`, [a(2048)]],
  ['16: and with CR LF', `${a(2048)}\r\n`, [a(2048)]],
  ['17: one byte more', `${a(2049)}\nok\n`, ['<too-long>', 'ok']],
  ['17: and with CR LF', `${a(2049)}\r\nok\r\n`, ['<too-long>', 'ok']],
  ['18: a character over the border', `${a(2047)}${utf8('é')}\n`, ['<too-long>']],
  ['18: and before it', `${a(2046)}${utf8('é')}\n`, [`${a(2046)}é`]],
  ['19: too long by far', `${a(65_536)}\nok\n`, ['<too-long>', 'ok']],
  ['19: without an end', `ok\n${a(65_537)}\nlost\n`, ['ok', '<endless-line>']],
  ['21: on and on', a(1_000_000), ['<endless-line>']],
  ['25: unfinished', 'a\nalice', ['a', '<unfinished-line>']],
  ['25: unfinished and too long', a(3000), ['<unfinished-line>']],
  ['25: only erased', 'a\b', []],
  ['27: only NUL', `${'\0'.repeat(1000)}\n`, ['']],
  ['28: NUL inside', 'a\0b\n', ['ab']],
  ['29: Ctrl-C', `abc${IP}${DO}${TIMING_MARK}x\r\n`, ['x'], WONT + TIMING_MARK],
  ['30: Ctrl-\\', `abc${BRK}${DO}${TIMING_MARK}x\r\n`, ['x'], WONT + TIMING_MARK],
  ['30: Ctrl-Z', `abc${SUSP}${DO}${TIMING_MARK}x\r\n`, ['x'], WONT + TIMING_MARK],
  ['29: Ctrl-C in a line too long', `${a(3000)}${IP}x\n`, ['x']],
  ['31: are you there', AYT, ['<are-you-there>']],
  ['31: in the middle of a line', `a${AYT}b\n`, ['<are-you-there>', 'ab']],
  ...['\xf1', '\xf9', '\xf2', '\xf5', '\xee', '\xef', '\xf0'].map((command): Row => [
    `32: IAC ${hex(command)}`,
    `h\xff${command}i\n`,
    ['hi'],
  ]),
  ['33: erase character', `hix${EC}\n`, ['hi']],
  ['34: erase line', `junk${EL}hi\n`, ['hi']],
  ['35: erase nothing', `${EC}${EL}hi\n`, ['hi']],
  ['36: end of file', `a\n${EOF}b\n`, ['a']],
  ['36: end of file in a line', `a\nb${EOF}c\n`, ['a', '<unfinished-line>']],
  ['37: a data byte 255', 'a\xff\xffb\n', ['<bad-text>']],
  ['38: a lone IAC', '\xffab\n', ['ab']],
  ['38: a lone IAC at the end', 'ab\xff\r\n', ['ab']],
  ['39: a lone data mark', '\xf2a\n', ['<bad-text>']],
  ['40: an option in a line', `hi${DO}\x01\n`, ['hi'], `${WONT}\x01`],
  ['41: endless subnegotiation', `${SB}\x18${a(70_000)}\n`, ['<endless-line>']],
  ['41: with escapes', `${SB}${'\xff\xff'.repeat(33_000)}\n`, ['<endless-line>']],
  ['42: long subnegotiation', `${SB}\x22\x03${'\x01\x02\x03'.repeat(200)}${SE}hi\n`, ['hi']],
  ['43: doubled 255 in one', `${SB}\x1f\0\xff\xff\0\x28${SE}hi\n`, ['hi']],
  ['44: a bad escape in one', `${SB}\x1f\xffa${SE}hi\n`, ['hi']],
  ['46: answers', `${WONT}\x01${DONT}\x03hi\n`, ['hi']],
  [
    '47: PuTTY',
    `${WILL}\x1f${WILL}\x20${WILL}\x18${WILL}\x27${DO}\x01${WILL}\x03${DO}\x03alice\r\n`,
    ['alice'],
    `${DONT}\x1f${DONT}\x20${DONT}\x18${DONT}\x27${WONT}\x01${DONT}\x03${WONT}\x03`,
  ],
  ['48: DEL', 'hi\x7f\n', ['h']],
  ['48: BS', 'hi\b\n', ['h']],
  ['48: over each kind of character', utf8('aé€😀\b\b\b\n'), ['a']],
  ['48: beyond the beginning', utf8('é\b\b\bhi\n'), ['hi']],
  ['48: in a line too long', `${a(2049)}\b\n`, ['<too-long>']],
  ['48: back at the limit', `${a(2048)}\bb\n`, [`${a(2047)}b`]],
  ['49: Ctrl-D', '\x04x\n', ['x']],
  ['50: arrow up', '\x1b[A\n', ['']],
  ...['\xed\xa0\x80', '\xc0\x80', '\xc0\xaf', '\xf4\x90\x80\x80', '\xe2\x82', '\x80', '\x9b2J'].map(
    (noise): Row => [`59, 67: ${hex(noise)}`, `a${noise}\nok\n`, ['<bad-text>', 'ok']],
  ),
  ['68: a character in three reads', utf8('€\n'), ['€']],
  ['69: U+FFFD', utf8('\ufffd\n'), ['\ufffd']],
  [
    'marks keep their place',
    `a\n${a(2049)}\nb\n\x80\n${AYT}c\n\nd`,
    ['a', '<too-long>', 'b', '<bad-text>', '<are-you-there>', 'c', '', '<unfinished-line>'],
  ],
  ...['too-long', 'bad-text 5', 'are-you-there 0', 'unfinished-line'].map((mark): Row => [
    `nobody forges ${mark}`,
    `\x01${mark}\na\b\x01${mark}\n`,
    [mark, mark],
  ]),
]

t.test('bad and odd bytes, in every chunking', async (t) => {
  for (const [title, input, frames, answers = ''] of rows) {
    const whole = bytes(input)
    for (const chunks of chunkings(whole)) {
      const given = await read(chunks)
      const sizes = chunks.map(({ length }) => length).slice(0, 3)
      assert.deepEqual(
        [seen(given.frames), given.answers],
        [frames, hex(answers)],
        `${title}, reads of ${sizes.join()} bytes`,
      )
    }
    t.pass(title)
  }
})

/** A reader with all that it has given so far, in order. */
class Recording implements FrameSink {
  readonly reader: FrameReader = telnetLines(this, LIMITS)
  readonly given: string[] = []
  drains = 0

  frame(text: string): void {
    this.given.push(text)
  }

  reply(answer: Buffer): void {
    this.given.push(`<${answer.toString('hex')}>`)
  }

  end(): void {
    this.given.push('<end>')
  }

  drain(): void {
    this.drains++
  }
}

/** Everything that streams put off has run then: they use process.nextTick, which comes first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

t.test('a frame says how many bytes of the peer it stands for', async (t) => {
  const input = bytes(`hi\n${utf8('é')}\n\n${a(3000)}\n${AYT}a\x80b\nalice`)
  const { frames } = await read([input])
  t.strictSame(frames.map(bytesOf), [2, 2, 0, 3000, 0, 3, 5])
})

t.test('lines ended by CR alone are given at once', async (t) => {
  for (const end of ['\r', '\r\0', '\n']) {
    const { reader, given } = new Recording()
    reader.feed(bytes(`hi${end}`))
    await turn()
    t.strictSame(given, ['hi'], show(end))
  }
})

t.test('45: each option is answered once, a timing mark whenever its answer is sent', async (t) => {
  const { reader, given } = new Recording()
  const all = Array.from({ length: 256 }, (_, option) => String.fromCharCode(option))
  const asking = bytes(all.map((option) => `${DO}${option}${WILL}${option}`).join(''))
  reader.feed(asking)
  t.equal(new Set(given).size, 512)
  t.equal(given.length, 512)
  for (let i = 0; i < 50; i++) reader.feed(asking)
  t.equal(given.length, 512, 'all have been answered')
  for (let i = 0; i < 50; i++) {
    reader.replied()
    reader.feed(asking)
  }
  t.strictSame(given.slice(512), Array(50).fill('<fffc06>'))
  t.ok(given.every((answer) => answer.length === '<fffc06>'.length))
  await turn()
})

t.test('31: one answer serves all are-you-theres of a turn, up to the next line', (t) => {
  const there = '<are-you-there>'
  const reads: readonly (readonly [readonly string[], readonly string[]])[] = [
    [[AYT.repeat(30_000)], [there]],
    [
      [AYT, AYT],
      [there, there],
    ],
    [
      ['\xff', `\xf6${AYT}`, AYT],
      [there, there],
    ],
    [[`${AYT}a${AYT}b${IP}${AYT}c\n${AYT}`], [there, 'c', there]],
    [[`${AYT}${AYT}one\ntwo\n${AYT}${AYT}`], [there, 'one', 'two', there]],
    [[`${AYT}\x80\n${AYT}${a(2049)}\n${AYT}`], [there, '<bad-text>', there, '<too-long>', there]],
    [
      [`one\n${AYT}`, `two\n${AYT}`],
      ['one', there, 'two', there],
    ],
  ]
  for (const [parts, frames] of reads) {
    const { reader, given } = new Recording()
    for (const part of parts) {
      reader.feed(bytes(part))
      reader.replied()
    }
    t.strictSame(seen(given), frames, show(parts).slice(0, 60))
  }
  t.end()
})

t.test('bytes that are part of no line are counted', (t) => {
  const counts: readonly (readonly [string, number])[] = [
    ['abc\r\nd', 0],
    ['abc\0\b\x01\n', 4],
    [`abc${EL}`, 5],
    [`abc${IP}de${EL}`, 9],
    [`ab${AYT}c\n`, 2],
    ['\xff\xfd\x18', 3],
    [`${SB}\x18abc${SE}\n`, 8],
    ['\xff\xff\n', 2],
  ]
  for (const [input, count] of counts) {
    const { reader } = new Recording()
    reader.feed(bytes(input))
    t.equal(reader.overheadBytes, count, show(input))
  }
  t.end()
})

t.test('bytes without an end are counted to the border', (t) => {
  const counts: readonly (readonly [string, number])[] = [
    ['', 0],
    ['abc', 3],
    ['abc\0\b\x01', 6],
    ['abc\n', 0],
    ['abc\r', 0],
    ['abc\r\0', 0],
    ['abc\r\nd', 1],
    [`abc${EL}`, 0],
    [`abc${IP}de`, 2],
    [`ab${AYT}c`, 3],
    [`${SB}\x18abc${SE}`, 6],
    [a(3000), 3000],
  ]
  for (const [input, count] of counts) {
    const { reader } = new Recording()
    reader.feed(bytes(input))
    t.equal(reader.unfinishedBytes, count, show(input).slice(0, 40))
  }
  t.end()
})

t.test('the 65,537th byte without an end is the last', async (t) => {
  for (const filler of ['a', '\0', '\b', `${SB}\x18`]) {
    const { reader, given } = new Recording()
    const opening = filler.length === 1 ? '' : filler
    const more = filler.length === 1 ? filler : '\x01'
    reader.feed(bytes(opening))
    reader.feed(bytes(more.repeat(65_536 - reader.unfinishedBytes)))
    await turn()
    t.strictSame(given, [], `${show(filler)}: 65,536 are borne`)
    reader.feed(bytes(more))
    await turn()
    t.strictSame(seen(given), ['<endless-line>', '<end>'], show(filler))
    t.equal(reader.feed(bytes('ok\n')), true, 'what follows is taken and dropped')
    reader.end()
    await turn()
    t.equal(given.length, 2)
  }
})

t.test('a long read gives the same lines as a short one', async (t) => {
  const { reader, given } = new Recording()
  const lines = Array.from({ length: 100 }, (_, i) => `${i} ${a(100)} é`)
  reader.feed(Buffer.from(`${lines.join('\n')}\n`))
  await turn()
  t.strictSame(given, lines)
})

t.test(
  'a paused reader holds frames back, and asks to be fed no more once it is full',
  async (t) => {
    const recording = new Recording()
    const { reader, given } = recording
    reader.feed(bytes('first\n'))
    await turn()
    reader.pause()
    let count = 0
    while (reader.feed(bytes(`${count}\n`))) count++
    t.ok(count > 1 && count < 16_384, 'it takes some')
    reader.end()
    await turn()
    t.strictSame(given, ['first'])
    const drains = recording.drains
    reader.resume()
    await turn()
    const numbers = Array.from({ length: count + 1 }, (_, i) => String(i))
    t.strictSame(given, ['first', ...numbers, '<end>'], 'the end comes after the frames')
    t.equal(recording.drains, drains, 'nobody is asked for more after the end')
  },
)

t.test('a reader that has taken all asks for more', async (t) => {
  const recording = new Recording()
  const { reader, given } = recording
  reader.pause()
  let count = 1
  while (reader.feed(bytes('x\n'))) count++
  await turn()
  const drains = recording.drains
  reader.resume()
  await turn()
  t.equal(recording.drains, drains + 1)
  t.equal(given.length, count)
  t.equal(reader.feed(bytes('y\n')), true)
})

t.test('a destroyed reader is silent', async (t) => {
  const recording = new Recording()
  const { reader, given } = recording
  reader.pause()
  reader.feed(bytes('a\nb\n'))
  reader.destroy()
  reader.resume()
  t.equal(reader.feed(bytes(`c\n${DO}\x01`)), true)
  reader.end()
  await turn()
  t.strictSame(given, [])

  const another = new Recording()
  another.reader.feed(bytes('a\n'))
  await turn()
  another.frame = (text) => {
    another.given.push(text)
    another.reader.destroy()
  }
  another.reader.feed(bytes('b\nc\nd\n'))
  await turn()
  t.strictSame(another.given, ['a', 'b'], 'even in the middle of a read')
})

t.test('the protocols that knock at the wrong door', (t) => {
  const lines: readonly (readonly [string, string | undefined])[] = [
    ['GET / HTTP/1.1', 'HTTP'],
    ['GET /a b HTTP/1.1', 'HTTP'],
    ['get / http/1.1', 'HTTP'],
    ['Post /1 HTTP/2 HTTP/1.0', 'HTTP'],
    ['host: 127.0.0.1:8888', 'HTTP'],
    ['SSH-2.0-OpenSSH_9.2', 'SSH'],
    ['RFB 003.008', 'VNC'],
    ['PROXY TCP4 1.2.3.4 5.6.7.8 1 2', 'the PROXY protocol'],
    ['GET', undefined],
    ['GET / HTTP', undefined],
    ['GET HTTP/1.1', undefined],
    // So long that going back and forth in it would take minutes: the runner ends that.
    [`GET ${' HTTP/'.repeat(300_000)}`, undefined],
    [`GET ${' '.repeat(1_000_000)}`, undefined],
    [a(1_000_000), undefined],
    ['alice', undefined],
    ['ssh', undefined],
    ['', undefined],
  ]
  for (const [text, protocol] of lines)
    t.equal(foreignLine(text), protocol, show(text).slice(0, 40))
  t.equal(startsTls(bytes('\x16\x03\x01\x01\x24')), true)
  for (const text of ['\x16', '', '\x16\x02', 'alice\n']) {
    t.equal(startsTls(bytes(text)), false, show(text))
  }
  t.equal(TLS_PREFIX_BYTES, 2)
  t.end()
})
