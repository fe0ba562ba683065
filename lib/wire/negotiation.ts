// Which telnet answer an option asks for (RFC 854, RFC 1143): none is ever agreed to, and no
// answer is answered, so that two sides cannot go on for ever. It knows bytes of telnet alone.

/** Begins every telnet command; an option command has a verb and the option after it. */
export const IAC = 0xff
/** The peer offers to use an option. */
export const WILL = 0xfb
/** The peer does not use an option. */
export const WONT = 0xfc
/** The peer asks us to use an option. */
export const DO = 0xfd
/** The peer does not want us to use an option. */
export const DONT = 0xfe
/** The option that real telnets ask for at Ctrl-C; they show nothing until it is answered (RFC 860). */
const TIMING_MARK = 0x06

const TIMING_MARK_REFUSED = Buffer.of(IAC, WONT, TIMING_MARK)

/** What has been said about the options of one connection. */
export class Negotiation {
  /** Requests that were refused: the verb's byte, then the option's. */
  #refused: Set<number> | undefined
  #markPending = false

  /** The bytes to send when a peer says `verb` (WILL, WONT, DO or DONT) of an option; undefined for silence. */
  answerTo(verb: number, option: number): Buffer | undefined {
    if (verb === WONT || verb === DONT) return undefined
    return verb === DO && option === TIMING_MARK ? this.#refuseMark() : this.#refuse(verb, option)
  }

  /** The answers have gone to the kernel: the next timing mark needs one of its own. */
  answered(): void {
    this.#markPending = false
  }

  /** One answer that is still unsent serves every mark before it. */
  #refuseMark(): Buffer | undefined {
    if (this.#markPending) return undefined
    this.#markPending = true
    return TIMING_MARK_REFUSED
  }

  /** Once, whatever the peer repeats (RFC 1143, section 3). */
  #refuse(verb: number, option: number): Buffer | undefined {
    const request = (verb << 8) | option
    this.#refused ??= new Set()
    if (this.#refused.has(request)) return undefined
    this.#refused.add(request)
    return Buffer.of(IAC, verb === DO ? WONT : DONT, option)
  }
}
