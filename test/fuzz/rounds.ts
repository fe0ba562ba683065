// Round after round of all invariants, each with a seed of its own; what breaks one is written down
// and is tried no more.

import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Progress, clockTime } from '../../lib/bench/progress.js'
import type { Invariant } from './invariant.js'
import { documentOf } from './tell.js'

/** Runs of each invariant in a round. */
const RUNS_A_ROUND = 500

/** How rounds are made. */
export interface RoundsPlan {
  readonly invariants: readonly Invariant[]
  /** After which no other invariant begins, in milliseconds; one round is made whatever it says. */
  readonly milliseconds: number
  /** Of the first round; each has one more than the round before. */
  readonly seed: number
  /** The folder for what is written down; it is made if need be. */
  readonly out: string
  /** Takes what is found, as it is found, in whole lines. */
  readonly print: (text: string) => void
}

/** Tries invariants until the time is over; resolves with how many are broken. */
export async function tryRounds(plan: RoundsPlan): Promise<number> {
  const { invariants, print } = plan
  const end = performance.now() + plan.milliseconds
  const progress = new Progress()
  const runs = new Map(invariants.map(({ title }) => [title, 0]))
  const broken = new Set<Invariant>()
  for (let round = 0; ; round++) {
    const seed = plan.seed + round
    for (const invariant of invariants.filter((one) => !broken.has(one))) {
      const left = end - performance.now()
      if (round > 0 && left <= 0) break
      const { title, share } = invariant
      progress.show(() => `${sum(runs)} runs, seed ${seed}, ${clockTime(left)} left: ${title}`)
      const counterexample = await invariant.try(RUNS_A_ROUND, seed)
      runs.set(title, (runs.get(title) ?? 0) + Math.ceil(RUNS_A_ROUND * share))
      if (counterexample === undefined) continue
      broken.add(invariant)
      const text = await documentOf(counterexample, { title, seed })
      progress.clear()
      print(`broken: ${title}\n  ${keep(plan.out, `${nameOf(title)}-${seed}.md`, text)}\n`)
    }
    if (performance.now() >= end || broken.size === invariants.length) break
  }
  progress.clear()
  print(summary(runs, broken.size, plan.seed))
  return broken.size
}

function summary(runs: ReadonlyMap<string, number>, broken: number, seed: number): string {
  const rows = [...runs].map(([title, count]) => `${String(count).padStart(9)}  ${title}`)
  const verdict = broken === 0 ? 'all held' : `${broken} broken`
  return [
    '     runs  invariant',
    ...rows,
    `${sum(runs)} runs from seed ${seed}: ${verdict}`,
    '',
  ].join('\n')
}

function sum(runs: ReadonlyMap<string, number>): number {
  return [...runs.values()].reduce((total, count) => total + count, 0)
}

/** The first words of a title as the name of a file. */
function nameOf(title: string): string {
  const WORDS = 6
  const words = title.toLowerCase().match(/[a-z0-9]+/g) ?? []
  return words.slice(0, WORDS).join('-')
}

function keep(folder: string, name: string, text: string): string {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, name)
  writeFileSync(file, text)
  return file
}
