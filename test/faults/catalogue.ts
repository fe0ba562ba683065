// docs/faults.md as data: every row of the catalogue, and where it is tested, or why it is not.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

/** A row of the document. */
export interface Entry {
  /** Such as `I-17`. */
  readonly number: string
  readonly promise: string
  /** Files that test it, from the root of the repository; none if there is a reason. */
  readonly files: readonly string[]
  /** Why there is no test, if so: `not built: …` or `not testable: …`. */
  readonly reason?: string
}

const ROW = /^\| ([IF]-\d+) \| (.+) \| (.+) \|$/gm

/** Reads the document. */
export function readCatalogue(): readonly Entry[] {
  const root = createRequire(import.meta.url).resolve('partyline/package.json')
  const text = readFileSync(new URL('docs/faults.md', `file://${root}`), 'utf8')
  return [...text.matchAll(ROW)].map(([, number = '', promise = '', where = '']) => {
    const files = [...where.matchAll(/`([^`]+)`/g)].map(([, file = '']) => file)
    return files.length > 0 ? { number, promise, files } : { number, promise, files, reason: where }
  })
}

/** What is not tested and why, one row a line, and how many rows there are of each kind. */
export function inWords(catalogue: readonly Entry[]): string {
  const without = catalogue.filter(({ reason }) => reason !== undefined)
  const count = (kind: string): number =>
    without.filter(({ reason }) => reason?.startsWith(kind)).length
  return [
    ...without.map(({ number, promise, reason }) => `${number}  ${promise}: ${reason ?? ''}`),
    '',
    `${catalogue.length} rows: ${catalogue.length - without.length} tested, ` +
      `${count('not built')} not built, ${count('not testable')} not testable here`,
    '',
  ].join('\n')
}
