// What was written is not always gone when a program would like to end.

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
