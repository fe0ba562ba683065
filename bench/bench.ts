// `npm run bench`: Partyline beside a bare fan-out, in deliveries per CPU second of the server and
// in memory per idle connection. README.md here says how to read what it prints.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { HELP, readOptions } from './options.js'
import { canReadUsage } from './process-usage.js'
import { measureGrowth, type GrowthPlan } from './growth.js'
import { plot } from './plot.js'
import { toJson, toText, type Report } from './report.js'
import { runRounds, type Plan, type Programs } from './rounds.js'
import { installedPeers } from './peers.js'
import { CannotRun, type Program } from './server.js'

const FAILED = 1
const CANNOT_RUN = 2

/** How the file of results begins, and the part of it that is ours. */
const TITLE = '# Results\n\n'
const SECTION = '## `npm run bench`'

const programs: readonly [Program, Program] = [
  {
    name: 'partyline',
    argv: [here('../bin/partyline.js'), 'serve', '--listen', 'line://127.0.0.1:0', '--no-limits'],
  },
  { name: 'bare fan-out', argv: [here('bare-fanout.js')] },
]

/** At which sizes growth is looked at. */
const SIZES: Pick<GrowthPlan, 'clients' | 'rooms' | 'members'> = {
  clients: [10, 100, 1000, 5000, 10_000],
  rooms: [1, 10, 100, 1000, 10_000],
  members: [10, 100, 1000, 10_000],
}

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
  const { plan, growth, results, json } = options
  const peers = options.peers ? installedPeers() : []
  if (options.peers && peers.length === 0) {
    return cannotRun('there is no peer: apt-get install ngircd inspircd, or leave --peers out')
  }
  try {
    const report = await measure(plan, [...programs, ...peers], growth)
    clearStep()
    if (results !== undefined) keep(results, report)
    process.stdout.write(json ? toJson(report) : toText(report))
    return report.faults.length === 0 ? 0 : FAILED
  } catch (error) {
    clearStep()
    if (error instanceof CannotRun) return cannotRun(error.message)
    throw error
  }
}

async function measure(plan: Plan, programs: Programs, growth: boolean): Promise<Report> {
  const result = await runRounds(plan, programs, showStep)
  if (!growth) return { plan, ...result, growth: [] }
  const { curves, faults } = await measureGrowth({ ...plan, ...SIZES }, programs[0], showStep)
  return { plan, ...result, growth: curves, faults: [...result.faults, ...faults] }
}

/** Writes a report down for others to read, in the place of the one before; whatever else is there stays. */
function keep(directory: string, report: Report): void {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'results.md')
  const before = existsSync(file) ? readFileSync(file, 'utf8') : TITLE
  const grown = report.growth.length > 0
  const image = grown ? '![How costs grow](growth.svg)\n\n' : ''
  const section = `${SECTION}\n\n\`\`\`text\n${toText(report).trimEnd()}\n\`\`\`\n\n${image}`
  const [head = '', old = ''] = before.split(SECTION)
  const next = old.indexOf('\n## ')
  const rest = next < 0 ? '' : old.slice(next + 1)
  writeFileSync(file, `${head}${section}${rest}`.trimEnd() + '\n')
  if (grown) writeFileSync(join(directory, 'growth.svg'), plot(report.growth))
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
