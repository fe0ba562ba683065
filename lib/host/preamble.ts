// What comes before a nickname: little, and nothing of other protocols, whose clients and scanners
// knock at every port.

import type { Refusal } from '../core/index.js'
import { TLS_PREFIX_BYTES, foreignLine, startsTls } from '../wire/foreign.js'

/** Watches what one connection sends until its nickname stands. Each check gives the reason why the connection must go. */
export class Preamble {
  readonly #maxBytes: number
  #prefix: Buffer | undefined = Buffer.alloc(0)
  #bytes = 0

  /** `maxBytes` may come before the nickname. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Looks at the beginning of the first reads. */
  read(chunk: Buffer): Refusal | undefined {
    if (this.#prefix === undefined) return undefined
    const prefix = Buffer.concat([this.#prefix, chunk.subarray(0, TLS_PREFIX_BYTES)])
    this.#prefix = prefix.length < TLS_PREFIX_BYTES ? prefix : undefined
    return startsTls(prefix) ? { code: 'wrong-protocol', protocol: 'TLS' } : undefined
  }

  /** Looks at a whole frame, of so many bytes. */
  frame(text: string, bytes: number): Refusal | undefined {
    this.#bytes += bytes + 1
    const protocol = foreignLine(text)
    if (protocol !== undefined) return { code: 'wrong-protocol', protocol }
    return this.unfinished(0)
  }

  /** Looks at so many bytes that no frame stands for. */
  overhead(bytes: number): Refusal | undefined {
    this.#bytes += bytes
    return this.unfinished(0)
  }

  /** Looks at how many bytes have come after the last frame. */
  unfinished(bytes: number): Refusal | undefined {
    if (this.#bytes + bytes <= this.#maxBytes) return undefined
    return { code: 'registration-too-long', maxBytes: this.#maxBytes }
  }
}
