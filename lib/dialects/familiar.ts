// Names that a client has heard of, so that Tab can complete them.

/** As many as anybody wants to choose from; a server may name any number. */
const MOST = 1000

/** A set of names, of which the {@link MOST} that were heard last are kept. */
export class Familiar implements Iterable<string> {
  readonly #names = new Set<string>()

  /** Names were heard. */
  add(...names: readonly string[]): void {
    for (const name of names) {
      this.#names.delete(name)
      this.#names.add(name)
    }
    for (const oldest of this.#names) {
      if (this.#names.size <= MOST) break
      this.#names.delete(oldest)
    }
  }

  /** A name is nobody's any more. */
  delete(name: string): void {
    this.#names.delete(name)
  }

  [Symbol.iterator](): Iterator<string> {
    return this.#names[Symbol.iterator]()
  }
}
