// The options of `partyline check`: what they are, and what their values mean together.

import { existsSync } from 'node:fs'
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Argv, Options } from 'yargs'
import type { Choice } from '../lib/check/course.js'
import type { Patience } from '../lib/check/live.js'
import type { Address } from '../lib/check/sockets.js'
import { WIRINGS } from '../lib/check/wiring.js'
import { DEFAULT_PORT, readAddress, readTarget, type Target } from './check-target.js'
import { refuseClashes, type Clash } from './clashes.js'
import {
  UsageError,
  fromCommandLine,
  readNumber,
  readSwitch,
  readText,
  readTexts,
  type Sources,
} from './sources.js'

/** Files to write, by the kind of report. */
export type Reports = Readonly<Partial<Record<(typeof REPORTS)[number], string>>>

/** What `partyline check` was asked for. */
export interface CheckOptions {
  readonly choice: Choice
  readonly list: boolean
  /** Undefined with `list` and `record` alone. */
  readonly target?: Target
  /** The folder of many servers, in whose command `{file}` stands for each. */
  readonly batch?: string
  /** The server to record a dialogue with, and the port to chat through; 0 for a free one. */
  readonly record?: Address
  readonly recordPort: number
  readonly hints: number
  readonly wirings?: readonly string[]
  readonly abilities: readonly string[]
  readonly patience: Patience
  /** How long a server may take until it listens, in milliseconds. */
  readonly startPatience: number
  /** For everything, of each server; in milliseconds. */
  readonly deadline: number
  readonly jobs: number
  readonly tap: boolean
  readonly reports: Reports
}

/** The kinds of reports that are files. */
export const REPORTS = ['junit', 'gradescope', 'json', 'csv', 'html'] as const

const ANSWER = 2000
const START = 10_000
/** The quiet time where nothing tells that a server is idle (conformance-kit: 100 ms, scaled by `--slow`). */
const QUIET = 100

const WHAT: Readonly<Record<string, Options>> = {
  connect: { requiresArg: true, describe: 'HOST:PORT of a server that runs' },
  cmd: {
    requiresArg: true,
    describe:
      'shell command that starts a server, afresh for each transcript; {port} is a free port',
  },
  port: {
    requiresArg: true,
    describe: `the port that the server of --cmd takes, if there is no {port} in it [default: ${DEFAULT_PORT}]; with --record the port to chat through [default: a free one]`,
  },
  input: {
    requiresArg: true,
    describe: 'what to type to the server of --cmd when it starts, \\n for Enter',
  },
  batch: {
    requiresArg: true,
    describe: 'folder: --cmd is run for each file in it, as {file}',
  },
  record: {
    requiresArg: true,
    describe: 'HOST:PORT: let people chat with that server through here, and print the transcript',
  },
  list: { describe: 'list the stages and their transcripts' },
}
const WHICH: Readonly<Record<string, Options>> = {
  spec: { requiresArg: true, describe: "folder with transcripts [default: the tutorial's]" },
  stage: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'only this stage; again for more',
  },
  until: { requiresArg: true, describe: 'the stages up to this one' },
  rubric: {
    requiresArg: true,
    describe: 'JSON file with stages and points [default: rubric.json in the folder]',
  },
  wiring: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: `only this of ${Object.keys(WIRINGS).join(', ')}; again for more`,
  },
  with: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: 'play also what needs this, as time',
  },
}
const HOW: Readonly<Record<string, Options>> = {
  hints: { requiresArg: true, describe: 'how many hints to give for each failure [default: 1]' },
  slow: { requiresArg: true, describe: 'wait so many times as long for everything [default: 1]' },
  quiet: {
    requiresArg: true,
    describe: `milliseconds of silence that count as silence, where the server cannot be seen idle [default: ${QUIET}]`,
  },
  patience: {
    requiresArg: true,
    describe: `milliseconds that a server may take for an answer [default: ${ANSWER}]`,
  },
  deadline: {
    requiresArg: true,
    describe: 'seconds for everything, of each server [default: 300]',
  },
  jobs: {
    requiresArg: true,
    describe: 'how many servers of --cmd with {port} at once [default: 2]',
  },
}
const REPORT: Readonly<Record<string, Options>> = {
  tap: { describe: 'print TAP 14 in place of the report' },
  junit: { requiresArg: true, describe: 'write JUnit XML to this file' },
  gradescope: { requiresArg: true, describe: 'write results.json of Gradescope to this file' },
  json: { requiresArg: true, describe: 'write everything, with all bytes and times, to this file' },
  csv: { requiresArg: true, describe: 'append a row to this file' },
  html: { requiresArg: true, describe: 'write one page with everything to this file' },
}

const CLASHES: readonly Clash[] = [
  ['connect', ['cmd'], 'both name a server'],
  ['connect', ['port', 'input', 'jobs'], 'the second is for a server that --cmd starts'],
  ['stage', ['until'], 'both choose stages'],
  ['list', ['tap', ...REPORTS], '--list plays nothing, so there is nothing to report'],
  [
    'record',
    [
      ...['connect', 'cmd', 'input', 'batch', 'list'],
      ...[WHICH, HOW, REPORT].flatMap((options) => Object.keys(options)),
    ],
    '--record plays nothing, it writes down what people say',
  ],
]

/** Adds the options of `check` to a command. */
export function describeCheck(command: Argv): Argv {
  return command
    .options({ ...WHAT, ...WHICH, ...HOW, ...REPORT })
    .group(Object.keys(WHAT), 'What to check:')
    .group(Object.keys(WHICH), 'Which transcripts:')
    .group(Object.keys(HOW), 'How:')
    .group(Object.keys(REPORT), 'Reports:')
    .epilogue(
      'Exit code: 0 if all passed, 1 if some failed, 2 if there was no server or nothing could be printed,\n' +
        '3 for bad arguments, a bad transcript, a report that cannot be written, or if nothing could be played,\n' +
        '130 if it was stopped, by Ctrl-C or another signal.',
    )
}

/** Checks what yargs has read. Throws a {@link UsageError}. */
export function readCheck(args: Readonly<Record<string, unknown>>): CheckOptions {
  const sources: Sources = [fromCommandLine(args)]
  refuseClashes(sources, CLASHES)
  const slow = readNumber(sources, 'slow', 1, 100) ?? 1
  const target = readTarget(sources)
  const list = readSwitch(sources, 'list')
  const record = readAddress(sources, 'record')
  const batch = readText(sources, 'batch')
  if (target === undefined && !list && record === undefined) {
    throw new UsageError(
      'check needs a server: --connect HOST:PORT or --cmd "python3 server.py {port}"',
    )
  }
  if (batch !== undefined && (target?.type !== 'command' || !target.line.includes('{file}'))) {
    throw new UsageError('--batch needs --cmd with {file} in it, as --cmd "python3 {file} {port}"')
  }
  const wirings = readTexts(sources, 'wiring')
  const unknown = wirings.find((name) => !Object.hasOwn(WIRINGS, name))
  if (unknown !== undefined) {
    throw new UsageError(`--wiring takes ${Object.keys(WIRINGS).join(', ')}, not '${unknown}'`)
  }
  const tap = readSwitch(sources, 'tap')
  const reports = readReports(sources)
  const single = [reports.junit, reports.gradescope, reports.json].some(
    (file) => file !== undefined,
  )
  if (batch !== undefined && (tap || single)) {
    throw new UsageError('--batch writes --html and --csv; the other reports are about one server')
  }
  const free = target?.type === 'command' && target.port === undefined
  return {
    choice: readChoice(sources),
    list,
    ...(target === undefined ? {} : { target }),
    ...(batch === undefined ? {} : { batch }),
    ...(record === undefined ? {} : { record }),
    recordPort: readNumber(sources, 'port', 1, 65_535) ?? 0,
    hints: readNumber(sources, 'hints', 0, 100) ?? 1,
    ...(wirings.length === 0 ? {} : { wirings }),
    abilities: readTexts(sources, 'with'),
    patience: {
      answer: slow * (readNumber(sources, 'patience', 1, 600_000) ?? ANSWER),
      quiet: slow * (readNumber(sources, 'quiet', 1, 60_000) ?? QUIET),
    },
    startPatience: slow * START,
    deadline: 1000 * (readNumber(sources, 'deadline', 1, 86_400) ?? 300),
    jobs: free ? (readNumber(sources, 'jobs', 1, 64) ?? 2) : 1,
    tap,
    reports,
  }
}

function readChoice(sources: Sources): Choice {
  const stages = readTexts(sources, 'stage')
  const until = readText(sources, 'until')
  const rubric = readText(sources, 'rubric')
  return {
    folder: readText(sources, 'spec') ?? near(tutorial()),
    ...(stages.length === 0 ? {} : { stages }),
    ...(until === undefined ? {} : { until }),
    ...(rubric === undefined ? {} : { rubric }),
  }
}

function readReports(sources: Sources): Reports {
  const files = REPORTS.flatMap((kind) => {
    const file = readText(sources, kind)
    return file === undefined ? [] : [[kind, file] as const]
  })
  return Object.fromEntries(files)
}

/** The tutorial's folder, which lies beside `bin` in a clone and beside `dist` in a package. */
function tutorial(): string {
  const beside = (up: string): string =>
    fileURLToPath(new URL(`${up}/spec/tutorial`, import.meta.url))
  return existsSync(beside('..')) ? beside('..') : beside('../..')
}

/** A path as short as a reader may want it. */
function near(path: string): string {
  const short = relative(process.cwd(), path)
  return short.startsWith('..') ? path : short
}
