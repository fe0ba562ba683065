// The report for a person at a terminal: a line for each transcript, and all about those that fail.

import type { Diagnosis, Grade, Result, Verdict } from '../grade.js'
import { PAGES } from '../mistakes/index.js'
import { byteRowText } from './byte-rows.js'
import { explain, type Explanation, type Reading } from './explain.js'

/** How the report is to look. */
export interface Look extends Reading {
  /** Whether to colour it (ECMA-48). */
  readonly colour: boolean
}

const WORDS: Readonly<Record<Grade, string>> = {
  passed: 'ok',
  'not strict': 'SHOULD',
  open: 'MAY',
  failed: 'FAIL',
  blocked: 'blocked',
  skipped: 'skipped',
  'not run': 'not run',
}
const GREEN = 32
const RED = 31
const YELLOW = 33
const COLOURS: Readonly<Partial<Record<Grade, number>>> = {
  passed: GREEN,
  failed: RED,
  'not run': RED,
  'not strict': YELLOW,
}
const STOPPED_EARLY = 'Stopped before its end, so there are no points: run it again for a mark.'
const INDENT = '      '

/** One transcript, in lines without their ends. */
export function resultText(result: Result, look: Look): readonly string[] {
  const { transcript, grade, stage, earned, points, blockedBy, diagnosis } = result
  const wiring = diagnosis === undefined ? '' : `   wiring ${diagnosis.run.wiring}`
  const word = painted(WORDS[grade].padEnd(7), COLOURS[grade], look)
  const score = grade === 'skipped' ? 'not counted' : `${number(earned)}/${number(points)}`
  const head = `${word} ${transcript.id}  ${transcript.title}   stage ${stage}   ${score}${wiring}`
  if (grade === 'blocked') return [`${head}   blocked by ${blockedBy ?? ''}`]
  const remarks = result.remarks.map((remark) => `${INDENT}${remark}`)
  const explanation = explain(result, look)
  if (grade === 'failed' && explanation !== undefined) {
    return [head, ...explanationText(explanation), ...remarks]
  }
  return [head, ...shortly(diagnosis), ...remarks, ...startText(result)]
}

/** The sums by stage and of all, in lines without their ends. */
export function verdictText(verdict: Verdict, look: Look): readonly string[] {
  const { results, score, max, trouble, milliseconds, stopped } = verdict
  if (stopped) return ['', painted(STOPPED_EARLY, RED, look)]
  if (trouble !== undefined) {
    const { problem, output, mistake } = trouble
    return [
      `${painted('No server:', RED, look)} ${problem}`,
      ...looksLike(mistake),
      ...outputText(output),
    ]
  }
  const stages = [...new Set(results.map(({ stage }) => stage))]
  const rows = stages.map((stage) => stageText(stage, results))
  const first = results.filter(({ stage }) => stage === stages[0])
  const nothing = first.length > 0 && first.every(({ grade }) => grade === 'failed')
  const comfort = `All of stage ${stages[0] ?? ''} fails, as it does for every server that is just begun: mend the first failure above, and run this again.`
  const unplayed = results.every(({ grade }) => grade === 'skipped')
  const warning =
    'Nothing was played, so this tells nothing of the server: see why each was skipped.'
  return [
    '',
    ...rows,
    ...(nothing ? ['', comfort] : []),
    ...(unplayed ? ['', warning] : []),
    '',
    `${number(score)} of ${number(max)} points in ${(milliseconds / 1000).toFixed(1)} s`,
  ]
}

/** An explanation in lines without their ends. */
export function explanationText(explanation: Explanation): readonly string[] {
  const { where, worked, before, here, expected, got, bytes, mistake } = explanation
  const row = (name: string, text: string): string => `${INDENT}${name.padStart(8)}  ${text}`
  const width = Math.max(0, ...bytes.map(({ who }) => who.length))
  return [
    `${INDENT}${where}`,
    ...(before > 0 ? [row('…', `${before} steps before`)] : []),
    ...worked.map((step) => row('ok', step)),
    row('here', here),
    row('expected', expected),
    ...got.map((text, index) => row(index === 0 ? 'got' : '', text)),
    ...bytes.flatMap((bytesRow, index) =>
      byteRowText(bytesRow).map((text, line) =>
        row(
          index + line === 0 ? 'bytes' : '',
          `${(line === 0 ? bytesRow.who : '').padEnd(width)}  ${text}`,
        ),
      ),
    ),
    ...looksLike(mistake),
    ...hintText(explanation),
    ...explanation.byHand.map(
      (text, index) => `${INDENT}${index === 0 ? 'Try it:' : '       '}  ${text}`,
    ),
    ...outputText(explanation.output),
  ]
}

/** A number without needless digits. */
export function number(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function stageText(stage: string, results: readonly Result[]): string {
  const own = results.filter((result) => result.stage === stage)
  const counted = own.filter(({ grade }) => grade !== 'skipped')
  const sum = (key: 'earned' | 'points'): string =>
    number(counted.reduce((total, result) => total + result[key], 0))
  const counts = Object.entries(WORDS).flatMap(([grade, word]) => {
    const count = own.filter((result) => result.grade === grade).length
    return count === 0 ? [] : [`${count} ${word}`]
  })
  return `stage ${stage.padEnd(10)} ${`${sum('earned')}/${sum('points')}`.padStart(7)}   ${counts.join(', ')}`
}

/** What is not as it should be, in a line. */
function shortly(diagnosis: Diagnosis | undefined): readonly string[] {
  if (diagnosis === undefined) return []
  const { failure, mistake } = diagnosis
  const step = failure.step?.source.replace(/:$/, '') ?? 'the end'
  return [
    `${INDENT}${step}: expected ${failure.expected}, got ${failure.got}`,
    ...looksLike(mistake),
  ]
}

function startText({ trouble }: Result): readonly string[] {
  return trouble === undefined ? [] : [...looksLike(trouble.mistake), ...outputText(trouble.output)]
}

function looksLike(mistake: Diagnosis['mistake']): readonly string[] {
  if (mistake === undefined) return []
  return [`${INDENT}This looks like: ${mistake.id}. ${mistake.says} (${PAGES}/${mistake.id}.md)`]
}

function hintText({ hints, allHints }: Explanation): readonly string[] {
  const more = allHints > hints.length ? `   (--hints ${hints.length + 1} for the next)` : ''
  return hints.map((hint, index) => {
    const last = index === hints.length - 1 ? more : ''
    return `${INDENT}Hint ${index + 1}/${allHints}: ${hint}${last}`
  })
}

function outputText(output: readonly string[]): readonly string[] {
  if (output.length === 0) return []
  return [
    `${INDENT}The server's last output:`,
    ...output.map((line) => `${INDENT}  | ${plain(line)}`),
  ]
}

/** Without what a terminal would obey. */
function plain(line: string): string {
  return line.replace(/[\0-\x1f\x7f-\x9f]/g, '·')
}

function painted(text: string, colour: number | undefined, { colour: paints }: Look): string {
  return paints && colour !== undefined ? `\x1b[${colour}m${text}\x1b[0m` : text
}
