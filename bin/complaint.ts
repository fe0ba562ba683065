// What the program says when it ends because of an error.

import { inspect } from 'node:util'
import { UsageError } from './sources.js'

/** The commands that have a help of their own. */
const COMMANDS: readonly string[] = ['connect', 'check', 'ladder', 'bench']

/** What a command cannot do without, where yargs only counts. */
const NEEDED: ReadonlyMap<string, string> = new Map([
  ['bench', 'bench needs line://HOST:PORT'],
  ['ladder', 'ladder needs a FILE with transcripts'],
])

/** Whether the arguments do not fit: ours to say, or what yargs throws by itself while it reads those of a command. */
export function isUsage(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === 'YError')
}

/**
 * What a person is told of an error, without a line end: one sentence, or all there is to know of a mistake of
 * our own. `command` is what the program was called for.
 */
export function complaintOf(error: unknown, command = ''): string {
  if (isTooManyFiles(error)) return 'too many files are open: raise the limit with ulimit -n'
  if (isOurs(error)) return `our mistake, please report it: ${inspect(error)}`
  const given = error instanceof Error ? error.message : String(error)
  const text = isUsage(error) ? inOurWords(given, command) : given
  const help = COMMANDS.includes(command) ? `${command} --help` : '--help'
  const hint = isUsage(error) ? ` (partyline ${help} shows all options)` : ''
  return text.replace(/\s*\n\s*/g, ' ') + hint
}

/** What yargs finds wrong with the arguments of a command, so that one knows what to give. */
function inOurWords(text: string, command: string): string {
  if (text.startsWith('Not enough non-option')) return NEEDED.get(command) ?? text
  // yargs knows an option of two words by two spellings, and tells both.
  const [, name = '', other] = /^Unknown arguments: ([\w-]+), (\w+)$/.exec(text) ?? []
  const camel = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  if (camel === other) return `Unknown argument: ${name}`
  return text.replace(/^Argument unexpected for: (.*)$/, '--$1 takes no value: leave it out')
}

/** The system's word for a limit on open files, which Node meets while it loads our modules. */
function isTooManyFiles(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EMFILE'
}

/** Errors that Node throws for code that is wrong; whatever a user can cause has another name. */
function isOurs(error: unknown): boolean {
  return error instanceof TypeError || error instanceof ReferenceError
}
