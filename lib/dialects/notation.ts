// How the messages of a dialect are written in transcripts: one readable line for each, from
// which the exact bytes follow, and back. Clients in tests speak through it.

/** The written form of one dialect's messages. */
export interface Notation {
  /**
   * The bytes of a message that a client sends, from its written form. `actor` is the client's name,
   * which some messages carry. Gives undefined for what is no message of this dialect.
   */
  encode(written: string, actor: string): Buffer | undefined
  /**
   * Takes messages off the front of what a client has received: each with its written form and how
   * many bytes it took. What is left is unfinished. Undefined for a dialect of lines, whose messages
   * are what stands between line ends.
   */
  readonly decode?: Decode
  /** Set if nothing keeps two messages to the server apart but that each is read by itself. */
  readonly bare?: boolean
  /** The bytes, a message each, by which a client that has just connected takes this nickname. */
  introduce(nick: string): readonly Buffer[]
  /** A question of `actor` that changes nothing, and its answer as written; `token` makes it unlike any other. */
  readonly fence: { ask(token: string, actor: string): Buffer; answer(token: string): string }
}

/** See {@link Notation.decode}. */
export type Decode = (received: Buffer) => readonly Decoded[]

/** One message that was taken off. */
export interface Decoded {
  readonly written: string
  /** How many bytes it took, what frames it included. */
  readonly length: number
  /** Set if nothing says where it begins: it may be several texts that came in one read. */
  readonly open?: boolean
}
