// The server's own words, which may come between the lines of talk and are not to be counted as such.

const BANG = '!'
const LF = '\n'
/** A word that goes on for longer, in bytes, is none: a server would fill our memory with it. */
const LONGEST = 65_536

/** What some bytes held. */
export interface Sifted {
  /** All but the server's own words, as it came. */
  readonly talk: Buffer
  /** The lines that begin with `!`, each with its end. */
  readonly words: readonly string[]
}

/** Parts the lines of one server that begin with `!` from all others. */
export class Sieve {
  /** The begin of a word whose end has not come yet. */
  #partial = ''
  #atLineStart = true

  /** The next bytes, cut anywhere. */
  take(bytes: Buffer): Sifted {
    if (this.#partial === '' && !bytes.includes(BANG)) {
      // Most of a load: no line needs to be looked at.
      this.#atLineStart = bytes.at(-1) === LF.charCodeAt(0)
      return { talk: bytes, words: [] }
    }
    const words: string[] = []
    const talk: string[] = []
    for (const line of (this.#partial + bytes.toString('latin1')).split(/(?<=\n)/)) {
      if (this.#atLineStart && line.startsWith(BANG)) words.push(line)
      else talk.push(line)
      this.#atLineStart = line.endsWith(LF)
    }
    this.#partial = ''
    const last = words.at(-1)
    if (last?.endsWith(LF) === false) {
      words.pop()
      if (last.length > LONGEST) talk.push(last)
      else {
        this.#partial = last
        this.#atLineStart = true
      }
    }
    return { talk: Buffer.from(talk.join(''), 'latin1'), words }
  }
}
