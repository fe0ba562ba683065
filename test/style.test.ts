// What the compiler says of a core that knows neither Node nor the DOM, and what is said of the style
// and the layout of everything.

import { spawnSync } from 'node:child_process'
import t from 'tap'

// What these programs are made of is nothing that tests cover.
const env = { ...process.env, NODE_OPTIONS: '', NODE_V8_COVERAGE: '' }

for (const script of ['typecheck:core', 'lint']) {
  t.test(`npm run ${script}`, (t) => {
    const { status, stdout, stderr } = spawnSync('npm', ['run', script], { env, encoding: 'utf8' })
    t.equal(status, 0, { found: (stdout + stderr).split('\n') })
    t.end()
  })
}
