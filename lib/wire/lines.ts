// Lines of text from a byte stream: the telnet guard, then split2. Clean chunks pass the guard
// as they are; pausing the splitter is what makes back-pressure reach the socket.

import type { Transform } from 'node:stream'
import split2 from 'split2'
import type { FrameLimits, FrameReader, FrameSink, Framing } from './frame.js'
import { TelnetGuard } from './telnet.js'

/**
 * So many bytes are given to split2 at once: a line that is remembered keeps the whole string alive
 * that it was cut from (64 KiB for 60 bytes, measured).
 */
const PIECE_BYTES = 4096

/** The framing of people at telnet and nc: CR LF, LF, CR NUL and bare CR end a line; telnet options are refused. */
export const telnetLines: Framing = (sink, limits) => new LineReader(sink, limits)

class LineReader implements FrameReader {
  readonly #guard: TelnetGuard
  readonly #splitter: Transform
  #ended = false

  constructor(sink: FrameSink, limits: FrameLimits) {
    this.#guard = new TelnetGuard(limits, sink)
    // A mark of one byte makes every write ask for a drain, which comes once its lines are taken.
    // Only LF can be a line's end here; to look for a CR before it takes split2 four times as long.
    this.#splitter = split2('\n', { writableHighWaterMark: 1 })
    this.#splitter
      .on('error', () => {
        sink.end()
      })
      .on('data', (line: string) => {
        sink.frame(line.endsWith('\r') ? line.slice(0, -1) : line)
      })
      .on('end', () => {
        sink.end()
      })
      .on('drain', () => {
        sink.drain()
      })
  }

  get unfinishedBytes(): number {
    return this.#guard.unfinishedBytes
  }

  feed(chunk: Buffer): boolean {
    if (this.#ended) return true
    this.#split(this.#guard.take(chunk))
    if (this.#guard.ended) this.#endSplitter()
    return this.#splitter.writableLength === 0
  }

  end(): void {
    if (this.#ended) return
    const mark = this.#guard.end()
    if (mark.length > 0) this.#splitter.write(mark)
    this.#endSplitter()
  }

  pause(): void {
    this.#splitter.pause()
  }

  resume(): void {
    this.#splitter.resume()
  }

  replied(): void {
    this.#guard.replied()
  }

  destroy(): void {
    this.#ended = true
    this.#splitter.removeAllListeners('data').destroy()
  }

  #split(lines: Buffer): void {
    for (let next = 0; next < lines.length && !this.#ended; next += PIECE_BYTES) {
      this.#splitter.write(lines.subarray(next, next + PIECE_BYTES))
    }
  }

  #endSplitter(): void {
    this.#ended = true
    this.#splitter.end()
  }
}
