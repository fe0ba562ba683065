// The bytes of a failure in rows: hex above, text beside it, and a mark where it goes wrong.

import type { Failure } from '../failure.js'
import type { Moment } from '../tape.js'
import { shown } from '../../wire/shown.js'
import { PROBE, type Run } from '../trial.js'

/** One row. */
export interface ByteRow {
  /** As in `alice sent`. */
  readonly who: string
  /** At most {@link SHOWN_BYTES} of the bytes. Pieces that travelled apart are apart. */
  readonly pieces: readonly Buffer[]
  /** How many bytes there are in all. */
  readonly length: number
  /** The byte that is wrong, from 0, and what is wrong there. */
  readonly mark?: { readonly at: number; readonly says: string }
}

const SHOWN_BYTES = 24

/** What was sent last before the failure, and what came of it. */
export function byteRows(
  run: Run,
  failure: Failure,
  exact: Buffer | undefined,
): readonly ByteRow[] {
  const received = failure.unread.slice(0, 3).flatMap(({ actor, lines, unfinished }) => {
    const [first] = lines
    if (first !== undefined) return [row(`${actor} received`, [first], markOf(first, exact))]
    if (unfinished.length === 0) return []
    const mark = { at: unfinished.length, says: 'no 0a (LF) ends it' }
    return [row(`${actor} received`, [unfinished], mark)]
  })
  const wanted = exact === undefined ? [] : [row('expected', [exact])]
  return [...lastSent(run.moments), ...wanted, ...received]
}

/** The row as text: hex, then what can be read; below it the mark, if there is one. */
export function byteRowText({ pieces, length, mark }: ByteRow): readonly string[] {
  const hex = pieces.map((piece) => piece.toString('hex').replace(/..(?=.)/g, '$& ')).join(' | ')
  const all = Buffer.concat(pieces)
  const more = length > all.length ? ` … (${length} bytes)` : ''
  const text = `${hex}${more}   ${shown(all)}`
  if (mark === undefined || mark.at > all.length) return [text]
  return [text, `${' '.repeat(columnOf(pieces, mark.at))}^ ${mark.says}`]
}

function row(who: string, pieces: readonly Buffer[], mark?: ByteRow['mark']): ByteRow {
  const length = pieces.reduce((sum, piece) => sum + piece.length, 0)
  const kept: Buffer[] = []
  let left = SHOWN_BYTES
  for (const piece of pieces) {
    if (left <= 0) break
    kept.push(piece.subarray(0, left))
    left -= piece.length
  }
  return { who, pieces: kept, length, ...(mark === undefined ? {} : { mark }) }
}

/** What the actor who spoke last sent since somebody else did, each write a piece. */
function lastSent(moments: readonly Moment[]): readonly ByteRow[] {
  const sent = moments.filter(({ step, sound }) => sound === 'sent' && step !== PROBE)
  const last = sent.at(-1)
  if (last === undefined) return []
  const other = sent.findLastIndex(({ actor }) => actor !== last.actor)
  const own = sent.slice(other + 1).filter(({ step }) => step === last.step)
  return [
    row(
      `${last.actor} sent`,
      own.map(({ bytes }) => bytes),
    ),
  ]
}

/** Where a line differs from the one that is expected. */
function markOf(line: Buffer, exact: Buffer | undefined): ByteRow['mark'] {
  if (exact === undefined || exact.equals(line)) return undefined
  let at = 0
  while (at < line.length && line[at] === exact[at]) at++
  return { at, says: at === line.length ? 'ends too early' : 'differs from here on' }
}

/** The column at which a byte stands in the hex of pieces. */
function columnOf(pieces: readonly Buffer[], at: number): number {
  const COLUMNS = 3
  const BAR = 2
  let start = 0
  let bars = 0
  for (const piece of pieces) {
    if (at < start + piece.length || piece === pieces.at(-1)) break
    start += piece.length
    bars++
  }
  return at * COLUMNS + bars * BAR
}
