// Addresses to listen on, as people write them, and the sockets that listen there.

import { createServer, type Server as NetServer, type Socket } from 'node:net'
import type { Dialect } from '../dialects/dialect.js'
import {
  NO_ZONE,
  bareHost,
  findDialect,
  formatHost,
  noAddress,
  readAddress,
  type Problem,
} from '../dialects/address.js'
import { isLoopback } from './address.js'
import type { Limits } from './limits.js'

/** Connections that the kernel holds while the server is busy; it is capped by the system's somaxconn. */
const BACKLOG = 4096

/** What can be spoken somewhere: its name, as in `--listen NAME://…`, and the port it has by default. */
export type Speech = Pick<Dialect, 'name' | 'port'>

/** Where to listen, and what to speak there. */
export interface Endpoint<Spoken extends Speech = Dialect> {
  readonly dialect: Spoken
  /** A host name or an address, IPv6 without brackets. */
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
}

/**
 * Reads `DIALECT://HOST[:PORT]`, for example `line://127.0.0.1:8888` or `line://[::1]`, where the
 * dialect is one of `dialects`, by name. Without a port it is the dialect's own. Says what is wrong
 * and what is allowed, otherwise.
 */
export function readEndpoint<Spoken extends Speech>(
  url: string,
  dialects: ReadonlyMap<string, Spoken>,
): Endpoint<Spoken> | Problem {
  const written = readAddress(url)
  if ('problem' in written) return written
  const { scheme, host, port } = written
  // Of a bare IPv6 address nobody could tell where it ends and the port begins.
  if (scheme === undefined || host === '' || host !== formatHost(host)) return noAddress(url)
  const dialect = findDialect(dialects, scheme)
  if ('problem' in dialect) return dialect
  const number = port === undefined ? dialect.port : Number(port)
  if (number > 65_535) return { problem: `port ${number} is too large, take 0 to 65535` }
  return { dialect, host: bareHost(host), port: number }
}

/** An endpoint as a URL. */
export function formatEndpoint({ dialect, host, port }: Endpoint<Speech>): string {
  return `${dialect.name}://${formatHost(host)}:${port}`
}

/** Whether people on other machines can connect to an endpoint. */
export function isExposed({ host }: Endpoint<Speech>): boolean {
  return !isLoopback(host)
}

/** A socket that listens. */
export interface Listener {
  /** With the port that it got. */
  readonly endpoint: Endpoint<Speech>
  /** Accepts nobody any more; connections that stand are left alone. */
  close(): void
}

/** Who listens, such as a host. */
export interface Owner<Spoken extends Speech> {
  readonly limits: Pick<Limits, 'keepalive'>
  /** Takes a new connection, whose peer may end its half of it and read on. */
  accept(socket: Socket, dialect: Spoken): void
  /** Is told, in one line, that connections could not be taken. */
  warn(text: string): void
}

/** Listens on an endpoint; says in one sentence why that cannot be. */
export function listen<Spoken extends Speech>(
  owner: Owner<Spoken>,
  endpoint: Endpoint<Spoken>,
): Promise<Listener | Problem> {
  const options = {
    allowHalfOpen: true,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: owner.limits.keepalive * 1000,
  }
  const server = createServer(options, (socket) => {
    owner.accept(socket, endpoint.dialect)
  })
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ problem: explain(error, endpoint) })
    })
    server.listen({ host: endpoint.host, port: endpoint.port, backlog: BACKLOG }, () => {
      const bound = { ...endpoint, port: portOf(server, endpoint) }
      server.removeAllListeners('error').on('error', (error) => {
        owner.warn(`accepting on ${formatEndpoint(bound)} failed: ${error.message}`)
      })
      resolve({ endpoint: bound, close: () => server.close() })
    })
  })
}

function portOf(server: NetServer, endpoint: Endpoint<Speech>): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : endpoint.port
}

const REASONS: ReadonlyMap<string | undefined, string> = new Map([
  ['EADDRINUSE', 'the port is in use, stop the other server or take another port'],
  ['EACCES', 'ports below 1024 need rights, take a higher one'],
  ['EADDRNOTAVAIL', 'this machine has no such address'],
  ['EAFNOSUPPORT', 'this machine does not speak that kind of address'],
  ['EINVAL', NO_ZONE],
  ['ENOTFOUND', 'there is no host of that name'],
  ['EAI_AGAIN', 'there is no host of that name'],
])

function explain(error: NodeJS.ErrnoException, endpoint: Endpoint<Speech>): string {
  return `cannot listen on ${formatEndpoint(endpoint)}: ${REASONS.get(error.code) ?? error.message}`
}
