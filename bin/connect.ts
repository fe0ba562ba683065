// `partyline connect`: a client for people at a terminal, for scripts in a pipe, and for classes that
// want to see the bytes.

import type { Argv, Options } from 'yargs'
import { flawOfNick } from '../lib/client/nickname.js'
import { Pipe } from '../lib/client/pipe.js'
import { readTarget, type Target } from '../lib/client/place.js'
import { carryRaw } from '../lib/client/raw.js'
import type { Screen } from '../lib/client/screen.js'
import { Terminal } from '../lib/client/terminal/terminal.js'
import type { TraceOptions } from '../lib/client/trace.js'
import type { Outcome } from '../lib/client/outcome.js'
import { visit } from '../lib/client/visit.js'
import { DIALECTS } from '../lib/index.js'
import { CONNECT_EXIT } from './exit-codes.js'
import {
  UsageError,
  fromCommandLine,
  readNumber,
  readSwitch,
  readText,
  readTexts,
  type Sources,
} from './sources.js'

/** What is added to a signal's number for the exit code, as shells do. */
const SIGNALLED = 128
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const

const WAYS: Readonly<Record<string, Options>> = {
  nick: { type: 'string', requiresArg: true, describe: 'nickname [default: asks for one]' },
  notices: { type: 'boolean', nargs: 0, describe: 'ask the server to tell who comes and goes' },
  times: { type: 'boolean', nargs: 0, describe: 'put the time before each line, on a terminal' },
  bell: {
    type: 'boolean',
    nargs: 0,
    describe: 'ring when somebody names you or tells you something alone, on a terminal',
  },
  reconnect: {
    type: 'boolean',
    nargs: 0,
    describe: 'come again when the connection is lost, later each time',
  },
}

const BYTES: Readonly<Record<string, Options>> = {
  trace: {
    type: 'boolean',
    nargs: 0,
    describe: 'draw each write and read under rulers: where it ends, and where the lines do',
  },
  hex: { type: 'boolean', nargs: 0, describe: 'show each write and read byte by byte' },
  raw: {
    type: 'boolean',
    nargs: 0,
    describe: 'send and show what a telnet would; Ctrl-D sends what is typed so far',
  },
}

const SCRIPTS: Readonly<Record<string, Options>> = {
  expect: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe:
      'wait for a line that matches this regular expression, then leave; again for more, in order',
  },
  timeout: { requiresArg: true, describe: 'be over after this many seconds' },
}

/** What `partyline connect` was asked for. */
export interface ConnectOptions {
  readonly target: Target
  readonly nick: string | undefined
  readonly notices: boolean
  readonly times: boolean
  readonly bell: boolean
  readonly reconnect: boolean
  readonly trace: boolean
  readonly hex: boolean
  readonly raw: boolean
  readonly expect: readonly RegExp[]
  /** In milliseconds. */
  readonly timeout: number | undefined
}

/** Adds the options of `connect` to a command. */
export function describeConnect(command: Argv): Argv {
  return command
    .positional('server', {
      type: 'string',
      describe: 'DIALECT://HOST:PORT, or parts of it [default: line://127.0.0.1:8888]',
    })
    .options({ ...WAYS, ...BYTES, ...SCRIPTS })
    .group(Object.keys(BYTES), 'The bytes:')
    .group(Object.keys(SCRIPTS), 'For scripts:')
    .epilogue(
      'In a pipe, lines go in and out; everything else is on standard error. At the end of the input it\n' +
        'waits until the server has answered everything and closed.\n' +
        'Exit code: 0 after that, when you leave, or once all of --expect has come; 1 if there was no\n' +
        'connection; 2 for arguments that do not fit; 3 if the server refused you (in a pipe\n' +
        '--nick is asked for once) or closed before the end, the connection broke, a line could not be\n' +
        'sent or the output not be written; 4 if --expect did not come, or at --timeout; 128 and its number after a signal.',
    )
}

/** Checks what yargs has read. Throws a {@link UsageError}. */
export function readConnect(args: Readonly<Record<string, unknown>>): ConnectOptions {
  const sources: Sources = [fromCommandLine(args)]
  // What is left of a variable that a script has not set is not what its author means by nothing.
  if (args['server'] === '') {
    throw new UsageError("'' is no server: give DIALECT://HOST:PORT, or nothing at all")
  }
  const target = readTarget(readText(sources, 'server') ?? '', DIALECTS)
  if ('problem' in target) throw new UsageError(target.problem)
  const on = (option: string): boolean => readSwitch(sources, option)
  const seconds = readNumber(sources, 'timeout', 1, 1_000_000)
  const options = {
    target,
    nick: readText(sources, 'nick'),
    notices: on('notices'),
    times: on('times'),
    bell: on('bell'),
    reconnect: on('reconnect'),
    trace: on('trace'),
    hex: on('hex'),
    raw: on('raw'),
    expect: readTexts(sources, 'expect').map(readPattern),
    timeout: seconds === undefined ? undefined : 1000 * seconds,
  }
  if (options.notices && target.client.notices === undefined) {
    const { name } = target.dialect
    throw new UsageError(`--notices: ${name} has no way to ask for them; leave it out`)
  }
  const flaw = flawOfNick(options.nick ?? '')
  if (flaw !== undefined) throw new UsageError(`--nick: ${flaw}`)
  const added = ['nick', 'notices', 'times', 'bell', 'reconnect', 'expect']
  const vain = added.find((option) => options.raw && args[option] !== undefined)
  if (vain !== undefined) {
    throw new UsageError(`--raw adds nothing to what is typed, so --${vain} has no place there`)
  }
  return options
}

/** Connects and talks until it is over; gives the exit code. */
export async function connect(options: ConnectOptions): Promise<number> {
  const over = new AbortController()
  let code: number | undefined
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.once(name, () => {
      code = SIGNALLED + number
      over.abort()
    })
  }
  const outcome = await (options.raw ? goRaw(options, over.signal) : go(options, over.signal))
  return code ?? CONNECT_EXIT[outcome]
}

async function go(options: ConnectOptions, aborted: AbortSignal): Promise<Outcome> {
  const { client, place, isOpen } = options.target
  return await visit(
    {
      ...options,
      client,
      place: isOpen ? undefined : place,
      usual: place,
      trace: traceOf(options),
      now: Date.now,
    },
    screenFor(options),
    aborted,
  )
}

async function goRaw(options: ConnectOptions, aborted: AbortSignal): Promise<Outcome> {
  const { stdin: input, stdout: output, stderr: notes } = process
  const { timeout } = options
  const { place } = options.target
  const raw = { place, timeout, trace: traceOf(options), isSeen: output.isTTY }
  return await carryRaw(raw, { input, output, notes }, aborted)
}

/** A terminal if somebody sits at one, else pipes. */
function screenFor({ times, bell }: ConnectOptions): Screen {
  const { stdin: input, stdout: output, stderr: notes, env } = process
  const isTerminal = input.isTTY && output.isTTY && env['TERM'] !== 'dumb'
  return isTerminal
    ? new Terminal({ input, output, times, bell })
    : new Pipe({ input, output, notes })
}

function traceOf({ hex, trace, target }: ConnectOptions): TraceOptions | undefined {
  if (!hex && !trace) return undefined
  return { hex, rulers: trace, decode: target.dialect.notation.decode }
}

function readPattern(source: string): RegExp {
  try {
    return new RegExp(source, 'u')
  } catch (error) {
    // The engine's message repeats the pattern before the reason.
    const reason = error instanceof Error ? error.message.replace(/^.*: /su, '') : String(error)
    throw new UsageError(`--expect: ${source} is no regular expression of JavaScript: ${reason}`)
  }
}
