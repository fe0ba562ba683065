// The result of a benchmark, as a table for people and as JSON for programs.
//
// JSON, one object; figures that could not be had are null:
//   node, cpu, date        versions, model and time (ISO 8601) of the run
//   plan                   clients[], speakers, window, seconds, rounds, idleClients, stallSeconds
//   rows[]                 unit ('deliveries/cpu-s' or 'bytes/connection'), clients,
//     programs[]           name, median, low, high, figures[] (one a round); the bare fan-out is second
//     ratio                median, low, high of first : second, taken round by round
//   verified, faults[]     whether every stream was as it must be, and if not, what was seen

import { cpus } from 'node:os'
import type { Plan, Result, Row } from './rounds.js'

/** The middle of some figures and how far they lie apart; NaN if there are none. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** The spread of what is there. */
export function spread(figures: readonly (number | undefined)[]): Spread {
  const sorted = figures.filter((figure) => figure !== undefined).sort((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? NaN
  const middle = (sorted.length - 1) / 2
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(0),
    high: at(sorted.length - 1),
  }
}

/** First program to second, round by round: what shakes the machine for a while shakes both. */
export function ratio({ series: [subject, reference] }: Row): Spread {
  return spread(
    subject.figures.map((figure, round) => {
      const other = reference.figures[round]
      return figure === undefined || other === undefined ? undefined : figure / other
    }),
  )
}

/** The result as JSON, on one line with its end. */
export function toJson(plan: Plan, { rows, faults }: Result): string {
  const report = {
    ...machine(),
    plan,
    rows: rows.map((row) => ({
      unit: row.unit,
      clients: row.clients,
      programs: row.series.map(({ program, figures }) => ({
        name: program,
        ...spread(figures),
        figures: figures.map((figure) => figure ?? null),
      })),
      ratio: ratio(row),
    })),
    verified: faults.length === 0,
    faults,
  }
  return `${JSON.stringify(report)}\n`
}

/** The result as text: two tables, what was verified, and what was wrong. */
export function toText(plan: Plan, { rows, faults }: Result): string {
  const { node, cpu, date } = machine()
  const { speakers, window, rounds } = plan
  const talk = rows.filter(({ unit }) => unit === 'deliveries/cpu-s')
  const idle = rows.filter(({ unit }) => unit === 'bytes/connection')
  return [
    `Node ${node}, ${cpu}, ${date}; median of ${rounds} rounds (lowest to highest)`,
    '',
    `Thousand deliveries per CPU second of the server: ${speakers} speakers, window ${window}, lines of 80 bytes`,
    ...table(talk, 1000, 0),
    '',
    'KiB of resident memory per idle connection',
    ...table(idle, 1024, 1),
    '',
    ...verdict(speakers, faults),
    '',
  ].join('\n')
}

function verdict(speakers: number, faults: readonly string[]): readonly string[] {
  if (faults.length > 0) return ['Verification FAILED:', ...faults.map((fault) => `  ${fault}`)]
  return [
    'Verified in every run: nothing lost, doubled, reordered or changed. Every line was read by the',
    `${speakers} speakers and one listener; all others got, by length and CRC-32, the same bytes as that one.`,
  ]
}

function table(rows: readonly Row[], scale: number, digits: number): string[] {
  const [first] = rows
  if (first === undefined) return []
  const header = ['clients', ...first.series.map(({ program }) => program), 'ratio']
  const body = rows.map((row) => [
    String(row.clients),
    ...row.series.map(({ figures }) => cell(spread(figures), scale, digits)),
    cell(ratio(row), 1, 2),
  ])
  return [header, ...body].map((cells) =>
    cells
      .map((text) => text.padEnd(24))
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
