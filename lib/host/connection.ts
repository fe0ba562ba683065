// One client's socket between the wire and the host: bytes in through the dialect's framing,
// lines out through the outbox. It keeps the bounds that concern this client alone.

import type { Socket } from 'node:net'
import createDebug from 'debug'
import type { Command, ConnectionId, DepartureReason, Refusal } from '../core/index.js'
import { commandOfMark, type Dialect, type Speaker } from '../dialects/dialect.js'
import { TLS_PREFIX_BYTES, foreignLine, startsTls } from '../wire/foreign.js'
import { bytesOf, markOf, type FrameReader, type FrameSink } from '../wire/frame.js'
import { formatPeer, isLoopback, peerOf, type Peer } from './address.js'
import type { Clock } from './clock.js'
import type { Gathering } from './crowd.js'
import type { Limits } from './limits.js'
import { Outbox, type Turn } from './outbox.js'
import { Pace } from './pace.js'

const debugBytes = createDebug('partyline:bytes')
const debugFrames = createDebug('partyline:frames')
// Asked once: debug looks its settings up at every asking.
const showsBytes = debugBytes.enabled
const showsFrames = debugFrames.enabled

/** How much of a read `DEBUG=partyline:bytes` shows, in bytes: standard error keeps 64 KiB. */
const SHOWN_BYTES = 256
/** A closed client may send this many bytes more before it is cut off without its last lines. */
const LINGER_BYTES = 1024 * 1024

/** What a connection asks of the host. */
export interface ConnectionHost {
  readonly limits: Limits
  readonly clock: Clock
  readonly turn: Turn
  /** Whether the server is stopping: what was read is carried out at once, and nothing more is read. */
  readonly stopping: boolean
  /** The client asks for something. */
  command(connection: Connection, command: Command): void
  /** Our own code failed on something the client sent. */
  mistake(connection: Connection, error: unknown): void
  /** The client must go, and is told why. */
  expel(connection: Connection, refusal: Refusal): void
  /** The client is gone, or will send nothing more. */
  gone(connection: Connection, reason: DepartureReason): void
  /** The outbox has lines for the end of this turn. */
  dirty(connection: Connection): void
  /** Reading was paused: {@link Connection.release} it in the next turn, or after so many milliseconds. */
  hold(connection: Connection, delay: number): void
  /** The socket is closed; nothing more will come of it. */
  closed(connection: Connection): void
}

/** A client's connection. */
export class Connection implements Speaker, FrameSink {
  readonly id: ConnectionId
  readonly dialect: Dialect
  readonly peer: Peer
  readonly outbox: Outbox
  /** Set once the nickname stands. */
  nick: string | undefined
  /** When the last line came, in milliseconds of the host's clock. */
  activeAt: number
  /** When it was closed from our side; undefined while it takes part. */
  finishedAt: number | undefined

  readonly #host: ConnectionHost
  readonly #socket: Socket
  readonly #reader: FrameReader
  readonly #pace: Pace | undefined
  #prefix: Buffer | undefined = Buffer.alloc(0)
  #bytesBeforeNick = 0
  #linesThisTurn = 0
  /** Until when no frame may come, at this client's pace. */
  #pausedUntil = 0
  /** Whether it has only ended its own sending, and is owed all answers. */
  #owedAnswers = false
  #turn: Turn
  #ending = false
  #discarded = 0

  constructor(id: ConnectionId, socket: Socket, dialect: Dialect, host: ConnectionHost) {
    this.id = id
    this.dialect = dialect
    this.peer = peerOf(socket.remoteAddress, socket.remotePort)
    this.#host = host
    this.#socket = socket
    this.#turn = host.turn
    this.activeAt = host.clock()
    this.outbox = new Outbox(socket, host.clock, () => {
      this.#drained()
    })
    this.#pace = this.exempt ? undefined : new Pace(host.limits, this.activeAt)
    const { lineBytes: frameBytes, unfinishedBytes } = host.limits
    this.#reader = dialect.framing(this, { frameBytes, unfinishedBytes })
    socket
      .on('error', () => {
        this.#lose()
      })
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

  /** Whether its nickname stands. */
  get named(): boolean {
    return this.nick !== undefined
  }

  /** Whether limits of rate and number do not hold for it, as on loopback. */
  get exempt(): boolean {
    return isLoopback(this.peer.address)
  }

  /** The peer's address and port, for the log. */
  get peerName(): string {
    return formatPeer(this.peer)
  }

  /** When it is cut off, in milliseconds of the host's clock, if it is finished and takes nothing more until then. */
  get cutOffAt(): number | undefined {
    if (this.finishedAt === undefined) return undefined
    const { lingerTimeout, stallTimeout } = this.#host.limits
    const { stalled, progressAt } = this.outbox
    if (!stalled) return this.finishedAt + lingerTimeout * 1000
    const seconds = this.#owedAnswers ? stallTimeout : lingerTimeout
    return Math.max(this.finishedAt, progressAt) + seconds * 1000
  }

  /** Sends whole lines at the end of this turn. */
  send(lines: Buffer): void {
    if (this.outbox.append(lines, this.#host.turn)) this.#host.dirty(this)
  }

  /** Is sent what a gathering is sent, at the end of its turn; false if something else was sent in it already. */
  follow(gathering: Gathering): boolean {
    const follows = this.outbox.follow(gathering)
    if (follows) this.#host.dirty(this)
    return follows
  }

  /** Hands what was sent in this turn to the kernel, and the end after it if the connection is finished. */
  flush(): void {
    this.outbox.flush()
    this.#reader.replied()
    if (showsBytes) debugBytes('%s flushed, %d bytes wait', this.id, this.outbox.queuedBytes)
    this.#endWhenEmpty()
  }

  /** Takes part no longer: what was sent still goes, what comes is discarded, and the socket ends. */
  finish(reason: DepartureReason): void {
    if (this.finishedAt !== undefined) return
    this.finishedAt = this.#host.clock()
    this.#owedAnswers = reason === 'disconnected'
    this.#reader.destroy()
    if (reason === 'too-slow') this.outbox.discard()
    this.#socket.resume()
    this.#host.dirty(this)
  }

  /** Ends the socket at once, whatever waits. */
  destroy(): void {
    this.#socket.destroy()
  }

  /** Lets frames that were held back come, unless its own answers wait: those who do not read are not asked what more they want. */
  release(): void {
    if (this.finishedAt !== undefined) return
    const held = this.outbox.stalled || this.#host.clock() < this.#pausedUntil
    if (this.#host.stopping || !held) this.#reader.resume()
  }

  /** Reads nothing more from the socket; what was read is still carried out. */
  stopReading(): void {
    this.#socket.pause()
  }

  frame(text: string): void {
    if (this.finishedAt !== undefined) return
    if (showsFrames) debugFrames('%s %j', this.id, text)
    this.activeAt = this.#host.clock()
    this.#keepPace(text)
    try {
      const command = this.#read(text)
      if (command !== undefined) this.#host.command(this, command)
    } catch (error) {
      this.#host.mistake(this, error)
    }
  }

  reply(bytes: Buffer): void {
    if (this.finishedAt === undefined) this.send(bytes)
  }

  end(): void {
    this.#host.gone(this, 'disconnected')
  }

  drain(): void {
    if (this.finishedAt === undefined && !this.#host.stopping) this.#socket.resume()
  }

  #take(chunk: Buffer): void {
    if (showsBytes)
      debugBytes('%s %d bytes: %s', this.id, chunk.length, chunk.toString('hex', 0, SHOWN_BYTES))
    if (this.finishedAt !== undefined) {
      this.#discarded += chunk.length
      if (this.#discarded > LINGER_BYTES) this.#socket.destroy()
      return
    }
    if (this.#prefix !== undefined && this.#isTls(chunk)) {
      this.#host.expel(this, { code: 'wrong-protocol', protocol: 'TLS' })
      return
    }
    if (!this.#reader.feed(chunk)) this.#socket.pause()
    this.#checkNewcomer(this.#reader.unfinishedBytes)
  }

  #isTls(chunk: Buffer): boolean {
    const prefix = Buffer.concat([this.#prefix ?? chunk, chunk.subarray(0, TLS_PREFIX_BYTES)])
    this.#prefix = prefix.length < TLS_PREFIX_BYTES ? prefix : undefined
    return startsTls(prefix)
  }

  /** The command of a frame, if it asks for one; a frame that nobody may send ends the connection. */
  #read(text: string): Command | undefined {
    if (!this.named && this.#isUnwelcome(text)) return undefined
    const mark = markOf(text)
    const { lineBytes: frameBytes, unfinishedBytes } = this.#host.limits
    if (mark === 'endless-line') {
      this.#host.expel(this, {
        code: 'too-long',
        maxBytes: frameBytes,
        unfinished: unfinishedBytes,
      })
      return undefined
    }
    if (mark !== undefined) return commandOfMark(mark, { frameBytes, unfinishedBytes })
    return this.dialect.parse(text, this)
  }

  #isUnwelcome(text: string): boolean {
    this.#bytesBeforeNick += bytesOf(text) + 1
    this.#checkNewcomer(0)
    const protocol = foreignLine(text)
    if (protocol !== undefined) this.#host.expel(this, { code: 'wrong-protocol', protocol })
    return this.finishedAt !== undefined
  }

  #checkNewcomer(unfinished: number): void {
    const maxBytes = this.#host.limits.registrationBytes
    if (this.named || this.finishedAt !== undefined) return
    if (this.#bytesBeforeNick + unfinished <= maxBytes) return
    this.#host.expel(this, { code: 'registration-too-long', maxBytes })
  }

  /** Holds the next frames back once this client has had its share of the turn, speaks too fast, or does not read its answers. */
  #keepPace(text: string): void {
    if (this.#host.stopping) return
    if (this.#turn !== this.#host.turn) {
      this.#turn = this.#host.turn
      this.#linesThisTurn = 0
    }
    this.#linesThisTurn++
    const delay = this.#pace?.take(bytesOf(text), this.activeAt) ?? 0
    const { linesPerTurn, sendQueueBytes } = this.#host.limits
    const answered = this.outbox.stalled || this.outbox.sentBytes > sendQueueBytes / 2
    if (delay === 0 && !answered && this.#linesThisTurn < linesPerTurn) return
    this.#pausedUntil = this.activeAt + delay
    this.#reader.pause()
    this.#host.hold(this, delay)
  }

  #endWhenEmpty(): void {
    if (this.finishedAt === undefined || this.#ending || !this.outbox.empty) return
    this.#ending = true
    this.#socket.end()
  }

  /** The kernel has taken all that it had refused. */
  #drained(): void {
    if (this.finishedAt === undefined) this.release()
    else this.#endWhenEmpty()
  }

  #lose(): void {
    this.#reader.destroy()
    this.#host.gone(this, 'connection-lost')
  }
}
