// The client for programs: say, tell, ask and hear, at a server of any dialect.

import { EventEmitter } from 'node:events'
import type { Client, Heard, Wish } from '../dialects/client.js'
import { DIALECTS } from '../dialects/index.js'
import { flawOfNick } from './nickname.js'
import { readTarget, type Place } from './place.js'
import { promised, type Promised } from './promised.js'
import { Talk } from './talk.js'

/** How long the nickname may take to stand, in milliseconds, unless a program says otherwise. */
const PATIENCE = 10_000

/** How long an answer is waited for that says no more than that all went well, in milliseconds. */
const ANSWER_PATIENCE = 2000

/** How a program connects. */
export interface ConnectOptions {
  /** The nickname to ask for. */
  readonly nick: string
  /** How long it may take to stand, in milliseconds; 10 seconds by default. */
  readonly patience?: number
}

/** Something said: `room` is left out for the lobby, `private` is set if nobody else heard it. */
export type Said = Extract<Heard, { readonly type: 'said' }>

/** Something refused; `wish` is what the program had wished, where that can be told. */
export type Problem = Extract<Heard, { readonly type: 'problem' }>

/** What a program is told of, and with what. */
export interface ChatEvents {
  /** Somebody said something. */
  readonly said: [said: Said]
  /** Something was refused; a promise that waits for it is rejected, too. */
  readonly problem: [problem: Problem]
  /** Anything was heard from the server, the above included. */
  readonly heard: [heard: Heard]
  /** The conversation is over; `why` is a sentence, or empty if this program has closed it. */
  readonly closed: [why: string]
}

/** Why there is no conversation or no answer, as a sentence; `code` is the server's, such as `unknown-room`, where it has one. */
export class ChatError extends Error {
  override readonly name = 'ChatError'
  readonly code: string | number | undefined

  constructor(message: string, code?: string | number) {
    super(message)
    this.code = code
  }
}

/**
 * Connects to `DIALECT://HOST:PORT`, or parts of it as `partyline connect` takes them. Resolves once
 * the nickname stands; rejects with a {@link ChatError} if the server cannot be reached, does not
 * give the nickname, or takes too long, and with a TypeError or a RangeError for options that are none.
 */
export async function connect(url: string, options: ConnectOptions): Promise<Chat> {
  checkArguments(url, options)
  const target = readTarget(url, DIALECTS)
  if ('problem' in target) throw new ChatError(target.problem)
  const flaw = flawOfNick(options.nick)
  if (flaw !== undefined) throw new ChatError(flaw)
  const chat = new Chat(target.client, target.place, options.nick)
  const tooLong = setTimeout(() => {
    chat.giveUp('The nickname did not stand in time.')
  }, options.patience ?? PATIENCE)
  try {
    await chat.named
    return chat
  } finally {
    clearTimeout(tooLong)
  }
}

/** Programs in JavaScript may give anything. */
function checkArguments(url: unknown, options: unknown): void {
  if (typeof url !== 'string') throw new TypeError('connect needs a URL: line://HOST:PORT')
  const given: Readonly<Record<string, unknown>> =
    typeof options === 'object' && options !== null ? { ...options } : {}
  const { nick, patience, ...others } = given
  if (typeof nick !== 'string') {
    throw new TypeError("connect needs a nickname: connect(url, { nick: 'ann' })")
  }
  const [odd] = Object.keys(others)
  if (odd !== undefined) throw new TypeError(`connect has no option ${odd}, only nick and patience`)
  if (patience === undefined || (typeof patience === 'number' && patience > 0)) return
  throw new RangeError('patience is a number of milliseconds above 0: give one, or leave it out')
}

/** The same of what is to be said, and to whom. */
function checkTexts(wish: Wish): void {
  const parts: readonly (readonly [string, unknown])[] = Object.entries(wish)
  const [odd] = parts.find(([, part]) => typeof part !== 'string') ?? []
  if (odd !== undefined) throw new TypeError(`${wish.type} needs its ${odd} as a string`)
}

/** A conversation under a nickname. What has no answer resolves once it is with the network; if it is refused later, `problem` tells. */
export class Chat extends EventEmitter<ChatEvents> {
  /** Resolves to the nickname once it stands; {@link connect} waits for it. */
  readonly named: Promise<string>
  /** Resolves once the conversation is over, with the reason as of {@link ChatEvents.closed}. */
  readonly over: Promise<string>
  readonly #client: Client
  readonly #talk: Talk
  /** Who waits for what. */
  readonly #wishes = new Map<Wish, Promised<readonly string[]>>()
  /** What was heard before the program could listen; undefined once it can. */
  #early: Heard[] | undefined = []
  /** Why the nickname does not stand, as far as that is known. */
  #refusal: ChatError | undefined
  #isOver = false

  /** Begins to connect. A program calls {@link connect} instead. */
  constructor(client: Client, place: Place, nick: string) {
    super()
    this.#client = client
    const named = promised<string>()
    const over = promised<string>()
    this.named = named.promise
    this.over = over.promise
    const options = { nick, now: () => Date.now(), sure: true }
    this.#talk = new Talk(client, place, options, {
      opened: nothing,
      shown: (heard) => {
        this.#hear(heard)
      },
      // A program is asked for a nickname only after the one that it gave was refused.
      asking: () => {
        this.giveUp('The server did not take the nickname.')
      },
      named: (given) => {
        named.keep(given)
        // Whoever awaits that has set its listeners by then.
        setImmediate(() => {
          this.#listen()
        })
      },
      lookedUp: nothing,
      held: nothing,
      carried: nothing,
      settled: nothing,
      ended: ({ why }) => {
        this.#isOver = true
        named.break(this.#refusal ?? new ChatError(why))
        for (const wish of this.#wishes.values()) wish.break(new ChatError(why || OVER))
        this.#listen()
        over.keep(why)
        this.emit('closed', why)
      },
    })
  }

  /** The nickname, as the server has it; undefined before it stands. */
  get nick(): string | undefined {
    return this.#talk.session.nick
  }

  /** Says a text to everybody in the lobby. A line break in it makes two messages where the dialect has lines. */
  async say(text: string): Promise<void> {
    await this.#wish({ type: 'say', text })
  }

  /** Says a text to one user alone. */
  async tell(nick: string, text: string): Promise<void> {
    await this.#wish({ type: 'tell', nick, text })
  }

  /** Says a text in a room. */
  async post(room: string, text: string): Promise<void> {
    await this.#wish({ type: 'post', room, text })
  }

  /** Goes into a room, which is made if need be. */
  async enter(room: string): Promise<void> {
    await this.#wish({ type: 'enter', room })
  }

  /** Goes out of a room. */
  async leave(room: string): Promise<void> {
    await this.#wish({ type: 'leave', room })
  }

  /** The nicknames of everybody online, as far as the dialect lets its users know. */
  async users(): Promise<readonly string[]> {
    return await this.#ask({ type: 'users' })
  }

  /** The names of all rooms. */
  async rooms(): Promise<readonly string[]> {
    return await this.#ask({ type: 'rooms' })
  }

  /** The nicknames of who is in a room. */
  async members(room: string): Promise<readonly string[]> {
    return await this.#ask({ type: 'members', room })
  }

  /** Leaves, as a client of the document does; resolves once that is done. */
  async close(): Promise<void> {
    this.#talk.quit()
    await this.over
  }

  /** Breaks the connection off, for a reason that counts if the server gave none. */
  giveUp(why: string): void {
    this.#refusal ??= new ChatError(why)
    this.#talk.destroy()
  }

  /** Resolves once the wish is with the network; one that has an answer in this dialect, once that is there. */
  async #wish(wish: Wish): Promise<void> {
    const isAnswered = this.#client.answers?.includes(wish.type) === true
    await this.#promise(wish, (promise) => {
      // Other servers may be silent where the document has an answer.
      if (isAnswered) setTimeout(promise.keep, ANSWER_PATIENCE, []).unref()
      else promise.keep([])
    })
  }

  /** Resolves once the answer has come. */
  async #ask(wish: Wish): Promise<readonly string[]> {
    return await this.#promise(wish, nothing)
  }

  async #promise(
    wish: Wish,
    sent: (promise: Promised<readonly string[]>) => void,
  ): Promise<readonly string[]> {
    checkTexts(wish)
    if (this.#isOver) throw new ChatError(OVER)
    const promise = promised<readonly string[]>()
    this.#wishes.set(wish, promise)
    this.#talk.wished(wish, () => {
      sent(promise)
    })
    try {
      return await promise.promise
    } finally {
      this.#wishes.delete(wish)
    }
  }

  #hear(heard: Heard): void {
    const wish = heard.wish === undefined ? undefined : this.#wishes.get(heard.wish)
    if (heard.type === 'problem') {
      const error = new ChatError(heard.text, heard.code)
      wish?.break(error)
      if (this.nick === undefined) this.#refusal = error
    } else {
      wish?.keep(heard.type === 'answer' ? heard.names : [])
    }
    if (this.#early === undefined) this.#tell(heard)
    else this.#early.push(heard)
  }

  #listen(): void {
    const early = this.#early ?? []
    this.#early = undefined
    for (const heard of early) this.#tell(heard)
  }

  #tell(heard: Heard): void {
    // What a document's client says to its user is no news to a program.
    if (heard.type === 'note' && heard.local === true) return
    this.emit('heard', heard)
    if (heard.type === 'said') this.emit('said', heard)
    if (heard.type === 'problem') this.emit('problem', heard)
  }
}

const OVER = 'The conversation is over.'

function nothing(): void {
  // A program has no use for it.
}
