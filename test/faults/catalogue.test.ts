// docs/faults.md names every row of the catalogue once, with every test that has its number.

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { inWords, readCatalogue } from './catalogue.js'
import { isOf, readFaultsOptions } from './faults-options.js'

const INPUTS = 105
const FAULTS = 43

/** The numbers in front of a name, or alone: `'F-14 F-15: a place …'`, `'I-3'`. */
const NUMBERS = /'((?:[IF]-\d+ )*[IF]-\d+)(?:'|: )/g

/** Where each number is, as the tests have it. */
function tested(): ReadonlyMap<string, ReadonlySet<string>> {
  const places = new Map<string, Set<string>>()
  for (const name of readdirSync('test', { recursive: true, encoding: 'utf8' })) {
    if (!name.endsWith('.ts') || name.endsWith('catalogue.test.ts')) continue
    const text = readFileSync(join('test', name), 'utf8')
    for (const [, numbers = ''] of text.matchAll(NUMBERS)) {
      for (const number of numbers.split(' ')) {
        places.set(number, (places.get(number) ?? new Set()).add(`test/${name}`))
      }
    }
  }
  return places
}

t.test('every row is there, once, and is tested where it says', (t) => {
  const catalogue = readCatalogue()
  const numbered = (letter: string, count: number): readonly string[] =>
    Array.from({ length: count }, (_, n) => `${letter}-${n + 1}`)
  t.same(
    catalogue.map(({ number }) => number),
    [...numbered('I', INPUTS), ...numbered('F', FAULTS)],
  )
  const places = tested()
  for (const { number, files, reason } of catalogue) {
    t.same([...files].sort(), [...(places.get(number) ?? [])].sort(), number)
    if (files.length === 0) t.match(reason, /^not (?:built|testable): \S/, number)
  }
  t.end()
})

t.test('what is not tested is listed with its reason', (t) => {
  const list = inWords([
    { number: 'I-1', promise: 'it is heard', files: ['test/x.test.ts'] },
    { number: 'F-2', promise: 'it is not', files: [], reason: 'not built: no ears' },
  ])
  t.equal(
    list,
    'F-2  it is not: not built: no ears\n\n2 rows: 1 tested, 1 not built, 0 not testable here\n',
  )
  t.end()
})

t.test('the options of npm run faults', (t) => {
  const played = ['I-1 to I-103', 'F-16 F-17', 'idle']
  const catalogue = [
    { number: 'F-2', promise: 'it is not', files: [], reason: 'not built: no ears' },
    { number: 'F-3', promise: 'it is', files: ['test/x.test.ts'] },
  ]
  const rows: readonly (readonly [args: string, options: unknown])[] = [
    ['', { ask: 'play', only: undefined }],
    ['--help', { ask: 'help' }],
    ['--list', { ask: 'list' }],
    ['--only F-17', { ask: 'play', only: 'F-17' }],
    ['--only I-50', { ask: 'play', only: 'I-50' }],
    ['--only idle', { ask: 'play', only: 'idle' }],
    [
      '--only I-104',
      { ask: 'nothing', problem: /^there is no row 'I-104': --only takes one number/ },
    ],
    ['--only i-1', { ask: 'nothing', problem: /^there is no row 'i-1'/ }],
    ['--only to', { ask: 'nothing', problem: /^there is no row 'to'/ }],
    ['--only I-1,I-2', { ask: 'nothing', problem: /^there is no row 'I-1,I-2'/ }],
    ['--only F-2', { ask: 'nothing', problem: 'F-2 is not played here: not built: no ears' }],
    ['--only F-3', { ask: 'nothing', problem: /: npm test has it, in test\/x\.test\.ts$/ }],
    ['--only F-16 --only F-17', { ask: 'nothing', problem: '--only may be given only once' }],
    ['--bogus', { ask: 'nothing', problem: /--bogus/ }],
  ]
  for (const [args, options] of rows) {
    const words = args.split(' ').filter((word) => word !== '')
    t.match(readFaultsOptions(words, played, catalogue), options, args)
  }
  t.notOk(isOf('I-1 to I-103', 'F-7'))
  t.end()
})
