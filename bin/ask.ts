// `--ask`: asks for address and port, and again until the server can listen there (CS494 document, 4.1).

import type { Server } from '../lib/index.js'
import { formatHost } from '../lib/host/address.js'
import { whyNotLimitless, type ServeOptions } from './options.js'
import { UsageError } from './sources.js'

/** Who is asked, and what may be answered. */
export interface Asking extends Pick<ServeOptions, 'limitless'> {
  /** One line for each answer, without its end; those after the last one are left to the next reader. */
  readonly answers: AsyncIterator<string>
  /** Shows a text as it is: a question, or what is wrong with an answer. */
  readonly show: (text: string) => void
}

/** Asks until `server` listens. Throws a {@link UsageError} if the answers end too early. */
export async function askAndListen(server: Server, asking: Asking): Promise<void> {
  const { answers, show, limitless } = asking
  const ask = async (question: string): Promise<string> => {
    show(question)
    const answer = await answers.next()
    if (answer.done !== true) return answer.value.trim()
    // What comes now is to begin a line of its own.
    show('\n')
    throw new UsageError('--ask: no address and port were given')
  }
  for (;;) {
    const host = (await ask('Address [127.0.0.1]: ')) || '127.0.0.1'
    const port = (await ask('Port [8888]: ')) || '8888'
    const url = `line://${formatHost(host)}:${port}`
    try {
      const refusal = whyNotLimitless(limitless, url)
      if (refusal !== undefined) throw new UsageError(`${refusal}: give another address`)
      await server.listen(url)
      return
    } catch (error) {
      show(`${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
}
