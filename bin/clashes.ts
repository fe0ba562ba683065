// Options that do not go together: one of them would do nothing, and whoever wrote it means something by it.

import { UsageError, nameOf, type Sources } from './sources.js'

/** An option, others that would do nothing beside it, and why. */
export type Clash = readonly [option: string, others: readonly string[], why: string]

/** Refuses the first two that were given and clash. Throws a {@link UsageError}. */
export function refuseClashes(sources: Sources, clashes: readonly Clash[]): void {
  const isGiven = (option: string): boolean =>
    sources.some(({ values }) => values[option] !== undefined && values[option] !== false)
  for (const [option, others, why] of clashes) {
    const other = isGiven(option) ? others.find(isGiven) : undefined
    if (other === undefined) continue
    const pair = `${nameOf(sources, option)} and ${nameOf(sources, other)}`
    throw new UsageError(`${pair} do not go together: ${why}. Leave one of them`)
  }
}
