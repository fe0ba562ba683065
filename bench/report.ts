// The result of a benchmark, as tables for people and as JSON for programs.
//
// JSON, one object; figures that could not be had are null:
//   node, cpu, date        versions, model and time (ISO 8601) of the run
//   plan                   as in rounds.ts
//   rows[], itself[]       unit ('deliveries/cpu-s' or 'bytes/connection'), label,
//     series[]             name, median, low, high, figures[] (one a round)
//     ratio                median, low, high of first : second, taken round by round
//   growth[]               label, points[] of size and cost (CPU microseconds)
//   verified, faults[]     whether every stream was as it must be, and if not, what was seen

import { cpus } from 'node:os'
import { growthOf, type Curve } from './growth.js'
import type { Plan, Result, Row } from './rounds.js'
import { ratio, spread, type Spread } from './spread.js'

/** Everything that one call of the benchmark has measured. */
export interface Report extends Result {
  readonly plan: Plan
  /** Empty if growth was not asked for. */
  readonly growth: readonly Curve[]
}

/** The report as JSON, on one line with its end. */
export function toJson({ plan, rows, itself, growth, faults }: Report): string {
  const report = {
    ...machine(),
    plan,
    rows: rows.map(toObject),
    itself: itself.map(toObject),
    growth,
    verified: faults.length === 0,
    faults,
  }
  return `${JSON.stringify(report)}\n`
}

/** The report as text: its tables, what was verified, and what was wrong. */
export function toText({ plan, rows, itself, growth, faults }: Report): string {
  const { node, cpu, date } = machine()
  const { speakers, window, rounds } = plan
  const talk = rows.filter(({ unit }) => unit === 'deliveries/cpu-s')
  const idle = rows.filter(({ unit }) => unit === 'bytes/connection')
  return [
    `Node ${node}, ${cpu}, ${date}; median of ${rounds} rounds (lowest to highest)`,
    '',
    `Thousand deliveries per CPU second of the server: ${speakers} speakers, window ${window}, lines of 80 bytes`,
    ...groups(talk).flatMap((group) => [...table(group, 1000, 0), '']),
    'KiB of resident memory per idle connection',
    ...table(idle, 1024, 1),
    '',
    'Partyline beside itself, in thousand deliveries per CPU second',
    ...itself.flatMap((row) => [...table([row], 1000, 0), '']),
    ...growth.flatMap((curve) => [...curveLines(curve), '']),
    ...verdict(speakers, faults),
    '',
  ].join('\n')
}

function toObject(row: Row): object {
  const { unit, label, series } = row
  return {
    unit,
    label,
    series: series.map(({ name, figures }) => ({
      name,
      ...spread(figures),
      figures: figures.map((figure) => figure ?? null),
    })),
    ratio: ratio(row),
  }
}

function verdict(speakers: number, faults: readonly string[]): readonly string[] {
  if (faults.length > 0) return ['Verification FAILED:', ...faults.map((fault) => `  ${fault}`)]
  return [
    'Verified in every run: nothing lost, doubled, reordered or changed. Every line was read by the',
    `${speakers} speakers and one listener; all others got, by length and CRC-32, the same bytes as that one.`,
  ]
}

/** The rows that compare with the same, together. */
function groups(rows: readonly Row[]): readonly (readonly Row[])[] {
  const others = new Set(rows.map(({ series }) => series[1].name))
  return [...others].map((other) => rows.filter(({ series }) => series[1].name === other))
}

function table(rows: readonly Row[], scale: number, digits: number): string[] {
  const [first] = rows
  if (first === undefined) return []
  const header = ['', ...first.series.map(({ name }) => name), 'ratio']
  const body = rows.map((row) => [
    row.label,
    ...row.series.map(({ figures }) => cell(spread(figures), scale, digits)),
    cell(ratio(row), 1, 2),
  ])
  return aligned([header, ...body])
}

function curveLines(curve: Curve): readonly string[] {
  const costs = curve.points.map(({ cost }) => (Number.isNaN(cost) ? '-' : cost.toFixed(3)))
  return [
    `CPU microseconds for ${curve.label}; the dearest is ${growthOf(curve).toFixed(2)} times the cheapest`,
    ...aligned(
      [
        ['size', ...curve.points.map(({ size }) => String(size))],
        ['cost', ...costs],
      ],
      12,
    ),
  ]
}

function aligned(rows: readonly (readonly string[])[], width = 28): string[] {
  return rows.map((cells) =>
    cells
      .map((text) => text.padEnd(width))
      .join('')
      .trimEnd(),
  )
}

function cell({ median, low, high }: Spread, scale: number, digits: number): string {
  if (Number.isNaN(median)) return '-'
  const [middle, from, to] = [median, low, high].map((figure) => (figure / scale).toFixed(digits))
  return `${middle} (${from} to ${to})`
}

function machine(): { node: string; cpu: string; date: string } {
  const processors = cpus()
  return {
    node: process.version,
    cpu: `${processors.length} x ${processors[0]?.model ?? 'unknown CPU'}`,
    date: new Date().toISOString(),
  }
}
