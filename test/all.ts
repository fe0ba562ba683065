// All tests, each file as it is built and in a process of its own. What the runner has Node load into
// the processes of its files, and all that these start, takes longer than most of them do. So they are
// started without it, and Node itself notes what they cover.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { ROOT } from './support/root.js'

/** The longest that a file may take on a machine with other work, in milliseconds. */
const DEADLINE = 600_000

/** Those that take longest, which begin first, so that no other is left waiting for one of them. */
const LONG = ['style', 'mistakes', 'spec', 'bench', 'teach', 'check-grade', 'program']

/** The tests that have a source: a file in `dist` may have lost its own. */
const names = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts'))
  .map((path) => path.slice(0, -'.test.ts'.length))

const env: NodeJS.ProcessEnv =
  process.env['TAP_DISABLE_COVERAGE'] === '1'
    ? process.env
    : { ...process.env, NODE_V8_COVERAGE: join(ROOT, '.tap/coverage') }

// For two processors: each file waits now and then.
t.jobs = 3

for (const name of [...new Set([...LONG, ...names.sort()])]) {
  const file = join(ROOT, 'dist/test', `${name}.test.js`)
  const plainNode = ['-u', 'NODE_OPTIONS', process.execPath, '--enable-source-maps']
  t.spawn('env', [...plainNode, file], { name, buffered: true, timeout: DEADLINE, env })
}
