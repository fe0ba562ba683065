// Network addresses as limits and logs see them.

import { isIPv6 } from 'node:net'
import { formatHost } from '../dialects/address.js'

export { formatHost }

/** Where a connection comes from. */
export interface Peer {
  /** IPv4 or IPv6 address without brackets or zone; `unknown` if the socket died before it could be read. */
  readonly address: string
  readonly port: number
}

/** The peer of a socket's remote fields; an IPv4-mapped address (`::ffff:127.0.0.1`) as IPv4. */
export function peerOf(remoteAddress: string | undefined, remotePort: number | undefined): Peer {
  const address = (remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  return { address, port: remotePort ?? 0 }
}

/** `address:port`, with an IPv6 address in brackets. */
export function formatPeer({ address, port }: Peer): string {
  return `${formatHost(address)}:${port}`
}

/** Whether an address or a host name is of this machine alone; `127.1` is short for 127.0.0.1. */
export function isLoopback(address: string): boolean {
  if (address === 'localhost' || address === '::1') return true
  return /^(?:::ffff:127\.\d+\.\d+\.\d+|127(?:\.\d+){1,3})$/i.test(address)
}

/** What counts as one source: an IPv4 address, or the /64 network that an IPv6 host can choose addresses in. */
export function networkOf(address: string): string {
  if (!isIPv6(address)) return address
  const [head = '', tail] = address.toLowerCase().split('::')
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':') + '::/64'
}

function groups(part: string): string[] {
  return part === '' ? [] : part.split(':')
}
