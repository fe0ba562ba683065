// `partyline check --record`: people chat with a server through here, and what passes becomes a transcript.

import { Recorder } from '../lib/check/record.js'
import type { Address } from '../lib/check/sockets.js'
import { stoppable } from './checking.js'
import { CHECK_EXIT } from './exit-codes.js'
import { print } from './printing.js'

/** Records until Ctrl-C and prints the transcript; gives the exit code. `port` is where to chat, 0 for a free one. */
export async function recordFrom(server: Address, port: number): Promise<number> {
  const recorder = new Recorder(server)
  const open = await recorder.listen(port)
  process.stderr.write(
    `Chat through localhost port ${open}, as with: telnet localhost ${open}\n` +
      `All that passes to ${server.host}:${server.port} is recorded; Ctrl-C here ends it.\n`,
  )
  await stoppable(async (stop) => {
    await new Promise((resolve) => {
      stop.addEventListener('abort', resolve)
    })
  })
  print([recorder.end().trimEnd()])
  return CHECK_EXIT.passed
}
