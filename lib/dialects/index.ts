// The registry: a dialect is its folder and its line here.

import type { Dialect } from './dialect.js'
import { line } from './line/index.js'

/** All dialects, by the name that `--listen NAME://…` uses. */
export const DIALECTS: ReadonlyMap<string, Dialect> = new Map(
  [line].map((dialect) => [dialect.name, dialect]),
)
