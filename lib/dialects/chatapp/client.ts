// ChatApp's client (sections 4 to 6 and 8): it connects under a username, keeps a book of all rooms
// from what the server tells, and lets its user choose from options.

import { clean, cleanLines, cutToBytes, type Refusal } from '../../core/index.js'
import { markOf, type Mark } from '../../wire/frame.js'
import { MAX_BODY_BYTES, headered, withHeader } from '../../wire/header.js'
import {
  NO_EFFECTS,
  answering,
  failure,
  goodbye,
  note,
  refusal,
  remark,
  send,
  show,
} from '../client-effects.js'
import type { Client, ClientEffect, ClientOptions, ClientSession, Known, Wish } from '../client.js'
import { Expected, type Asked } from '../expected.js'
import { Inbox, sentenceOfMark } from '../inbox.js'
import { flawOf, isLobbyName } from '../wishes.js'
import { linesOf } from '../words.js'
import { Book, type TooManyMembers } from './book.js'
import { CONNECTION_LOST, NICK_IN_USE, SERVER, UNSPECIFIED, faultOf } from './errors.js'
import {
  DATA_MAX,
  NAME_MAX,
  decode,
  encode,
  type Fault,
  type Post,
  type PostType,
} from './messages.js'
import { HOUSE_NAMES } from './names.js'
import { OPTION_WORDS, Options, refusedFor, shownFault } from './options.js'
import { flawOfName } from './parse.js'
import { timestampOf } from './render.js'

/** ChatApp's CHECK_TIME, in milliseconds. */
const CHECK_TIME = 5_000

/** A body has a bound of its own, and no more is ever kept. */
const LIMITS = { frameBytes: MAX_BODY_BYTES, unfinishedBytes: MAX_BODY_BYTES }

const QUIT = '$quit$'
const GONE = 'The server has closed the connection.'
const NOT_READY = 'The server has not taken your username yet.'
const NO_HEADER = 'What the server sends is not ChatApp: no length stands in its header.'
const NO_PRIVATE = 'ChatApp has no private messages. Say it in a room that you share.'
const TOO_LONG = 'The server has sent a message that is too long.'

/** The client of ChatApp. */
export const client: Client = {
  keepAlive: CHECK_TIME,
  answers: ['enter', 'leave'],
  open: (options) => new ChatAppClient(options),
}

/** What comes next: a username of the user, the first word of the server, anything. */
type Stage = 'choice' | 'connecting' | 'online' | 'over'

class ChatAppClient implements ClientSession {
  readonly #inbox = new Inbox(headered, LIMITS)
  readonly #options: ClientOptions
  readonly #expected: Expected
  #stage: Stage = 'choice'
  #username = ''
  #book = new Book('')
  #choices = this.#choicesFor(this.#book)
  #hasEnded = false
  /** What is being fulfilled. */
  #wish: Wish | undefined

  constructor(options: ClientOptions) {
    this.#options = options
    this.#expected = new Expected(options)
  }

  get nick(): string | undefined {
    return this.#stage === 'online' ? this.#username : undefined
  }

  get prompt(): string {
    return this.#choices.prompt ?? (this.nick === undefined ? '' : `${this.nick} >> `)
  }

  get known(): Known {
    return { commands: OPTION_WORDS, nicks: this.#book.users, rooms: this.#book.rooms }
  }

  /** What is typed next is validated by what the server answers. */
  get isWaiting(): boolean {
    return this.#expected.isFresh
  }

  opened(): readonly ClientEffect[] {
    const { nick } = this.#options
    return nick === undefined ? [ASKING] : this.#connect(nick)
  }

  received(bytes: Buffer): readonly ClientEffect[] {
    return this.#inbox.take(bytes).flatMap((frame) => this.#take(frame))
  }

  closed(): readonly ClientEffect[] {
    const last = this.#inbox.end().flatMap((frame) => this.#take(frame))
    if (this.#stage === 'over') return last
    if (this.#hasEnded) return [...last, goodbye(GONE)]
    return [...last, refusedFor({ code: 'shutting-down' }), this.#fail(GONE)]
  }

  typed(line: string): readonly ClientEffect[] {
    if (this.#stage === 'choice') return this.#connect(line)
    if (line.trim().toLowerCase() === QUIT) return this.quit()
    // A server need not answer a CONNECT: then what the user does shows that it stands.
    return [...this.#arrive(), ...this.#choices.typed(line)]
  }

  ended(): readonly ClientEffect[] {
    this.#hasEnded = true
    return this.#stage === 'choice' ? NO_EFFECTS : [this.#post('ConnectionMessage', 'QUIT')]
  }

  quit(): readonly ClientEffect[] {
    return [...this.ended(), goodbye('You have left ChatApp.')]
  }

  wished(wish: Wish): readonly ClientEffect[] {
    const flaw = this.nick === undefined ? NOT_READY : flawOf(wish, false)
    if (flaw !== undefined) return [refusal(flaw, { wish })]
    this.#wish = wish
    const effects = this.#fulfil(wish)
    this.#wish = undefined
    return answering(effects, wish)
  }

  #fulfil(wish: Wish): readonly ClientEffect[] {
    const choices = this.#choices
    switch (wish.type) {
      case 'say':
        return choices.sayToAll(wish.text)
      case 'tell':
        return [refusal(NO_PRIVATE)]
      case 'post':
        return choices.say(wish.text, [wish.room])
      case 'enter':
        return choices.enter(wish.room)
      case 'leave':
        return choices.leave([wish.room])
      case 'users':
        return choices.allUsers()
      case 'rooms':
        return choices.allRooms()
      case 'members':
        return choices.members(wish.room)
    }
  }

  /** Asks again for a username that cannot be one. */
  #connect(typed: string): readonly ClientEffect[] {
    const username = typed.trim()
    const flaw = flawOfName(username)
    if (flaw !== undefined) return [refusedFor(flaw), ASKING]
    this.#stage = 'connecting'
    this.#username = username
    this.#book = new Book(username)
    this.#choices = this.#choicesFor(this.#book)
    return [this.#post('ConnectionMessage', 'CONNECT')]
  }

  #arrive(): readonly ClientEffect[] {
    if (this.#stage !== 'connecting') return NO_EFFECTS
    this.#stage = 'online'
    const hint = remark('Choose $menu$ for all options.')
    return [{ type: 'named', nick: this.#username }, hint]
  }

  #take(frame: string): readonly ClientEffect[] {
    if (this.#stage === 'over') return NO_EFFECTS
    const mark = markOf(frame)
    if (mark !== undefined) return this.#unreadable(mark)
    const read = decode(frame)
    if ('problem' in read) return [mismatch({ code: 'bad-message', problem: read.problem })]
    const { message } = read
    if (message.type === 'Error') return this.#refused(message)
    return [...this.#arrive(), ...this.#hear(cleaned(message))]
  }

  /** Errors 2 and 3 end the connection. */
  #refused(fault: Fault): readonly ClientEffect[] {
    const asked =
      this.#expected.take(({ about }) => fault.data.includes(about)) ??
      this.#expected.take(({ wish }) => wish === undefined)
    const shown = shownFault(fault, 'server')
    const effects = asked?.wish === undefined ? [shown] : answering([shown], asked.wish)
    const isFatal = fault.code === CONNECTION_LOST || fault.code === NICK_IN_USE
    return isFatal ? [...effects, this.#fail(GONE)] : effects
  }

  #hear(post: Post): readonly ClientEffect[] {
    const flaw = this.#book.note(post)
    if (flaw !== undefined) return [mismatch(flaw)]
    const { type, dest, sender, data } = post
    switch (type) {
      case 'ConnectionMessage':
        return data === 'QUIT' ? [note(`${sender} closes the connection.`)] : NO_EFFECTS
      case 'CreateRoomMessage':
        this.#expected.take(({ to, about }) => to === 'make' && about === data)
        // What is sent to one user alone was so before he came.
        if (dest === this.#username) return NO_EFFECTS
        return [show({ type: 'made', room: data, shown: [`The room ${data} has been made.`] })]
      case 'JoinMessage':
      case 'LeaveMessage':
        if (dest === this.#username) return NO_EFFECTS
        return this.#moved(type === 'JoinMessage', sender, data)
      case 'ChatMessage':
        return [said(post)]
      case 'Message':
        return [note(...linesOf(`${sender} >> `, data, DATA_MAX))]
    }
  }

  /** Who is in rooms that are not the user's can be asked for, and is not shown. */
  #moved(entered: boolean, nick: string, room: string): readonly ClientEffect[] {
    const isSelf = nick === this.#username
    const to = entered ? 'enter' : 'leave'
    const asked = isSelf
      ? this.#expected.take((one) => one.to === to && one.about === room)
      : undefined
    const line = `${nick} has ${entered ? 'joined' : 'left'} the room ${room}.`
    const shown = isSelf || this.#book.isOwn(room) ? [line] : []
    return [show({ type: entered ? 'entered' : 'left', nick, room, shown }, asked?.wish)]
  }

  #unreadable(mark: Mark): readonly ClientEffect[] {
    if (mark === 'too-long') {
      return [refusedFor({ code: 'too-long', maxBytes: MAX_BODY_BYTES }), this.#fail(TOO_LONG)]
    }
    const sentence = sentenceOfMark(mark)
    return [sentence === undefined ? this.#fail(NO_HEADER) : refusal(sentence)]
  }

  #choicesFor(book: Book): Options {
    return new Options(book, {
      write: (type, data, dest) => this.#write(type, data, dest),
      post: (post) => {
        const to = ASKING_TYPES[post.type]
        const by = this.#wish === undefined ? {} : { wish: this.#wish }
        if (to !== undefined) this.#expected.add({ to, about: post.data, ...by })
        return sendPost(post)
      },
    })
  }

  #post(type: PostType, data: string): ClientEffect {
    return sendPost(this.#write(type, data))
  }

  #write(type: PostType, data: string, dest = SERVER): Post {
    const timestamp = timestampOf(this.#options.now())
    return { type, timestamp, dest, sender: this.#username, data }
  }

  #fail(why: string): ClientEffect {
    this.#stage = 'over'
    return failure(why)
  }
}

/** What the server answers by telling everybody. */
const ASKING_TYPES: { readonly [Type in PostType]?: Asked['to'] } = {
  CreateRoomMessage: 'make',
  JoinMessage: 'enter',
  LeaveMessage: 'leave',
}

const ASKING: ClientEffect = { type: 'asking', question: 'Username: ' }

function sendPost(post: Post): ClientEffect {
  return send(withHeader(encode(post)))
}

/** What the server tells does not fit, in itself or with what it has told before. */
function mismatch(flaw: Refusal | TooManyMembers): ClientEffect {
  const { code, data } =
    flaw.code === 'too-many-members'
      ? {
          code: UNSPECIFIED,
          data: `only ${flaw.max} members of rooms are kept, so one is not listed`,
        }
      : faultOf(flaw, HOUSE_NAMES)
  return shownFault({ type: 'Error', code, data: `client server mismatch: ${data}` }, 'local')
}

function cleaned({ type, timestamp, dest, sender, data }: Post): Post {
  return {
    type,
    timestamp: cutToBytes(clean(timestamp), NAME_MAX),
    dest: clean(dest),
    sender: clean(sender),
    data: cleanLines(data),
  }
}

/** Talk as the document has it shown (6.h); each of several lines, so that none can be taken for somebody else's. */
function said({ timestamp, dest, sender: from, data }: Post): ClientEffect {
  const prefix = `[ROOM: ${dest}] >> ${from} >> ${timestamp} >> `
  const shown = linesOf(prefix, data, DATA_MAX)
  const place = isLobbyName(dest) ? {} : { room: dest }
  return show({ type: 'said', from, text: clean(data), shown, ...place })
}
