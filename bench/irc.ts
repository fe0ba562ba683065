// How a client of the load talks to an IRC server: what it says and hears in the line dialect is put
// into the few commands of RFC 2812 that this takes.

import type { Interpreter } from '../lib/bench/client.js'

const CHANNEL = '#bench'
const MESSAGE = /^:([^!\s]+)\S* PRIVMSG \S+ :(.*)$/
const ANSWER = /^:\S+ (\d{3}|PONG) /
/** RPL_WELCOME: the nickname stands. */
const WELCOME = '001'
/** RPL_ENDOFNAMES: the client is in the channel. */
const JOINED = '366'

/** Speaks IRC for one client, in one channel; `write` is for what the client itself does not say. */
export class IrcInterpreter implements Interpreter {
  readonly #write: (text: string) => void
  #named = false
  #joined = false
  /** What was said before the client was in the channel. */
  #held = ''
  /** The begin of a line whose end has not come yet. */
  #partial = ''

  constructor(write: (text: string) => void) {
    this.#write = write
  }

  say(lines: string): string {
    const [nick = '', ...others] = this.#named ? ['', lines] : lines.split(/(?<=\r\n)/)
    const said = others.join('').replace(/^.+/gm, asCommand)
    const introduction = this.#named ? '' : `NICK ${nick}USER bench 0 * :${nick}`
    this.#named = true
    if (this.#joined) return introduction + said
    this.#held += said
    return introduction
  }

  hear(bytes: Buffer): Buffer {
    const lines = (this.#partial + bytes.toString('latin1')).split('\r\n')
    this.#partial = lines.pop() ?? ''
    return Buffer.from(lines.map((line) => this.#hearLine(line)).join(''), 'latin1')
  }

  /** What the line dialect has for a line of the server's; that others join and whatever else happens is left out. */
  #hearLine(line: string): string {
    const [, nick, text] = MESSAGE.exec(line) ?? []
    if (nick !== undefined && text !== undefined) return `${nick}: ${text}\r\n`
    if (line.startsWith('PING')) this.#write(`${line.replace('PING', 'PONG')}\r\n`)
    const [, code] = ANSWER.exec(line) ?? []
    if (code === 'PONG') return '!pong bench\r\n'
    if (code === WELCOME) this.#write(`JOIN ${CHANNEL}\r\n`)
    if (code === JOINED) this.#enter()
    return ''
  }

  #enter(): void {
    this.#joined = true
    this.#write(this.#held)
    this.#held = ''
  }
}

function asCommand(line: string): string {
  return line.startsWith('!ping ') ? `PING ${line.slice(6)}` : `PRIVMSG ${CHANNEL} :${line}`
}
