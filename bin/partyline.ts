#!/usr/bin/env node
// The program: reads its arguments, does what they ask, and is the only file that ends the process.

import { createRequire } from 'node:module'
import { hideBin } from 'yargs/helpers'
import { bench, describeBench, readBench } from './bench.js'
import { check } from './check.js'
import { describeCheck, readCheck } from './check-options.js'
import { CHECK_EXIT } from './checking.js'
import { connect, describeConnect, readConnect } from './connect.js'
import { describeLadder, ladder, readLadder } from './ladder.js'
import { describeServe, parserOf, readServe } from './options.js'
import { INTERRUPTED, serve } from './serve.js'
import { UsageError } from './sources.js'

/** Exit codes, as `--help` tells them. */
const COULD_NOT_RUN = 1
const BAD_USAGE = 2

try {
  await parserOf(hideBin(process.argv))
    .usage('$0 [serve] [options]\n\nA chat server: telnet in, send a nickname, talk.')
    .version(readVersion())
    .command(['serve', '$0'], 'runs the server', describeServe, async (args) => {
      process.exit(await serve(readServe(args, process.env)))
    })
    .command('connect [server]', 'talks at a server', describeConnect, async (args) => {
      process.exit(await connect(readConnect(args)))
    })
    .command('check', 'grades a chat server, in any language', describeCheck, async (args) => {
      process.exit(await check(readCheck(args)))
    })
    .command('ladder <file>', 'draws the transcripts of a file', describeLadder, (args) => {
      process.exit(ladder(readLadder(args)))
    })
    .command('bench <url>', 'puts a load on a server', describeBench, async (args) => {
      for (const line of await bench(readBench(args), tell)) process.stdout.write(`${line}\n`)
      process.exit(0)
    })
    .epilogue(
      'Each option can also be set in the environment, as PARTYLINE_MAX_CLIENTS=50 for --max-clients 50.\n' +
        'The command line counts most, then the environment, then the file of --config.\n' +
        `Exit code: 0 after a stop, ${INTERRUPTED} after one at once, ${COULD_NOT_RUN} if it could not run,\n` +
        `${BAD_USAGE} for arguments that do not fit.`,
    )
    .parseAsync()
} catch (error) {
  const usage = error instanceof UsageError
  const message = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ')
  process.stderr.write(
    `partyline: ${message}${usage ? ' (partyline --help shows all options)' : ''}\n`,
  )
  process.exit(exitCode(usage))
}

function exitCode(usage: boolean): number {
  const isCheck = hideBin(process.argv)[0] === 'check'
  if (isCheck) return usage ? CHECK_EXIT.badUsage : CHECK_EXIT.noServer
  return usage ? BAD_USAGE : COULD_NOT_RUN
}

/** Says on a terminal what goes on; for no other reader is that of use. */
function tell(step: string): void {
  if (process.stderr.isTTY) process.stderr.write(`${step}\n`)
}

/** This package's version; yargs by itself gives that of the project in which it is installed. */
function readVersion(): string {
  const description: unknown = createRequire(import.meta.url)('partyline/package.json')
  if (typeof description === 'object' && description !== null && 'version' in description) {
    if (typeof description.version === 'string') return description.version
  }
  throw new Error('its package.json has no version: install partyline again')
}
