// Whether a file can be written is better known before the work than after it.

import { closeSync, existsSync, openSync, rmSync, statSync } from 'node:fs'

/**
 * Opens a file as if to write it, and leaves all as it was; throws as that does. A pipe is left alone: its
 * reader would take that for the end.
 */
export function tryFile(file: string): void {
  const isThere = existsSync(file)
  if (isThere && statSync(file).isFIFO()) return
  closeSync(openSync(file, 'a'))
  if (!isThere) rmSync(file)
}
