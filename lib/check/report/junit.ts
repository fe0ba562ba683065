// The report as JUnit XML, which CI systems read: a suite for each stage.

import type { Result, Verdict } from '../grade.js'
import { escapeXml } from '../ladder/svg.js'
import { explanationText } from './console.js'
import { explain, type Reading } from './explain.js'

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
  const skipped = count('skipped', 'blocked', 'open')
  return `tests="${results.length}" failures="${count('failed')}" errors="${count('not run')}" skipped="${skipped}"`
}

function caseXml(result: Result, reading: Reading): string {
  const { transcript, stage, runs } = result
  const time = seconds(runs.reduce((sum, { milliseconds }) => sum + milliseconds, 0))
  const head = `    <testcase classname="${escapeXml(stage)}" name="${escapeXml(`${transcript.id}: ${transcript.title}`)}" time="${time}"`
  const inside = [...outcomeXml(result), ...detailXml(result, reading)]
  return inside.length === 0 ? `${head}/>` : [`${head}>`, ...inside, '    </testcase>'].join('\n')
}

function outcomeXml({ grade, diagnosis, remarks, blockedBy, trouble }: Result): readonly string[] {
  const remark = remarks.join('; ')
  switch (grade) {
    case 'passed':
    case 'not strict':
      return []
    case 'skipped':
    case 'open':
      return [`      <skipped message="${escapeXml(remark)}"/>`]
    case 'blocked':
      return [`      <skipped message="blocked by ${escapeXml(blockedBy ?? '')}"/>`]
    case 'not run':
      return [`      <error message="${escapeXml(remark)}"/>`]
    case 'failed': {
      const mistake = diagnosis?.mistake ?? trouble?.mistake
      const { expected = '', got = remark } = diagnosis?.failure ?? {}
      const message = mistake?.id ?? (expected === '' ? got : `expected ${expected}, got ${got}`)
      return [`      <failure message="${escapeXml(message)}"/>`]
    }
  }
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
