// Clients of the Chat Box at a core, behind its framing.

import t from 'tap'
import { chatbox } from '../../lib/dialects/chatbox/index.js'
import type { Floor } from './core-arena.js'
import { FramedLink, type Chunking } from './framed-link.js'

/** A client, and what it has been sent since it was last looked at: a text for each message. */
export class Client {
  readonly #link: FramedLink
  #heard: string[] = []

  constructor(floor: Floor, dialect = chatbox, chunking?: Chunking) {
    const ear = {
      heard: (bytes: Buffer) => this.#heard.push(bytes.toString()),
      ended: (end: string) => this.#heard.push(`(${end})`),
    }
    this.#link = new FramedLink(floor, ear, dialect, chunking)
  }

  /** What has come since the last time. */
  get heard(): readonly string[] {
    const heard = this.#heard
    this.#heard = []
    return heard
  }

  /** Sends each as one read, and gives what has come since the last time. */
  async says(...reads: readonly (string | Buffer)[]): Promise<readonly string[]> {
    for (const read of reads) {
      await this.#link.send(Buffer.from(read))
      // Lines come by a stream, which gives them later.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return this.heard
  }

  /** Sends no more. */
  async stops(): Promise<readonly string[]> {
    this.#link.halfClose()
    await new Promise((resolve) => setImmediate(resolve))
    return this.heard
  }
}

/** A client of the document that has been named. */
export async function one(floor: Floor, name: string): Promise<Client> {
  const client = new Client(floor)
  t.equal((await client.says(name)).length, 1)
  return client
}
