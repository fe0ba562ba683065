#!/usr/bin/env node
// The program: reads its arguments, does what they ask, and is the only file that ends the process.

import { hideBin } from 'yargs/helpers'
import { check } from './check.js'
import { describeCheck, readCheck } from './check-options.js'
import { CHECK_EXIT } from './checking.js'
import { describeLadder, ladder, readLadder } from './ladder.js'
import { describeServe, parserOf, readServe } from './options.js'
import { serve } from './serve.js'
import { UsageError } from './sources.js'

/** Exit codes, as `--help` tells them. */
const COULD_NOT_RUN = 1
const BAD_USAGE = 2

try {
  await parserOf(hideBin(process.argv))
    .usage('A chat server: telnet in, send a nickname, talk.')
    .command(['serve', '$0'], 'runs the server', describeServe, async (args) => {
      process.exit(await serve(readServe(args, process.env)))
    })
    .command('check', 'grades a chat server, in any language', describeCheck, async (args) => {
      process.exit(await check(readCheck(args)))
    })
    .command('ladder <file>', 'draws the transcripts of a file', describeLadder, (args) => {
      process.exit(ladder(readLadder(args)))
    })
    .epilogue(
      'Each option can also be set in the environment, as PARTYLINE_MAX_CLIENTS=50 for --max-clients 50.\n' +
        'The command line counts most, then the environment, then the file of --config.\n' +
        `Exit code: 0 after a stop, ${COULD_NOT_RUN} if it could not run, ${BAD_USAGE} for arguments that do not fit.`,
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
