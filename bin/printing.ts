// What `check` and `ladder` print, and whether it got where it was to go.

import { fstatSync, writeSync } from 'node:fs'
import { whyUnwritten } from '../lib/client/flushed.js'

const STANDARD_OUTPUT = 1

/** Why something that was printed is lost. */
let loss: Error | undefined

/**
 * Prints lines. What cannot be written is lost, and {@link assertPrinted} tells of it: a report on a screen
 * is no reason to give up those that are files. Who reads no more (EPIPE) has read enough.
 */
export function print(lines: readonly string[]): void {
  const text = lines.map((line) => `${line}\n`).join('')
  if (!isFile()) {
    process.stdout.write(text)
    return
  }
  try {
    for (let rest = Buffer.from(text); rest.length > 0;) {
      rest = rest.subarray(writeSync(STANDARD_OUTPUT, rest))
    }
  } catch (error) {
    loss ??= error instanceof Error ? error : new Error(String(error))
  }
}

/** Throws if something that was printed is lost. */
export function assertPrinted(): void {
  const why = loss && whyUnwritten(loss)
  if (why !== undefined) throw new Error(why)
}

/** Whether standard output is a file or a device, where a write that fails says so at once. */
function isFile(): boolean {
  const kind = fstatSync(STANDARD_OUTPUT)
  return !process.stdout.isTTY && (kind.isFile() || kind.isCharacterDevice())
}
