// Addresses as people write them, DIALECT://HOST:PORT or parts of it: for those who listen and those who connect.

/** What is wrong with something a person wrote, in one sentence without its end. */
export interface Problem {
  readonly problem: string
}

/** The parts of an address, as far as they were written. */
export interface Written {
  readonly scheme: string | undefined
  /** As written, an IPv6 address in brackets or bare; may be empty. */
  readonly host: string
  /** Up to five digits. */
  readonly port: string | undefined
}

/** An IPv6 address of one network alone has the network's name or number after it: `fe80::1%eth0`. */
const ZONE = '(?:%[\\w.-]+)?'
const FORM = new RegExp(
  '^(?:(?<scheme>[a-z0-9]+)://)?' +
    `(?<host>\\[[0-9a-f:.]+${ZONE}\\]|[0-9a-f]*:[0-9a-f:.]*:[0-9a-f:.]*${ZONE}|[^:/?#\\s[\\]]*)` +
    '(?::(?<port>\\d{1,5}))?/?$',
  'i',
)

/** Reads an address of which any part may be left out. Says what is wrong if it is none. */
export function readAddress(text: string): Written | Problem {
  const groups = FORM.exec(text)?.groups
  if (groups === undefined) return noAddress(text)
  const { scheme, host = '', port } = groups
  return { scheme, host, port }
}

/** That a text is no address. */
export function noAddress(text: string): Problem {
  return { problem: `'${text}' is not DIALECT://HOST:PORT, such as line://127.0.0.1:8888` }
}

/** What is spoken under a name; says which names there are if there is no such thing. */
export function findDialect<Spoken extends object>(
  dialects: ReadonlyMap<string, Spoken>,
  name: string,
): Spoken | Problem {
  const names = [...dialects.keys()].join(', ')
  return dialects.get(name) ?? { problem: `there is no dialect '${name}', only ${names}` }
}

/** A host as sockets take it: an IPv6 address without brackets. */
export function bareHost(host: string): string {
  return host.replace(/^\[|\]$/g, '')
}

/** A host name or an address as URLs have it: an IPv6 address in brackets, anything else (one in brackets, too) as it is. */
export function formatHost(host: string): string {
  // No name has a colon; to ask isIPv6 took a twentieth of all that a connection does.
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
}

/** Why an address of one network alone cannot be used, without its end. */
export const NO_ZONE = 'an address of one network needs its name, as in fe80::1%eth0'
