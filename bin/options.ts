// The command line, the environment and the configuration file as one set of checked options.

import { readFileSync } from 'node:fs'
import type { Argv, Options } from 'yargs'
import yargs from 'yargs'
import {
  DEFAULT_LIMITS,
  LIMITS,
  type LimitName,
  type Limits,
  type LogFormat,
} from '../lib/index.js'
import { LIFTED } from '../lib/host/limits.js'
import { isExposed, readEndpoint } from '../lib/host/listen.js'

/** Something the person who started the program can mend; its message is one line that says how. */
export class UsageError extends Error {}

/** What `partyline serve` was asked for. */
export interface ServeOptions {
  /** URLs to listen on; empty with `ask`. */
  readonly listen: readonly string[]
  readonly ask: boolean
  readonly motd: readonly string[]
  readonly limits: Limits
  readonly logFormat: LogFormat
  readonly logMessages: boolean
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
    describe: 'how standard output tells what happens, one line each: text or json [default: text]',
  },
  'log-messages': { describe: 'log the text of messages too' },
}

/** Adds the options of `serve` to a command. */
export function describeServe(command: Argv): Argv {
  return command
    .options({ ...GENERAL, ...limitOptions() })
    .group([...Object.keys(GENERAL), 'config', 'help', 'version'], 'Options:')
    .group(Object.keys(limitOptions()), 'Limits:')
    .config('config', 'JSON file with any of these options', readConfig)
    .env('PARTYLINE')
}

/** Checks what yargs has read. Throws a {@link UsageError}. */
export function readServe(args: Readonly<Record<string, unknown>>): ServeOptions {
  readText(args, 'config')
  const lifted = readSwitch(args, 'no-limits')
  const listen = readListen(args)
  const beyond = listen.find((url) => lifted && isBeyondLoopback(url))
  if (beyond !== undefined) {
    throw new UsageError(
      `--no-limits is for loopback only, and ${beyond} is not: leave one of them`,
    )
  }
  const motd = readText(args, 'motd')
  return {
    listen,
    ask: readSwitch(args, 'ask'),
    motd: motd === undefined ? [] : readMotd(motd),
    limits: readLimits(args, lifted),
    logFormat: readLogFormat(args),
    logMessages: readSwitch(args, 'log-messages'),
  }
}

/** The parser of the whole command line, without its commands. */
export function parserOf(argv: readonly string[]): Argv {
  return yargs([...argv])
    .scriptName('partyline')
    .parserConfiguration({ 'boolean-negation': false, 'greedy-arrays': false })
    .strict()
    .wrap(Math.min(100, process.stdout.columns || 100))
    .fail((message: string | null, error: Error | undefined) => {
      throw new UsageError(message ?? error?.message ?? 'these arguments do not fit')
    })
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

function readLimits(args: Readonly<Record<string, unknown>>, lifted: boolean): Limits {
  const limits = { ...DEFAULT_LIMITS }
  if (lifted) for (const name of LIFTED) limits[name] = LIMITS[name].max
  for (const name of limitNames()) {
    const { min, max } = LIMITS[name]
    limits[name] = readNumber(args, optionOf(name), min, max) ?? limits[name]
  }
  return limits
}

function readListen(args: Readonly<Record<string, unknown>>): readonly string[] {
  const host = readText(args, 'host')
  const port = readNumber(args, 'port', 0, 65_535)
  const urls = args['listen'] === undefined ? [] : [args['listen']].flat().map(String)
  if (urls.length > 0 && (host !== undefined || port !== undefined)) {
    throw new UsageError(
      '--host and --port are short for one --listen: give either them or --listen',
    )
  }
  if (readSwitch(args, 'ask')) {
    if (urls.length === 0 && host === undefined && port === undefined) return []
    throw new UsageError('--ask asks for address and port: leave out --listen, --host and --port')
  }
  const short = `line://${inUrl(host ?? DEFAULT_HOST)}:${port ?? DEFAULT_PORT}`
  return (urls.length > 0 ? urls : [short]).map(checkUrl)
}

function inUrl(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

function checkUrl(url: string): string {
  const endpoint = readEndpoint(url)
  if ('problem' in endpoint) throw new UsageError(`--listen: ${endpoint.problem}`)
  return url
}

function isBeyondLoopback(url: string): boolean {
  const endpoint = readEndpoint(url)
  return 'problem' in endpoint || isExposed(endpoint)
}

function readText(args: Readonly<Record<string, unknown>>, option: string): string | undefined {
  const value = args[option]
  if (value === undefined) return undefined
  if (Array.isArray(value)) throw new UsageError(`--${option} may be given only once`)
  const text = typeof value === 'string' || typeof value === 'number' ? String(value) : ''
  if (text === '') throw new UsageError(`--${option} needs a value`)
  return text
}

function readNumber(
  args: Readonly<Record<string, unknown>>,
  option: string,
  min: number,
  max: number,
): number | undefined {
  const text = readText(args, option)
  if (text === undefined) return undefined
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  if (number >= min && number <= max) return number
  throw new UsageError(`--${option} takes a whole number from ${min} to ${max}, not '${text}'`)
}

/** A switch is on without a value; the environment and a file have to give it one. */
function readSwitch(args: Readonly<Record<string, unknown>>, option: string): boolean {
  const value = args[option] ?? false
  const text = typeof value === 'boolean' ? String(value) : readText(args, option)
  if (text === 'true' || text === 'false') return text === 'true'
  throw new UsageError(`--${option} takes true, false or nothing, not '${text ?? ''}'`)
}

function readLogFormat(args: Readonly<Record<string, unknown>>): LogFormat {
  const text = readText(args, 'log-format') ?? 'text'
  if (text === 'text' || text === 'json') return text
  throw new UsageError(`--log-format takes text or json, not '${text}'`)
}

function readMotd(file: string): readonly string[] {
  return readFile('--motd', file)
    .replace(/\r?\n$/, '')
    .split(/\r?\n/)
}

function readConfig(file: string): object {
  const text = readFile('--config', file)
  let config: unknown
  try {
    config = JSON.parse(text)
  } catch {
    throw new UsageError(`--config: ${file} is not JSON, such as {"port": 8888}`)
  }
  if (typeof config === 'object' && config !== null && !Array.isArray(config)) return config
  throw new UsageError(`--config: ${file} holds no JSON object, such as {"port": 8888}`)
}

function readFile(option: string, file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${option}: ${file} cannot be read (${reason})`)
  }
}
