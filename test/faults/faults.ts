// `npm run faults`: the promises of docs/faults.md that take minutes, thousands of clients or a
// network of their own, kept or broken by the built program with its default options.

import { parseArgs } from 'node:util'
import { isInstalled } from '../support/tools.js'
import { inWords, readCatalogue } from './catalogue.js'
import { crowds } from './crowds.js'
import { farCrowds, farPatience } from './far.js'
import { inOtherNetwork } from './other-network.js'
import { patience } from './patience.js'
import { CannotTell, secondsSince, Stage, type Ordeal } from './stage.js'

const HELP = `npm run faults -- [options]

  --list          what is not tested, and why; then ends
  --only NUMBER   only the row of this number, such as F-16
  --help          this

Exit code: 0 every promise was kept, 1 one was broken, 2 for options that do not fit,
3 if the machine was too busy to tell.
`
const BROKEN = 1
const BAD_USAGE = 2
const CANNOT_TELL = 3
/** How often somebody who waits is told for what, in milliseconds: at a terminal, and in a log. */
const TELL = process.stderr.isTTY ? 1000 : 15_000

/** They wait side by side. */
const WAITING: readonly Ordeal[] = [...patience, ...farPatience.map(inOtherNetwork)]
/** They take turns. */
const BUSY: readonly Ordeal[] = [...crowds, ...farCrowds.map(inOtherNetwork)]

/** How an ordeal may end. */
type Outcome = 'kept' | 'BROKEN' | 'unsure' | 'left out'

/** What is going on, for the line of progress. */
const playing = new Set<string>()
const outcomes: Outcome[] = []

async function perform(ordeal: Ordeal): Promise<void> {
  const { numbers, promise } = ordeal
  const start = performance.now()
  playing.add(numbers)
  const [outcome, figures] = await outcomeOf(ordeal)
  playing.delete(numbers)
  outcomes.push(outcome)
  say(`${outcome.padEnd(8)}  ${numbers}: ${promise}: ${figures} ${inTime(start)}`)
}

async function outcomeOf(ordeal: Ordeal): Promise<readonly [Outcome, string]> {
  const { needs = [], play } = ordeal
  const missing = needs.filter((tool) => !isInstalled(tool))
  if (missing.length > 0) {
    const text = `${missing.join(', ')} must be installed`
    return [process.env['CI'] === 'true' ? 'BROKEN' : 'left out', text]
  }
  const stage = new Stage()
  try {
    const figures = await play(stage)
    return ['kept', figures + (await stage.verdict(ordeal))]
  } catch (error) {
    return [error instanceof CannotTell ? 'unsure' : 'BROKEN', reasonOf(error)]
  } finally {
    await stage.clear()
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause === undefined ? '' : `: ${reasonOf(error.cause)}`
  return error.message + cause
}

function inTime(start: number): string {
  return `(${secondsSince(start).toFixed(0)} s)`
}

/** A line of the result; on a terminal it takes the place of the line of progress. */
function say(line: string): void {
  process.stdout.write(`${process.stderr.isTTY ? '\r\u001b[K' : ''}${line}\n`)
}

async function playAll(only: string): Promise<number> {
  const chosen = ({ numbers }: Ordeal): boolean => only === '' || numbers.split(' ').includes(only)
  const [waiting, busy] = [WAITING.filter(chosen), BUSY.filter(chosen)]
  const all = waiting.length + busy.length
  const start = performance.now()
  const telling = setInterval(() => {
    const text = `${outcomes.length} of ${all} ${inTime(start)}: ${[...playing].join(', ')}`
    process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${text.slice(0, 78)}` : `${text}\n`)
  }, TELL)
  await Promise.all(waiting.map(perform))
  for (const ordeal of busy) await perform(ordeal)
  clearInterval(telling)
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length
  const kinds = (['kept', 'BROKEN', 'unsure', 'left out'] as const).map((outcome) => {
    return `${count(outcome)} ${outcome.toLowerCase()}`
  })
  say(`${kinds.join(', ')} of ${all} ${inTime(start)}`)
  return count('BROKEN') > 0 ? BROKEN : count('unsure') > 0 ? CANNOT_TELL : 0
}

interface Options {
  readonly list: boolean
  readonly only: string
  readonly help: boolean
}

function readOptions(): Options | { readonly problem: string } {
  try {
    const { values } = parseArgs({
      options: {
        list: { type: 'boolean', default: false },
        only: { type: 'string', default: '' },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    return { problem: reasonOf(error) }
  }
}

const options = readOptions()
if ('problem' in options) {
  process.stderr.write(`faults: ${options.problem}\n${HELP}`)
  process.exitCode = BAD_USAGE
} else if (options.help) {
  process.stdout.write(HELP)
} else if (options.list) {
  process.stdout.write(inWords(readCatalogue()))
} else {
  process.exitCode = await playAll(options.only)
}
