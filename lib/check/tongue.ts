// What an actor of a transcript speaks: a dialect as its own clients do, or as people at telnet
// and nc do on the same port.

import { DIALECTS } from '../dialects/index.js'
import { line } from '../dialects/line/index.js'
import type { Dialect } from '../dialects/dialect.js'
import type { Notation } from '../dialects/notation.js'

/** What keeps two messages to a server apart: a line end, a frame, or nothing but that each is read by itself. */
export type Unit = 'line' | 'frame' | 'read'

/** A way to speak. */
export interface Tongue {
  /** As after `over`: a dialect's name, with `-lines` behind it for people at telnet and nc. */
  readonly name: string
  /** The name of the dialect whose port its clients connect to. */
  readonly dialect: string
  readonly notation: Notation
  readonly unit: Unit
}

/** What an actor speaks of whom a transcript says nothing: lines, to a server that greets nobody. */
export const NATIVE: Tongue = tongueOf(line)

/** All tongues, by name. */
export const TONGUES: ReadonlyMap<string, Tongue> = new Map(
  [...DIALECTS.values()].flatMap(tonguesOf).map((tongue) => [tongue.name, tongue]),
)

function tonguesOf(dialect: Dialect): readonly Tongue[] {
  const { name, lineNotation } = dialect
  if (dialect === line) return [NATIVE]
  if (lineNotation === undefined) return [tongueOf(dialect)]
  const lines = { name: `${name}-lines`, dialect: name, notation: lineNotation }
  return [tongueOf(dialect), { ...lines, unit: 'line' }]
}

function tongueOf({ name, notation }: Dialect): Tongue {
  const unit = notation.decode === undefined ? 'line' : notation.bare === true ? 'read' : 'frame'
  return { name, dialect: name, notation, unit }
}
