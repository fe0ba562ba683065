// What a player needs of the thing it plays against, be it a real server behind sockets or a
// state machine without any IO.

import type { Tongue } from './tongue.js'

/** How a connection has ended: by the server's FIN, by a RST, or there never was one. */
export type End = 'closed' | 'reset' | 'refused'

/** Hears what happens on one connection. */
export interface Ear {
  /** The server sent these bytes. */
  heard(bytes: Buffer): void
  /** The server has ended the connection; nothing more is heard. */
  ended(end: End): void
}

/** One client's connection. What is asked of one that has ended does nothing. */
export interface Link {
  /** Sends these bytes as one segment; resolves when the next may follow as a segment of its own. */
  send(segment: Buffer): Promise<void>
  /** Sends no more (FIN), and hears on. */
  halfClose(): void
  /** Breaks the connection off (RST). Nothing more is heard, not even an end. */
  reset(): void
  /** Stops reading, so that buffers fill up to the server. */
  pause(): void
  /** Reads on. */
  resume(): void
}

/** A server to play against. */
export interface Arena {
  /**
   * Connects a client that speaks `tongue`; resolves when it is connected, or its ear has heard that it
   * was refused. `name` is the actor's, for those who keep a record.
   */
  connect(ear: Ear, name: string, tongue: Tongue): Promise<Link>
  /**
   * Resolves when the server has read what all clients had sent before, as far as can be told from outside;
   * with `answers` only when all that it has sent has come, too.
   */
  catchUp(answers?: boolean): Promise<void>
}

/**
 * A question in the server's own language, for clients whose nickname stands: its answer comes after
 * all that was sent to this client before, and the server has carried out all that the client sent before.
 */
export interface Fence {
  /** The line to send, without its end. `token` is a word that is used once. */
  readonly ask: (token: string) => string
  /** The line that answers it, without its end. */
  readonly answer: (token: string) => string
}
