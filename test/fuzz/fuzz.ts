// `npm run fuzz`: tries the invariants for as long as is asked for, round after round, and writes
// down what breaks one.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Progress, clockTime } from '../../bench/progress.js'
import { HELP, readFuzzOptions } from './fuzz-options.js'
import type { Invariant } from './invariant.js'
import { INVARIANTS } from './invariants.js'
import { documentOf } from './tell.js'

const HELD = 0
const BROKEN = 1
const BAD_OPTIONS = 3

/** Runs of each invariant in a round. Each round has a seed of its own, one more than the round before. */
const RUNS_A_ROUND = 500

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const options = readFuzzOptions(args)
  if (options.ask === 'help') return print(HELP)
  if (options.ask === 'list') return print(INVARIANTS.map(({ title }) => `${title}\n`).join(''))
  if (options.ask === 'nothing') return complain(options.problem)
  const chosen = INVARIANTS.filter(({ title }) => title.includes(options.only))
  if (chosen.length === 0) {
    return complain(`no invariant has '${options.only}' in its title: --list shows them`)
  }
  const { minutes, seed, out } = options
  const broken = await tryFor(minutes * 60_000, chosen, seed, out)
  return broken === 0 ? HELD : BROKEN
}

/** Tries invariants until the time is over, and one round at least; resolves with how many are broken. */
async function tryFor(
  milliseconds: number,
  chosen: readonly Invariant[],
  firstSeed: number,
  out: string,
): Promise<number> {
  const end = performance.now() + milliseconds
  const progress = new Progress()
  const runs = new Map(chosen.map(({ title }) => [title, 0]))
  const broken = new Set<Invariant>()
  for (let round = 0; ; round++) {
    const seed = firstSeed + round
    for (const invariant of chosen.filter((one) => !broken.has(one))) {
      const left = end - performance.now()
      if (round > 0 && left <= 0) break
      progress.show(
        () => `${sum(runs)} runs, seed ${seed}, ${clockTime(left)} left: ${invariant.title}`,
      )
      const { title, share } = invariant
      const counterexample = await invariant.try(RUNS_A_ROUND, seed)
      runs.set(title, (runs.get(title) ?? 0) + Math.ceil(RUNS_A_ROUND * share))
      if (counterexample === undefined) continue
      broken.add(invariant)
      progress.clear()
      const file = keep(
        out,
        `${nameOf(title)}-${seed}.md`,
        await documentOf(counterexample, { title, seed }),
      )
      print(`broken: ${title}\n  ${file}\n`)
    }
    if (performance.now() >= end || broken.size === chosen.length) break
  }
  progress.clear()
  print(summary(runs, broken, firstSeed))
  return broken.size
}

function summary(
  runs: ReadonlyMap<string, number>,
  broken: ReadonlySet<Invariant>,
  seed: number,
): string {
  const rows = [...runs].map(([title, count]) => `${String(count).padStart(9)}  ${title}`)
  const verdict = broken.size === 0 ? 'all held' : `${broken.size} broken`
  return [
    `     runs  invariant`,
    ...rows,
    `${sum(runs)} runs from seed ${seed}: ${verdict}`,
    '',
  ].join('\n')
}

function sum(runs: ReadonlyMap<string, number>): number {
  return [...runs.values()].reduce((total, count) => total + count, 0)
}

/** A title as the name of a file: its numbers and words, at most so many. */
function nameOf(title: string): string {
  const WORDS = 6
  return (
    title
      .toLowerCase()
      .match(/[a-z0-9]+/g)
      ?.slice(0, WORDS)
      .join('-') ?? 'unnamed'
  )
}

function keep(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}

function print(text: string): number {
  process.stdout.write(text)
  return HELD
}

function complain(why: string): number {
  process.stderr.write(`fuzz: ${why}\n`)
  return BAD_OPTIONS
}
