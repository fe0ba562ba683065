// Python literals: ours against CPython's own repr and ast.literal_eval, all cases in one process
// of it; and where one ends that comes in any reads.

import * as assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import * as fc from 'fast-check'
import t from 'tap'
import {
  isDict,
  isList,
  readLiteral,
  writeLiteral,
  type Literal,
} from '../lib/dialects/chatbox/literal.js'
import { scanLiteral } from '../lib/dialects/chatbox/scan.js'
import { bare } from '../lib/wire/bare.js'
import { show } from './support/show.js'
import { RUNS } from './support/traces.js'
import { testWith } from './support/tools.js'
import { LIMITS, bytewise, cut, read } from './support/wire.js'

/** A value as JSON can carry it: strings by their code points, lone surrogates too, and a pair of them as one. */
type Plain =
  | { readonly text: readonly number[] }
  | { readonly dict: readonly (readonly [Plain, Plain])[] }
  | readonly Plain[]
  | number
  | boolean
  | null

function plain(literal: Literal): Plain {
  if (typeof literal === 'string') {
    return { text: Array.from(literal, (character) => Number(character.codePointAt(0))) }
  }
  if (literal === null || typeof literal !== 'object') return literal
  if (isList(literal)) return literal.map(plain)
  return { dict: Array.from(literal, ([key, value]) => [plain(key), plain(value)] as const) }
}

/** What CPython makes of a text: undefined if it refuses it or reads what we have no place for. */
interface Reading {
  readonly value?: Plain
  /** The value's repr. */
  readonly written?: string
  /** Whether it holds a character that this Python's tables do not know: a later one may print it as it is. */
  readonly unassigned?: boolean
}

const ORACLE = `
import ast, json, sys, unicodedata, warnings
warnings.simplefilter('ignore')
class Foreign(Exception): pass
def plain(value):
    if value is None or type(value) in (bool, int): return value
    if type(value) is str:
        units = value.encode('utf-16-le', 'surrogatepass')
        return {'text': [ord(c) for c in units.decode('utf-16-le', 'surrogatepass')]}
    if type(value) in (list, tuple): return [plain(item) for item in value]
    if type(value) is dict: return {'dict': [[plain(k), plain(v)] for k, v in value.items()]}
    raise Foreign()
def reading(text):
    try:
        value = ast.literal_eval(text)
        unassigned = any(unicodedata.category(c) == 'Cn' for c in text)
        return {'value': plain(value), 'written': repr(value), 'unassigned': unassigned}
    except (Foreign, ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
        return {}
json.dump([reading(text) for text in json.load(sys.stdin)], sys.stdout)
`

/** Reads all texts by one Python. */
function readByPython(texts: readonly string[]): Promise<readonly Reading[]> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 256 * 1024 * 1024 }
    const python = execFile('python3', ['-c', ORACLE], options, (error, stdout) => {
      if (error === null) resolve(JSON.parse(stdout) as readonly Reading[])
      else reject(new Error('Python has failed', { cause: error }))
    })
    python.stdin?.end(JSON.stringify(texts))
  })
}

/** The characters of a text, each a string of its own. */
const each = (text: string): readonly string[] => Array.from(text)

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom(...each(`'"\\\n\r\t\0\x7f{}[]()#,:uNx7aé€😀`), '\u2028', '\xa0'),
  }),
  fc.constantFrom('contents', '__proto__', 'constructor', "it's", '"', `'"`, '\ud800', 'a\udfff'),
)
const integer = fc.oneof(fc.integer(), fc.maxSafeInteger())
const { literal } = fc.letrec<{ literal: Literal }>((tie) => ({
  literal: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    text,
    integer,
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('literal'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(text, integer), tie('literal')), { maxLength: 4 })
      .map((entries): Literal => new Map(entries)),
  ),
}))

testWith(
  t,
  ['python3'],
  'what we write, Python reads, and would have written itself',
  async (t) => {
    const literals = fc.sample(literal, 10 * RUNS)
    const texts = literals.map(writeLiteral)
    const readings = await readByPython(texts)
    for (const [i, written] of texts.entries()) {
      const original = literals[i] ?? null
      const reading = readings[i] ?? {}
      assert.deepEqual(reading.value, plain(original), show(written))
      if (reading.unassigned === false) assert.equal(written, reading.written, show(written))
      assert.deepEqual(plain(readLiteral(reading.written ?? '') ?? null), reading.value)
      assert.deepEqual(readLiteral(written), original, show(written))
    }
    t.ok(texts.some((written) => written.startsWith('{') && written.length > 50))
  },
)

/** A text in quotes of one kind, with every escape there is, and some that are none. */
const quoted = fc
  .tuple(
    fc.constantFrom('', '', '', 'u', 'U'),
    fc.constantFrom("'", '"', "'''", '"\""'),
    fc.array(
      fc.oneof(
        fc.constantFrom(
          'a',
          'é',
          '😀',
          '\t',
          '{',
          '}',
          ']',
          '(',
          '#',
          ' ',
          '\u2028',
          '\x01',
          '\x7f',
        ),
        fc.constantFrom(...'\\abfnrtv\'"qé0198'.split('').map((letter) => `\\${letter}`)),
        fc.constantFrom(
          '\\x41',
          '\\xfF',
          '\\u00e9',
          '\\uFFFF',
          '\\udfff',
          '\\U0001f600',
          '\\U0010ffff',
        ),
        fc.constantFrom('\\7', '\\101', '\\377', '\\777', '\\1018', '\\\n', '\\\r\n', '\\😀'),
      ),
      { maxLength: 8 },
    ),
    fc.constantFrom('', '\n', '\r', '\r\n', "'", '"'),
  )
  .map(([prefix, quote, pieces, long]) => {
    return prefix + quote + (quote.length === 3 ? `${long}x` : '') + pieces.join('') + quote
  })
const digits = fc.oneof(
  fc.constantFrom('0', '00', '0_0', '-0', '+1', '- 1', '1_000', '0x1F', '0X_f', '0o17', '0b1_1'),
  fc.integer().map(String),
)
const word = fc.constantFrom('True', 'False', 'None')
const blank = fc.constantFrom('', '', '', ' ', '\t', '\n', '\r\n', '\f', ' # }"\n', '\\\n', '\n  ')
const { source } = fc.letrec<{ source: string }>((tie) => {
  const value = tie('source')
  const key = fc.oneof(quoted, digits)
  const strings = fc.tuple(quoted, blank, quoted).map((parts) => parts.join(''))
  const pair = fc.tuple(key, blank, fc.constant(':'), blank, value).map((parts) => parts.join(''))
  const items = (item: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc
      .tuple(fc.array(fc.tuple(blank, item, blank), { maxLength: 3 }), fc.boolean(), blank)
      .map(([parts, comma, end]) => {
        return parts.map((part) => part.join('')).join(',') + (comma && parts[0] ? ',' : '') + end
      })
  return {
    source: fc.oneof(
      { maxDepth: 4 },
      quoted,
      digits,
      word,
      items(value).map((inner) => `[${inner}]`),
      items(value).map((inner) => `(${inner})`),
      items(fc.oneof(value, strings)).map((inner) => `[${inner}]`),
      items(pair).map((inner) => `{${inner}}`),
    ),
  }
})
const around = fc.tuple(
  fc.constantFrom('', ' ', '\t '),
  source,
  fc.constantFrom('', ' ', '\n', ' # c\n\n'),
)
/** What a slip of the hand makes of a text: a character gone, or one more. */
const slips = fc.array(
  fc.tuple(
    fc.nat(),
    fc.nat(1),
    fc.constantFrom('', ...each('\'"\\{}[](),:#ux0_1-e.j*T \n\r\t\f\0')),
  ),
  { minLength: 1, maxLength: 2 },
)

testWith(t, ['python3'], 'what Python reads, we read to the same value', async () => {
  const texts = fc.sample(around, 10 * RUNS).map((parts) => parts.join(''))
  const readings = await readByPython(texts)
  let refused = 0
  for (const [i, text] of texts.entries()) {
    const { value } = readings[i] ?? {}
    const ours = readLiteral(text)
    assert.deepEqual(ours === undefined ? undefined : plain(ours), value, show(text))
    if (value === undefined) refused++
  }
  assert.ok(refused < texts.length / 4, `${refused} of ${texts.length} were refused`)
})

testWith(t, ['python3'], 'what Python refuses, we refuse', async () => {
  const texts = fc.sample(fc.tuple(around, slips), 20 * RUNS).map(([parts, slips]) => {
    return slips.reduce((text, [place, gone, more]) => {
      const at = place % (text.length + 1)
      return text.slice(0, at) + more + text.slice(at + gone)
    }, parts.join(''))
  })
  const wellFormed = texts.filter((text) => !/\p{Surrogate}/u.test(text))
  const readings = await readByPython(wellFormed)
  for (const [i, text] of wellFormed.entries()) {
    const ours = readLiteral(text)
    if (ours !== undefined) assert.deepEqual(plain(ours), readings[i]?.value, show(text))
  }
})

const LONG = 65_536
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

t.test('what is no literal', (t) => {
  const texts: readonly string[] = [
    // Nothing, or not all of it.
    ...[
      '',
      ' ',
      '\n',
      '# c',
      ',',
      '{',
      '}',
      '[',
      '(',
      "{'a'",
      "{'a':",
      "{'a': 1",
      "{'a': 1,",
      '[1',
    ],
    ...["'a", '"a', "'''a''", "'a\\'", "'", '\\', '[1, \\', "{'a': [1}", '[1)', '[}', '{)', '(]'],
    ...['{} {}', '{}{}', '1 2', "{} 'a'", '[] x', '{}\n{}', '\n{}', "'a'\n'b'", '[1]]', '{}}'],
    ...[
      '[,]',
      '(,)',
      '{,}',
      '[1,,2]',
      '[1 2]',
      "{'a' 1}",
      "{'a'}",
      "{'a': }",
      '{: 1}',
      "{'a':: 1}",
    ],
    // Calls, names and whatever else would have to be evaluated.
    ...[
      "__import__('os').system('true')",
      "{'a': print(1)}",
      'set()',
      'dict(a=1)',
      "{'a': b}",
      'a',
    ],
    ...['1 + 1', '1+2j', '2 ** 9', "'a' + 'b'", "'a' * 9", '[1][0]', '[].pop', "'%s' % 1", 'not 1'],
    ...['lambda: 1', '[x for x in []]', '{**{}}', '[*[]]', '(yield)', 'x := 1', "f'{1}'", '`1`'],
    ...[
      'true',
      'null',
      'undefined',
      'NaN',
      'none',
      'TRUE',
      'True1',
      'Trueé',
      'Nonesuch',
      '__proto__',
    ],
    ...['-True', '--1', '-', '+', '-+1', "-'a'", '~1', '!1', '-[]', '- \n1'],
    // What Python knows besides.
    ...['1.0', '.5', '1e3', '1j', '0.', '{1}', '{1, 2}', "b'a'", "r'a'", "'a' b'b'", '...', '1, 2'],
    ...[
      '9007199254740992',
      '-9007199254740992',
      '0x20000000000000',
      '1'.repeat(400),
      "'\\N{BULLET}'",
    ],
    ...['{None: 1}', '{True: 1}', '{(1, 2): 3}', '{[]: 1}', '{{}: 1}'],
    // Numbers and texts that are wrong.
    ...['01', '1_', '_1', '1__0', '0x', '0xg', '0b2', '0o8', '0_x1', '1a', '0x1g', '٣', '１'],
    ...["'\\x1'", "'\\xg0'", "'\\u123'", "'\\U0011ffff'", "'\\U00110000'", "'\\U1234567'", "'\\N'"],
    ...[
      "'a\nb'",
      '"a\r\nb"',
      "'a\0b'",
      '\0',
      "'a'\0",
      "u 'a'",
      "uu'a'",
      "ur'a'",
      "''''",
      '‘a’',
      '\ufeff{}',
    ],
    // Too much.
    ...[nested(33), nested(10_000), '['.repeat(10_000), '{1:'.repeat(10_000), '('.repeat(LONG)],
    ...[`'${'a'.repeat(LONG - 1)}'`, `'${'a'.repeat(2_000_000)}'`, ' '.repeat(2_000_000)],
    ...[
      '-'.repeat(LONG),
      `[${'1,'.repeat(40_000)}]`,
      `'${'\\'.repeat(LONG - 1)}`,
      '#'.repeat(LONG),
    ],
  ]
  t.ok(texts.length > 120)
  for (const text of texts) t.equal(readLiteral(text), undefined, show(text.slice(0, 60)))
  t.end()
})

t.test('literals, and what they stand for', (t) => {
  const rows: readonly (readonly [string, Literal])[] = [
    ["{'contents': 'ann: hello'}", new Map([['contents', 'ann: hello']])],
    [
      "{'broadcast rooms': ['red', 'General'], 'message': 'hi'}",
      new Map<string, Literal>([
        ['broadcast rooms', ['red', 'General']],
        ['message', 'hi'],
      ]),
    ],
    [
      "{49152: 'ann', '49152': 'bob'}",
      new Map<number | string, string>([
        [49152, 'ann'],
        ['49152', 'bob'],
      ]),
    ],
    [
      "{'a': 1, 'b': 2, 'a': 3}",
      new Map([
        ['a', 3],
        ['b', 2],
      ]),
    ],
    ["{'__proto__': {'a': 1}}", new Map([['__proto__', new Map([['a', 1]])]])],
    ['{}', new Map()],
    [' \t[1, -2, +3,] # four\n\n', [1, -2, 3]],
    ['( )', []],
    ['(1,)', [1]],
    ['(1)', 1],
    ["('a')", 'a'],
    ["(1, 'a', None, True, False, [], ())", [1, 'a', null, true, false, [], []]],
    ['[\n1 # one\r\n,\\\n2]', [1, 2]],
    [`'it\\'s' "it's" u'''"it's"'''`, `it'sit's"it's"`],
    ["'''a\r\nb\rc\n'''", 'a\nb\nc\n'],
    [String.raw`'\\\'\"\a\b\f\n\r\t\v'`, '\\\'"\x07\b\f\n\r\t\v'],
    [String.raw`'\0\7\18\101\377\400\x41\u20ac\U0001F600'`, '\0\x07\x018A\xff\u0100A€😀'],
    [String.raw`'\q\8\é\ \A'`, '\\q\\8\\é\\ \\A'],
    ["'a\\\nb'", 'ab'],
    [String.raw`'\ud83d\ude00\ud800'`, '😀\ud800'],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-0', 0],
    [nested(32), JSON.parse(nested(32)) as Literal],
    [`'${'a'.repeat(LONG - 2)}'`, 'a'.repeat(LONG - 2)],
  ]
  for (const [text, value] of rows) t.strictSame(readLiteral(text), value, show(text.slice(0, 60)))
  t.end()
})

t.test('how repr writes', (t) => {
  const rows: readonly (readonly [Literal, string])[] = [
    ['', "''"],
    ["it's", `"it's"`],
    ['"', `'"'`],
    [`it's "so"`, String.raw`'it\'s "so"'`],
    ['\\', String.raw`'\\'`],
    ['\n\r\t', String.raw`'\n\r\t'`],
    ['\0\x1f\x7f\x80\xa0\xad', String.raw`'\x00\x1f\x7f\x80\xa0\xad'`],
    [' ~é€😀', `' ~é€😀'`],
    ['\u200b\u2028\u2029\u3000\ufeff', String.raw`'\u200b\u2028\u2029\u3000\ufeff'`],
    ['\ue000\u0378\uffff\ud800', String.raw`'\ue000\u0378\uffff\ud800'`],
    ['\u{e0001}\u{10ffff}', String.raw`'\U000e0001\U0010ffff'`],
    [[], '[]'],
    [[1, [-2], null, true, false], '[1, [-2], None, True, False]'],
    [-0, '0'],
    [new Map(), '{}'],
    [
      new Map<string | number, Literal>([
        ['a', 1],
        [2, ['b']],
      ]),
      "{'a': 1, 2: ['b']}",
    ],
  ]
  for (const [literal, text] of rows) t.equal(writeLiteral(literal), text, show(text))
  t.ok(isDict(new Map()) && isList([]))
  for (const value of [undefined, null, 1, 'a']) t.notOk(isDict(value) || isList(value))
  t.notOk(isDict([]) || isList(new Map()))
  for (const number of [1.5, NaN, Infinity, 2 ** 53]) {
    t.throws(() => writeLiteral(number), RangeError, String(number))
  }
  t.end()
})

t.test('where a literal ends', (t) => {
  const rows: readonly (readonly [whole: string, rest: string])[] = [
    ['{}', ''],
    ['{}', '{}'],
    ["{'a': {1: [(2, 3)]}}", 'u!'],
    ["{'a': '}'}", '}'],
    [`{'a': "}'}"}`, "'"],
    [String.raw`{'a': '\'}\\'}`, "'}"],
    [String.raw`{'a': "\"}\\\""}`, '"}'],
    [`{'''}'}''}''': """}\\""\\"""}\n"}"""}`, '"""}'],
    ["{'': ''}", "''}"],
    ["{'''''': ''}", "'"],
    ["{'\\\\': 1, '\\\\\\'}': 2}", "'}"],
    ['{1: 2 # }\n}', '#'],
    ["{1: 2 # '}\r}", '}'],
    ["{'#': 1}", '\n'],
    ["{'€😀}': 1}", '€'],
    // No literals, but balanced.
    ['{)', '}'],
    ['{[}}', ''],
  ]
  for (const [whole, rest] of rows) {
    const bytes = Buffer.from(whole)
    const scan = scanLiteral(Number(bytes[0]))
    t.equal(scan?.(Buffer.from(whole + rest)), bytes.length, show(whole))
    const again = scanLiteral(Number(bytes[0]))
    const ends = bytewise(bytes).map((byte) => again?.(byte))
    t.strictSame(ends, [...Array<undefined>(bytes.length - 1).fill(undefined), 1], 'byte by byte')
  }
  const open: readonly string[] = [
    ...['{', '{{}', "{'}", '{"}', "{'''}''", "{'\\'}", '{# }', '{[}', "{'':'''}'}"],
  ]
  for (const text of open) t.equal(scanLiteral(0x7b)?.(Buffer.from(text)), undefined, show(text))
  for (const first of ['[', '(', 'a', "'", ' ', '}', '']) {
    t.equal(scanLiteral(Number(Buffer.from(first)[0])), undefined, `${show(first)} begins none`)
  }
  t.end()
})

t.test('grams that come in any reads are the same', async () => {
  const framing = bare({
    messageBytes: LONG,
    splitsLines: false,
    scanFrom: scanLiteral,
    onLineClient: () => undefined,
  })
  const gram = literal.map((value) => writeLiteral(new Map([['contents', value]])))
  const places = fc.array(fc.nat(2000), { maxLength: 10 })
  const property = fc.asyncProperty(
    fc.array(gram, { maxLength: 5 }),
    places,
    async (grams, places) => {
      const whole = Buffer.from(grams.join(''))
      for (const chunks of [[whole], bytewise(whole), cut(whole, places)]) {
        const { frames } = await read([Buffer.from('ann'), ...chunks], LIMITS, framing)
        assert.deepEqual(frames, ['ann', ...grams])
      }
    },
  )
  await fc.assert(property, { numRuns: RUNS })
})
