// `npm run bench`: Partyline beside a bare fan-out, in deliveries per CPU second of the server and
// in memory per idle connection. README.md here says how to read what it prints.

import { fileURLToPath } from 'node:url'
import { HELP, readOptions } from './options.js'
import { canReadUsage } from './process-usage.js'
import { toJson, toText } from './report.js'
import { runRounds, type Programs } from './rounds.js'
import { CannotRun } from './server.js'

const FAILED = 1
const CANNOT_RUN = 2

const programs: Programs = [
  {
    name: 'partyline',
    argv: [here('../bin/partyline.js'), 'serve', '--listen', 'line://127.0.0.1:0', '--no-limits'],
  },
  { name: 'bare fan-out', argv: [here('bare-fanout.js')] },
]

for (const [signal, number] of [
  ['SIGINT', 2],
  ['SIGTERM', 15],
] as const) {
  // Leaving by exit takes the server under measurement along.
  process.once(signal, () => process.exit(128 + number))
}

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const options = readOptions(args)
  if (options.ask === 'help') {
    process.stdout.write(HELP)
    return 0
  }
  if (options.ask === 'nothing') return cannotRun(options.problem)
  if (!canReadUsage()) return cannotRun('CPU time is read from /proc, which this system lacks')
  const { plan, json } = options
  try {
    const result = await runRounds(plan, programs, showStep)
    clearStep()
    process.stdout.write(json ? toJson(plan, result) : toText(plan, result))
    return result.faults.length === 0 ? 0 : FAILED
  } catch (error) {
    clearStep()
    if (error instanceof CannotRun) return cannotRun(error.message)
    throw error
  }
}

function here(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url))
}

function cannotRun(why: string): number {
  process.stderr.write(`bench: ${why}\n`)
  return CANNOT_RUN
}

/** On a terminal each step takes the place of the one before, elsewhere each has its line. */
function showStep(step: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${step}` : `${step}\n`)
}

function clearStep(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
}
