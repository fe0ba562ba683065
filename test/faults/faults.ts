// `npm run faults`: the promises of docs/faults.md that take minutes, thousands of clients or a
// network of their own, kept or broken by the built program with its default options.

import { isInstalled } from '../support/tools.js'
import { inWords, readCatalogue } from './catalogue.js'
import { crowds } from './crowds.js'
import { farCrowds, farPatience } from './far.js'
import { HELP, isOf, readFaultsOptions } from './faults-options.js'
import { inOtherNetwork } from './other-network.js'
import { patience } from './patience.js'
import { CannotTell, secondsSince, Stage, type Ordeal } from './stage.js'

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

async function playAll(only: string | undefined): Promise<number> {
  const chosen = ({ numbers }: Ordeal): boolean => only === undefined || isOf(numbers, only)
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

const catalogue = readCatalogue()
const played = [...WAITING, ...BUSY].map(({ numbers }) => numbers)
const options = readFaultsOptions(process.argv.slice(2), played, catalogue)
switch (options.ask) {
  case 'help':
    process.stdout.write(HELP)
    break
  case 'list':
    process.stdout.write(inWords(catalogue))
    break
  case 'play':
    process.exitCode = await playAll(options.only)
    break
  case 'nothing':
    process.stderr.write(`faults: ${options.problem}\n`)
    process.exitCode = BAD_USAGE
}
