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
  const played = results.filter(({ grade }) => grade !== 'skipped')
  const tests = played.map((result) => testOf(result, resultText(result, look).join('\n')))
  return documentOf({ score, output: verdictText(verdict, look).join('\n').trim(), tests })
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
