// Plays one ordeal in a network of its own: `unshare --net node far-process.js NUMBERS`. The figures
// go to standard output; what went wrong, with an exit code, to standard error.

import { farCrowds, farPatience, furnishNetwork } from './far.js'
import { CannotTell, Stage, type Ordeal } from './stage.js'

const BROKEN = 1
/** The machine was too busy to tell. */
const UNSURE = 3

async function perform(ordeal: Ordeal): Promise<number> {
  furnishNetwork()
  const stage = new Stage()
  try {
    const figures = await ordeal.play(stage)
    process.stdout.write(figures + (await stage.verdict(ordeal)))
    return 0
  } catch (error) {
    process.stderr.write(error instanceof Error ? error.message : String(error))
    return error instanceof CannotTell ? UNSURE : BROKEN
  } finally {
    await stage.clear()
  }
}

const [wanted] = process.argv.slice(2)
const ordeal = [...farPatience, ...farCrowds].find(({ numbers }) => numbers === wanted)
process.exitCode = ordeal === undefined ? BROKEN : await perform(ordeal)
