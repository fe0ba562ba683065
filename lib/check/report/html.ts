// The report as one page that needs nothing but itself: servers and stages, the transcripts of each,
// and for each its ladder, segments against lines, and the bytes.

import type { Grade, Result, Verdict } from '../grade.js'
import { ladderOfPlay } from '../ladder/ladder.js'
import { rulersOf, rulersText } from '../ladder/rulers.js'
import { escapeXml, ladderSvg } from '../ladder/svg.js'
import type { Run } from '../trial.js'
import { explanationText, number } from './console.js'
import { explain, type Reading } from './explain.js'

const STYLE = `
body{font:15px/1.45 system-ui,sans-serif;margin:2em auto;max-width:75em;padding:0 1em;color:#222;background:#fff}
table{border-collapse:collapse;margin:1em 0}th,td{border:1px solid #ccc;padding:.25em .7em;text-align:left}
td.number{text-align:right}pre{background:#f6f6f6;padding:.7em;overflow:auto;font-size:13px;line-height:1.35}
details{margin:.3em 0}summary{cursor:pointer}svg{max-width:100%;height:auto}
.passed{color:#2e7d32}.failed,.not-run{color:#c62828}.not-strict,.open{color:#9a6700}.blocked,.skipped{color:#666}
td.all{background:#e6f4e6}td.some{background:#fff6dd}td.none{background:#fde8e8}
`

/** The most moments of a play that a ladder shows. */
const SHOWN_MOMENTS = 300

/** The page of one server, with each of its transcripts, or of a class, with those that did not pass. */
export function htmlReport(verdicts: readonly Verdict[], reading: Reading): string {
  const [first] = verdicts
  const title = first?.name ?? 'Check'
  const single = verdicts.length === 1
  return [
    '<!doctype html>',
    `<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeXml(title)}</title><style>${STYLE}</style></head><body>`,
    `<h1>${escapeXml(title)}</h1>`,
    matrix(verdicts),
    ...verdicts.map((verdict, index) => serverHtml(verdict, index, single, reading)),
    '</body></html>',
    '',
  ].join('\n')
}

/** A row for each server, a column for each stage. */
function matrix(verdicts: readonly Verdict[]): string {
  const stages = [...new Set(verdicts.flatMap(({ results }) => results.map(({ stage }) => stage)))]
  const head = ['server', ...stages, 'points'].map((name) => `<th>${escapeXml(name)}</th>`).join('')
  const rows = verdicts.map((verdict, index) => {
    const { target, results, score, max } = verdict
    const cells = stages.map((stage) =>
      stageCell(results.filter((result) => result.stage === stage)),
    )
    return `<tr><td><a href="#server${index}">${escapeXml(target)}</a></td>${cells.join('')}<td class="number">${number(score)}/${number(max)}</td></tr>`
  })
  return `<table><tr>${head}</tr>${rows.join('\n')}</table>`
}

function stageCell(results: readonly Result[]): string {
  const played = results.filter(({ grade }) => grade !== 'skipped')
  const earned = played.reduce((sum, result) => sum + result.earned, 0)
  const points = played.reduce((sum, result) => sum + result.points, 0)
  const share = earned === points ? 'all' : earned === 0 ? 'none' : 'some'
  return `<td class="number ${played.length === 0 ? '' : share}">${number(earned)}/${number(points)}</td>`
}

function serverHtml(verdict: Verdict, index: number, single: boolean, reading: Reading): string {
  const { target, results, trouble, began, milliseconds } = verdict
  const shown = results.filter(({ grade }) => single || (grade !== 'passed' && grade !== 'skipped'))
  const stages = [...new Set(shown.map(({ stage }) => stage))]
  const when = `${began.toISOString()}, ${(milliseconds / 1000).toFixed(1)} s`
  return [
    `<h2 id="server${index}">${escapeXml(target)}</h2><p>${when}</p>`,
    trouble === undefined
      ? ''
      : `<pre class="failed">${escapeXml([trouble.problem, ...trouble.output].join('\n'))}</pre>`,
    ...(trouble === undefined
      ? stages.map((stage) => {
          const own = shown.filter((result) => result.stage === stage)
          return `<h3>${escapeXml(stage)}</h3>${own.map((result) => resultHtml(result, reading)).join('\n')}`
        })
      : []),
  ].join('\n')
}

function resultHtml(result: Result, reading: Reading): string {
  const { transcript, grade, earned, points, remarks, runs, diagnosis, blockedBy } = result
  const explanation = explain(result, reading)
  const run = diagnosis?.run ?? runs[0]
  const score = `${number(earned)}/${number(points)}`
  const by = blockedBy === undefined ? '' : ` by ${blockedBy}`
  return [
    `<details><summary><span class="${className(grade)}">${grade}${escapeXml(by)}</span> <b>${escapeXml(transcript.id)}</b> ${escapeXml(transcript.title)} ${score}</summary>`,
    ...remarks.map((remark) => `<p>${escapeXml(remark)}</p>`),
    explanation === undefined
      ? ''
      : `<pre>${escapeXml(explanationText(explanation).join('\n'))}</pre>`,
    run === undefined ? '' : runHtml(result, run),
    '</details>',
  ].join('\n')
}

function runHtml({ transcript, diagnosis }: Result, run: Run): string {
  const moments = run.moments.slice(0, SHOWN_MOMENTS)
  const ladder = ladderOfPlay(transcript.title, moments, diagnosis?.failure)
  const rulers = rulersOf(moments).map(
    (each) => `<p>${escapeXml(each.who)}</p><pre>${escapeXml(rulersText(each).join('\n'))}</pre>`,
  )
  return [
    `<p>Wiring ${run.wiring}: who sent and received what.</p>`,
    ladderSvg(ladder),
    '<details><summary>Segments against lines: above the bytes what each write or read carried, below them the lines</summary>',
    ...rulers,
    '</details>',
    `<details><summary>Bytes</summary><pre>${escapeXml(moments.flatMap(momentText).join('\n'))}</pre></details>`,
  ].join('\n')
}

function momentText({
  at,
  actor,
  sound,
  bytes,
  length,
}: Run['moments'][number]): readonly string[] {
  const head = `${at.toFixed(1).padStart(9)} ms  ${actor.padEnd(10)} ${sound}`
  if (bytes.length === 0) return [head]
  const MOST = 32
  const hex = bytes
    .subarray(0, MOST)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ')
  return [`${head}  ${hex}${length > MOST ? ` … (${length} bytes)` : ''}`]
}

function className(grade: Grade): string {
  return grade.replaceAll(' ', '-')
}
