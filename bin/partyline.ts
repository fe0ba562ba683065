#!/usr/bin/env node
// The program: reads its arguments, does what they ask, and is the only file that ends the process.
// What only one command needs is loaded for that one: the server starts sooner, and with few open files.

import { createRequire } from 'node:module'
import { hideBin } from 'yargs/helpers'
import { complaintOf, isUsage } from './complaint.js'
import { whyUnwritten } from '../lib/client/flushed.js'
import { Fault, Unreachable } from '../lib/bench/fault.js'
import { CHECK_EXIT, EXIT } from './exit-codes.js'

/** The first word, which names the command if it is one. */
const [command = ''] = hideBin(process.argv)

process.on('exit', tellOfLoss)
process.stdout.on('error', () => undefined)

try {
  // Node opens some 70 modules at the same time: a limit that is too low for that is told here, too.
  const { describeServe, parserOf, readServe } = await import('./options.js')
  await parserOf(hideBin(process.argv))
    .usage('$0 [serve] [options]\n\nA chat server: telnet in, send a nickname, talk.')
    .version(readVersion())
    .command(['serve', '$0'], 'runs the server', describeServe, async (args) => {
      const { serve } = await import('./serve.js')
      const options = readServe(args, process.env)
      // A server goes on when its log cannot be written.
      process.off('exit', tellOfLoss)
      process.exit(await serve(options))
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
    .parseAsync()
} catch (error) {
  process.stderr.write(`partyline: ${complaintOf(error, command)}\n`)
  process.exit(exitCode(error))
}

/** Ends with no 0 if what was to be shown could not be written; that its reader has gone is no fault. */
function tellOfLoss(code: number): void {
  const { errored } = process.stdout
  if (code !== 0 || errored === null) return
  const why = whyUnwritten(errored)
  if (why === undefined) return
  process.stderr.write(`partyline: ${why}\n`)
  process.exitCode = command === 'check' ? CHECK_EXIT.noServer : EXIT.couldNotRun
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
