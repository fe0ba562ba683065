// The rulers of what the connections of a play have carried.

import { lineLengths, ruler, sign } from '../../wire/rulers.js'
import type { Moment } from '../tape.js'
import { sendsOf, type Transcript } from '../transcript.js'
import { PROBE } from '../trial.js'
import { wired, type Wiring } from '../wiring.js'

/** The rulers of one direction of one connection. */
export interface Rulers {
  /** As in `alice sent` or `bob received`. */
  readonly who: string
  /** The bytes, a visible character each. */
  readonly text: string
  /** The lengths of the pieces that travelled, in bytes. */
  readonly pieces: readonly number[]
  /** The lengths of the lines with their ends; the last may have none. */
  readonly lines: readonly number[]
  /** Whether bytes are left out at the end. */
  readonly cut: boolean
}

const SHOWN_BYTES = 160

/** The rulers of all connections of a play, each direction apart. */
export function rulersOf(moments: readonly Moment[]): readonly Rulers[] {
  const carried = moments.filter(
    ({ sound, step }) => step !== PROBE && (sound === 'sent' || sound === 'received'),
  )
  const keys = [...new Set(carried.map(keyOf))]
  return keys.map((key) => {
    const own = carried.filter((moment) => keyOf(moment) === key)
    const all = Buffer.concat(own.map(({ bytes }) => bytes))
    const bytes = all.subarray(0, SHOWN_BYTES)
    const [first] = own
    const again = (first?.connection ?? 1) > 1 ? ` (connection ${first?.connection ?? 1})` : ''
    return {
      who: `${first?.actor ?? ''} ${first?.sound ?? ''}${again}`,
      text: [...bytes].map(sign).join(''),
      pieces: clipped(
        own.map(({ bytes: piece }) => piece.length),
        bytes.length,
      ),
      lines: clipped(lineLengths(all), bytes.length),
      cut:
        all.length > bytes.length || own.some(({ bytes: piece, length }) => length > piece.length),
    }
  })
}

/** The rulers of what a transcript sends in a wiring. */
export function rulersOfTranscript({ steps }: Transcript, wiring: Wiring): readonly Rulers[] {
  const sends = wired(steps, wiring).flatMap(sendsOf)
  const moments = sends.flatMap(({ actor, bytes }) =>
    wiring.cut(bytes).map((segment): Moment => {
      const { length } = segment
      return { at: 0, actor, connection: 1, sound: 'sent', bytes: segment, length, step: 0 }
    }),
  )
  return rulersOf(moments)
}

/** The rulers as three lines of text without their ends: pieces, bytes, lines. */
export function rulersText({ text, pieces, lines, cut }: Rulers): readonly string[] {
  return [ruler(pieces), `${text}${cut ? '…' : ''}`, ruler(lines)]
}

function keyOf({ actor, connection, sound }: Moment): string {
  return `${actor} ${connection} ${sound}`
}

/** The lengths as far as they lie within so many bytes. */
function clipped(lengths: readonly number[], most: number): readonly number[] {
  let left = most
  return lengths.flatMap((length) => {
    const kept = Math.min(length, left)
    left -= kept
    return kept > 0 ? [kept] : []
  })
}
