// The tutorial's lines end in CR LF, so a server that waits for both is right: it is told once that
// clients may send LF alone, and spared the rest.

import { PROBE, type Run } from './trial.js'
import { WIRINGS, type Wiring } from './wiring.js'

/** Wirings that a server only SHOULD understand. */
const SHOULD: readonly string[] = [WIRINGS.lf.name]

/** What is said once of a server that waits for CR LF. */
export const WAITS_FOR_CRLF =
  'it waits for CR LF: of lines that end in LF alone it hears nothing. That costs nothing, and the rest is played without lf'

/** Whether a server MUST understand what a play has put on the wire. */
export function isStrict({ wiring }: Pick<Run, 'wiring'>): boolean {
  return !SHOULD.includes(wiring)
}

/** Whether plays of one transcript show a server that is right, and takes LF alone for no line end: nobody is sent anything. */
export function waitsForCrlf(runs: readonly Run[]): boolean {
  return (
    runs.some((run) => isStrict(run) && run.outcome.type === 'passed') &&
    runs.some((run) => !isStrict(run) && run.outcome.type === 'failed' && isMute(run))
  )
}

/** The wirings that are worth a play against a server that waits for CR LF. */
export function strictOf(wirings: readonly Wiring[]): readonly Wiring[] {
  const strict = wirings.filter(({ name }) => isStrict({ wiring: name }))
  return strict.length > 0 ? strict : wirings
}

/** The plays that say anything about a server of which it is known that it waits for CR LF. */
export function tellingOf(runs: readonly Run[]): readonly Run[] {
  return runs.some(isStrict)
    ? runs.filter((run) => isStrict(run) || run.outcome.type === 'passed')
    : runs
}

function isMute({ moments, aftermath }: Run): boolean {
  const kinds = moments.filter(({ step }) => step !== PROBE).map(({ sound }) => sound)
  const speaks = kinds.some((sound) => ['received', 'closed', 'reset', 'refused'].includes(sound))
  return aftermath.answers && kinds.includes('sent') && !speaks
}
