// What a dialect is: one way of saying on the wire what the core does. Everything else about a
// dialect stands in its own folder.

import type { Command, Event, EventOf, EventType } from '../core/index.js'
import type { FrameLimits, Framing, Mark } from '../wire/frame.js'
import type { Client } from './client.js'
import type { Notation } from './notation.js'

/** Who speaks, as far as a parser may know. */
export interface Speaker {
  /** Its nickname, once that stands. */
  readonly nick: string | undefined
}

/** A protocol that clients speak. */
export interface Dialect {
  /** As in `--listen NAME://…`, and in the operator's log. */
  readonly name: string
  /** The port it listens on by default. */
  readonly port: number
  /** How its messages are written in transcripts. */
  readonly notation: Notation
  /** The same for people at telnet and nc, where the dialect has other words for them. */
  readonly lineNotation?: Notation
  /** The client of its document. */
  readonly client?: Client
  /** Longest frame in bytes, where its protocol has a bound of its own; else that of a line holds. */
  readonly frameBytes?: number
  /** Whether a frame that cannot be read ends the connection, after its error. */
  readonly strict?: boolean
  /** Set for clients that need each message whole in one read: large writes are cut between messages. */
  readonly cut?: Cut
  /** Begins to speak with one client. A dialect that keeps nothing of its clients gives the same session to all. */
  open(): Session
}

/** How many bytes from the front of whole messages are whole messages: as many as `most` bytes hold, one at least. */
export type Cut = (messages: Buffer, most: number) => number

/** What is spoken with one client. It may remember what this client needs remembered, and nothing of the house. */
export interface Session {
  readonly framing: Framing
  /** How this client is told of events. It may become another one, once more is known of the client. */
  readonly voice: Voice
  /** The command that a frame asks for, its text cleaned; undefined if it asks for nothing. Never throws. */
  parse(frame: string, speaker: Speaker): Command | undefined
  /** How this client is told of this event, undefined for not at all; it may remember what it was told. Left out, `voice` tells all. */
  voiceFor?(event: Event): Voice | undefined
}

/** How a session's client is told of an event, undefined for not at all. To be asked once for each event: it may be remembered. */
export function voiceFor(session: Session, event: Event): Voice | undefined {
  return session.voiceFor === undefined ? session.voice : session.voiceFor(event)
}

/**
 * Bytes, or the text of them in UTF-8, framed and ready to send. Texts of one turn are encoded at once:
 * measured at a quarter of the time that a buffer for each of them takes.
 */
export type Rendering = Buffer | string

/** A rendering as bytes. */
export function encode(rendering: Rendering): Buffer {
  return typeof rendering === 'string' ? Buffer.from(rendering) : rendering
}

/** How events are put into bytes. Clients that share a voice share the bytes. */
export interface Voice {
  /**
   * What a client is sent to tell it of an event; undefined if this voice is silent about it. `at` is the
   * time of day at which it is told, in milliseconds since 1970, for protocols that date all they say.
   */
  render(event: Event, at: number): Rendering | undefined
  /** Set for clients that take all of one read for one message. */
  readonly pacing?: Pacing
  /** The last that a client is sent whom the server closes. */
  readonly farewell?: Farewell
}

/** How messages are kept apart for clients that take all of one read for one message. Each rendering is one message and one write. */
export interface Pacing {
  /** Once pauses of more than this are owed, in milliseconds, waiting messages are joined. */
  readonly patience: number
  /** Two messages as one, the earlier first; undefined if they must stay apart. */
  join(earlier: Buffer, later: Buffer): Buffer | undefined
}

/** A last message that must be alone in what the client reads. */
export interface Farewell {
  readonly bytes: Buffer
  /** The time before it, and after it until the connection is closed; in milliseconds. */
  readonly pause: number
}

/** Words for each event: a total record, so that a new event without words does not compile. */
export type Words<Said> = { readonly [Type in EventType]: (event: EventOf<Type>) => Said }

/** Looks an event's words up. The intersection tells the compiler that what Extract has found by its `type` has that `type`. */
export function wordsFor<Said, Type extends EventType>(
  words: Words<Said>,
  event: EventOf<Type> & { readonly type: Type },
): Said {
  return words[event.type](event)
}

/** The command that a reader's mark stands for; with `strict`, every frame that cannot be read ends its connection. */
export function commandOfMark(mark: Mark, limits: FrameLimits, strict: boolean): Command {
  const { frameBytes: maxBytes, unfinishedBytes: unfinished } = limits
  switch (mark) {
    case 'are-you-there':
      return { name: 'ping', token: '' }
    case 'too-long':
      return { name: 'refuseLine', refusal: { code: mark, maxBytes }, fatal: strict }
    case 'bad-text':
    case 'unfinished-line':
      return { name: 'refuseLine', refusal: { code: mark }, fatal: strict }
    case 'endless-line': {
      const refusal = { code: 'too-long', maxBytes, unfinished } as const
      return { name: 'refuseLine', refusal, fatal: true }
    }
    case 'bad-frame':
      return { name: 'refuseLine', refusal: { code: mark }, fatal: true }
  }
}
