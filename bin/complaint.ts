// What the program says when it ends because of an error.

import { inspect } from 'node:util'
import { UsageError } from './sources.js'

/** What a person is told of an error, without a line end: one sentence, or all there is to know of a mistake of our own. */
export function complaintOf(error: unknown): string {
  if (isOurs(error)) return `our mistake, please report it: ${inspect(error)}`
  const text = error instanceof Error ? error.message : String(error)
  const hint = error instanceof UsageError ? ' (partyline --help shows all options)' : ''
  return text.replace(/\s*\n\s*/g, ' ') + hint
}

/** Errors that Node throws for code that is wrong; whatever a user can cause has another name. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError
}
