#!/usr/bin/env node
// The program: reads its arguments, does what they ask, and is the only file that ends the process.
// What only one command needs is loaded for that one: the server starts sooner, and with few open files.

import { createRequire } from 'node:module'
import { hideBin } from 'yargs/helpers'
import { complaintOf, isUsage } from './complaint.js'
import { Fault, Unreachable } from '../lib/bench/fault.js'
import { CHECK_EXIT, EXIT } from './exit-codes.js'
import { describeServe, parserOf, readServe } from './options.js'
import { INTERRUPTED, serve } from './serve.js'

/** The first word, which names the command if it is one. */
const [command = ''] = hideBin(process.argv)

try {
  await parserOf(hideBin(process.argv))
    .usage('$0 [serve] [options]\n\nA chat server: telnet in, send a nickname, talk.')
    .version(readVersion())
    .command(['serve', '$0'], 'runs the server', describeServe, async (args) => {
      process.exit(await serve(readServe(args, process.env)))
    })
    .command(
      'connect [server]',
      'talks at a server',
      async (args) => (await import('./connect.js')).describeConnect(args),
      async (args) => {
        const { connect, readConnect } = await import('./connect.js')
        process.exit(await connect(readConnect(args)))
      },
    )
    .command(
      'check',
      'grades a chat server, in any language',
      async (args) => (await import('./check-options.js')).describeCheck(args),
      async (args) => {
        const { readCheck } = await import('./check-options.js')
        const { check } = await import('./check.js')
        process.exit(await check(readCheck(args)))
      },
    )
    .command(
      'ladder <file>',
      'draws the transcripts of a file',
      async (args) => (await import('./ladder.js')).describeLadder(args),
      async (args) => {
        const { ladder, readLadder } = await import('./ladder.js')
        process.exit(ladder(readLadder(args)))
      },
    )
    .command(
      'bench <url>',
      'puts a load on a server',
      async (args) => (await import('./bench.js')).describeBench(args),
      async (args) => {
        const { bench, readBench } = await import('./bench.js')
        process.exit(await bench(readBench(args)))
      },
    )
    .epilogue(
      'Each option can also be set in the environment, as PARTYLINE_MAX_CLIENTS=50 for --max-clients 50.\n' +
        'The command line counts most, then the environment, then the file of --config.\n' +
        `Exit code: 0 after a stop, ${INTERRUPTED} after one at once, ${EXIT.couldNotRun} if it could not run,\n` +
        `${EXIT.badUsage} for arguments that do not fit.`,
    )
    .parseAsync()
} catch (error) {
  process.stderr.write(`partyline: ${complaintOf(error, command)}\n`)
  process.exit(exitCode(error))
}

function exitCode(error: unknown): number {
  const usage = isUsage(error)
  if (command === 'check') return usage ? CHECK_EXIT.badUsage : CHECK_EXIT.noServer
  if (error instanceof Fault && !(error instanceof Unreachable)) return EXIT.failed
  return usage ? EXIT.badUsage : EXIT.couldNotRun
}

/** This package's version; yargs by itself gives that of the project in which it is installed. */
function readVersion(): string {
  const description: unknown = createRequire(import.meta.url)('partyline/package.json')
  if (typeof description === 'object' && description !== null && 'version' in description) {
    if (typeof description.version === 'string') return description.version
  }
  throw new Error('its package.json has no version: install partyline again')
}
