// `--ask`: asks for address and port, and again until the server can listen there (CS494 document, 4.1).

import type { Server } from '../lib/index.js'
import { formatHost } from '../lib/host/address.js'
import { UsageError } from './sources.js'

/**
 * Asks on standard output until `server` listens. An answer is a line without its end; those after the
 * last one are left to the next reader. Throws a {@link UsageError} if they end too early.
 */
export async function askAndListen(server: Server, answers: AsyncIterator<string>): Promise<void> {
  const ask = async (question: string): Promise<string> => {
    process.stdout.write(question)
    const answer = await answers.next()
    if (answer.done === true) throw new UsageError('--ask: no address and port were given')
    return answer.value.trim()
  }
  for (;;) {
    const host = (await ask('Address [127.0.0.1]: ')) || '127.0.0.1'
    const port = (await ask('Port [8888]: ')) || '8888'
    try {
      await server.listen(`line://${formatHost(host)}:${port}`)
      return
    } catch (error) {
      process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
}
