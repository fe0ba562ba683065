// The report as Gradescope's results.json (gradescope-autograders.readthedocs.io, "Autograder Output").

import type { Result, Verdict } from '../grade.js'
import { resultText, verdictText } from './console.js'
import type { Reading } from './explain.js'

/** The document. */
export function gradescopeReport(verdict: Verdict, reading: Reading): string {
  const look = { ...reading, colour: false }
  const { results, trouble, score } = verdict
  // Without a server there is nothing to show but why, and no points, whatever is left out.
  if (trouble !== undefined) return gradescopeFailure(verdictText(verdict, look).join('\n'))
  const written = results.map((result) => ({ result, text: resultText(result, look).join('\n') }))
  // As a test, one that was skipped would look like one that passed: no points out of none.
  const skipped = written.filter(({ result }) => result.grade === 'skipped')
  const tests = written
    .filter(({ result }) => result.grade !== 'skipped')
    .map(({ result, text }) => testOf(result, text))
  const sums = verdictText(verdict, look).join('\n').trim()
  const output = [sums, ...skipped.map(({ text }) => text)].join('\n')
  return documentOf({ score, output, tests })
}

/** The document for a check that came to nothing: no points, and why. */
export function gradescopeFailure(why: string): string {
  return documentOf({ score: 0, output: why, tests: [] })
}

function testOf({ transcript, stage, grade, earned, points }: Result, output: string): object {
  const good = grade === 'passed' || grade === 'not strict' || grade === 'open'
  return {
    name: `${stage}: ${transcript.title} (${transcript.id})`,
    number: transcript.id,
    score: earned,
    max_score: points,
    status: good ? 'passed' : 'failed',
    output,
    output_format: 'text',
    tags: [stage, grade],
    visibility: 'visible',
  }
}

function documentOf(content: object): string {
  return `${JSON.stringify({ ...content, output_format: 'text', stdout_visibility: 'hidden', visibility: 'visible' }, null, 2)}\n`
}
