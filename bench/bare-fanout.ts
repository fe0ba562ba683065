// The bare fan-out as a program: node dist/bench/bare-fanout.js [--port N] [--fault NAME]
// It listens on loopback, says where as Partyline does, and runs until it is killed.

import { parseArgs } from 'node:util'
import { FAULT_NAMES } from './fault.js'
import { fanout } from './fanout.js'

/** As many as the load opens at once, so that none is refused. */
const BACKLOG = 4096

const BAD_OPTIONS = 2

try {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '0' }, fault: { type: 'string' } },
  })
  const server = fanout(FAULT_NAMES.find((name) => name === values.fault))
  server.listen({ port: Number(values.port), host: '127.0.0.1', backlog: BACKLOG }, () => {
    const address = server.address()
    if (address === null || typeof address === 'string') return
    process.stdout.write(`listening on line://127.0.0.1:${address.port}\n`)
  })
} catch (error) {
  // parseArgs tells of an unknown option by throwing, listen of a port that is none.
  process.stderr.write(`bare-fanout: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = BAD_OPTIONS
}
