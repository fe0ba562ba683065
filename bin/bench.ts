// `partyline bench`: puts a load on a server that runs somewhere, verifies what comes of it, and
// says what it carried and whether the load could have been more.

import { writeFileSync } from 'node:fs'
import type { Argv, Options } from 'yargs'
import { Fault, Unreachable } from '../lib/bench/fault.js'
import { isBottleneck, runLoad, type Load, type Measured } from '../lib/bench/load.js'
import { Progress } from '../lib/bench/progress.js'
import { readTarget } from '../lib/client/place.js'
import { DIALECTS } from '../lib/index.js'
import { EXIT } from './exit-codes.js'
import { UsageError } from './sources.js'
import { tryFile } from './try-file.js'

/** The load's bounds: least, default and most of each figure, and how `--help` puts it. */
const FIGURES = {
  clients: [2, 100, 20_000, 'clients that connect'],
  senders: [1, 5, 20_000, 'how many of them speak; all of a smaller crowd'],
  rooms: [0, 0, 10_000, 'rooms that all are dealt into; 0 for the lobby'],
  size: [10, 80, 1000, 'bytes of a line'],
  rate: [0, 0, 100_000, 'lines a second of each sender; 0 for bursts, as fast as all get them'],
  window: [1, 32, 10_000, 'lines of each sender in a burst'],
  seconds: [0.05, 5, 3600, 'how long is measured; a fifth of it goes before, unmeasured'],
} as const

type Figure = keyof typeof FIGURES

/** Without progress for so long, a line is taken for lost; a server that paces its clients takes its time. */
const STALL_SECONDS = 30

/** What `partyline bench` was asked for. */
export interface BenchOptions {
  readonly load: Load
  /** The file that all figures are written into, if one was named. */
  readonly json: string | undefined
}

/** Adds the options of `bench` to a command. */
export function describeBench(command: Argv): Argv {
  const options: Record<string, Options> = {}
  for (const [name, [least, usual, most, about]] of Object.entries(FIGURES)) {
    const describe = `${about} (${least} to ${most}) [default: ${usual}]`
    options[name] = { requiresArg: true, describe }
  }
  return command
    .positional('url', {
      type: 'string',
      describe: 'line://HOST:PORT of the server, or HOST:PORT or PORT',
    })
    .options(options)
    .option('json', {
      type: 'string',
      requiresArg: true,
      describe: 'write the figures to this file, as an object',
    })
    .epilogue(
      `Exit code: ${EXIT.done} if every line arrived, ${EXIT.couldNotRun} if there was no server, ${EXIT.badUsage} for bad arguments,\n` +
        `${EXIT.failed} if a line was lost, doubled, reordered or changed, or nothing came any more.`,
    )
}

/** Checks what yargs has read. Throws a {@link UsageError}. */
export function readBench(args: Readonly<Record<string, unknown>>): BenchOptions {
  const { json } = args
  if (json === '') throw new UsageError('--json needs a value')
  if (Array.isArray(json)) throw new UsageError('--json may be given only once')
  return { load: readLoad(args), json: typeof json === 'string' ? json : undefined }
}

function readLoad(args: Readonly<Record<string, unknown>>): Load {
  const url = typeof args['url'] === 'string' ? args['url'] : ''
  if (url === '') throw new UsageError('bench needs line://HOST:PORT')
  const target = readTarget(url, DIALECTS)
  if ('problem' in target) throw new UsageError(target.problem)
  const { dialect, place } = target
  if (dialect.name !== 'line') {
    throw new UsageError(`the load speaks line, not ${dialect.name}: give line://HOST:PORT`)
  }
  const [, usualSenders] = FIGURES.senders
  const figure = (name: Figure): number => readFigure(name, args[name])
  const clients = figure('clients')
  const load = {
    // A server in class may queue no more than five connections.
    place: { ...place, connecting: 5 },
    // Two loads on one server must not want the same nicknames.
    prefix: `b${Math.floor(Math.random() * 36 ** 3).toString(36)}`,
    clients,
    speakers: args['senders'] === undefined ? Math.min(usualSenders, clients) : figure('senders'),
    rooms: figure('rooms'),
    textBytes: figure('size'),
    rate: figure('rate') === 0 ? undefined : figure('rate'),
    window: figure('window'),
    seconds: figure('seconds'),
    stallSeconds: STALL_SECONDS,
  }
  if (load.speakers > load.clients) {
    throw new UsageError(`--senders is more than --clients: ${load.clients} at most`)
  }
  if (load.rooms > load.clients - load.speakers || load.rooms > load.speakers) {
    throw new UsageError(
      'each room needs a sender and one more: take fewer --rooms or more --senders and --clients',
    )
  }
  return load
}

/** Runs the load and prints what it carried; gives the exit code. Throws {@link Unreachable} or {@link Fault}. */
export async function bench(options: BenchOptions): Promise<number> {
  const progress = new Progress()
  const tell = (step: string): void => {
    // Where nobody looks on, standard error is for errors.
    if (process.stderr.isTTY) progress.show(() => step)
  }
  const lines = await measure(options, tell).finally(() => {
    progress.clear()
  })
  process.stdout.write(lines.map((line) => `${line}\n`).join(''))
  return EXIT.done
}

/**
 * Runs the load and gives what it carried, in lines; `tell` is told how far it is. Throws {@link Unreachable},
 * {@link Fault}, or before it begins if the figures could not be written.
 */
export async function measure(
  { load, json }: BenchOptions,
  tell: (step: string) => void,
): Promise<readonly string[]> {
  if (json !== undefined) {
    writing(json, () => {
      tryFile(json)
    })
  }
  try {
    const measured = await runLoad(load, tell)
    if (json !== undefined) writeJson(json, figuresOf(load, measured))
    return report(load, measured)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (json !== undefined) writeJson(json, { fault: error.message })
    throw error instanceof Unreachable ? error : new Fault(`the load failed: ${error.message}`)
  }
}

function writeJson(file: string, value: unknown): void {
  writing(file, () => {
    writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`)
  })
}

/** Says of what goes wrong which option it is about. */
function writing(file: string, write: () => void): void {
  try {
    write()
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(`--json: ${file} cannot be written (${reason})`)
  }
}

function readFigure(name: Figure, value: unknown): number {
  const [least, usual, most] = FIGURES[name]
  if (value === undefined) return usual
  if (Array.isArray(value)) throw new UsageError(`--${name} may be given only once`)
  const text = typeof value === 'string' ? value : ''
  const isWhole = name !== 'seconds' && name !== 'rate'
  const number = (isWhole ? /^\d+$/ : /^\d*\.?\d+$/).test(text) ? Number(text) : NaN
  if (number >= least && number <= most) return number
  const kind = isWhole ? 'a whole number' : 'a number'
  throw new UsageError(`--${name} takes ${kind} from ${least} to ${most}, not '${text}'`)
}

/** What was asked for and measured, for programs: times of lines in milliseconds, all others in seconds. */
function figuresOf(load: Load, measured: Measured): Readonly<Record<string, unknown>> {
  const { clients, speakers: senders, rooms, textBytes: size, rate, window } = load
  const { registrationSeconds, deliveries, seconds, latencies, busy } = measured
  const [p50, p99] = [latencies.percentile(50), latencies.percentile(99)]
  return {
    asked: { clients, senders, rooms, size, rate: rate ?? 0, window, seconds: load.seconds },
    registrationSeconds,
    deliveries,
    seconds,
    deliveriesPerSecond: deliveries / seconds,
    latencyMilliseconds: { p50, p99, max: latencies.max },
    busy,
    bottleneck: isBottleneck(measured),
  }
}

/** What a load has measured, in lines; the last says what limited it, if that was not the rate asked for. */
export function report(load: Load, measured: Measured): readonly string[] {
  const { registrationSeconds, deliveries, seconds, latencies, busy } = measured
  const ms = (latency: number): string =>
    `${latency < 1000 ? latency.toPrecision(3) : latency.toFixed(0)} ms`
  const percentile = (percent: number): string => ms(latencies.percentile(percent))
  const lines = [
    `registered: ${load.clients} clients in ${registrationSeconds.toFixed(2)} s`,
    `delivered: ${deliveries} lines in ${seconds.toFixed(2)} s, ${Math.round(deliveries / seconds)} a second`,
    `latency: half within ${percentile(50)}, 99 % within ${percentile(99)}, all within ${ms(latencies.max)}`,
    'verified: nothing lost, doubled, reordered or changed',
    `this program: busy ${Math.round(busy * 100)} % of the time`,
  ]
  if (isBottleneck(measured)) {
    return [
      ...lines,
      'It was the bottleneck itself: the server may carry more than it could ask for.',
    ]
  }
  if (load.rate !== undefined) return lines
  return [
    ...lines,
    'Each burst waits until all have read the one before: a larger --window may carry more.',
  ]
}
