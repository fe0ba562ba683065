// The worked example of CONTRIBUTING.md: a dialect that takes a folder and a word in the registry,
// built as it stands there, beside the others.

import { execFileSync } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'
import t from 'tap'
import type * as Partyline from '../lib/index.js'
import { Client } from './support/client.js'

const MAX_LINES = 40

const contributing = readFileSync('CONTRIBUTING.md', 'utf8')
const [, code = ''] = /```ts\n(\/\/ Tiny:.*?)```/s.exec(contributing) ?? []
const [, registryLine = ''] = /```ts\n( {2}\[line, .*?\n)```/s.exec(contributing) ?? []

t.test('a tiny dialect is a folder and its place in the registry', async (t) => {
  const lines = code.trimEnd().split('\n')
  t.ok(lines.length > 1 && lines.length <= MAX_LINES, `${lines.length} lines`)
  // Below the project, so that the packages are found as its own modules find them.
  mkdirSync('.tap', { recursive: true })
  const copy = mkdtempSync(join('.tap', 'tiny-'))
  t.teardown(() => {
    rmSync(copy, { recursive: true })
  })
  cpSync('dist/lib', join(copy, 'lib'), { recursive: true })
  cpSync('package.json', join(copy, 'package.json'))
  symlinkSync(resolve('node_modules'), join(copy, 'node_modules'))
  mkdirSync(join(copy, 'lib/dialects/tiny'))
  writeFileSync(join(copy, 'lib/dialects/tiny/index.ts'), code)
  const before = readFileSync('lib/dialects/index.ts', 'utf8')
  const after = before.replace(/^ {2}\[line, .*\n/m, registryLine)
  t.equal(
    after.replace(', tiny]', ']'),
    before,
    'the line stands in the registry, but for the new name',
  )
  writeFileSync(
    join(copy, 'lib/dialects/index.ts'),
    `import { tiny } from './tiny/index.js'\n${after}`,
  )
  // The two that are new, beside all others as they are built.
  const settings = {
    extends: '../../tsconfig.build.json',
    compilerOptions: { rootDir: '.', outDir: '.', declaration: false, incremental: false },
    files: ['lib/dialects/index.ts'],
    include: [],
  }
  writeFileSync(join(copy, 'tsconfig.json'), JSON.stringify(settings))
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', copy], {
    env: { ...process.env, NODE_V8_COVERAGE: '' },
  })

  const entrance = resolve(copy, 'lib/index.js')
  const { createServer } = (await import(entrance)) as typeof Partyline
  const server = createServer()
  t.teardown(() => server.close())
  const alice = await Client.named(await server.listen('line://127.0.0.1:0'), 'alice')
  const url = await server.listen('tiny://127.0.0.1:0')
  const bob = await Client.to(url)
  const other = await Client.to(url)
  bob.say('B o b', '?one')
  t.equal(await bob.line(), '?one')
  other.say('bob', '?two')
  t.equal(await other.line(), '?two')
  alice.say('hello')
  t.equal(await bob.line(), '<alice> hello')
  other.say('hi', '.')
  t.equal(await bob.line(), '<bob1> hi')
  t.equal(await alice.line(), 'bob1: hi')
  t.same(await other.rest(), ['<alice> hello'])
})
