// What holds whatever comes: each invariant on a few random lives (FUZZ_RUNS of them, from SEED).
// `npm run fuzz` tries the same ones for as long as one likes.

import t from 'tap'
import { INVARIANTS } from './fuzz/invariants.js'
import { RUNS } from './support/traces.js'

const SEED = Number(process.env['SEED'] ?? Date.now() % 2 ** 31)

for (const { title, try: tryOn } of INVARIANTS) {
  t.test(title, async (t) => {
    const broken = await tryOn(RUNS, SEED)
    t.equal(broken, undefined, `SEED=${SEED}`)
  })
}
