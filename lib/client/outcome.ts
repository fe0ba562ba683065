// How visits come out.

import type { Ending } from './talk.js'

/** How a visit came out: as its user wanted; without a connection; cut short; or without what was expected, in time. */
export type Outcome = 'done' | 'unreachable' | 'failed' | 'unmet'

/**
 * Why a visit is over before the server ends it: the user goes, nobody sees what is shown any more, it cannot be
 * shown, the time is up, or the nickname was refused and nobody is there to ask for another.
 */
export type Leaving = 'quit' | 'gone' | 'lost' | 'late' | 'refused'

/** What was expected of a server: nothing, or something that came, or did not. */
export type Expectation = 'none' | 'met' | 'unmet'

/** How a visit came out whose last conversation ended so. */
export function outcomeOf(
  { how, unsent }: Ending,
  leaving: Leaving | undefined,
  expectation: Expectation,
): Outcome {
  if (leaving === 'gone') return 'done'
  if (leaving === 'late') return 'unmet'
  if (leaving === 'lost' || leaving === 'refused') return 'failed'
  if (how === 'unreachable') return how
  if (expectation !== 'none') return expectation === 'met' ? 'done' : 'unmet'
  return how === 'wanted' && unsent.length === 0 ? 'done' : 'failed'
}
