// What was written is not always gone when a program would like to end, and may never go.

import type { Writable } from 'node:stream'

/** Resolves once all that was written is with its reader, or there is none. */
export async function flushed(stream: Writable): Promise<void> {
  if (stream.destroyed || stream.errored !== null) return
  await new Promise<void>((resolve) => {
    stream.once('error', () => {
      resolve()
    })
    stream.write('', () => {
      resolve()
    })
  })
}

/** Why what is shown cannot be written, in a sentence; nothing to say if its reader has gone, as `head` does. */
export function whyUnwritten(error: NodeJS.ErrnoException): string | undefined {
  return error.code === 'EPIPE' ? undefined : `The output cannot be written: ${error.message}.`
}
