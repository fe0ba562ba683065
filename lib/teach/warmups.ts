// The warm-ups of the tutorial: echo, upper case, relay. Each is a few lines, since what is hard
// about them, lines out of bytes, is done by lib/wire.

import { Lesson, type Client } from './lesson.js'

/** How a warm-up differs from the tutorial's last form of it. */
export interface WarmupOptions {
  /** Whether a connection is closed after its first answer, as by the program that the course hands out. */
  readonly closeAfterLine: boolean
}

/** Sends each line back to where it came from. */
export class Echo extends Lesson {
  readonly #closeAfterLine: boolean

  constructor({ closeAfterLine }: WarmupOptions) {
    super()
    this.#closeAfterLine = closeAfterLine
  }

  override hear(client: Client, line: string): void {
    client.tell(this.answer(line))
    if (this.#closeAfterLine) client.close()
  }

  /** What is sent back for a line. */
  protected answer(line: string): string {
    return line
  }
}

/** Sends each line back in capitals. */
export class Upper extends Echo {
  protected override answer(line: string): string {
    return line.toUpperCase()
  }
}

/** Sends each line to all the others. */
export class Relay extends Lesson {
  readonly #clients = new Set<Client>()

  override welcome(client: Client): void {
    this.#clients.add(client)
  }

  override hear(client: Client, line: string): void {
    for (const other of this.#clients) if (other !== client) other.tell(line)
  }

  override forget(client: Client): void {
    this.#clients.delete(client)
  }
}
