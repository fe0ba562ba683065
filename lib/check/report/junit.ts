// The report as JUnit XML, which CI systems read: a suite for each stage.

import type { Result, Verdict } from '../grade.js'
import { escapeXml } from '../ladder/svg.js'
import { explanationText } from './console.js'
import { explain, isTodo, type Reading } from './explain.js'

/** The document. */
export function junitReport(verdict: Verdict, reading: Reading): string {
  const { results, name, milliseconds } = verdict
  const stages = [...new Set(results.map(({ stage }) => stage))]
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escapeXml(name)}" ${counts(results)} time="${seconds(milliseconds)}">`,
    ...stages.flatMap((stage) => {
      const own = results.filter((result) => result.stage === stage)
      return [
        `  <testsuite name="${escapeXml(stage)}" ${counts(own)}>`,
        ...own.map((result) => caseXml(result, reading)),
        '  </testsuite>',
      ]
    }),
    '</testsuites>',
    '',
  ].join('\n')
}

function counts(results: readonly Result[]): string {
  const count = (...grades: readonly Result['grade'][]): number =>
    results.filter(({ grade }) => grades.includes(grade)).length
  const skipped = count('skipped') + results.filter(isTodo).length
  return `tests="${results.length}" failures="${count('failed', 'blocked')}" errors="${count('not run')}" skipped="${skipped}"`
}

function caseXml(result: Result, reading: Reading): string {
  const { transcript, stage, runs } = result
  const time = seconds(runs.reduce((sum, { milliseconds }) => sum + milliseconds, 0))
  const head = `    <testcase classname="${escapeXml(stage)}" name="${escapeXml(`${transcript.id}: ${transcript.title}`)}" time="${time}"`
  const inside = [...outcomeXml(result), ...detailXml(result, reading)]
  return inside.length === 0 ? `${head}/>` : [`${head}>`, ...inside, '    </testcase>'].join('\n')
}

function outcomeXml(result: Result): readonly string[] {
  const { grade, diagnosis, remarks, blockedBy, trouble } = result
  const remark = remarks.join('; ')
  switch (grade) {
    case 'passed':
      return []
    case 'not strict':
    case 'open': {
      if (!isTodo(result)) return []
      const word = grade === 'open' ? 'MAY' : 'SHOULD'
      return [`      <skipped message="${escapeXml(`${word}: ${reasonOf(diagnosis, remark)}`)}"/>`]
    }
    case 'skipped':
      return [`      <skipped message="${escapeXml(remark)}"/>`]
    case 'blocked':
      return [`      <failure message="blocked by ${escapeXml(blockedBy ?? '')}"/>`]
    case 'not run':
      return [`      <error message="${escapeXml(remark)}"/>`]
    case 'failed': {
      const message = trouble?.mistake?.id ?? reasonOf(diagnosis, remark)
      return [`      <failure message="${escapeXml(message)}"/>`]
    }
  }
}

/** What went wrong in a line: the mistake, or what came in the place of what. */
function reasonOf(diagnosis: Result['diagnosis'], remark: string): string {
  if (diagnosis === undefined) return remark
  const { mistake, failure } = diagnosis
  return mistake?.id ?? `expected ${failure.expected}, got ${failure.got}`
}

function detailXml(result: Result, reading: Reading): readonly string[] {
  const explanation = explain(result, reading)
  const lines = [
    ...(explanation === undefined ? [] : explanationText(explanation)),
    ...result.remarks,
  ]
  if (lines.length === 0) return []
  return [`      <system-out>${escapeXml(lines.join('\n'))}</system-out>`]
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}
