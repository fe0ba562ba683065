// The options of the program: what they are, and what their values mean together.

import type { Argv, Options } from 'yargs'
import yargs from 'yargs'
import {
  DEFAULT_LIMITS,
  LIMITS,
  type LimitName,
  type Limits,
  type LogFormat,
} from '../lib/index.js'
import { formatHost } from '../lib/host/address.js'
import { LIFTED } from '../lib/host/limits.js'
import { isExposed, readEndpoint } from '../lib/host/listen.js'
import type { TeachingOptions } from '../lib/teach/index.js'
import { EXIT, INTERRUPTED } from './exit-codes.js'
import {
  UsageError,
  fromCommandLine,
  fromEnvironment,
  fromFile,
  nameOf,
  rankOf,
  readFile,
  readNumber,
  readSwitch,
  readText,
  readTexts,
  unknownVariables,
  type Source,
  type Sources,
} from './sources.js'
import { SPOKEN, TEACHING, defaultDialect, readTeaching } from './teach.js'

/** What `partyline serve` was asked for. */
export interface ServeOptions {
  /** URLs to listen on; empty with `ask`. */
  readonly listen: readonly string[]
  readonly ask: boolean
  readonly motd: readonly string[]
  readonly teaching: TeachingOptions
  readonly limits: Limits
  /** What has lifted all limits, as it was given, so that the server may listen on loopback only. */
  readonly limitless: string | undefined
  readonly logFormat: LogFormat
  readonly logMessages: boolean
  /** What the person who started the program should know, one line each without its end. */
  readonly warnings: readonly string[]
}

const DEFAULT_HOST = '127.0.0.1'
const DEFAULT_PORT = 8888

const GENERAL: Readonly<Record<string, Options>> = {
  listen: {
    type: 'string',
    array: true,
    requiresArg: true,
    describe: `DIALECT://HOST:PORT to listen on, again for more; port 0 takes a free one [default: line://${DEFAULT_HOST}:${DEFAULT_PORT}]`,
  },
  host: { type: 'string', requiresArg: true, describe: 'short for --listen line://HOST:8888' },
  port: { alias: 'p', requiresArg: true, describe: 'short for --listen line://127.0.0.1:PORT' },
  ask: {
    describe: 'ask for address and port, and again until it can listen there',
  },
  motd: { type: 'string', requiresArg: true, describe: 'file whose lines each user gets as !motd' },
  'no-limits': {
    describe: 'lift all rates and counts, for benchmarks on loopback only',
  },
  'log-format': {
    requiresArg: true,
    describe:
      'how standard output tells what happens, one line each: text or json [default: text]; ' +
      'with json, questions and answers to the operator go to standard error',
  },
  'log-messages': { describe: 'log the text of messages too' },
  ...TEACHING,
  config: { type: 'string', requiresArg: true, describe: 'JSON file with any of these options' },
}

/** Adds the options of `serve` to a command. */
export function describeServe(command: Argv): Argv {
  return command
    .options({ ...GENERAL, ...limitOptions() })
    .group([...Object.keys(GENERAL), 'help', 'version'], 'Options:')
    .group(Object.keys(limitOptions()), 'Limits:')
    .epilogue(
      'Each option of the server can also be set in the environment, as PARTYLINE_MAX_CLIENTS=50 for\n' +
        '--max-clients 50; in PARTYLINE_LISTEN spaces or commas part several URLs. The command line counts\n' +
        'most, then the environment, then the file of --config.\n' +
        `Exit code: ${EXIT.done} after a stop, ${INTERRUPTED} after one at once, ${EXIT.couldNotRun} if it could not run,\n` +
        `${EXIT.badUsage} for arguments that do not fit.`,
    )
}

/** Checks what yargs has read, the environment, and the file that they name. Throws a {@link UsageError}. */
export function readServe(
  args: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv,
): ServeOptions {
  const options = [...Object.keys(GENERAL), ...limitNames().map(optionOf)]
  const sources = readSources(args, env, options)
  const lifted = readSwitch(sources, 'no-limits')
  const ask = isAsked(sources)
  const listen = ask ? [] : readListen(sources)
  const limitless = lifted ? nameOf(sources, 'no-limits') : undefined
  for (const url of listen) {
    const refusal = whyNotLimitless(limitless, url)
    if (refusal !== undefined) throw new UsageError(`${refusal}: leave one of them`)
  }
  return {
    listen,
    ask,
    motd: readMotd(sources),
    teaching: readTeaching(sources, ask ? undefined : listen),
    limits: readLimits(sources, lifted),
    limitless,
    logFormat: readLogFormat(sources),
    logMessages: readSwitch(sources, 'log-messages'),
    warnings: unknownVariables(env, options).map((name) => `${name} is no option and is ignored`),
  }
}

function readSources(
  args: Readonly<Record<string, unknown>>,
  env: NodeJS.ProcessEnv,
  options: readonly string[],
): Sources {
  const sources: readonly Source[] = [
    fromCommandLine(args),
    fromEnvironment(env, options, ['listen']),
  ]
  const file = readText(sources, 'config')
  if (file === undefined) return sources
  const inFile = options.filter((option) => option !== 'config')
  return [...sources, fromFile(nameOf(sources, 'config'), file, inFile)]
}

/** The parser of the whole command line, without its commands. */
export function parserOf(argv: readonly string[]): Argv {
  return yargs([...withRest(argv)])
    .scriptName('partyline')
    .parserConfiguration({
      'boolean-negation': false,
      'greedy-arrays': false,
      // yargs takes a number 1 that is given again for a count: 7 and 1 would be 8.
      'parse-numbers': false,
    })
    .strict()
    .wrap(Math.min(100, process.stdout.columns || 100))
    .fail((message: string | null, error: Error | undefined) => {
      throw new UsageError(message ?? error?.message ?? 'these arguments do not fit')
    })
}

/**
 * The same arguments with those after `--` among the words before the first option: yargs gives them to no command
 * and refuses none. Throws a {@link UsageError} for one that would be an option there.
 */
function withRest(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  if (end < 0) return argv
  const rest = argv.slice(end + 1)
  const odd = rest.find((arg) => arg.startsWith('-'))
  if (odd !== undefined) throw new UsageError(`Unknown argument: ${odd}`)
  const options = argv.findIndex((arg) => arg.startsWith('-'))
  return [...argv.slice(0, options), ...rest, ...argv.slice(options, end)]
}

/** A limit's option, without its dashes: `maxClients` is `max-clients`. */
export function optionOf(name: LimitName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

function limitOptions(): Record<string, Options> {
  const options: Record<string, Options> = {}
  for (const name of limitNames()) {
    const { about, unit, default: number } = LIMITS[name]
    const describe = `${about} (${unit}) [default: ${number}]`
    options[optionOf(name)] = { requiresArg: true, describe }
  }
  return options
}

function limitNames(): LimitName[] {
  const names: LimitName[] = []
  let name: LimitName
  for (name in LIMITS) names.push(name)
  return names
}

function readLimits(sources: Sources, lifted: boolean): Limits {
  const limits = { ...DEFAULT_LIMITS }
  if (lifted) for (const name of LIFTED) limits[name] = LIMITS[name].max
  for (const name of limitNames()) {
    const { min, max } = LIMITS[name]
    limits[name] = readNumber(sources, optionOf(name), min, max) ?? limits[name]
  }
  return limits
}

/** Whether to ask where to listen: if no source that counts more says where. */
function isAsked(sources: Sources): boolean {
  if (!readSwitch(sources, 'ask')) return false
  const place = firstOf(sources, ['listen', 'host', 'port'])
  refuseBoth(sources, 'ask', place)
  return rankOf(sources, 'ask') < rankOf(sources, place)
}

/** The URLs to listen on, from the source that counts most of those that say where. */
function readListen(sources: Sources): readonly string[] {
  const short = firstOf(sources, ['host', 'port'])
  refuseBoth(sources, 'listen', short)
  if (rankOf(sources, 'listen') < rankOf(sources, short)) {
    const name = nameOf(sources, 'listen')
    const urls = readTexts(sources, 'listen').map((url) => checkUrl(name, url))
    const twice = urls.find((url, n) => !/:0\/?$/.test(url) && urls.indexOf(url) < n)
    if (twice === undefined) return urls
    throw new UsageError(`${name} has ${twice} twice: leave one of them`)
  }
  const host = readText(sources, 'host') ?? DEFAULT_HOST
  const port = readNumber(sources, 'port', 0, 65_535) ?? DEFAULT_PORT
  return [
    checkUrl(nameOf(sources, 'host'), `${defaultDialect(sources)}://${formatHost(host)}:${port}`),
  ]
}

/** The option of several that comes from where it counts most. */
function firstOf(sources: Sources, options: readonly [string, ...string[]]): string {
  return options.reduce((first, option) =>
    rankOf(sources, option) < rankOf(sources, first) ? option : first,
  )
}

/** Refuses two options from one source that each say where to listen. */
function refuseBoth(sources: Sources, one: string, other: string): void {
  const rank = rankOf(sources, one)
  if (rank === Infinity || rank !== rankOf(sources, other)) return
  const names = `${nameOf(sources, one)} and ${nameOf(sources, other)}`
  throw new UsageError(`${names} both say where to listen: leave one of them`)
}

function checkUrl(name: string, url: string): string {
  const endpoint = readEndpoint(url, SPOKEN)
  if ('problem' in endpoint) throw new UsageError(`${name}: ${endpoint.problem}`)
  return url
}

/** Why nobody may listen at a URL while `limitless` has lifted all limits, without its end; nothing to say of what is no URL. */
export function whyNotLimitless(limitless: string | undefined, url: string): string | undefined {
  const endpoint = readEndpoint(url, SPOKEN)
  if (limitless === undefined || 'problem' in endpoint || !isExposed(endpoint)) return undefined
  return `${limitless} is for loopback only, and ${url} is not`
}

function readLogFormat(sources: Sources): LogFormat {
  const text = readText(sources, 'log-format') ?? 'text'
  if (text === 'text' || text === 'json') return text
  throw new UsageError(`${nameOf(sources, 'log-format')} takes text or json, not '${text}'`)
}

function readMotd(sources: Sources): readonly string[] {
  const file = readText(sources, 'motd')
  if (file === undefined) return []
  const text = readFile(nameOf(sources, 'motd'), file).replace(/\r?\n$/, '')
  return text === '' ? [] : text.split(/\r?\n/)
}
