// What a telnet does to the bytes that it carries between a keyboard and a server (RFC 854, "The NVT
// printer and keyboard"). Unlike the guard of a server it shows all that comes, lines or not.

import { DO, DONT, IAC, Negotiation, WILL, WONT } from './negotiation.js'

const NUL = 0x00
const LF = 0x0a
const CR = 0x0d
const SE = 0xf0
const SB = 0xfa

/** Puts what is typed as a telnet sends it: LF as CR LF, CR alone as CR NUL, and byte 255 twice. */
export class TelnetVoice {
  #afterCr = false

  /** What is sent for these bytes; where they end has no meaning. */
  take(typed: Buffer): Buffer {
    const bytes: number[] = []
    for (const byte of typed) {
      if (byte === LF && !this.#afterCr) bytes.push(CR)
      if (byte !== LF && this.#afterCr) bytes.push(NUL)
      if (byte === IAC) bytes.push(IAC)
      bytes.push(byte)
      this.#afterCr = byte === CR
    }
    return Buffer.from(bytes)
  }
}

/** Takes the telnet commands out of what one server sends. */
export class TelnetEar {
  readonly #negotiation = new Negotiation()
  readonly #reply: (bytes: Buffer) => void
  #position: 'data' | 'command' | 'option' | 'sub' | 'sub-command' = 'data'
  #verb = 0
  #afterCr = false

  /** `reply` takes the refusals of options, to be sent; none is ever agreed to. */
  constructor(reply: (bytes: Buffer) => void) {
    this.#reply = reply
  }

  /** What a telnet would show of these bytes: all that is no telnet command, CR NUL as CR. */
  take(bytes: Buffer): Buffer {
    const shown = bytes.filter((byte) => this.#isShown(byte))
    this.#negotiation.answered()
    return Buffer.from(shown)
  }

  #isShown(byte: number): boolean {
    switch (this.#position) {
      case 'data':
        if (byte === IAC) this.#position = 'command'
        return byte !== IAC && this.#isData(byte)
      case 'command':
        return this.#command(byte)
      case 'option':
        this.#position = 'data'
        this.#answer(byte)
        return false
      case 'sub':
        if (byte === IAC) this.#position = 'sub-command'
        return false
      case 'sub-command':
        this.#position = byte === SE ? 'data' : 'sub'
        return false
    }
  }

  #isData(byte: number): boolean {
    const isPadding = byte === NUL && this.#afterCr
    this.#afterCr = byte === CR
    return !isPadding
  }

  #command(byte: number): boolean {
    this.#verb = byte
    const isOption = byte === WILL || byte === WONT || byte === DO || byte === DONT
    this.#position = isOption ? 'option' : byte === SB ? 'sub' : 'data'
    return byte === IAC
  }

  #answer(option: number): void {
    const answer = this.#negotiation.answerTo(this.#verb, option)
    if (answer !== undefined) this.#reply(answer)
  }
}
