// The sockets of a teaching server: each becomes a client of one lesson, within bounds that keep the
// server well whatever a client does.

import type { Socket } from 'node:net'
import { markOf, type FrameReader, type FrameSink } from '../wire/frame.js'
import type { Client, Crash, Lesson } from './lesson.js'

/** The longest line and the longest piece of one, in bytes: those of the chat server itself. */
const LINES = { frameBytes: 2048, unfinishedBytes: 65_536 }
/** How much may wait for a client that does not read, in bytes; then it is cut off. */
const UNSENT_BYTES = 1024 * 1024
/** How long a closed client may take to go, in milliseconds. */
const LINGER = 10_000
/** More clients than a class has. */
const MAX_CLIENTS = 500

/** All clients of one teaching server. */
export class Classroom {
  /** Resolves with the reason if the server has crashed, which only one with a mistake does. */
  readonly crashed: Promise<string>
  readonly #lesson: Lesson
  readonly #sockets = new Set<Socket>()

  /** Takes what makes the lesson, and gives it a way to crash. */
  constructor(lessonOf: (crash: Crash) => Lesson) {
    let crash: Crash = () => undefined
    this.crashed = new Promise((resolve) => (crash = resolve))
    this.#lesson = lessonOf((reason) => {
      this.close()
      crash(reason)
    })
  }

  /** Takes a new connection, which must allow half-open ones; one too many is cut off. */
  accept(socket: Socket): void {
    if (this.#sockets.size >= MAX_CLIENTS) {
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    const seat = new Seat(socket, this.#lesson)
    this.#lesson.welcome?.(seat)
  }

  /** Cuts everybody off. */
  close(): void {
    for (const socket of this.#sockets) socket.destroy()
  }
}

/** One client's socket. */
class Seat implements Client, FrameSink {
  readonly #socket: Socket
  readonly #lesson: Lesson
  readonly #reader: FrameReader
  #present = true
  #brokenOff = false
  /** Whether the reader can take more. */
  #hungry = true

  constructor(socket: Socket, lesson: Lesson) {
    this.#socket = socket
    this.#lesson = lesson
    this.#reader = lesson.framing(this, LINES)
    socket
      .on('data', (chunk) => {
        this.#take(chunk)
      })
      .on('end', () => {
        this.#reader.end()
      })
      .on('drain', () => {
        this.#readOn()
      })
      .on('error', () => {
        this.#brokenOff = this.#present
        this.#leave()
      })
      .on('close', () => {
        this.#leave()
      })
  }

  get brokenOff(): boolean {
    return this.#brokenOff
  }

  tell(text: string): void {
    this.write(`${text}\r\n`)
  }

  write(text: string): void {
    if (this.#present) this.#send(text)
  }

  close(): void {
    if (!this.#present) return
    this.#leave()
    this.#socket.end()
    // What still comes is read and dropped: to close over unread bytes would be a reset.
    this.#socket.resume()
    setTimeout(() => this.#socket.destroy(), LINGER).unref()
  }

  frame(text: string): void {
    if (!this.#present) return
    const mark = markOf(text)
    if (mark === undefined) this.#lesson.hear(this, text)
    else if (mark === 'bad-text') this.#lesson.puzzle?.(this)
    else if (mark === 'endless-line') this.close()
  }

  reply(bytes: Buffer): void {
    this.#send(bytes, () => {
      this.#reader.replied()
    })
  }

  end(): void {
    this.close()
  }

  drain(): void {
    this.#hungry = true
    this.#readOn()
  }

  #take(chunk: Buffer): void {
    if (!this.#present) return
    this.#hungry = this.#reader.feed(chunk)
    this.#readOn()
  }

  /** Reads nothing from one who does not read its answers. */
  #readOn(): void {
    if (!this.#present || (this.#hungry && !this.#socket.writableNeedDrain)) this.#socket.resume()
    else this.#socket.pause()
  }

  #send(bytes: string | Buffer, sent?: () => void): void {
    if (!this.#socket.writable) return
    this.#socket.write(bytes, sent)
    if (this.#socket.writableLength > UNSENT_BYTES) this.#socket.destroy()
  }

  #leave(): void {
    if (!this.#present) return
    this.#present = false
    this.#reader.destroy()
    this.#lesson.forget?.(this)
  }
}
