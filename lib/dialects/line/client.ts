// The tutorial's client: lines as typed, lines as they come, `/quit` its only word of its own. It
// takes what Partyline sends and, as far as its form can be read, what the servers of students do.

import { clean, type RefusalCode } from '../../core/index.js'
import { LenientLines, type LenientLine } from '../../wire/lenient-lines.js'
import { NO_EFFECTS, failure, goodbye, refusal, remark, send } from '../client-effects.js'
import type { Client, ClientEffect, ClientOptions, ClientSession, Known, Wish } from '../client.js'
import { commandWords } from './commands.js'
import { Hearing } from './hearing.js'
import { linesOfWish } from './wishes.js'

const QUIT = '/quit'

/** The longest line that is kept, in bytes: lists of a full server of ours have 51,000. */
const KEPT_BYTES = 65_536
/** An unfinished line up to this length, in bytes, may be a server's prompt. */
const PROMPT_BYTES = 200
/** How long the answer to a look-up is waited for, in milliseconds; what comes later is shown. */
const LOOK_UP_PATIENCE = 2000

/** A nickname that every server must take if it is free (PROTOCOL.md, NICK-1). */
const SOUND_NICK = /^[A-Za-z0-9]{1,16}$/
/** What a server has against a nickname: `bad-nick` lets its user try another one. */
const BAD_NICK = 'bad-nick'
/** Errors after which PROTOCOL.md, section 9, has the connection closed. */
const CLOSING_CODES = [
  'nick-in-use',
  'too-many-failures',
  'registration-timeout',
  'registration-too-long',
  'wrong-protocol',
  'server-full',
  'crowded-out',
  'too-many-connections',
  'connecting-too-fast',
  'too-slow',
  'idle',
  'kicked',
  'shutting-down',
] as const satisfies readonly RefusalCode[]
const CLOSING: ReadonlySet<unknown> = new Set(CLOSING_CODES)

/** The client of `line://`. */
export const client: Client = {
  notices: '!notices on',
  open: (options) => new LineSession(options),
}

class LineSession implements ClientSession {
  readonly known: Known
  readonly #options: ClientOptions
  readonly #lines = new LenientLines(KEPT_BYTES)
  readonly #hearing: Hearing
  /** The nickname that was sent. No answer says that it stands, only an error that it does not. */
  #sent: string | undefined
  /** The same, while {@link ClientOptions.sure} waits for the answer to a question. */
  #unsure: string | undefined
  /** The nickname may be refused yet, and the next line would be taken for another. */
  #isDoubtful = false
  /** Why the server is about to close, if it has said so. */
  #dismissal: 'error' | 'goodbye' | undefined
  #hasEnded = false
  #toldOfEndless = false
  #toldOfBadText = false

  constructor(options: ClientOptions) {
    this.#options = options
    this.#hearing = new Hearing(() => options.now())
    const { nicks, rooms } = this.#hearing
    this.known = { commands: [...commandWords, QUIT], nicks, rooms }
  }

  get nick(): string | undefined {
    return this.#sent
  }

  /** What a server has begun and not ended may be its question. */
  get prompt(): string {
    return this.#lines.unfinishedBytes > PROMPT_BYTES ? '' : clean(this.#lines.unfinished)
  }

  get isWaiting(): boolean {
    return this.#isDoubtful
  }

  opened(): readonly ClientEffect[] {
    const { nick } = this.#options
    const next = nick === undefined ? [asking()] : this.#register(nick)
    return [remark(`To quit, type "${QUIT}".`), ...next]
  }

  received(bytes: Buffer): readonly ClientEffect[] {
    const effects = this.#lines.take(bytes).flatMap((line) => this.#hear(line))
    if (this.#lines.unfinishedBytes <= KEPT_BYTES || this.#toldOfEndless) return effects
    this.#toldOfEndless = true
    const told = `The server sends a line without an end: only its first ${KEPT_BYTES} bytes are kept.`
    return [...effects, remark(told)]
  }

  closed(): readonly ClientEffect[] {
    const last = this.#lines.end()
    const shown = last === undefined ? [] : this.#hear(last)
    const isOver = this.#hasEnded && !this.#hearing.isOwed && this.#dismissal !== 'error'
    const isFine = isOver || this.#dismissal === 'goodbye'
    const end = isFine ? goodbye : failure
    return [...shown, end('Connection closed by server.')]
  }

  typed(line: string): readonly ClientEffect[] {
    this.#isDoubtful = false
    if (line === QUIT) return this.quit()
    if (this.#sent === undefined) {
      return line.trim() === '' ? [send(withEnds(line)), asking()] : this.#register(line)
    }
    this.#hearing.sent(line)
    return [send(withEnds(line))]
  }

  ended(): readonly ClientEffect[] {
    this.#hasEnded = true
    return NO_EFFECTS
  }

  quit(): readonly ClientEffect[] {
    return [goodbye('')]
  }

  lookUp(): readonly ClientEffect[] {
    if (this.nick === undefined) return [{ type: 'lookedUp' }]
    this.#hearing.lookedUp(LOOK_UP_PATIENCE, 'users', 'rooms')
    return [send(withEnds('!users', '!rooms'))]
  }

  wished(wish: Wish): readonly ClientEffect[] {
    const lines = linesOfWish(wish)
    if ('problem' in lines) return [refusal(lines.problem, { wish })]
    for (const line of lines) this.#hearing.sent(line, wish)
    return [send(withEnds(...lines))]
  }

  #register(line: string): readonly ClientEffect[] {
    const nick = line.trim()
    if (this.#options.sure === true) {
      this.#unsure = nick
      this.#hearing.lookedUp(Infinity, 'users')
      return [send(withEnds(line, '!users'))]
    }
    this.#sent = nick
    this.#isDoubtful = !SOUND_NICK.test(nick)
    return [send(withEnds(line)), { type: 'named', nick }]
  }

  #hear({ text, bytes, flaws }: LenientLine): readonly ClientEffect[] {
    this.#toldOfEndless = false
    const isCut = flaws.includes('cut')
    const effects = this.#hearing
      .heard(clean(text) + (isCut ? '…' : ''))
      .flatMap((effect) => this.#heed(effect))
    if (isCut) effects.push(remark(`That line had ${bytes} bytes.`))
    if (flaws.includes('no-end')) effects.push(remark('That line had no end.'))
    if (!flaws.includes('bad-text') || this.#toldOfBadText) return effects
    this.#toldOfBadText = true
    return [...effects, remark('� stands for what is not UTF-8; --hex shows the bytes.')]
  }

  /** Draws from what was heard what it means for this client itself. */
  #heed(effect: ClientEffect): ClientEffect[] {
    if (effect.type === 'lookedUp' && this.#unsure !== undefined) {
      const nick = this.#unsure
      this.#sent = nick
      this.#unsure = undefined
      return [{ type: 'named', nick }]
    }
    if (effect.type !== 'show') return [effect]
    const { heard } = effect
    if (heard.type === 'note' && heard.shown[0]?.startsWith('!goodbye') === true) {
      this.#dismissal = 'goodbye'
    }
    if (heard.type !== 'problem') return [effect]
    if (CLOSING.has(heard.code)) this.#dismissal = 'error'
    if (heard.code !== BAD_NICK) return [effect]
    this.#sent = undefined
    this.#unsure = undefined
    this.#isDoubtful = false
    return [effect, asking()]
  }
}

function asking(): ClientEffect {
  return { type: 'asking', question: 'Nickname: ' }
}

function withEnds(...lines: readonly string[]): Buffer {
  return Buffer.from(lines.map((line) => `${line}\r\n`).join(''))
}
