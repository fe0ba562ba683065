// Standard output and error as a server may use them: a terminal that is stopped, a pipe that
// nobody reads or that is closed must stop neither the chat nor the exit.

import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs'
import type { Writable } from 'node:stream'

/** How much may wait for a reader, in bytes; more is dropped and counted. */
const MAX_WAITING_BYTES = 65_536
/** How often a reader that stalled is tried again, in milliseconds. */
const RETRY = 100

/** Writes some bytes without ever waiting; returns how many were taken, or undefined if nobody will ever read. */
type Write = (bytes: Buffer) => number | undefined

/** A place for lines that never waits for its reader. What is written in one turn of the loop leaves in one write. */
export class BoundedOutput {
  readonly #write: Write
  #waiting: Buffer[] = []
  #waitingBytes = 0
  #dropped = 0
  #closed = false
  #soon: NodeJS.Immediate | undefined
  #retry: NodeJS.Timeout | undefined

  /** Takes the descriptor (1 or 2) and Node's own stream for it, which serves where the descriptor cannot be reopened. */
  constructor(descriptor: number, stream: Writable) {
    // A closed reader is an error event of the stream; unheard, it would end the process.
    stream.on('error', () => {
      this.#closed = true
    })
    this.#write = writerOf(descriptor, stream)
  }

  /** Lines that were dropped since the last that could be written. */
  get dropped(): number {
    return this.#dropped
  }

  /** Writes a line; `line` has no end. */
  writeLine(line: string): void {
    this.write(line + '\n')
  }

  /** Writes whole lines, or drops and counts them while too much waits. */
  write(lines: string): void {
    if (this.#closed) return
    const bytes = Buffer.from(lines)
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES && !this.#stalled) this.flush()
    if (this.#waitingBytes + bytes.length > MAX_WAITING_BYTES) {
      this.#dropped++
      return
    }
    this.#waiting.push(bytes)
    this.#waitingBytes += bytes.length
    if (!this.#stalled) this.#flushSoon()
  }

  /** Writes what waits as far as it is taken now. */
  flush(): void {
    while (this.#waiting.length > 0 && !this.#closed) {
      const bytes = Buffer.concat(this.#waiting)
      const taken = this.#write(bytes)
      if (taken === undefined) {
        this.#closed = true
        return
      }
      this.#waiting = taken < bytes.length ? [bytes.subarray(taken)] : []
      this.#waitingBytes = bytes.length - taken
      if (taken < bytes.length) {
        this.#tryLater()
        return
      }
      this.#confess()
    }
  }

  get #stalled(): boolean {
    return this.#retry !== undefined
  }

  #flushSoon(): void {
    this.#soon ??= setImmediate(() => {
      this.#soon = undefined
      this.flush()
    })
  }

  /** Says how much was dropped, now that somebody reads again. */
  #confess(): void {
    if (this.#dropped === 0) return
    const notice = Buffer.from(`(${this.#dropped} lines were dropped: nobody read them)\n`)
    this.#dropped = 0
    this.#waiting.push(notice)
    this.#waitingBytes += notice.length
  }

  #tryLater(): void {
    this.#retry = setTimeout(() => {
      this.#retry = undefined
      this.flush()
    }, RETRY)
    this.#retry.unref()
  }
}

function writerOf(descriptor: number, stream: Writable): Write {
  try {
    const kind = fstatSync(descriptor)
    if (kind.isFile()) return writerTo(descriptor)
    if (kind.isFIFO() || kind.isCharacterDevice()) return writerTo(reopen(descriptor))
  } catch {
    // No such descriptor, nobody reads it, or no /proc on this system: Node's stream knows.
  }
  return (bytes) => {
    if (stream.destroyed) return undefined
    if (stream.writableLength > MAX_WAITING_BYTES) return 0
    stream.write(bytes)
    return bytes.length
  }
}

/**
 * The same pipe or terminal under a descriptor of our own that never blocks. To set the given one
 * so would change it for the shell and everybody else who shares it.
 */
function reopen(descriptor: number): number {
  const { O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants
  const own = openSync(`/proc/self/fd/${descriptor}`, O_WRONLY | O_NONBLOCK | O_NOCTTY)
  process.once('exit', () => {
    closeSync(own)
  })
  return own
}

function writerTo(descriptor: number): Write {
  return (bytes) => {
    try {
      return writeSync(descriptor, bytes)
    } catch (error) {
      return isCode(error, 'EAGAIN') ? 0 : isCode(error, 'ENOSPC') ? bytes.length : undefined
    }
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
