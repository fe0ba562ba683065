// Where a running client meets its user: a screen shows what is heard, and gives back what is typed.
// A pipe is one kind of screen, a terminal another. Neither knows sockets or dialects.

import type { Heard, Known } from '../dialects/client.js'

/** How long a user at Tab waits for the server, in milliseconds: what still feels like the key's own doing. */
export const LOOK_UP = 300

/** What a running client tells its user. Nothing here throws; after {@link close} nothing is shown. */
export interface Screen {
  /** Begins; from now on what the user does goes to this desk. Called once, before all else. */
  open(desk: Desk): void
  /** Something was heard, or (if `heard.local`) is said by the client of the document itself. Lines are clean. */
  show(heard: Heard): void
  /** The next line typed is taken for a nickname; `question` such as `Nickname: ` stands before it. */
  ask(question: string): void
  /** What stands before the line that is being typed, from now on; may be empty. */
  prompt(text: string): void
  /** The user has this nickname now. */
  named(nick: string): void
  /** A sentence of the program's own about the connection, such as `Connection closed by server.` */
  note(text: string): void
  /** What changes as one looks at it, such as the seconds of a countdown; the empty text takes it away. */
  status(text: string): void
  /** Rows of `--hex` and `--trace`: what was sent or what one read has returned. Clean, without line ends. */
  trace(rows: readonly string[]): void
  /** Whether somebody sits there, who can answer a question. */
  readonly attended: boolean
  /** Whether more is waiting to be seen than should be; {@link Desk.drained} comes once it is not so any more. */
  readonly full: boolean
  /** The server takes no more for now: what is typed waits (a pipe stops reading) until {@link release}. */
  hold(): void
  /** The server takes more again. */
  release(): void
  /** The end: no more is typed. Resolves once all is seen, or nobody can see it any more. */
  close(): Promise<void>
}

/** What a screen may ask of the running client. All can be called at any time after {@link Screen.open}. */
export interface Desk {
  /** A line was typed, without its end. What cannot be sent is said in a note. */
  typed(line: string): void
  /** The user wants to go, now: Ctrl-C, or Ctrl-D in an empty line of a terminal. */
  quit(): void
  /** There is no more input (a pipe's end): all is sent, then the client waits for the server's last answers. */
  ended(): void
  /** A full screen has room again. */
  drained(): void
  /**
   * Nobody can see what is shown any more: the client goes, without a word if whoever reads has gone (EPIPE), else
   * with the sentence `why`. Only the first call counts.
   */
  gone(why?: string): void
  /**
   * Tab was pressed: asks the server for nicknames and rooms, unseen, if that was not done just now.
   * Resolves once {@link known} is as fresh as it will get, after {@link LOOK_UP} at most.
   */
  lookUp(): Promise<void>
  /** What Tab completes, as known at this moment. */
  readonly known: Known
}
