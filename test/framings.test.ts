// Bytes to frames where a frame is no line: lengths before the text, a header before the body, and
// no framing at all. Good and bad input, in every chunking where there are frames.

import * as assert from 'node:assert/strict'
import * as fc from 'fast-check'
import t from 'tap'
import { bare, type BareOptions, type Scan } from '../lib/wire/bare.js'
import {
  bytesOf,
  markOf,
  type FrameReader,
  type FrameSink,
  type Framing,
} from '../lib/wire/frame.js'
import { headered, withHeader } from '../lib/wire/header.js'
import { lengthPrefixed, withLength } from '../lib/wire/length-prefix.js'
import { queued } from '../lib/wire/queued-reader.js'
import { show } from './support/show.js'
import { RUNS } from './support/traces.js'
import { LIMITS, bytes, bytewise, chunkings, cut, read, utf8 } from './support/wire.js'

const a = (length: number): string => 'a'.repeat(length)
const marked = (frames: readonly string[]): readonly string[] =>
  frames.map((frame) => (markOf(frame) === undefined ? frame : `<${markOf(frame) ?? ''}>`))
const header = (length: number | string): string => String(length).padEnd(20)

/** What comes before, its bytes a character each, and the frames, marks as `<too-long>`. */
type Row = readonly [title: string, input: string, frames: readonly string[]]

const LENGTH_ROWS: readonly Row[] = [
  ['a frame', '7,flowers', ['flowers']],
  ['an empty frame', '0,', ['']],
  ['empty frames', '0,0,00,', ['', '', '']],
  ['two frames at once', '9,hello :)\n3,ACK', ['hello :)\n', 'ACK']],
  ['a text of what frames it', '8,1,a,2,bb3,ccc', ['1,a,2,bb', 'ccc']],
  ['leading zeros', '000000003,abc', ['abc']],
  ['bytes, not characters', utf8('5,a€b'), ['a€b']],
  ['the longest text', `2048,${a(2048)}`, [a(2048)]],
  ['one byte more', `2049,${a(2049)}2,ok`, ['<too-long>', 'ok']],
  ['the longest that is skipped', `1048576,${a(1_048_576)}2,ok`, ['<too-long>', 'ok']],
  ['too long and not UTF-8', `2049,${a(2048)}\x802,ok`, ['<too-long>', 'ok']],
  ['nobody forges a mark', '10,\x01too-long 2,\x01\x01', ['too-long ', '']],
  ['nothing', '', []],
  // What is bad ends the reading, or keeps its place among the others.
  ['no digit', 'x7,flowers', ['<bad-frame>']],
  ['a line', 'alice\r\n', ['<bad-frame>']],
  ['HTTP', 'GET / HTTP/1.1\r\n\r\n', ['<bad-frame>']],
  ['no length', ',abc', ['<bad-frame>']],
  ['no length later', '2,ok,abc', ['ok', '<bad-frame>']],
  ['a negative length', '-1,a', ['<bad-frame>']],
  ['a signed length', '+1,a', ['<bad-frame>']],
  ['a fraction', '1.0,a', ['<bad-frame>']],
  ['an exponent', '1e3,a', ['<bad-frame>']],
  ['hexadecimal', '0x1,a', ['<bad-frame>']],
  ['an underscore', '1_0,aaaaaaaaaa', ['<bad-frame>']],
  ['a space before', ' 1,a', ['<bad-frame>']],
  ['a space after', '1 ,a', ['<bad-frame>']],
  ['a line end between', '1,a\n1,b', ['a', '<bad-frame>']],
  ['digits of another script', utf8('٣,abc'), ['<bad-frame>']],
  ['ten digits', '0000000003,abc', ['<bad-frame>']],
  ['digits for ever', '1'.repeat(2000), ['<bad-frame>']],
  ['over the cap', `1048577,${a(3000)}`, ['<bad-frame>']],
  ['far over the cap', '999999999,a', ['<bad-frame>']],
  ['NUL', '\0', ['<bad-frame>']],
  ['a length too small', '3,abcd2,ok', ['abc', '<bad-frame>']],
  ['a length too large', '5,abc', ['<unfinished-line>']],
  ['only digits', '12', ['<unfinished-line>']],
  ['no text', '12,', ['<unfinished-line>']],
  ['unfinished and too long', `3000,${a(2999)}`, ['<unfinished-line>']],
  ['a broken character', '3,a\xe2\x822,ok', ['<bad-text>', 'ok']],
  ['a surrogate', '3,\xed\xa0\x802,ok', ['<bad-text>', 'ok']],
  ['two bytes for NUL', '2,\xc0\x802,ok', ['<bad-text>', 'ok']],
  ['a length in characters', `3,${utf8('a€b')}`, ['<bad-text>', '<bad-frame>']],
]

const HEADER_ROWS: readonly Row[] = [
  ['a frame', `${header(2)}{}`, ['{}']],
  ['two frames at once', `${header(2)}{}${header(3)}abc`, ['{}', 'abc']],
  ['an empty frame', `${header(0)}${header(2)}{}`, ['', '{}']],
  ['leading zeros', `${header('0002')}{}`, ['{}']],
  ['nothing but zeros', `${header('0'.repeat(20))}${header(2)}{}`, ['', '{}']],
  ['aligned to the right', `${'2'.padStart(20)}{}`, ['{}']],
  ['other white space', `\t\n\v\f\r\x1c\x1d\x1e\x1f 2         {}`, ['{}']],
  ['bytes, not characters', `${header(5)}${utf8('a€b')}`, ['a€b']],
  ['the longest body', `${header(2000)}${a(2000)}`, [a(2000)]],
  ['nobody forges a mark', `${header(11)}\x01too-long 2${header(1)}\x01`, ['too-long 2', '']],
  ['a body of headers', header(20) + header(7), [header(7)]],
  ['nothing', '', []],
  ['one byte more', `${header(2001)}${a(2001)}${header(2)}{}`, ['<too-long>']],
  ['a huge length', `${'9'.repeat(20)}aaa`, ['<too-long>']],
  ['a line', `alice\r\n${' '.repeat(20)}`, ['<bad-frame>']],
  ['HTTP, of less than a header', 'GET / HTTP/1.1\r\n\r\n', ['<bad-frame>']],
  ['only spaces', `${header('')}{}`, ['<bad-frame>']],
  ['a negative length', `${header(-2)}{}`, ['<bad-frame>']],
  ['a signed length', `${header('+2')}{}`, ['<bad-frame>']],
  ['an underscore', `${header('1_0')}aaaaaaaaaa`, ['<bad-frame>']],
  ['a fraction', `${header('2.0')}{}`, ['<bad-frame>']],
  ['an exponent', `${header('1e1')}aaaaaaaaaa`, ['<bad-frame>']],
  ['hexadecimal', `${header('0x2')}{}`, ['<bad-frame>']],
  ['two numbers', `${header('2 2')}{}`, ['<bad-frame>']],
  ['digits of another script', utf8(`٣${' '.repeat(18)}abc`), ['<bad-frame>']],
  ['a space of another script', `2\xa0${' '.repeat(18)}{}`, ['<bad-frame>']],
  ['filled up with NUL', `2${'\0'.repeat(19)}{}`, ['<bad-frame>']],
  ['a header too short', `2${' '.repeat(18)}{}`, ['<bad-frame>']],
  ['a header too long', `2${' '.repeat(20)}{}${header(2)}{}`, [' {', '<bad-frame>']],
  ['no header at all', '{"__type__": "ConnectionMessage"}', ['<bad-frame>']],
  ['a length of the other kind', '7,flowers           ', ['<bad-frame>']],
  ['bytes of no text', '\xff\xfe\xfd', ['<bad-frame>']],
  ['a header cut', '12   ', ['<unfinished-line>']],
  ['a header cut before its number', '    ', ['<unfinished-line>']],
  ['a body cut', `${header(5)}{}`, ['<unfinished-line>']],
  ['no body', header(5), ['<unfinished-line>']],
  ['a broken character', `${header(3)}a\xe2\x82${header(2)}{}`, ['<bad-text>', '{}']],
  ['a surrogate', `${header(3)}\xed\xa0\x80${header(2)}{}`, ['<bad-text>', '{}']],
  ['a length in characters', `${header(3)}${utf8('a€b')}`, ['<bad-text>', '<bad-frame>']],
]

const FRAMINGS: readonly (readonly [string, Framing, (text: string) => Buffer, readonly Row[]])[] =
  [
    ['a length before the text', lengthPrefixed, withLength, LENGTH_ROWS],
    ['a header before the body', headered, withHeader, HEADER_ROWS],
  ]

for (const [name, framing, frameOf, rows] of FRAMINGS) {
  t.test(`${name}: good and bad input, in every chunking`, async (t) => {
    for (const [title, input, frames] of rows) {
      const all = input.length > 100_000 ? [[bytes(input)]] : chunkings(bytes(input))
      for (const chunks of all) {
        const given = await read(chunks, LIMITS, framing)
        const sizes = chunks.map(({ length }) => length).slice(0, 3)
        assert.deepEqual(marked(given.frames), frames, `${title}, reads of ${sizes.join()} bytes`)
      }
      t.pass(title)
    }
  })

  t.test(`${name}: what is framed is read again, in any chunking`, async () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 }).map((s) => s.replaceAll('\x01', ''))
    const texts = fc.array(text, { maxLength: 8 })
    const places = fc.array(fc.nat(3000), { maxLength: 10 })
    const property = fc.asyncProperty(texts, places, async (texts, places) => {
      const whole = Buffer.concat(texts.map(frameOf))
      for (const chunks of [[whole], bytewise(whole), cut(whole, places)]) {
        assert.deepEqual((await read(chunks, LIMITS, framing)).frames, texts)
      }
    })
    await fc.assert(property, { numRuns: RUNS })
  })
}

t.test('what is framed, to the byte', (t) => {
  t.equal(withLength('flowers').toString(), '7,flowers')
  t.equal(withLength('').toString(), '0,')
  t.equal(withLength('a€b\n').toString(), '6,a€b\n')
  t.equal(withHeader('{}').toString(), '2                   {}')
  t.equal(withHeader('"€"').toString(), '5                   "€"')
  t.equal(withHeader('').toString(), '0                   ')
  t.end()
})

t.test('a frame says how many bytes of the peer it stands for', async (t) => {
  const given = async (input: string, framing: Framing): Promise<readonly number[]> =>
    (await read([bytes(input)], LIMITS, framing)).frames.map(bytesOf)
  const lengths = `2,hi3,${utf8('€')}0,2049,${a(2049)}2,\x80\x8012,abc`
  t.strictSame(await given(lengths, lengthPrefixed), [2, 3, 0, 2049, 2, 6])
  t.strictSame(await given('2,hi12x', lengthPrefixed), [2, 3])
  t.strictSame(await given(`${header(2)}hi${'9'.repeat(20)}aa`, headered), [2, 20])
  t.strictSame(await given(`${header(2)}hi-`, headered), [2, 1])
})

/** A reader with all that it has given so far, in order. */
class Recording implements FrameSink {
  readonly reader: FrameReader
  readonly given: string[] = []
  drains = 0

  constructor(framing: Framing, limits = LIMITS) {
    this.reader = framing(this, limits)
  }

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

/** Messages of up to a hundred bytes, where braces balance (no strings: that is not the framing's). */
const OPTIONS: BareOptions = {
  messageBytes: 100,
  splitsLines: false,
  scanFrom: (byte) => (byte === 0x7b ? braces() : undefined),
  onLineClient: () => undefined,
}
const BARE = bare(OPTIONS)

function braces(): Scan {
  let depth = 0
  return (bytes) => {
    const end = bytes.findIndex((byte) => {
      if (byte === 0x7b) depth++
      if (byte === 0x7d) depth--
      return depth === 0
    })
    return end < 0 ? undefined : end + 1
  }
}

const ALL: readonly (readonly [string, Framing, (text: string) => Buffer])[] = [
  ['a length before the text', lengthPrefixed, withLength],
  ['a header before the body', headered, withHeader],
  ['no framing', BARE, (text) => Buffer.from(text)],
]

t.test('what is cut after the end of reading is given to nobody', (t) => {
  const framing = queued((frames) => ({
    unfinishedBytes: 0,
    take() {
      frames.put(['one'])
      frames.close()
      frames.put(['two'])
      return 1
    },
  }))
  const { reader, given } = new Recording(framing)
  reader.feed(Buffer.from('x'))
  t.equal(given[0], 'one')
  t.notOk(given.includes('two'))
  t.end()
})

for (const [name, framing, frameOf] of ALL) {
  t.test(`${name}: frames are given at once, and wait while the reader is paused`, (t) => {
    const recording = new Recording(framing)
    const { reader, given } = recording
    t.ok(reader.feed(frameOf('first')))
    t.strictSame(given, ['first'])
    reader.pause()
    const texts: string[] = []
    let room = true
    while (room) {
      texts.push(`message ${texts.length}`)
      room = reader.feed(frameOf(`message ${texts.length - 1}`))
    }
    t.ok(texts.length > 500 && texts.length < 2000, `it takes some: ${texts.length}`)
    t.strictSame(given, ['first'])
    recording.frame = (text) => {
      given.push(text)
      if (given.length === 17) reader.pause()
    }
    reader.resume()
    t.strictSame(given, ['first', ...texts.slice(0, 16)], 'paused again from within')
    t.equal(recording.drains, 0)
    reader.replied()
    reader.resume()
    t.strictSame(given, ['first', ...texts])
    t.equal(recording.drains, 1, 'and asks for more')
    t.ok(reader.feed(frameOf('last')))
    reader.resume()
    t.equal(recording.drains, 1, 'once')
    t.end()
  })

  t.test(`${name}: who resumes amid a frame is given the next ones in order`, (t) => {
    const recording = new Recording(framing)
    const { reader, given } = recording
    reader.pause()
    for (const text of ['one', 'two', 'three']) reader.feed(frameOf(text))
    recording.frame = (text) => {
      reader.pause()
      reader.resume()
      given.push(text)
    }
    reader.resume()
    t.strictSame(given, ['one', 'two', 'three'])
    t.end()
  })

  t.test(`${name}: what waits stays within bounds, however slowly it is given`, (t) => {
    const recording = new Recording(framing)
    const { reader } = recording
    const text = 'twenty letters in it'
    let fed = 0
    let given = 0
    let asked = true
    recording.frame = () => {
      given++
      if (given % 16 === 0) reader.pause()
    }
    recording.drain = () => {
      asked = true
    }
    let most = 0
    for (let turn = 0; turn < 300; turn++) {
      for (let i = 0; i < 40 && asked; i++) {
        fed++
        asked = reader.feed(frameOf(text))
      }
      most = Math.max(most, fed - given)
      reader.resume()
    }
    t.ok(most > 400 && most <= 16_384 / text.length + 1, `at most ${most} wait`)
    t.ok(given > 16 * 250, 'and all the time some are given')
    t.end()
  })

  t.test(`${name}: the end comes after all frames, once`, (t) => {
    const { reader, given } = new Recording(framing)
    reader.pause()
    reader.feed(frameOf('a'))
    reader.end()
    t.strictSame(given, [])
    reader.resume()
    t.strictSame(given, ['a', '<end>'])
    reader.end()
    reader.resume()
    t.ok(reader.feed(frameOf('b')))
    t.strictSame(given, ['a', '<end>'])
    t.end()
  })

  t.test(`${name}: a destroyed reader is silent`, (t) => {
    const { reader, given } = new Recording(framing)
    reader.pause()
    reader.feed(frameOf('a'))
    reader.destroy()
    reader.resume()
    t.ok(reader.feed(frameOf('b')))
    reader.end()
    t.strictSame(given, [])

    const another = new Recording(framing)
    another.frame = (text) => {
      another.given.push(text)
      another.reader.destroy()
    }
    another.reader.feed(Buffer.concat([frameOf('{a}'), frameOf('{b}')]))
    t.strictSame(another.given, ['{a}'], 'even in the middle of a read')
    t.end()
  })
}

/** Reads of a client, and the frames; line clients show by a `<lines>` before theirs. */
type Reads = readonly [title: string, reads: readonly string[], frames: readonly string[]]

const BARE_ROWS: readonly Reads[] = [
  ['a read is a message', ['ann', 'u!', 'c'], ['ann', 'u!', 'c']],
  ['with its spaces', [' a  b '], [' a  b ']],
  ['no character is a mark', ['\x01too-long 2', '\x01'], ['too-long 2', '']],
  ['a line end after it goes', ['ann', 'u!\n', 'c\r\n', 'j\n\r\n'], ['ann', 'u!', 'c', 'j']],
  ['one inside stays', ['ann', '\na\r\nb\n'], ['ann', '\na\r\nb']],
  ['a read of line ends is nothing', ['ann', '\r\n', '\n', '\r'], ['ann']],
  ['an empty read is nothing', ['', 'ann', ''], ['ann']],
  ['characters', [utf8('añn€😀')], ['añn€😀']],
  ['the longest', [a(100), `${a(100)}\n`, utf8('€'.repeat(33))], [a(100), a(100), '€'.repeat(33)]],
  ['a scanned message', ['ann', '{hi}'], ['ann', '{hi}']],
  ['one with others inside', ['ann', '{a{b}{c{}}}'], ['ann', '{a{b}{c{}}}']],
  ['several at once', ['ann', '{a}{b}{c}'], ['ann', '{a}', '{b}', '{c}']],
  ['white space around them', ['ann', ' {a}\n\t{b} \r\n{c}\n'], ['ann', '{a}', '{b}', '{c}']],
  ['as the first', ['{hi}'], ['{hi}']],
  ['text after one', ['ann', '{a}u!', 'c'], ['ann', '{a}', 'u!', 'c']],
  ['one after text is text', ['ann', 'c{a}'], ['ann', 'c{a}']],
  ['in parts', ['ann', '{', 'a', '{b}', '}', 'c'], ['ann', '{a{b}}', 'c']],
  ['a character in parts', ['ann', '{a\xe2', '\x82', '\xac}'], ['ann', '{a€}']],
  ['the end of one and the next', ['ann', '{a', '}{b', '}{c}d'], ['ann', '{a}', '{b}', '{c}', 'd']],
  ['the longest scanned', ['ann', `{${a(98)}}`], ['ann', `{${a(98)}}`]],
  ['and in many parts', ['ann', '{', ...Array<string>(98).fill('a'), '}'], ['ann', `{${a(98)}}`]],
  // Bad input.
  ['one byte more', [a(101), 'c'], ['<too-long>', 'c']],
  ['more by a character', [`${a(99)}${utf8('é')}`], ['<too-long>']],
  ['a scanned one too long', ['ann', `{${a(99)}}`, 'c'], ['ann', '<too-long>', 'c']],
  ['and in parts', ['ann', '{', a(99), '}', 'c'], ['ann', '<too-long>', 'c']],
  ['without its end', ['ann', `{${a(65_535)}`, 'a', '}', 'c'], ['ann', '<endless-line>']],
  ['as long as it may wait', ['ann', `{${a(65_535)}`], ['ann', '<unfinished-line>']],
  ['its end too late', ['ann', `{${a(65_535)}}c`], ['ann', '<endless-line>']],
  ['one that nests', ['ann', '{'.repeat(65_537), 'c'], ['ann', '<endless-line>']],
  ['much of it at once', ['ann', a(2_000_000), 'c'], ['ann', '<too-long>', 'c']],
  ['much without an end', ['ann', '{'.repeat(2_000_000), 'c'], ['ann', '<endless-line>']],
  ['unfinished', ['ann', '{a', 'b'], ['ann', '<unfinished-line>']],
  ['a broken character', ['ann', 'a\xe2\x82', '\xac'], ['ann', '<bad-text>', '<bad-text>']],
  ['a broken character scanned', ['ann', '{\xe2\x82}', 'c'], ['ann', '<bad-text>', 'c']],
  ['telnet later', ['ann', '\xff\xf4', 'c'], ['ann', '<bad-text>', 'c']],
  ['a surrogate', ['\xed\xa0\x80'], ['<bad-text>']],
  ['two bytes for NUL', ['\xc0\x80'], ['<bad-text>']],
  ['bytes of no text', ['\xfe\xff\x80'], ['<bad-text>']],
  ['TLS', ['\x16\x03\x01\x80'], ['<bad-text>']],
  ['an end without its beginning', ['ann', '}', '}{'], ['ann', '}', '}{']],
  ['blanks without end', ['ann', ' '.repeat(2000)], ['ann', '<too-long>']],
  ['line ends without end', ['ann', '\n'.repeat(70_000)], ['ann']],
  // Line clients.
  ['a line', ['ann\n', 'u!\n'], ['<lines>', 'ann', 'u!']],
  ['a line of telnet', ['ann\r\n', 'u!\r', '\n'], ['<lines>', 'ann', 'u!']],
  ['a line ended by CR', ['ann\r'], ['<lines>', 'ann']],
  ['an empty line', ['\n'], ['<lines>', '']],
  ['an empty read before', ['', 'ann\n'], ['<lines>', 'ann']],
  ['a line and a beginning', ['ann\nu', '!\n'], ['<lines>', 'ann', 'u!']],
  ['options of telnet', ['\xff\xfd\x03', 'a', 'nn\r\n'], ['<lines>', 'ann']],
  ['a half command', ['\xff', '\xf4ann\r\n'], ['<lines>', 'ann']],
  ['a line that a scan would take', ['{a\n', 'b}\n'], ['<lines>', '{a', 'b}']],
  ['a line too long', [`${a(101)}\n`, 'ok\n'], ['<lines>', '<too-long>', 'ok']],
  ['an unfinished line', ['ann\nu!'], ['<lines>', 'ann', '<unfinished-line>']],
  ['an endless line', ['ann\n', a(65_537), 'ok\n'], ['<lines>', 'ann', '<endless-line>']],
]

const LINEWISE_ROWS: readonly Reads[] = [
  ['lines are messages', ['ann', 'a\nb\r\nc\rd'], ['ann', 'a', 'b', 'c', 'd']],
  ['empty ones are none', ['ann', '\na\n\n\r\n\rb\n', '\n', ''], ['ann', 'a', 'b']],
  ['each has the bounds', ['ann', `a\n${a(101)}\n${a(100)}`], ['ann', 'a', '<too-long>', a(100)]],
  ['each is a text', ['ann', 'a\n\x80\nb'], ['ann', 'a', '<bad-text>', 'b']],
  ['nothing is scanned', ['ann', '{a', '}'], ['ann', '{a', '}']],
  ['many', ['ann', 'a\n'.repeat(5000)], ['ann', ...Array<string>(5000).fill('a')]],
  ['a first line', ['ann\na\n'], ['<lines>', 'ann', 'a']],
]

for (const [name, options, rows] of [
  ['no framing', OPTIONS, BARE_ROWS],
  ['no framing but lines', { messageBytes: 100, splitsLines: true }, LINEWISE_ROWS],
] as const) {
  t.test(`${name}: what clients send, read by read`, async (t) => {
    for (const [title, reads, frames] of rows) {
      let clients = 0
      const framing = bare({ ...options, onLineClient: () => clients++ })
      const given = await read(reads.map(bytes), LIMITS, framing)
      const lines = Array<string>(clients).fill('<lines>')
      t.strictSame([...lines, ...marked(given.frames)], frames, title)
    }
  })
}

t.test('no framing: any chunking of scanned messages gives the same frames', async () => {
  const message = fc
    .string({ unit: 'binary', maxLength: 30 })
    .map((text) => `{${text.replace(/[\x01{}]/g, '')}}`)
  const places = fc.array(fc.nat(1000), { maxLength: 10 })
  const property = fc.asyncProperty(fc.array(message), places, async (messages, places) => {
    const all = Buffer.from(messages.join(''))
    const expected = messages.map((text) => (Buffer.byteLength(text) > 100 ? '<too-long>' : text))
    for (const chunks of [[all], bytewise(all), cut(all, places)]) {
      // The first read tells who it is; then the messages come in whatever reads.
      const { frames } = await read([bytes('ann'), ...chunks], LIMITS, BARE)
      assert.deepEqual(marked(frames), ['ann', ...expected])
    }
  })
  await fc.assert(property, { numRuns: RUNS })
})

t.test('a line client of no framing is read as telnet is', async (t) => {
  const recording = new Recording(BARE)
  const { reader, given } = recording
  reader.pause()
  reader.feed(bytes('\xff\xfd\x06ann\nb'))
  await turn()
  t.strictSame(given, ['<fffc06>'], 'answered at once, and paused as it was before')
  t.equal(reader.unfinishedBytes, 1)
  reader.feed(bytes('\xff\xfd\x06'))
  reader.replied()
  reader.feed(bytes('\xff\xfd\x06'))
  t.strictSame(given, ['<fffc06>', '<fffc06>'], 'an answer that was sent is not the next one')
  reader.resume()
  await turn()
  t.strictSame(given.slice(2), ['ann'])
  reader.destroy()
  reader.feed(bytes('c\n'))
  await turn()
  t.strictSame(given.slice(2), ['ann'])

  const another = new Recording(BARE)
  another.reader.destroy()
  another.reader.feed(bytes('ann\n'))
  await turn()
  t.strictSame(another.given, [], 'nor is one begun after the end')
})

t.test('bytes without the end of a frame are counted', (t) => {
  const counts: readonly (readonly [Framing, string, number])[] = [
    [lengthPrefixed, '', 0],
    [lengthPrefixed, '12', 2],
    [lengthPrefixed, '12,', 3],
    [lengthPrefixed, '12,abc', 6],
    [lengthPrefixed, '3,abc', 0],
    [lengthPrefixed, '3,abc4', 1],
    [lengthPrefixed, `500000,${a(70_000)}`, 70_007],
    [headered, '12  ', 4],
    [headered, header(2), 20],
    [headered, `${header(2)}{`, 21],
    [headered, `${header(2)}{}`, 0],
    [BARE, 'ann', 0],
    [BARE, '{an', 3],
    [BARE, '{an}', 0],
    [BARE, '{an}{', 1],
  ]
  for (const [framing, input, count] of counts) {
    const { reader } = new Recording(framing)
    reader.feed(bytes(input))
    t.equal(reader.unfinishedBytes, count, show(input).slice(0, 40))
  }
  t.end()
})

t.test('what was read is not kept alive by a beginning', (t) => {
  const { reader, given } = new Recording(BARE)
  const chunk = bytes('{a')
  reader.feed(chunk)
  chunk.fill('x')
  reader.feed(bytes('}'))
  t.strictSame(given, ['{a}'])
  t.end()
})

/** Everything that streams put off has run then. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

const LINES = bare({ ...OPTIONS, splitsLines: true })

t.test('a large read is followed by no other in its turn, whatever was in it', async (t) => {
  const rows: readonly (readonly [string, Framing, string, string])[] = [
    ['line ends without framing', LINES, 'ann', '\n'.repeat(65_536)],
    ['line ends behind a message', BARE, 'ann', `x${'\n'.repeat(65_535)}`],
    ['messages that nobody holds back', BARE, 'ann', '{}'.repeat(32_768)],
    ['what is skipped', lengthPrefixed, '1048576,', a(65_536)],
  ]
  for (const [title, framing, first, content] of rows) {
    const recording = new Recording(framing)
    const { reader, given } = recording
    t.ok(reader.feed(Buffer.from(first)), title)
    t.notOk(reader.feed(Buffer.from(content)), title)
    t.equal(recording.drains, 0, 'not in this turn')
    await new Promise(setImmediate)
    t.equal(recording.drains, 1, 'in the next one')
    t.ok(reader.feed(Buffer.from(framing === lengthPrefixed ? 'a' : 'last')), title)
    t.notOk(given.includes('<end>'))
  }
})

t.test('who is destroyed before the next turn is asked for nothing', async (t) => {
  const recording = new Recording(lengthPrefixed)
  t.notOk(recording.reader.feed(Buffer.from(`65536,${a(30_000)}`)))
  recording.reader.destroy()
  await new Promise(setImmediate)
  t.equal(recording.drains, 0)
})

t.test('of a read no more is cut than is wanted, and nothing is lost', (t) => {
  const rows: readonly (readonly [string, Framing, string, string])[] = [
    ['lines', LINES, 'x\n', 'x'],
    ['scanned messages', BARE, '{}', '{}'],
    ['counted frames', lengthPrefixed, '1,x', 'x'],
  ]
  const count = 20_000
  for (const [title, framing, content, frame] of rows) {
    const { recording, read } = heldBack(framing, content, count)
    t.notOk(recording.reader.feed(read), title)
    while (recording.drains === 0) recording.reader.resume()
    t.strictSame(recording.given, Array<string>(count).fill(frame), title)

    const later = heldBack(framing, content, count)
    later.recording.reader.feed(later.read)
    later.read.fill('#', Math.floor(later.read.length / 2))
    for (let turn = 0; turn < count / 16; turn++) later.recording.reader.resume()
    t.ok(
      later.recording.given.length < count,
      `${title}: the end of the read was not looked at yet`,
    )
  }
  t.end()
})

/** A reader that is held back after each 16 frames and has read one byte, and the rest: the same frame over and over. */
function heldBack(
  framing: Framing,
  content: string,
  count: number,
): { recording: Recording; read: Buffer } {
  const recording = new Recording(framing)
  const { reader, given } = recording
  recording.frame = (text) => {
    given.push(text)
    if (given.length % 16 === 0) reader.pause()
  }
  reader.feed(Buffer.from(content.slice(0, 1)))
  return { recording, read: Buffer.from(content.repeat(count).slice(1)) }
}
