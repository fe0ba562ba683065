// The chat server with one mistake: each replaces what one method of the right one does. The
// mistakes are those that students make; docs/mistakes has a page for each.

import type { Framing } from '../wire/frame.js'
import { Chat } from './chat.js'
import type { Client, Crash } from './lesson.js'
import * as wrong from './wrong-lines.js'

/** How long the server with `idle-timeout` waits for a client's next line, in milliseconds: ten times faster than those that were seen (30 s). */
const IDLE = 3000

/** Makes a chat server; `crash` ends it. */
type ChatWith = (crash: Crash) => Chat

/** The chat servers with one mistake, by its name. */
export const MISTAKES: ReadonlyMap<string, ChatWith> = new Map<string, ChatWith>([
  ['forwards-fragments', () => new MisframedChat(wrong.forwardsFragments)],
  ['merged-lines', () => new MisframedChat(wrong.mergesLines)],
  ['second-line-lost', () => new MisframedChat(wrong.losesSecondLine)],
  ['one-line-behind', () => new MisframedChat(wrong.takesOneLine)],
  ['letters-cut', () => new MisframedChat(wrong.cutsLetters)],
  ['nick-cut', () => new MisframedChat(wrong.cutsNick)],
  ['cr-in-nick', () => new CrInNick()],
  ['nick-from-fragment', () => new MisframedChat(wrong.takesFirstRead)],
  ['duplicate-nick-takes-over', () => new DuplicateNickTakesOver()],
  ['ghost-nick', () => new GhostNick()],
  ['no-leave-on-reset', () => new NoLeaveOnReset()],
  ['private-leaks', () => new PrivateLeaks()],
  ['command-leaks', () => new CommandLeaks()],
  ['unknown-nick-kills-session', () => new UnknownNickKillsSession()],
  ['speaks-before-nick', () => new SpeaksBeforeNick()],
  ['echoes-to-sender', () => new EchoesToSender()],
  ['bad-bytes-kill-session', () => new BadBytesKillSession()],
  ['bad-bytes-kill-server', (crash) => new BadBytesKillServer(crash)],
  ['reset-kills-server', (crash) => new ResetKillsServer(crash)],
  ['unicode-alnum', () => new UnicodeAlnum()],
  ['no-newline-at-end', () => new NoNewlineAtEnd()],
  ['trims-message', () => new TrimsMessage()],
  ['idle-timeout', () => new IdleTimeout()],
])

/** It looks for lines in a wrong way. */
class MisframedChat extends Chat {
  override readonly framing: Framing

  constructor(framing: Framing) {
    super()
    this.framing = framing
  }
}

/** The CR of the first line stays in the nickname, and is shown with it. */
class CrInNick extends MisframedChat {
  readonly #withCr = new Set<Client>()

  constructor() {
    super(wrong.keepsCr)
  }

  protected override register(client: Client, line: string): void {
    if (line.endsWith('\r')) this.#withCr.add(client)
    super.register(client, line.replace(/\r$/, ''))
  }

  protected override signed(client: Client, text: string): string {
    const signed = super.signed(client, text)
    return this.#withCr.has(client) ? signed.replace(':', '\r:') : signed
  }

  override forget(client: Client): void {
    super.forget(client)
    this.#withCr.delete(client)
  }
}

/** Nobody asks whether a nickname is in use. */
class DuplicateNickTakesOver extends Chat {
  protected override isTaken(): boolean {
    return false
  }
}

/** Only when the connection breaks off is the nickname free again. */
class GhostNick extends Chat {
  protected override release(client: Client): void {
    if (client.brokenOff) super.release(client)
  }
}

/** Only when the client ends the connection is the nickname free again. */
class NoLeaveOnReset extends Chat {
  protected override release(client: Client): void {
    if (!client.brokenOff) super.release(client)
  }
}

/** A private message that has gone to its user goes to everybody else as well. */
class PrivateLeaks extends Chat {
  protected override tell(client: Client, nick: string, text: string): void {
    super.tell(client, nick, text)
    const user = this.userOf(nick)
    if (user === undefined) return
    for (const other of this.listeners(client)) {
      if (other !== user) other.tell(this.signed(client, `#${nick} ${text}`))
    }
  }
}

/** `!users` is answered, and then said to everybody as well. */
class CommandLeaks extends Chat {
  protected override command(client: Client, line: string): void {
    super.command(client, line)
    if (line === '!users') this.say(client, line)
  }
}

/** A nickname that is not in the dictionary is an exception, which ends the connection. */
class UnknownNickKillsSession extends Chat {
  protected override missNick(client: Client): void {
    client.close()
  }
}

/** It asks for the nickname. */
class SpeaksBeforeNick extends Chat {
  override welcome(client: Client): void {
    client.tell('Welcome! What is your nickname?')
  }
}

/** What one says goes to everybody, whoever says it. */
class EchoesToSender extends Chat {
  protected override listeners(): readonly Client[] {
    return [...this.users.values()]
  }
}

/** Bytes that are no text are an exception, which ends the connection. */
class BadBytesKillSession extends Chat {
  override puzzle(client: Client): void {
    client.close()
  }
}

/** Bytes that are no text are an exception that nobody catches. */
class BadBytesKillServer extends Chat {
  readonly #crash: Crash

  constructor(crash: Crash) {
    super()
    this.#crash = crash
  }

  override puzzle(): void {
    this.#crash('a line is not UTF-8')
  }
}

/** A connection that breaks off is an exception that nobody catches. */
class ResetKillsServer extends Chat {
  readonly #crash: Crash

  constructor(crash: Crash) {
    super()
    this.#crash = crash
  }

  override forget(client: Client): void {
    super.forget(client)
    if (client.brokenOff) this.#crash('connection reset by peer')
  }
}

/** Letters and digits of all alphabets make a nickname. */
class UnicodeAlnum extends Chat {
  protected override isNick(line: string): boolean {
    return /^[\p{L}\p{N}]+$/u.test(line)
  }
}

/** The answer to a message to nobody has no line end. */
class NoNewlineAtEnd extends Chat {
  protected override missNick(client: Client, nick: string): void {
    client.write(`!error nobody is called ${nick}`)
  }
}

/** A message is taken apart into words and put together again. */
class TrimsMessage extends Chat {
  protected override say(client: Client, text: string): void {
    super.say(client, text.trim().replace(/\s+/g, ' '))
  }
}

/** One who says nothing for a while is closed. */
class IdleTimeout extends Chat {
  readonly #timers = new Map<Client, NodeJS.Timeout>()

  override welcome(client: Client): void {
    this.#wait(client)
  }

  override hear(client: Client, line: string): void {
    this.#wait(client)
    super.hear(client, line)
  }

  override forget(client: Client): void {
    clearTimeout(this.#timers.get(client))
    this.#timers.delete(client)
    super.forget(client)
  }

  #wait(client: Client): void {
    clearTimeout(this.#timers.get(client))
    const timer = setTimeout(() => {
      client.close()
    }, IDLE)
    this.#timers.set(client, timer)
  }
}
