// Random scripts: what people and programs of all dialects do with the server, and what nobody
// should do. A script is lines of a transcript; each `~` in one becomes a text that occurs once.

import * as fc from 'fast-check'
import { written } from '../../lib/check/text.js'
import { NATIVE, TONGUES } from '../../lib/check/tongue.js'
import { noiseFor } from './noise.js'
import { CAST, WORDS } from './words.js'

/** Who sends noise. */
const ROGUES: readonly (readonly [name: string, dialect: string])[] = [
  ['mona', 'line'],
  ['mike', 'onlinechat'],
  ['mary', 'chatapp'],
  ['mark', 'cs494'],
  ['max', 'chatbox'],
]

const talk = fc
  .constantFrom(...CAST)
  .chain(([name, tongue]) =>
    fc.constantFrom(...(WORDS.get(tongue) ?? ['~'])).map((words) => `${name} > ${words}`),
  )
const anybody = fc.constantFrom(...[...CAST, ...ROGUES].map(([name]) => name))
const comings = ['half-closes', 'leaves', 'resets', 'reconnects'] as const
const moving = fc
  .tuple(anybody, fc.constantFrom(...comings))
  .map(([name, verb]) => `${name} ${verb}`)
const stalling = fc
  .tuple(anybody, fc.constantFrom('stops reading', 'resumes'))
  .map(([name, verb]) => `${name} ${verb}`)

function noiseOf(rogues: typeof ROGUES, asks: boolean): fc.Arbitrary<string> {
  return fc.constantFrom(...rogues).chain(([name, dialect]) =>
    noiseFor(dialect, { maxLength: 12, asks })
      .filter(({ length }) => length > 0)
      .map((noise) => `${name} >| ${written(noise)}`),
  )
}

/** All come whose names these are, in the order of the cast; rogues with a nickname or without. */
function arrivals(people: typeof CAST): fc.Arbitrary<readonly string[]> {
  return fc
    .subarray([...people])
    .map((some) => some.map(([name, tongue]) => `with ${name} over ${tongue}`))
}
const knocking = fc
  .subarray([...ROGUES])
  .chain((some) =>
    fc.tuple(
      ...some.map(([name, dialect]) =>
        fc.constantFrom(`${name} connects over ${dialect}`, `with ${name} over ${dialect}`),
      ),
    ),
  )

/** A script of these acts; who comes as an act asks for it is there from the beginning or never. */
function script(
  beginning: fc.Arbitrary<readonly string[]>,
  act: fc.Arbitrary<string>,
  maxLength: number,
): fc.Arbitrary<readonly string[]> {
  return fc
    .tuple(beginning, fc.array(act, { maxLength, size: 'max' }))
    .map(([first, then]) => [
      ...first,
      ...then
        .filter((line) => first.some((one) => one.split(' ').includes(nameIn(line))))
        .map((line, n) => line.replaceAll('~', `m${n}x`)),
    ])
}

function nameIn(line: string): string {
  return line.split(' ', 1).join()
}

/** All dialects talk, come and go. */
export const TALKS = script(
  arrivals(CAST),
  fc.oneof({ weight: 12, arbitrary: talk }, { weight: 1, arbitrary: moving }),
  40,
)

/** The same, and some stop reading. */
export const STALLS = script(
  arrivals(CAST),
  fc.oneof({ weight: 6, arbitrary: talk }, { weight: 1, arbitrary: stalling }),
  40,
)

/** All dialects talk, and others send noise among them. */
export const NOISE = script(
  fc.tuple(arrivals(CAST), knocking).map(([people, rogues]) => [...people, ...rogues]),
  fc.oneof(
    { weight: 6, arbitrary: noiseOf(ROGUES, true) },
    { weight: 3, arbitrary: talk },
    { weight: 1, arbitrary: moving },
    { weight: 1, arbitrary: stalling },
  ),
  30,
)

const FRAMED = new Set(['line', 'onlinechat', 'chatapp'])
const framedPeople = CAST.filter(([, tongue]) => FRAMED.has(tongue))
const framedRogues = ROGUES.filter(([, tongue]) => FRAMED.has(tongue))

/** The same with those alone whose messages do not hang on how their bytes are cut. */
export const FRAMED_NOISE = script(
  fc.tuple(arrivals(framedPeople), arrivals(framedRogues)).map((both) => both.flat()),
  fc.oneof(noiseOf(framedRogues, false), talk),
  20,
)

/** What two say to each other while others do what is nothing to them. */
export const ASIDE: readonly string[] = [
  ...['alice > hi', 'bob > hi', 'alice > #bob hi', 'bob > #alice hi', 'alice > !ping 1'],
  ...['bob > !rooms', 'alice > !nosuch', 'bob > !history General', 'alice > @nowhere hi'],
]

const ofMona = fc.constantFrom(
  ...[
    '!nosuch\\r\\n',
    '#nobody hi\\n',
    '@nowhere hi\\r\\n',
    '\\xff\\xff\\r\\n',
    '!\\n',
    '\\r\\n',
    '!users\\n',
  ],
  ...[
    '\\xff\\xfb\\x01',
    '\\xff\\xfd\\x06',
    '\\xff\\xf6',
    'abc\\xff\\xf4',
    '{"a" x 3000}\\n',
    '!ping\\n',
  ],
)
const ofNora = fc.constantFrom(
  ...[
    '-\\n',
    'no nick\\n',
    '\\xff\\xf7',
    'GET / HTTP/1.1\\r\\n',
    '\\x16\\x03\\x01',
    '{"b" x 5000}',
    '!users\\n',
  ],
)

/** What a third and a fourth send, to whom nobody listens. */
export const NEITHER_HERE_NOR_THERE: fc.Arbitrary<string> = fc.oneof(
  ofMona.map((bytes) => `mona >| ${bytes}`),
  ofNora.map((bytes) => `nora >| ${bytes}`),
  fc.constant('nora resets'),
)

/** So many questions of one who has a nickname, each for an answer with `q0x` and so on in it, as they may be read. */
export function questions(name: string, tongue: string, count: number): readonly Buffer[] {
  const { notation, unit } = TONGUES.get(tongue) ?? NATIVE
  const end = Buffer.from(unit === 'line' ? '\r\n' : '')
  const asks = Array.from({ length: count }, (_, n) =>
    Buffer.concat([notation.fence.ask(`q${n}x`, name), end]),
  )
  return unit === 'read' ? asks : [Buffer.concat(asks)]
}
