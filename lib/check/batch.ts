// Many servers, one after the other: a folder of submissions.

import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** One of many servers. */
export interface Submission {
  /** The name of its file or folder. */
  readonly name: string
  /** The command that starts it. */
  readonly line: string
}

/** What lies in a folder, hidden files left out, by name; in the command `{file}` is replaced by each, quoted for a shell. */
export function submissionsIn(folder: string, command: string): readonly Submission[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .sort()
    .map((name) => ({ name, line: command.replaceAll('{file}', quoted(join(folder, name))) }))
}

/** POSIX shells take nothing within single quotes for anything but text. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
