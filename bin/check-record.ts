// `partyline check --record`: people chat with a server through here, and what passes becomes a transcript.

import { Recorder } from '../lib/check/record.js'
import { addressText, type Address } from '../lib/check/sockets.js'
import { stoppable } from './checking.js'
import { CHECK_EXIT } from './exit-codes.js'
import { print } from './printing.js'

/**
 * Records until Ctrl-C and prints the transcript; gives the exit code. `port` is where to chat, 0 for a free
 * one. Throws if it cannot listen there.
 */
export async function recordFrom(server: Address, port: number): Promise<number> {
  const name = addressText(server)
  const recorder = new Recorder(server, (reason) => {
    tell(
      `Somebody came, but ${name} cannot be reached (${reason}): start the server there, and come again.`,
    )
  })
  const open = await recorder.listen(port).catch((error: unknown) => {
    throw new Error(`--port ${port}: ${reasonOf(error)}`)
  })
  tell(`Chat through localhost port ${open}, as with: telnet localhost ${open}`)
  tell(`All that passes to ${name} is recorded; Ctrl-C here ends it.`)
  await stoppable(async (stop) => {
    await new Promise((resolve) => {
      stop.addEventListener('abort', resolve)
    })
  })
  print([recorder.end().trimEnd()])
  return CHECK_EXIT.passed
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** Why the recorder cannot listen, in the words of `serve`. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'EADDRINUSE') return 'the port is in use, end the other program or take another port'
  if (code === 'EACCES') return 'ports below 1024 need rights, take a higher one'
  return error instanceof Error ? error.message : String(error)
}
