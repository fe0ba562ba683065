// What a teaching server teaches, apart from sockets: who has come, what was said, who has gone.

import type { Framing } from '../wire/frame.js'
import { telnetLines } from '../wire/lines.js'

/** A client, as a lesson knows it. */
export interface Client {
  /** Whether the connection broke off (RST); false as long as it stands, and if it was ended. */
  readonly brokenOff: boolean
  /** Sends a line; `text` is without its end, which is CR LF. For one that is gone it does nothing. */
  tell(text: string): void
  /** Sends a text as it is, without a line end. */
  write(text: string): void
  /** Ends the connection, once everything has been sent. Nothing more is heard of this client. */
  close(): void
}

/** What a server does with the lines of its clients. */
export abstract class Lesson {
  /** How bytes become lines. */
  readonly framing: Framing = telnetLines

  /** A client has connected. */
  welcome?(client: Client): void

  /** A client has sent a line, here without its end. */
  abstract hear(client: Client, line: string): void

  /** A client has sent a line that is no text (not UTF-8). */
  puzzle?(client: Client): void

  /** A client has gone; nothing more is heard of it. */
  forget?(client: Client): void
}

/** Ends the whole server, as an error that nobody catches would; `reason` is one line for its log. */
export type Crash = (reason: string) => void
