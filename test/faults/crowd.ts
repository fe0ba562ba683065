// Many clients at once, each a bare socket: what they get is compared, not read.

import { connect, type Socket } from 'node:net'
import { Digest } from '../../lib/bench/verify.js'
import { until } from './stage.js'

/** Connections under way at once: fewer than the kernel queues for a server that is busy. */
const UNDER_WAY = 200

/** A client of a crowd. */
export class Member {
  readonly socket: Socket
  /** What came since the digest was begun. */
  digest = new Digest()
  /** The last that came, as text: enough for a line of the server's. */
  tail = ''
  /** Whether the server, or the network, has ended the connection. */
  gone = false

  /** Connects from `from`, if that is named. */
  constructor(url: string, from?: string) {
    const { hostname, port } = new URL(url.replace(/^\w+:/, 'http:'))
    const local = from === undefined ? {} : { localAddress: from }
    this.socket = connect({ host: hostname, port: Number(port), noDelay: true, ...local })
    this.socket
      .on('data', (chunk) => {
        this.digest.take(chunk)
        this.tail = (this.tail + chunk.subarray(-TAIL).toString('latin1')).slice(-TAIL)
      })
      .on('error', () => undefined)
      .on('close', () => (this.gone = true))
      .on('end', () => (this.gone = true))
  }

  /** Whether the connection stands. */
  get open(): boolean {
    return !this.gone && !this.socket.connecting
  }
}

const TAIL = 200

/** So many clients, as soon as each is connected or turned away; some at a time. */
export async function gather(
  url: string,
  count: number,
  from: (n: number) => string | undefined = () => undefined,
): Promise<readonly Member[]> {
  const members: Member[] = []
  while (members.length < count) {
    const some = Array.from({ length: Math.min(UNDER_WAY, count - members.length) }, (_, n) => {
      return new Member(url, from(members.length + n))
    })
    members.push(...some)
    await until(() => some.every(({ socket }) => !socket.connecting), 'connecting')
  }
  return members
}

/** So many clients who are registered as NICK0, NICK1, …, and hear from now on. */
export async function gatherUsers(
  url: string,
  count: number,
  nick: string,
): Promise<readonly Member[]> {
  const members = await gather(url, count)
  for (const [n, { socket }] of members.entries()) socket.write(`${nick}${n}\r\n!ping here\r\n`)
  await until(() => members.every(({ tail }) => tail.endsWith('!pong here\r\n')), 'registering')
  for (const member of members) member.digest = new Digest()
  return members
}

/** All break off by a reset. */
export function reset(members: readonly Member[]): void {
  for (const { socket } of members) socket.resetAndDestroy()
}
