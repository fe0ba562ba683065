// OnlineChat's client (figures 5 to 8 and 12): it waits for ACK, sends a username, is told which one
// it has, and from then on sends each line that is typed and writes what comes.

import { clean, roomKey } from '../../core/index.js'
import { markOf, type Mark } from '../../wire/frame.js'
import { lengthPrefixed, withLength } from '../../wire/length-prefix.js'
import {
  NO_EFFECTS,
  failure,
  goodbye,
  note,
  problem,
  refusal,
  remark,
  send,
  show,
} from '../client-effects.js'
import type {
  Client,
  ClientEffect,
  ClientOptions,
  ClientSession,
  Heard,
  Known,
  Wish,
} from '../client.js'
import { Expected, type Asked, type AskedList } from '../expected.js'
import { Familiar } from '../familiar.js'
import { Inbox, sentenceOfMark } from '../inbox.js'
import { splitAtSpace } from '../words.js'
import { asTalk, flawOf, isLobbyName } from '../wishes.js'
import { COMMAND_WORDS, readCommand } from './commands.js'
import { heardOf, linesIn, namesIn, type Line } from './heard.js'

/** The longest frame that is shown, in bytes: a longer one is read and dropped. */
const LIMITS = { frameBytes: 65_536, unfinishedBytes: Infinity }

/** The longest name that a server may give, in characters, of which any more are cut off. */
const MAX_NICK = 100

/** What the document's client prints (figure 5). */
const ESTABLISHED = 'Connection to server established.'
const NOT_ESTABLISHED = 'Could not establish connection to server.'

/** The server's first frame. */
const ACK = 'ACK'

const GONE = 'The server has closed the connection.'
const NO_FRAME = 'What the server sends is not OnlineChat: no length stands in front of it.'

/** What the server answers to `/cg` of a group that stands (figure 12). */
const EXISTS = 'A group with that name already exists.'

const NOT_READY = 'The server has not given a username yet.'
const NO_MEMBERS = 'OnlineChat has no list of who is in a group.'

const QUESTION = 'Username: '

/** What comes next: ACK, the user's choice of a name, the name that is given, the welcome, anything. */
type Stage = 'ack' | 'choice' | 'name' | 'welcome' | 'talk' | 'over'

/** The client of OnlineChat; figure 7's server loses what follows a frame in one read, hence the gap. */
export const client: Client = {
  gap: 50,
  answers: ['enter'],
  open: (options) => new OnlineChatClient(options),
}

class OnlineChatClient implements ClientSession {
  readonly #inbox = new Inbox(lengthPrefixed, LIMITS)
  readonly #expected: Expected
  readonly #nicks = new Familiar()
  readonly #rooms = new Familiar()
  readonly known: Known = { commands: COMMAND_WORDS, nicks: this.#nicks, rooms: this.#rooms }
  readonly #wanted: string | undefined
  #stage: Stage = 'ack'
  /** Empty until the server has given one. */
  #nick = ''
  #hasEnded = false

  constructor(options: ClientOptions) {
    this.#wanted = options.nick
    this.#expected = new Expected(options)
  }

  get nick(): string | undefined {
    return this.#nick === '' ? undefined : this.#nick
  }

  get prompt(): string {
    return this.#nick === '' ? '' : `${this.#nick}: `
  }

  opened(): readonly ClientEffect[] {
    return NO_EFFECTS
  }

  received(bytes: Buffer): readonly ClientEffect[] {
    return this.#inbox.take(bytes).flatMap((frame) => this.#take(frame))
  }

  closed(): readonly ClientEffect[] {
    const last = this.#inbox.end().flatMap((frame) => this.#take(frame))
    if (this.#stage === 'over') return last
    if (this.#stage === 'ack') return [...last, this.#fail(NOT_ESTABLISHED)]
    const isFine = this.#hasEnded && !this.#expected.isMissing
    return [...last, isFine ? goodbye(GONE) : this.#fail(GONE)]
  }

  typed(line: string): readonly ClientEffect[] {
    if (this.#stage === 'choice') return this.#introduce(line.trim())
    if (this.#nick === '') return [refusal(`${NOT_READY} This was not sent: ${clean(line)}`)]
    return [this.#send(line, askedBy(line))]
  }

  ended(): readonly ClientEffect[] {
    this.#hasEnded = true
    return NO_EFFECTS
  }

  quit(): readonly ClientEffect[] {
    return [goodbye('')]
  }

  lookUp(): readonly ClientEffect[] {
    if (this.#nick === '') return [{ type: 'lookedUp' }]
    return ['/lo', '/listallg'].map((line) => this.#send(line, askedBy(line), { unseen: true }))
  }

  wished(wish: Wish): readonly ClientEffect[] {
    const flaw = this.#nick === '' ? NOT_READY : flawOf(wish, true)
    const line = lineOf(wish)
    if (flaw !== undefined || line === undefined) return [refusal(flaw ?? NO_MEMBERS, { wish })]
    return [this.#send(line, askedBy(line), { wish })]
  }

  #send(
    line: string,
    asked: Asked | undefined,
    by: Pick<Asked, 'unseen' | 'wish'> = {},
  ): ClientEffect {
    if (asked !== undefined) this.#expected.add({ ...asked, ...by })
    return send(withLength(`${line}\n`))
  }

  #introduce(nick: string | undefined): readonly ClientEffect[] {
    if (nick === undefined || nick === '') {
      this.#stage = 'choice'
      return [{ type: 'asking', question: QUESTION }]
    }
    this.#stage = 'name'
    return [send(withLength(nick))]
  }

  #take(frame: string): readonly ClientEffect[] {
    if (this.#stage === 'over') return NO_EFFECTS
    const mark = markOf(frame)
    if (mark !== undefined) return this.#unreadable(mark)
    const lines = linesIn(frame)
    switch (this.#stage) {
      case 'ack':
        if (frame === ACK) return [remark(ESTABLISHED), ...this.#introduce(this.#wanted)]
        return [...lines.map(({ text }) => problem(text)), this.#fail(NOT_ESTABLISHED)]
      case 'choice':
        return lines.map(({ text }) => note(text))
      case 'name':
        return frame.includes('\n') ? lines.map(({ text }) => problem(text)) : this.#name(frame)
      case 'welcome':
        this.#stage = 'talk'
        return lines.flatMap((line) => this.#hear(line, 'note'))
      case 'talk':
        return lines.flatMap((line) =>
          this.#hear(line, frame.startsWith('\n') ? 'note' : 'problem'),
        )
    }
  }

  #name(frame: string): readonly ClientEffect[] {
    const nick = clean(frame).trim().slice(0, MAX_NICK)
    if (nick === '') return [this.#fail('The server has given no username.')]
    this.#stage = 'welcome'
    this.#nick = nick
    return [{ type: 'named', nick }]
  }

  /** `otherwise` is what a line is that has no form and answers what was sent. */
  #hear(line: Line, otherwise: 'note' | 'problem'): readonly ClientEffect[] {
    const { text, interrupts } = line
    const names = namesIn(line)
    const asked = names && this.#expected.listed()
    if (names !== undefined && asked !== undefined) return this.#listed(asked, names, text)
    const heard = heardOf(text)
    if (heard === undefined && interrupts) return [note(text)]
    if (heard === undefined) return otherwise === 'note' ? [note(text)] : this.#answered(text)
    this.#learn(heard)
    if (heard.type !== 'made') return [show(heard)]
    const room = String(heard.room)
    const made = this.#expected.take(({ to, about }) => to === 'make' && about === room)
    return [
      show({ ...heard, nick: this.#nick }),
      show({ type: 'entered', nick: this.#nick, room, shown: [] }, made?.wish),
    ]
  }

  #listed(
    { to, own, unseen, wish }: AskedList,
    names: readonly string[],
    line: string,
  ): readonly ClientEffect[] {
    if (to === 'users') this.#nicks.add(...names)
    else this.#rooms.add(...names)
    if (unseen === true) return to === 'rooms' ? [{ type: 'lookedUp' }] : NO_EFFECTS
    if (wish?.type === 'enter') return [this.#joined(wish, names)]
    if (own === true) return [note(line)]
    return [show({ type: 'answer', to, names, shown: [line] }, wish)]
  }

  #joined(wish: Wish & { readonly type: 'enter' }, groups: readonly string[]): ClientEffect {
    const { room } = wish
    const isIn = groups.some((group) => roomKey(group) === roomKey(room))
    if (!isIn) return problem(`You are not in the group ${room}.`, { wish })
    return show({ type: 'entered', nick: this.#nick, room, shown: [] }, wish)
  }

  /** What has no form answers what was sent: it says why it was not done. */
  #answered(text: string): readonly ClientEffect[] {
    const exists = text === EXISTS
    const asked = exists
      ? this.#expected.take(({ to }) => to === 'make')
      : this.#expected.refused(text)
    if (asked === undefined) return [problem(text)]
    const { to, about, unseen, wish } = asked
    if (exists && wish?.type === 'enter') {
      // Who joins is not answered; the list of his groups tells whether he is in.
      const question = { to: 'rooms', own: true, about: '/listg' } as const
      return [this.#send(`/jg ${about}`, undefined), this.#send('/listg', question, { wish })]
    }
    if (unseen === true) return to === 'users' ? NO_EFFECTS : [{ type: 'lookedUp' }]
    return [problem(text, { wish })]
  }

  #learn(heard: Heard): void {
    if ('from' in heard) this.#nicks.add(heard.from)
    if ('room' in heard) this.#rooms.add(heard.room)
    if (!('nick' in heard)) return
    if (heard.type === 'went') this.#nicks.delete(heard.nick)
    else this.#nicks.add(heard.nick)
  }

  #unreadable(mark: Mark): readonly ClientEffect[] {
    const sentence = sentenceOfMark(mark)
    if (sentence !== undefined) return [refusal(sentence)]
    return [this.#fail(this.#stage === 'ack' ? NOT_ESTABLISHED : NO_FRAME)]
  }

  #fail(why: string): ClientEffect {
    this.#stage = 'over'
    return failure(why)
  }
}

/** The line that says a wish; undefined for the one that has none. */
function lineOf(wish: Wish): string | undefined {
  switch (wish.type) {
    case 'say':
      return asTalk(wish.text)
    case 'tell':
      return `/pm ${wish.nick} ${wish.text}`
    case 'post':
      return isLobbyName(wish.room) ? asTalk(wish.text) : `/gc ${wish.room} ${wish.text}`
    case 'enter':
      // What is not there yet is made; what is there is joined once the server has said so.
      return `/cg ${wish.room}`
    case 'leave':
      return `/lg ${wish.room}`
    case 'users':
      return '/lo'
    case 'rooms':
      return '/listallg'
    case 'members':
      return undefined
  }
}

/** What a line asks for, as far as its answer does not say what it answers; errors repeat the name, or the command. */
function askedBy(line: string): Asked | undefined {
  if (!line.startsWith('/')) return undefined
  const command = readCommand(line)
  const about = splitAtSpace(line).head
  if (command.name === 'users') return { to: 'users', about }
  if (command.name === 'rooms') {
    return { to: 'rooms', about, ...(command.scope === 'own' ? { own: true } : {}) }
  }
  return command.name === 'create' ? { to: 'make', about: command.room } : undefined
}
