// A client of the line dialect that looks at every byte it is sent.

import { ok } from 'node:assert/strict'
import { isUtf8 } from 'node:buffer'
import { Client } from '../support/client.js'
import { show } from '../support/show.js'

/** A TELNET answer (RFC 854): IAC, a verb, an option. */
const TELNET_ANSWER = /\xff[\xfb-\xfe][^]/g
/** What no line may hold: bytes in Latin-1, and characters once they are read as UTF-8. */
const FORBIDDEN_BYTES = /[\0-\x1f\x7f\xff]/
const FORBIDDEN_CHARACTERS = /[\x80-\x9f\u202a-\u202e\u2066-\u2069]/

/** A client. Whatever it is sent must be a line that is fit for any terminal, or a TELNET answer. */
export class Caller {
  readonly client: Client
  #heard: string[] = []
  #telnet = ''
  #fences = 0

  private constructor(client: Client) {
    this.client = client
    // One character for each byte, until a line is whole.
    client.socket.setEncoding('latin1')
  }

  /** Connects to `line://HOST:PORT`, and says nothing yet. */
  static async to(url: string): Promise<Caller> {
    return new Caller(await Client.to(url, { halfOpen: true }))
  }

  /** Connects and registers; resolves once the nickname stands. */
  static async named(url: string, nick: string, ...lines: readonly string[]): Promise<Caller> {
    const caller = await Caller.to(url)
    caller.say(nick, ...lines)
    await caller.fence()
    return caller
  }

  /** Sends bytes as they are. */
  send(bytes: string | Buffer): void {
    this.client.send(bytes)
  }

  /** Sends lines, in one write. */
  say(...lines: readonly string[]): void {
    this.client.say(...lines)
  }

  /** Resolves once the server has carried out what was sent so far. */
  async fence(): Promise<void> {
    const pong = `!pong caller${++this.#fences}`
    this.say(pong.replace('pong', 'ping'))
    for (;;) {
      const line = this.#read(await this.client.line())
      if (line === pong) return
      this.#heard.push(line)
    }
  }

  /** Resolves once the server has ended the connection. What came last must be a whole line. */
  async closed(): Promise<void> {
    const lines = await this.client.rest()
    this.#heard.push(...lines.map((line) => this.#read(line)).filter((line) => line !== ''))
  }

  /** Ends, and resolves once the server has ended, too: then the nickname is free. */
  async leave(): Promise<void> {
    this.client.end()
    await this.closed()
  }

  /** How many lines came since they were last taken. */
  get waiting(): number {
    return this.#heard.length
  }

  /** The lines that came since they were last taken, fences left out. */
  take(): readonly string[] {
    const heard = this.#heard
    this.#heard = []
    return heard
  }

  /** The TELNET answers that came since they were last taken, in hex. */
  takeTelnet(): string {
    const telnet = this.#telnet
    this.#telnet = ''
    return telnet
  }

  /** A line as text, checked, and without the TELNET answers that came before it. */
  #read(bytes: string): string {
    const line = bytes.replace(TELNET_ANSWER, (answer) => {
      this.#telnet += Buffer.from(answer, 'latin1').toString('hex')
      return ''
    })
    const utf8 = Buffer.from(line, 'latin1')
    const text = utf8.toString()
    ok(isUtf8(utf8) && !FORBIDDEN_BYTES.test(line), `bytes of no terminal: ${show(line)}`)
    ok(!FORBIDDEN_CHARACTERS.test(text), `characters of no terminal: ${show(text)}`)
    return text
  }
}
