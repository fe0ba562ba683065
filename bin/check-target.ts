// The options of `partyline check` that name a server.

import type { Address } from '../lib/check/sockets.js'
import { UsageError, nameOf, readNumber, readText, type Sources } from './sources.js'

/** What to play against. */
export type Target =
  | { readonly type: 'running'; readonly address: Address }
  | {
      readonly type: 'command'
      readonly line: string
      /** Undefined for a free one each time. */
      readonly port?: number
      readonly input?: string
    }

/** The port of a server of `--cmd` that is given none: the tutorial's. */
export const DEFAULT_PORT = 8888

/** The server of `--connect` or `--cmd`; undefined for none. Throws a {@link UsageError}. */
export function readTarget(sources: Sources): Target | undefined {
  const address = readAddress(sources, 'connect')
  const line = readText(sources, 'cmd')
  if (address !== undefined) return { type: 'running', address }
  if (line === undefined) return undefined
  const given = readNumber(sources, 'port', 1, 65_535)
  const port = line.includes('{port}') ? given : (given ?? DEFAULT_PORT)
  const input = readText(sources, 'input')?.replaceAll('\\n', '\n')
  return {
    type: 'command',
    line,
    ...(port === undefined ? {} : { port }),
    ...(input === undefined ? {} : { input }),
  }
}

/** A `HOST:PORT`, in which an IPv6 address stands in brackets; undefined if it is not given. Throws a {@link UsageError}. */
export function readAddress(sources: Sources, option: string): Address | undefined {
  const text = readText(sources, option)
  if (text === undefined) return undefined
  const { host = 'localhost', port = '' } =
    /^(?:(?:\[(?<v6>[^\]]+)\]|(?<host>[^:]+)):)?(?<port>\d+)$/.exec(text)?.groups ?? {}
  const number = Number(port)
  if (port !== '' && number >= 1 && number <= 65_535) {
    const v6 = /^\[(?<v6>[^\]]+)\]/.exec(text)?.groups?.['v6']
    return { host: v6 ?? host, port: number }
  }
  throw new UsageError(
    `${nameOf(sources, option)} takes HOST:PORT as localhost:8888, not '${text}'`,
  )
}
