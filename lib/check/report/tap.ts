// The report as TAP 14 (testanything.org), for `prove` and its kin.

import type { Result, Verdict } from '../grade.js'
import { byteRowText } from './byte-rows.js'
import { explain, isTodo, type Reading } from './explain.js'

/** All lines, without their ends. */
export function tapReport(verdict: Verdict, reading: Reading): readonly string[] {
  const { results, trouble, stopped } = verdict
  const why = stopped ? 'the check was stopped before its end' : trouble?.problem
  const bail = why === undefined ? [] : [`Bail out! ${oneLine(why)}`]
  return [
    'TAP version 14',
    `1..${results.length}`,
    ...bail,
    ...(why === undefined
      ? results.flatMap((result, index) => resultTap(result, index + 1, reading))
      : []),
  ]
}

function resultTap(result: Result, index: number, reading: Reading): readonly string[] {
  const { grade, transcript, blockedBy, remarks, diagnosis } = result
  const name = `${index} - ${transcript.id} ${oneLine(transcript.title)}`
  const [remark = ''] = remarks
  switch (grade) {
    case 'passed':
      return [`ok ${name}`]
    case 'skipped':
      return [`ok ${name} # SKIP ${oneLine(remark)}`]
    case 'blocked':
      return [`not ok ${name}`, ...yaml([['blocked by', blockedBy ?? '']])]
    case 'not strict':
    case 'open':
      if (diagnosis === undefined) return [`ok ${name}`, ...yaml([['remark', remark]])]
      if (!isTodo(result)) return [`ok ${name}`, ...failureYaml(result, reading)]
      return [
        `not ok ${name} # TODO ${grade === 'open' ? 'MAY' : 'SHOULD'}`,
        ...failureYaml(result, reading),
      ]
    case 'failed':
    case 'not run':
      return [`not ok ${name}`, ...failureYaml(result, reading)]
  }
}

function failureYaml(result: Result, reading: Reading): readonly string[] {
  const explanation = explain(result, reading)
  if (explanation === undefined) return yaml([['message', result.remarks.join('; ')]])
  const { here, where, expected, got, bytes, mistake, hints } = explanation
  return yaml([
    ['at', where],
    ['wiring', result.diagnosis?.run.wiring ?? ''],
    ['step', here],
    ['expected', expected],
    ['got', got.join('; ')],
    ...bytes.map((row): [string, string] => [`bytes ${row.who}`, byteRowText(row)[0] ?? '']),
    ['looks like', mistake?.id ?? ''],
    ['hint', hints.join(' ')],
  ])
}

/** A YAML block; every value is a string in double quotes, as JSON has them. */
function yaml(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const rows = pairs.filter(([, value]) => value !== '')
  return ['  ---', ...rows.map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`), '  ...']
}

/** TAP takes `#` for the beginning of a directive. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('#', '\\#')
}
