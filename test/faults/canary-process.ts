// A canary pair in a process of its own: `canary-process.js URL` says when they sing, and tells the
// song when it is asked to stop.

import { Canaries } from './canaries.js'

/** So many times each sings at least: a hundredth of fewer lines would be none. */
const FEWEST = 100
const MOMENT = 100

const [url = ''] = process.argv.slice(2)
const canaries = await Canaries.at(url)
process.on('message', () => {
  void finish()
})
process.send?.('singing')

async function finish(): Promise<void> {
  while (canaries.sung < FEWEST) await new Promise((resolve) => setTimeout(resolve, MOMENT))
  process.send?.(await canaries.stop(), () => process.exit())
}
