// `--ask`: asks for address and port, and again until the server can listen there (CS494 document, 4.1).

import { createInterface } from 'node:readline'
import type { Server } from '../lib/index.js'
import { UsageError } from './options.js'

/** Asks at the terminal until `server` listens. Throws if the answers end. */
export async function askAndListen(server: Server): Promise<void> {
  const questions = createInterface({ input: process.stdin, output: process.stdout })
  const answers = questions[Symbol.asyncIterator]()
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
      await server.listen(`line://${host.includes(':') ? `[${host}]` : host}:${port}`)
      break
    } catch (error) {
      process.stdout.write(`${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
  questions.close()
}
