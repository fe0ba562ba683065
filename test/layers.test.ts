// The rooms of the house: who may import whom, how pure the core is, and how the files read.

import t from 'tap'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** What each room may import; `type ` before a name allows its types alone. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  'lib/core': ['lib/core', 'immutable'],
  'lib/wire': ['lib/wire', 'node:buffer', 'type node:stream', 'split2'],
  'lib/dialects': ['lib/dialects', 'lib/core', 'lib/wire'],
  'lib/host': [
    ...['lib/host', 'lib/core', 'lib/dialects', 'lib/wire', 'type immutable', 'debug'],
    ...['node:fs', 'node:net', 'node:perf_hooks', 'node:readline', 'type node:stream', 'node:util'],
  ],
  'lib/check': [
    ...['lib/check', 'lib/dialects', 'lib/wire', 'type lib/core'],
    ...[
      'node:buffer',
      'node:child_process',
      'node:events',
      'node:fs',
      'node:net',
      'node:path',
      'node:readline',
    ],
  ],
  'lib/teach': ['lib/teach', 'lib/wire', 'node:buffer', 'type node:net'],
  'lib/client': [
    ...['lib/client', 'lib/core', 'lib/dialects', 'lib/wire'],
    ...['node:events', 'node:net', 'node:readline', 'node:stream', 'node:string_decoder'],
    'string-width',
  ],
  'lib/bench': ['lib/bench', 'lib/wire', 'node:net', 'node:zlib'],
  lib: ['lib', 'lib/client', 'lib/core', 'lib/dialects', 'lib/host'],
  bin: [
    ...[
      'bin',
      'lib',
      'lib/bench',
      'lib/check',
      'lib/client',
      'lib/host',
      'lib/teach',
      'debug',
      'yargs',
    ],
    ...['node:fs', 'node:module', 'node:path', 'node:readline', 'node:url', 'node:util'],
  ],
}

/** What would make the core depend on more than its inputs. */
const IMPURE =
  /\b(?:Date|Math\.random|Intl|toLocale\w*|performance|set(?:Timeout|Interval)|process)\b/

const LONGEST_FILE = 320

interface Source {
  /** From the root of the repository, with slashes. */
  readonly path: string
  readonly text: string
}

function sourcesIn(folder: string): readonly Source[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => ({
      path: join(folder, name).replaceAll('\\', '/'),
      text: readFileSync(join(folder, name), 'utf8'),
    }))
}

/** The room in which a file lies: `bin`, `lib` for a file of lib itself, or `lib/` and the folder. */
function roomOf(path: string): string {
  const [top = '', folder, ...below] = path.split('/')
  return below.length === 0 || folder === undefined ? top : `${top}/${folder}`
}

/** What a file imports, as {@link MAY_IMPORT} names it. */
function importsOf({ path, text }: Source): readonly string[] {
  const statements = text.matchAll(
    /(?:^(?:import|export)( type)?(?:\s[^'"=;()]*\bfrom)?\s+|\bimport\()'([^']+)'/gm,
  )
  return [...statements].map(([, type = '', target = '']) => {
    const local = join(dirname(path), target).replaceAll('\\', '/')
    const name = target.startsWith('.') ? roomOf(local) : target.split('/', 1).join()
    return `${type.trim()} ${name}`.trim()
  })
}

const sources = [...sourcesIn('lib'), ...sourcesIn('bin')]

t.test('each room imports what it may', (t) => {
  t.ok(sources.length > 60, 'there is something to look at')
  for (const source of sources) {
    const allowed = MAY_IMPORT[roomOf(source.path)]
    if (allowed === undefined) {
      t.fail(`${source.path} lies in a room without a rule`)
      continue
    }
    const wrong = importsOf(source).filter((name) => {
      return !allowed.includes(name) && !allowed.includes(name.replace(/^type /, ''))
    })
    t.strictSame(wrong, [], source.path)
  }
  t.end()
})

t.test('F-39: no name is looked up when somebody connects', (t) => {
  for (const { path, text } of sources)
    t.notMatch(text, /['"](?:node:)?dns(?:\/|['"])|\breverse\(/, path)
  t.end()
})

t.test('the reading of imports', (t) => {
  const text = [
    "import a, {\n  b,\n} from './a.js'",
    "import type { C } from '../core/index.js'",
    "export * from '../../bin/x.js'",
    "import 'node:net'",
    "const d = await import('yargs/helpers')",
    "// 'not/one'",
  ].join('\n')
  t.strictSame(importsOf({ path: 'lib/host/x.ts', text }), [
    'lib/host',
    'type lib/core',
    'bin',
    'node:net',
    'yargs',
  ])
  t.end()
})

t.test('the core knows no clock, no chance, no place and no process', (t) => {
  for (const { path, text } of sourcesIn('lib/core')) {
    const code = text.replace(/\/\*[^]*?\*\/|\/\/.*/g, '')
    t.notOk(IMPURE.test(code), path)
  }
  for (const code of ['new Date()', 'Math.random()', 'x.toLocaleLowerCase()', 'process.env']) {
    t.ok(IMPURE.test(code), code)
  }
  t.end()
})

t.test('every file can be read in one sitting, and says at its head what lives there', (t) => {
  for (const { path, text } of sources) {
    const lines = text.trimEnd().split('\n').length
    t.ok(lines <= LONGEST_FILE, `${path} has ${lines} lines`)
    t.match(text, /^(?:#!.*\n)?(?:\n)?\/\/ \S/, `${path} has a head`)
  }
  t.end()
})

t.test('every exported name of the library is explained', (t) => {
  for (const { path, text } of sourcesIn('lib')) {
    const bare = text
      .split('\n')
      .map((line, i, lines) => [line, lines[i - 1] ?? ''] as const)
      .filter(([line]) => /^export (?!type \{|\{|\*)/.test(line))
      .filter(([, above]) => !above.endsWith('*/'))
      .map(([line]) => line)
    t.strictSame(bare, [], path)
  }
  t.end()
})

t.test('only the program ends the process', (t) => {
  const ending = sources.filter(({ text }) => /\bprocess\s*\.\s*(?:exit|abort)\b/.test(text))
  t.strictSame(
    ending.map(({ path }) => path),
    ['bin/partyline.ts'],
  )
  t.end()
})
