// The other end of a dialect: what a client of its document does. Bytes of the server and lines of
// its user go in, bytes to send and things to show come out; sockets, clocks and screens are others'.

/** A dialect's other end. */
export interface Client {
  /** Least time between two writes in milliseconds, where nothing else keeps messages to the server apart. */
  readonly gap?: number
  /** Silence in milliseconds after which TCP asks whether the server is still there; left out, 30 seconds. */
  readonly keepAlive?: number
  /**
   * Wishes that are answered also if all goes well, lists apart: something is shown then with
   * `wish`. A program waits for that; for any other wish, until it is sent.
   */
  readonly answers?: readonly Wish['type'][]
  /** What a user types to be told who comes and goes, where the server has to be asked for that. */
  readonly notices?: string
  /** What its document's client asks for where no address was given, and again when nobody answers there. */
  readonly asks?: { readonly host: string; readonly port: string }
  /** Begins to speak with one server. */
  open(options: ClientOptions): ClientSession
}

/** What is known before a client speaks. */
export interface ClientOptions {
  /** The nickname to ask for; undefined if the user has to be asked. */
  readonly nick: string | undefined
  /** The time of day in milliseconds since 1970, for protocols in which clients date what they say. */
  now(): number
  /**
   * Set by programs: `named` must come only once it is sure that the nickname stands, at the cost of a
   * question of the client's own where the protocol has no answer to it. Left out, nothing is sent unasked.
   */
  readonly sure?: boolean
}

/**
 * One client as its document describes it. Each call is something that happened, and gives what
 * follows from it, in order. Never throws, whatever the server sends.
 */
export interface ClientSession {
  /** The nickname, once the server has taken it; until then undefined. */
  readonly nick: string | undefined
  /** What stands before the line that is being typed, such as `flowers: `; may be empty. */
  readonly prompt: string
  /** What Tab may complete: commands as typed, nicknames and rooms that this client knows of. */
  readonly known: Known
  /** Set while the next line is better read once the server has answered the last, which is waited for a while; also after {@link opened}. */
  readonly isWaiting?: boolean
  /** What to send for a fresh look at nicknames and rooms, unseen by the user; nothing if {@link known} is kept without. */
  lookUp?(): readonly ClientEffect[]
  /** The connection stands. */
  opened(): readonly ClientEffect[]
  /** What one read has returned. */
  received(bytes: Buffer): readonly ClientEffect[]
  /** The server will send no more. Ends with an `end`; it has `failed` unless the user asked for it or {@link ended} came and nothing asked for is missing. */
  closed(): readonly ClientEffect[]
  /** A line that the user has typed, without its end. The first one is the nickname where none was given and `asking` has come. */
  typed(line: string): readonly ClientEffect[]
  /** The user will type no more (the end of a pipe). What a client of the document sends then, mostly nothing: this side of the connection is closed after it. */
  ended(): readonly ClientEffect[]
  /** What a program wants, whatever the dialect. */
  wished(wish: Wish): readonly ClientEffect[]
  /** The user has had enough: what a client of the document sends before it goes. */
  quit(): readonly ClientEffect[]
}

/** Words for completion, each as its user would type it; without order. */
export interface Known {
  readonly commands: readonly string[]
  readonly nicks: Iterable<string>
  readonly rooms: Iterable<string>
}

/** What a program can want of any server; a dialect that has no form for one answers with a problem. */
export type Wish =
  | { readonly type: 'say'; readonly text: string }
  | { readonly type: 'tell'; readonly nick: string; readonly text: string }
  | { readonly type: 'post'; readonly room: string; readonly text: string }
  | { readonly type: 'enter'; readonly room: string }
  | { readonly type: 'leave'; readonly room: string }
  | { readonly type: 'users' }
  | { readonly type: 'rooms' }
  | { readonly type: 'members'; readonly room: string }

/** What has to be done after something happened. */
export type ClientEffect =
  /** Send these bytes, in one write. */
  | { readonly type: 'send'; readonly bytes: Buffer }
  /** Show this. */
  | { readonly type: 'show'; readonly heard: Heard }
  /** Ask the user for a nickname: the next line typed is one. */
  | { readonly type: 'asking'; readonly question: string }
  /** What {@link ClientSession.lookUp} asked for has come; {@link ClientSession.known} is fresh. */
  | { readonly type: 'lookedUp' }
  /** The nickname stands, as {@link ClientSession.nick} has it now. */
  | { readonly type: 'named'; readonly nick: string }
  /** Close once all is sent. `why` is for the user, a sentence; `failed` if the user had not asked for it. */
  | { readonly type: 'end'; readonly why: string; readonly failed: boolean }

/**
 * What there is to show. `shown` is what the document's client prints: lines without their ends,
 * cleaned of all control characters; the rest is what a program wants to know of it.
 */
export type Heard = {
  readonly shown: readonly string[]
  /** This client says it, not the server: in a pipe it is kept apart. */
  readonly local?: true
  /** What a program had wished and now has the answer to, or the refusal: the same object. */
  readonly wish?: Wish
} & (
  | {
      readonly type: 'said'
      readonly from: string
      readonly text: string
      /** The room it was said in; left out for the lobby. */
      readonly room?: string
      /** Said to this user alone. */
      readonly private?: true
    }
  /** The answer to a wish of this type (or to the same thing typed). */
  | {
      readonly type: 'answer'
      readonly to: 'users' | 'rooms' | 'members'
      readonly names: readonly string[]
    }
  /** The server refuses, or this client does before sending. */
  | { readonly type: 'problem'; readonly text: string; readonly code?: string | number }
  /** Who came, went, entered, left; which room is there or gone. */
  | {
      readonly type: 'came' | 'went' | 'entered' | 'left' | 'made' | 'gone'
      readonly nick?: string
      readonly room?: string
    }
  /** All else: welcomes, help, prompts. */
  | { readonly type: 'note' }
)
