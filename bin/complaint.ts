// What the program says when it ends because of an error.

import { inspect } from 'node:util'
import { UsageError } from './sources.js'

/** The commands that have a help of their own. */
const COMMANDS: readonly string[] = ['connect', 'check', 'ladder', 'bench']

/** Whether the arguments do not fit: ours to say, or what yargs throws by itself while it reads those of a command. */
export function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === 'YError')
}

/**
 * What a person is told of an error, without a line end: one sentence, or all there is to know of a mistake of
 * our own. `command` is what the program was called for.
 */
export function complaintOf(error: unknown, command = ''): string {
  if (isOurs(error)) return `our mistake, please report it: ${inspect(error)}`
  const text = error instanceof Error ? error.message : String(error)
  const help = COMMANDS.includes(command) ? `${command} --help` : '--help'
  const hint = isUsage(error) ? ` (partyline ${help} shows all options)` : ''
  return text.replace(/\s*\n\s*/g, ' ') + hint
}

/** Errors that Node throws for code that is wrong; whatever a user can cause has another name. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError
}
