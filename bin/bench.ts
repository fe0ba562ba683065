// `partyline bench`: puts a load on a server that runs somewhere, verifies what comes of it, and
// says what it carried and whether the load could have been more.

import type { Argv, Options } from 'yargs'
import { Fault } from '../lib/bench/crowd.js'
import { isBottleneck, runLoad, type Load, type Measured } from '../lib/bench/load.js'
import { readEndpoint } from '../lib/host/listen.js'
import { DIALECTS } from '../lib/index.js'
import { UsageError } from './sources.js'

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

/** Adds the options of `bench` to a command. */
export function describeBench(command: Argv): Argv {
  const options: Record<string, Options> = {}
  for (const [name, [, usual, , describe]] of Object.entries(FIGURES)) {
    options[name] = { requiresArg: true, describe: `${describe} [default: ${usual}]` }
  }
  return command
    .positional('url', { type: 'string', describe: 'line://HOST:PORT of the server' })
    .options(options)
}

/** Checks what yargs has read. Throws a {@link UsageError}. */
export function readBench(args: Readonly<Record<string, unknown>>): Load {
  const endpoint = readEndpoint(typeof args['url'] === 'string' ? args['url'] : '', DIALECTS)
  if ('problem' in endpoint) throw new UsageError(endpoint.problem)
  const { dialect, host, port } = endpoint
  if (dialect.name !== 'line') {
    throw new UsageError(`the load speaks line, not ${dialect.name}: give line://HOST:PORT`)
  }
  const [, usualSenders] = FIGURES.senders
  const figure = (name: Figure): number => readFigure(name, args[name])
  const clients = figure('clients')
  const load = {
    // A server in class may queue no more than five connections.
    place: { host, port, connecting: 5 },
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

/** Runs the load and gives what it carried, in lines; `tell` is told steps on the way. Throws what was wrong. */
export async function bench(load: Load, tell: (step: string) => void): Promise<readonly string[]> {
  try {
    return report(load, await runLoad(load, tell))
  } catch (error) {
    throw error instanceof Fault ? new Error(`the load failed: ${error.message}`) : error
  }
}

function readFigure(name: Figure, value: unknown): number {
  const [least, usual, most] = FIGURES[name]
  if (value === undefined) return usual
  if (Array.isArray(value)) throw new UsageError(`--${name} may be given only once`)
  const text = typeof value === 'string' ? value : ''
  const number = Number(text)
  const whole = Number.isInteger(number) || name === 'seconds' || name === 'rate'
  if (text.trim() !== '' && whole && number >= least && number <= most) return number
  throw new UsageError(`--${name} takes a number from ${least} to ${most}, not '${text}'`)
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
