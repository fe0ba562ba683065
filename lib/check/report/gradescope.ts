// The report as Gradescope's results.json (gradescope-autograders.readthedocs.io, "Autograder Output").

import type { Result, Verdict } from '../grade.js'
import { resultText, verdictText } from './console.js'
import { isTodo, type Reading } from './explain.js'

/** The document. */
export function gradescopeReport(verdict: Verdict, reading: Reading): string {
  const look = { ...reading, colour: false }
  const { results, trouble, score } = verdict
  // Without a server there is nothing to show but why, and no points, whatever is left out.
  if (trouble !== undefined) return gradescopeFailure(verdictText(verdict, look).join('\n'))
  const tests = results.map((result) => testOf(result, resultText(result, look).join('\n')))
  return documentOf({ score, output: verdictText(verdict, look).join('\n').trim(), tests })
}

/** The document for a check that came to nothing: no points, and why. */
export function gradescopeFailure(why: string): string {
  return documentOf({ score: 0, output: why, tests: [] })
}

function testOf(result: Result, output: string): object {
  const { transcript, stage, grade, earned, points } = result
  const good = ['passed', 'not strict', 'open'].includes(grade) && !isTodo(result)
  // What was not played is listed, and counts neither way.
  const standing = grade === 'skipped' ? {} : { status: good ? 'passed' : 'failed' }
  return {
    name: `${stage}: ${transcript.title} (${transcript.id})`,
    number: transcript.id,
    score: earned,
    max_score: grade === 'skipped' ? 0 : points,
    ...standing,
    output,
    output_format: 'text',
    tags: [stage, grade],
    visibility: 'visible',
  }
}

function documentOf(content: object): string {
  return `${JSON.stringify({ ...content, output_format: 'text', stdout_visibility: 'hidden', visibility: 'visible' }, null, 2)}\n`
}
