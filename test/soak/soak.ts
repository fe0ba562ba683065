// `npm run soak`: a server among clients of all kinds, for as long as is asked for, and what it
// holds at the end.

import { Progress, clockTime } from '../../lib/bench/progress.js'
import { canReadUsage } from '../../bench/process-usage.js'
import { randomFrom } from '../support/random.js'
import { VisitingCrowd } from './crowd.js'
import { MEBIBYTE, Phase, mebibytes } from './phase.js'
import { HELP, readSoakOptions } from './options.js'
import type { Holdings } from './probe.js'
import { SoakServer } from './server.js'
import { pause } from './visitor.js'

const WELL = 0
const NOT_WELL = 1
const BAD_OPTIONS = 2
const CANNOT_RUN = 3

/** The part of the time after which all leave once, for what is compiled and cached only once. */
const WARM_UP = 0.1
/** How much more heap may be in use at the end than after the warm-up, in bytes: caches of the engine move by as much. */
const HEAP_SLACK = 2 * MEBIBYTE
/** How long the server may take to let go of everything, in milliseconds: its longest deadline, of those who do not read. */
const LETTING_GO = 30_000

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const options = readSoakOptions(args)
  if (options.ask === 'help') {
    process.stdout.write(HELP)
    return WELL
  }
  if (options.ask === 'nothing') return complain(options.problem, BAD_OPTIONS)
  if (!canReadUsage()) {
    return complain('descriptors are read from /proc, which this system lacks', CANNOT_RUN)
  }
  try {
    return await soak(options.minutes * 60_000, options.clients, options.seed)
  } catch (error) {
    return complain(error instanceof Error ? error.message : String(error), CANNOT_RUN)
  }
}

/** What the process holds, with its descriptors. */
type Account = Holdings & { readonly descriptors: number }

async function soak(milliseconds: number, clients: number, seed: number): Promise<number> {
  const server = await SoakServer.start()
  try {
    return await soakIn(server, milliseconds, clients, seed)
  } finally {
    await server.stop()
  }
}

async function soakIn(
  server: SoakServer,
  milliseconds: number,
  clients: number,
  seed: number,
): Promise<number> {
  const random = randomFrom(seed)
  const crowd = new VisitingCrowd(server.ports, random)
  const progress = new Progress()
  const begun = performance.now()
  const warmUp = new Phase(server, crowd, progress)
  const start = await account(server)
  await warmUp.run(milliseconds * WARM_UP, clients)
  const base = await settled(server, start)
  const main = new Phase(server, crowd, progress)
  await main.run(milliseconds * (1 - WARM_UP), clients)
  const end = await settled(server, start)
  progress.clear()
  const code = await server.stop()
  const faults = [
    ...warmUp.faults,
    ...main.faults,
    ...crowd.faults,
    ...server.complaints.map((text) => `the server said: ${text.trimEnd()}`),
    ...differences(start, end),
    ...(end.heap > base.heap + HEAP_SLACK ? ['the heap has grown'] : []),
    ...(code === 0 ? [] : [`the server ended with ${code ?? 'a signal'}`]),
  ]
  const passed = clockTime(performance.now() - begun)
  print([
    `${passed} minutes, seed ${seed}, ${clients} clients at a time, ${crowd.count} visits:`,
    `  ${[...crowd.ended].map(([kind, count]) => `${kind} ${count}`).join(', ')}`,
    `most at a time: ${main.mostDescriptors} descriptors, ${mebibytes(main.mostResident)} resident`,
    main.canaryText,
    row('', 'start', 'warm', 'end'),
    row('descriptors', ...[start, base, end].map(({ descriptors }) => String(descriptors))),
    ...resourceRows(start, base, end),
    row('heap', ...[start, base, end].map(({ heap }) => mebibytes(heap))),
    row('resident', ...[start, base, end].map(({ resident }) => mebibytes(resident))),
    ...(faults.length === 0 ? ['all well'] : faults.map((fault) => `fault: ${fault}`)),
  ])
  return faults.length === 0 ? WELL : NOT_WELL
}

async function account(server: SoakServer): Promise<Account> {
  return { ...(await server.holdings()), descriptors: server.descriptors }
}

/** What the server holds, as soon as that is what it held at the start, or when it had time enough. */
async function settled(server: SoakServer, start: Account): Promise<Account> {
  const end = performance.now() + LETTING_GO
  for (;;) {
    const now = await account(server)
    if (differences(start, now).length === 0 || performance.now() > end) return now
    await pause(500)
  }
}

function kindsOf(...accounts: readonly Account[]): readonly string[] {
  return [...new Set(accounts.flatMap(({ resources }) => Object.keys(resources)))].sort()
}

/** Where the server does not hold what it held, memory apart. */
function differences(start: Account, end: Account): readonly string[] {
  const kinds = kindsOf(start, end)
  const more = kinds
    .filter((kind) => (start.resources[kind] ?? 0) !== (end.resources[kind] ?? 0))
    .map((kind) => `${end.resources[kind] ?? 0} ${kind}, and not ${start.resources[kind] ?? 0}`)
  if (start.descriptors === end.descriptors) return more
  return [...more, `${end.descriptors} descriptors, and not ${start.descriptors}`]
}

function resourceRows(...accounts: readonly Account[]): readonly string[] {
  return kindsOf(...accounts).map((kind) =>
    row(kind, ...accounts.map(({ resources }) => String(resources[kind] ?? 0))),
  )
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(20) + cells.map((cell) => cell.padStart(12)).join('')
}

function print(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
}

function complain(why: string, code: number): number {
  process.stderr.write(`soak: ${why}\n`)
  return code
}
