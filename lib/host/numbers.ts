// The numbers by which some protocols know their clients: the port of each, as long as nobody else
// has it (two clients at different addresses may).

/** The numbers that are taken. */
export class Numbers {
  readonly #taken = new Set<number>()

  /** Takes this number, or the next free one. */
  take(wanted: number): number {
    let number = wanted
    while (this.#taken.has(number)) number++
    this.#taken.add(number)
    return number
  }

  /** Gives a number back that was taken. */
  free(number: number): void {
    this.#taken.delete(number)
  }
}
