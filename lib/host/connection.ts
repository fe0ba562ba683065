// One client's socket between the wire and the host: bytes in through the dialect's framing,
// lines out through the outbox. It keeps the bounds that concern this client alone.

import type { Socket } from 'node:net'
import createDebug from 'debug'
import type { Command, ConnectionId, DepartureReason, Event, Refusal } from '../core/index.js'
import {
  commandOfMark,
  voiceFor,
  type Dialect,
  type Rendering,
  type Session,
  type Speaker,
  type Voice,
} from '../dialects/dialect.js'
import { bytesOf, markOf } from '../wire/frame.js'
import type { FrameLimits, FrameReader, FrameSink } from '../wire/frame.js'
import { isLoopback, peerOf, type Peer } from './address.js'
import type { ConnectionHost } from './connection-host.js'
import type { Gathering } from './gathering.js'
import type { Outbox } from './outbox.js'
import { Outlet, type OutletOwner } from './outlet.js'
import { Preamble } from './preamble.js'
import { Throttle } from './throttle.js'

const debugBytes = createDebug('partyline:bytes')
const debugFrames = createDebug('partyline:frames')
// Asked once: debug looks its settings up at every asking.
const showsBytes = debugBytes.enabled
const showsFrames = debugFrames.enabled

/** How much of a read `DEBUG=partyline:bytes` shows, in bytes: standard error keeps 64 KiB. */
const SHOWN_BYTES = 256
const NOTHING = Buffer.alloc(0)
/** So many bytes more of a closed client are read and dropped. */
const LINGER_BYTES = 1024 * 1024

/** A client's connection. */
export class Connection implements Speaker, FrameSink, OutletOwner {
  readonly id: ConnectionId
  /** Which no other open connection has; its port, if that is free. */
  readonly number: number
  readonly dialect: Dialect
  readonly peer: Peer
  /** How much of it is heard. */
  readonly throttle: Throttle
  /** Whether limits of rate and number do not hold for it, as on loopback. */
  readonly exempt: boolean
  /** Set once the nickname stands, by {@link named}. */
  nick: string | undefined
  /** When the last line came, in milliseconds of the host's clock. */
  activeAt: number
  /** When it was closed from our side; undefined while it takes part. */
  finishedAt: number | undefined
  /** Whether no frame may come until it is released. */
  held = false

  readonly #host: ConnectionHost
  readonly #socket: Socket
  readonly #session: Session
  readonly #frameLimits: FrameLimits
  readonly #reader: FrameReader
  readonly #outlet: Outlet
  /** Gone once the nickname stands. */
  #preamble: Preamble | undefined
  /** Whether one of its own lines is being carried out, so that what it is sent is the answer. */
  #asking = false
  /** Bytes that no frame stands for, as far as they are counted. */
  #overheadBytes = 0
  /** Whether it has only ended its own sending, and is owed all answers. */
  #owedAnswers = false
  #discarded = 0

  constructor(
    id: ConnectionId,
    number: number,
    socket: Socket,
    dialect: Dialect,
    host: ConnectionHost,
  ) {
    this.id = id
    this.number = number
    this.dialect = dialect
    this.peer = peerOf(socket.remoteAddress, socket.remotePort)
    this.exempt = isLoopback(this.peer.address)
    this.#host = host
    this.#socket = socket
    this.activeAt = host.clock()
    this.#outlet = new Outlet(socket, host, this, dialect.cut)
    this.throttle = new Throttle(host.limits, this.exempt, host.turn, this.activeAt)
    const { lineBytes, unfinishedBytes, registrationBytes } = host.limits
    this.#preamble = new Preamble(registrationBytes)
    this.#frameLimits = { frameBytes: dialect.frameBytes ?? lineBytes, unfinishedBytes }
    this.#session = dialect.open()
    this.#reader = this.#session.framing(this, this.#frameLimits)
    socket
      // What is wrong with it is of no account: its close follows.
      .on('error', () => undefined)
      .on('data', (chunk) => {
        this.#take(chunk)
      })
      .on('end', () => {
        this.#reader.end()
      })
      .on('close', () => {
        this.#lose()
        host.closed(this)
      })
  }

  /** Its nickname stands. */
  named(nick: string): void {
    this.nick = nick
    this.#preamble = undefined
  }

  /** When it is cut off, in milliseconds of the host's clock, if it is finished and takes nothing more until then. */
  get cutOffAt(): number | undefined {
    if (this.finishedAt === undefined) return undefined
    const { lingerTimeout, stallTimeout } = this.#host.limits
    if (this.#outlet.paced) return undefined
    const { stalled, progressAt } = this.outbox
    if (!stalled) return this.finishedAt + lingerTimeout * 1000
    const seconds = this.#owedAnswers ? stallTimeout : lingerTimeout
    return Math.max(this.finishedAt, progressAt) + seconds * 1000
  }

  /** What was sent in this turn, and what the kernel has not taken. */
  get outbox(): Outbox {
    return this.#outlet.outbox
  }

  /** How many bytes wait that the kernel has not taken, or that are held back until their time comes. */
  get queuedBytes(): number {
    return this.#outlet.queuedBytes
  }

  /** How it is told of events. */
  get voice(): Voice {
    return this.#session.voice
  }

  /** Whether what others of its voice are sent in one write may reach it in another way, or not at all. */
  get apart(): boolean {
    return this.voice.pacing !== undefined || this.#session.voiceFor !== undefined
  }

  /** How it is told of this event; see there. */
  voiceFor(event: Event): Voice | undefined {
    return voiceFor(this.#session, event)
  }

  /** Sends what it is told of an event: at the end of this turn, or when its time has come. */
  send(lines: Rendering): void {
    if (this.#asking) this.throttle.takeAnswer(lines.length)
    this.#outlet.send(lines, this.voice.pacing)
  }

  due(): void {
    this.#host.dirty(this)
  }

  /** Less waits. What was held back comes with the next turn: this may be in the middle of an input's effects. */
  eased(): void {
    if (this.held) this.#host.hold(this, 0)
  }

  /** See {@link Outlet.follow}. */
  follow(gathering: Gathering): void {
    this.#outlet.follow(gathering)
  }

  /** Hands what was sent in this turn to the kernel, and the end after it if the connection is finished. */
  flush(): void {
    this.#outlet.flush()
    this.#reader.replied()
    if (showsBytes) debugBytes('%s flushed, %d bytes wait', this.id, this.queuedBytes)
  }

  /** Takes part no longer: what was sent still goes, what comes is discarded, and the socket ends. */
  finish(reason: DepartureReason): void {
    if (this.finishedAt !== undefined) return
    this.finishedAt = this.#host.clock()
    this.#owedAnswers = reason === 'disconnected'
    this.held = false
    this.#reader.destroy()
    if (reason === 'too-slow') this.#outlet.discard()
    this.#socket.resume()
    this.#outlet.finish(this.#owedAnswers ? undefined : this.voice.farewell)
  }

  /** Ends the socket at once, whatever waits. */
  destroy(): void {
    this.#socket.destroy()
  }

  /** Lets frames that were held back come, unless the time for that has not: who does not read its answers is not asked what more it wants. */
  release(): void {
    if (this.finishedAt !== undefined) return
    const { stopping, turn, clock } = this.#host
    if (this.#outlet.full || (!stopping && this.throttle.delay(clock()) > 0)) return
    if (this.throttle.spent(turn)) {
      this.#host.hold(this, 0)
      return
    }
    this.held = false
    this.#reader.resume()
    this.drain()
  }

  /** Reads nothing more from the socket; what was read is still carried out. One that is finished is read on: it waits for its client's end. */
  stopReading(): void {
    if (this.finishedAt === undefined) this.#socket.pause()
  }

  /** Has the system say whether the peer has reset the connection: while nothing is read of it, nothing else tells. */
  probe(): void {
    this.#socket.write(NOTHING)
  }

  frame(text: string): void {
    if (this.finishedAt !== undefined) return
    if (showsFrames) debugFrames('%s %j', this.id, text)
    this.activeAt = this.#host.now.clock
    this.throttle.takeText(text, this.#host.turn)
    this.#asking = true
    const lines = this.#carryOut(text)
    this.#asking = false
    this.#keepPace(lines, bytesOf(text))
  }

  reply(bytes: Buffer): void {
    if (this.finishedAt === undefined) this.#outlet.send(bytes)
  }

  end(): void {
    this.#host.gone(this, 'disconnected')
  }

  drain(): void {
    const reads = this.finishedAt === undefined && !this.held
    if (reads && !this.#host.stopping) this.#socket.resume()
  }

  #take(chunk: Buffer): void {
    if (showsBytes)
      debugBytes('%s %d bytes: %s', this.id, chunk.length, chunk.toString('hex', 0, SHOWN_BYTES))
    if (this.finishedAt !== undefined) {
      this.#discarded += chunk.length
      // Cut off at once, it might never read why it was closed: its time is over soon enough.
      if (this.#discarded > LINGER_BYTES) this.#socket.pause()
      return
    }
    if (this.#turnAwayIf(this.#preamble?.read(chunk))) return
    if (!this.#reader.feed(chunk)) this.#socket.pause()
    this.#takeOverhead()
    this.#turnAwayIf(this.#preamble?.unfinished(this.#reader.unfinishedBytes))
  }

  /** Carries a frame out; returns as how many lines it counts. */
  #carryOut(text: string): number {
    try {
      const command = this.#read(text)
      return command === undefined ? 1 : this.#host.command(this, command)
    } catch (error) {
      this.#host.mistake(this, error)
      return 1
    }
  }

  /** The command of a frame, if it asks for one; a frame that nobody may send ends the connection. */
  #read(text: string): Command | undefined {
    if (this.#turnAwayIf(this.#preamble?.frame(text, bytesOf(text)))) return undefined
    const mark = markOf(text)
    if (mark === undefined) return this.#session.parse(text, this)
    return commandOfMark(mark, this.#frameLimits, this.dialect.strict ?? false)
  }

  /** Whether there is a reason why the newcomer must go; it is carried out. */
  #turnAwayIf(refusal: Refusal | undefined): boolean {
    if (refusal === undefined || this.finishedAt !== undefined) return false
    this.#host.expel(this, refusal)
    return true
  }

  /** Holds the next frames back once this client has had its share of the turn, does not read its answers or, unless the server is stopping, speaks too fast. */
  #keepPace(lines: number, bytes: number): void {
    if (this.finishedAt !== undefined) return
    const { limits, stopping, turn } = this.#host
    this.throttle.takeLines(lines, bytes, this.activeAt)
    const delay = stopping ? 0 : this.throttle.delay(this.activeAt)
    const unread = this.#outlet.full || this.outbox.sentBytes > limits.sendQueueBytes / 2
    if (delay > 0 || unread || this.throttle.spent(turn)) this.#hold(delay)
  }

  /** Counts bytes that no frame stands for, and reads no more while there are too many. */
  #takeOverhead(): void {
    const bytes = this.#reader.overheadBytes - this.#overheadBytes
    if (bytes === 0 || this.finishedAt !== undefined) return
    this.#overheadBytes += bytes
    const { clock } = this.#host.now
    this.throttle.takeOverhead(bytes, clock)
    const delay = this.throttle.delay(clock)
    if (this.#turnAwayIf(this.#preamble?.overhead(bytes)) || delay === 0) return
    this.#socket.pause()
    this.#hold(delay)
  }

  #hold(delay: number): void {
    this.held = true
    this.#reader.pause()
    this.#host.hold(this, delay)
  }

  #lose(): void {
    this.#reader.destroy()
    this.#outlet.discard()
    this.#host.gone(this, 'connection-lost')
  }
}
