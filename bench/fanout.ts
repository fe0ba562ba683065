// The least that a chat server in Node must do, to measure Partyline against: lines come in, each
// goes to all others, and what fell in one turn of the event loop leaves in one write a receiver,
// from one shared buffer. No rooms, no limits, no checks, no answers but to `!ping`.

import { createServer, type Server, type Socket } from 'node:net'
import { spoil, type Fault } from './fault.js'

const LF = 0x0a
const BANG = 0x21

interface Client {
  readonly socket: Socket
  /** What stands in front of its lines; undefined until it has sent its nickname. */
  head: Buffer | undefined
  /** The begin of a line whose end has not come yet. */
  partial: Buffer | undefined
}

/** A line of this turn, as its receivers get it. */
interface Line {
  readonly from: Client
  readonly bytes: Buffer
}

/**
 * A server, not listening yet. The first line of a client is its nickname, every further one goes to
 * all others as `nick: line`; `!ping x` is answered by `!pong x`. Lines keep the end they came with.
 * With a fault it spoils what the client gets that came last, to show that the load notices.
 */
export function fanout(fault?: Fault): Server {
  const clients = new Set<Client>()
  let said: Line[] = []
  let victim: Client | undefined

  function flush(): void {
    const lines = said
    if (lines.length === 0) return
    said = []
    const speakers = new Set(lines.map(({ from }) => from))
    const all = bytesOf(lines)
    for (const client of clients) {
      const heard = speakers.has(client)
        ? bytesOf(lines.filter(({ from }) => from !== client))
        : all
      if (heard.length > 0) client.socket.write(client === victim ? spoiled(heard) : heard)
    }
  }

  function spoiled(lines: Buffer): Buffer {
    return fault === undefined ? lines : spoil(fault, lines)
  }

  function take(client: Client, line: Buffer): void {
    if (client.head === undefined) {
      client.head = Buffer.from(`${line.toString().trimEnd()}: `)
      clients.add(client)
      if (fault !== undefined) victim = client
    } else if (line[0] === BANG) {
      flush()
      client.socket.write(line.toString().replace('!ping', '!pong'))
    } else {
      if (said.length === 0) setImmediate(flush)
      said.push({ from: client, bytes: Buffer.concat([client.head, line]) })
    }
  }

  return createServer({ noDelay: true }, (socket) => {
    const client: Client = { socket, head: undefined, partial: undefined }
    socket
      .on('data', (chunk) => {
        for (const line of wholeLines(client, chunk)) take(client, line)
      })
      .on('error', () => socket.destroy())
      .on('close', () => clients.delete(client))
  })
}

/** The lines that this chunk completes, with their ends; the rest waits for the next chunk. */
function wholeLines(client: Client, chunk: Buffer): Buffer[] {
  const bytes = client.partial === undefined ? chunk : Buffer.concat([client.partial, chunk])
  const lines: Buffer[] = []
  let start = 0
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
    lines.push(bytes.subarray(start, end + 1))
    start = end + 1
  }
  client.partial = start < bytes.length ? bytes.subarray(start) : undefined
  return lines
}

function bytesOf(lines: readonly Line[]): Buffer {
  return Buffer.concat(lines.map(({ bytes }) => bytes))
}
