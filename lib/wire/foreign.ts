// Other protocols that knock at a chat server's port: browsers, scanners, TLS and SSH clients.
// Their bytes must never run as commands (CVE-2016-10517 is the class), so they are closed at once.

/** The first bytes of a TLS handshake record (RFC 8446, 5.1): type 22, major version 3. */
const TLS_HANDSHAKE = Buffer.of(0x16, 0x03)

const LINES: readonly (readonly [RegExp, string])[] = [
  [/^[A-Z]+ .* HTTP\/\d/i, 'HTTP'],
  [/^Host:/i, 'HTTP'],
  [/^SSH-/, 'SSH'],
  [/^RFB \d/, 'VNC'],
  [/^PROXY (TCP4|TCP6|UNKNOWN)/, 'the PROXY protocol'],
]

/** The protocol that a line before the nickname gives away, or undefined. */
export function foreignLine(line: string): string | undefined {
  return LINES.find(([pattern]) => pattern.test(line))?.[1]
}

/** How many bytes {@link startsTls} needs. */
export const TLS_PREFIX_BYTES = TLS_HANDSHAKE.length

/** Whether a connection that begins with these bytes speaks TLS; no line end needs to be waited for. */
export function startsTls(bytes: Buffer): boolean {
  return bytes.subarray(0, TLS_PREFIX_BYTES).equals(TLS_HANDSHAKE)
}
