// What one end of a connection has received, as whole frames: for clients, which read one server
// with the framing by which servers read them.

import type { FrameLimits, FrameReader, Framing, Mark } from '../wire/frame.js'

/** Collects reads and gives what is whole. */
export class Inbox {
  readonly #reader: FrameReader
  readonly #frames: string[] = []

  constructor(framing: Framing, limits: FrameLimits) {
    const sink = {
      frame: (frame: string) => this.#frames.push(frame),
      // No framing of a client's answers by itself, and nothing is ever held back.
      reply: ignore,
      drain: ignore,
      end: ignore,
    }
    this.#reader = framing(sink, limits)
  }

  /** The frames that end in this read, and marks in the place of those that cannot be read. */
  take(bytes: Buffer): readonly string[] {
    this.#reader.feed(bytes)
    return this.#frames.splice(0)
  }

  /** No more comes: a mark, if it ends amid a frame. */
  end(): readonly string[] {
    this.#reader.end()
    return this.#frames.splice(0)
  }
}

/** What stands for a frame that was dropped, in a sentence; undefined for a mark after which nothing more is read. */
export function sentenceOfMark(mark: Mark): string | undefined {
  return SENTENCES.get(mark)
}

const SENTENCES: ReadonlyMap<Mark, string> = new Map<Mark, string>([
  ['too-long', 'A message of the server was too long and is not shown.'],
  ['bad-text', 'A message of the server was no UTF-8 and is not shown.'],
  ['unfinished-line', 'The last message of the server was cut off and is not shown.'],
])

function ignore(): void {
  // There is nothing to do.
}
