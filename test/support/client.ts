// A client of the line dialect over a real socket: what a test sends and reads, line by line.

import { connect, type Socket } from 'node:net'
import { Changes } from './changes.js'

/** One client. Every wait for a line ends with an error if the line does not come. */
export class Client {
  readonly socket: Socket
  readonly #changes = new Changes()
  readonly #lines: string[] = []
  #text = ''
  /** What came since the last {@link has}. */
  #unseen = ''
  #ended = false
  #fences = 0

  private constructor(socket: Socket) {
    this.socket = socket
    socket
      .setEncoding('utf8')
      .setNoDelay(true)
      .on('data', (text: string) => {
        this.#take(text)
      })
      .on('end', () => {
        this.#end()
      })
      // A reset is an end like another; a test that minds looks at what came before.
      .on('error', () => {
        this.#end()
      })
      .on('close', () => {
        this.#end()
      })
  }

  /** Connects to `DIALECT://HOST:PORT`. With `halfOpen`, the server's end is not answered by one. */
  static async to(url: string, { halfOpen = false } = {}): Promise<Client> {
    const { host, port } = placeOf(url)
    const socket = connect({ host, port, allowHalfOpen: halfOpen })
    const client = new Client(socket)
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', resolve).once('error', reject)
    })
    return client
  }

  /** Connects and registers; resolves once the nickname stands. What came before that is dropped. */
  static async named(url: string, nick: string): Promise<Client> {
    const client = await Client.to(url)
    client.say(nick)
    await client.fence()
    return client
  }

  /** The local port, by which the server knows it. */
  get port(): number {
    return this.socket.localPort ?? 0
  }

  /** Sends bytes as they are. */
  send(bytes: string | Buffer): void {
    this.socket.write(bytes)
  }

  /** Sends lines, in one write. */
  say(...lines: readonly string[]): void {
    this.send(lines.map((line) => line + '\r\n').join(''))
  }

  /** The next line, without its CR LF. Rejects if there is none before the end. */
  async line(): Promise<string> {
    await this.#wait(() => this.#lines.length > 0 || this.#ended)
    const line = this.#lines.shift()
    if (line === undefined) throw new Error('the connection ended where a line was awaited')
    return line
  }

  /** The next so many lines. */
  async lines(count: number): Promise<readonly string[]> {
    const lines: string[] = []
    while (lines.length < count) lines.push(await this.line())
    return lines
  }

  /** Resolves with a text of this form once it has come, in whatever lines or frames; the next one is sought after it. */
  async has(text: string | RegExp): Promise<string> {
    const find = (): string | undefined =>
      typeof text === 'string'
        ? this.#unseen.includes(text)
          ? text
          : undefined
        : text.exec(this.#unseen)?.[0]
    await this.#wait(() => find() !== undefined)
    const found = find() ?? ''
    this.#unseen = this.#unseen.slice(this.#unseen.indexOf(found) + found.length)
    return found
  }

  /** Everything that came after what {@link has} has found. */
  get unseen(): string {
    return this.#unseen
  }

  /** Every line until the server ends the connection; a last one without its CR LF as it is. */
  async rest(): Promise<readonly string[]> {
    await this.#wait(() => this.#ended)
    return this.#text === '' ? this.#lines.splice(0) : [...this.#lines.splice(0), this.#text]
  }

  /** Everything that came until the server has carried out what was sent so far. */
  async fence(): Promise<readonly string[]> {
    const token = `fence${++this.#fences}`
    this.say(`!ping ${token}`)
    const before: string[] = []
    for (;;) {
      const line = await this.line()
      if (line === `!pong ${token}`) return before
      before.push(line)
    }
  }

  /** Sends no more. */
  end(): void {
    this.socket.end()
  }

  /** Breaks the connection off by a reset. */
  reset(): void {
    this.socket.resetAndDestroy()
  }

  async #wait(holds: () => boolean): Promise<void> {
    await this.#changes.until(
      holds,
      () => `nothing came after ${JSON.stringify([...this.#lines, this.#text])}`,
    )
  }

  #take(text: string): void {
    this.#unseen += text
    const lines = (this.#text + text).split('\r\n')
    this.#text = lines.pop() ?? ''
    this.#lines.push(...lines)
    this.#changes.tell()
  }

  #end(): void {
    this.#ended = true
    this.#changes.tell()
  }
}

/** Where a URL points to. */
function placeOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url.replace(/^\w+:/, 'http:'))
  return { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) }
}
