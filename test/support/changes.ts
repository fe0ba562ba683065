// Waiting for something to come true, without a sleep: whoever changes a thing says so.

/** How long a wait may take, in milliseconds: only a test that fails ever takes so long. */
const PATIENCE = 15_000

/** Something that changes, and that others wait for. */
export class Changes {
  readonly #waiting = new Set<() => void>()

  /** Tells everybody who waits to look again. */
  tell(): void {
    for (const look of this.#waiting) look()
  }

  /** Resolves once `holds` does; rejects with what `missing` says when patience ends. */
  until(holds: () => boolean, missing: () => string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (holds()) settle(resolve)
      }
      const settle = (done: () => void): void => {
        this.#waiting.delete(look)
        clearTimeout(patience)
        done()
      }
      const patience = setTimeout(() => {
        settle(() => {
          reject(new Error(missing()))
        })
      }, PATIENCE)
      this.#waiting.add(look)
      look()
    })
  }
}
