// What is to be said of the plays of a transcript beside its grade, each in a line.

import type { Step } from './transcript.js'
import type { Run } from './trial.js'

/** That it depends on the wiring whether it passes. */
export function wiringRemarks(runs: readonly Run[]): readonly string[] {
  const names = (type: Run['outcome']['type']): string =>
    runs
      .filter(({ outcome }) => outcome.type === type)
      .map(({ wiring }) => wiring)
      .join(', ')
  const [failed, passed] = [names('failed'), names('passed')]
  return failed === '' || passed === '' ? [] : [`fails with ${failed}; passes with ${passed}`]
}

/** What was accepted and is not how it should be, once for all wirings. */
export function improperRemarks(runs: readonly Run[]): readonly string[] {
  const steps = runs.flatMap(({ outcome }) => (outcome.type === 'passed' ? outcome.improper : []))
  return [...new Set(steps.map(improperRemark))]
}

function improperRemark(step: Step): string {
  if (step.type !== 'ending') return `accepted, but it should not be so: ${step.source}`
  return `the connection of ${step.actor} ended by ${step.accepts.join(' or ')}, not as in: ${step.source}`
}
