// The CS494 chat application's client (section 3): it sends what is typed and prints what comes. It
// reads `/quit` itself, and `--disconnect--` of what comes.

import { clean, utf8Length, type Command } from '../../core/index.js'
import { LenientLines } from '../../wire/lenient-lines.js'
import {
  NO_EFFECTS,
  failure,
  goodbye,
  note,
  problem,
  refusal,
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
import { asTalk, flawOf } from '../wishes.js'
import { COMMAND_WORDS, readCommand } from './commands.js'
import { FAREWELL, MAX_MESSAGE_BYTES, QUIT } from './document.js'
import { asksForName, heardOf, groupsOf, isWelcome, type Group } from './heard.js'

/** The longest line that is kept, in bytes; a longer one is shown in pieces. */
const KEPT_BYTES = 65_536

const ASKING: ClientEffect = { type: 'asking', question: 'Username: ' }
/** What the user is told where the server is gone (3.4). */
const DISCONNECTED = 'You have been disconnected.'
const LOOKED_UP: readonly ClientEffect[] = [{ type: 'lookedUp' }]
/** What has happened once it was asked for and not refused. */
const CHANGES = { enter: 'entered', leave: 'left', make: 'made' } as const

const NOT_READY = 'The server has not taken a username yet.'

/** The client of the CS494 chat application; nothing but time keeps two messages apart. */
export const client: Client = {
  gap: 50,
  answers: ['enter', 'leave'],
  asks: { host: 'IP address: ', port: 'Port: ' },
  open: (options) => new Cs494Client(options),
}

/** What comes next: the server's question for a name, the user's answer to it, the server's, anything. */
type Stage = 'greeting' | 'choice' | 'answer' | 'talk' | 'over'

class Cs494Client implements ClientSession {
  readonly #wanted: string | undefined
  readonly #lines = new LenientLines(KEPT_BYTES)
  readonly #expected: Expected
  readonly #nicks = new Familiar()
  readonly #rooms = new Familiar()
  readonly known: Known = { commands: COMMAND_WORDS, nicks: this.#nicks, rooms: this.#rooms }
  readonly prompt = ''
  #stage: Stage = 'greeting'
  #asked = ''
  /** Whether each read so far has ended with a line: then one that does not was cut on the way. */
  #endsLines = true
  #isLeaving = false

  constructor(options: ClientOptions) {
    this.#wanted = options.nick
    this.#expected = new Expected(options)
  }

  get nick(): string | undefined {
    return this.#stage === 'talk' ? this.#asked : undefined
  }

  opened(): readonly ClientEffect[] {
    return NO_EFFECTS
  }

  received(bytes: Buffer): readonly ClientEffect[] {
    const lines = this.#lines.take(bytes).map(({ text }) => text)
    return this.#hear([...lines, ...this.#unfinished()].map(clean))
  }

  closed(): readonly ClientEffect[] {
    const last = this.#lines.end()
    const effects = last === undefined ? NO_EFFECTS : this.#hear([clean(last.text)])
    if (this.#stage === 'over') return effects
    return [...effects, this.#end(DISCONNECTED)]
  }

  typed(line: string): readonly ClientEffect[] {
    if (line.trim() === QUIT) return this.quit()
    if (this.#stage === 'choice') return this.#introduce(line.trim())
    if (this.#stage !== 'talk') return [refusal(`${NOT_READY} This was not sent: ${clean(line)}`)]
    return line === '' ? NO_EFFECTS : this.#say(line)
  }

  ended(): readonly ClientEffect[] {
    this.#isLeaving = true
    return NO_EFFECTS
  }

  quit(): readonly ClientEffect[] {
    this.#isLeaving = true
    return [send(Buffer.from(QUIT)), goodbye('You have quit.')]
  }

  lookUp(): readonly ClientEffect[] {
    if (this.#stage !== 'talk') return LOOKED_UP
    return ['/users', '/list'].flatMap((line) => this.#say(line, { unseen: true }))
  }

  wished(wish: Wish): readonly ClientEffect[] {
    const flaw = this.#stage === 'talk' ? flawOf(wish, true) : NOT_READY
    if (flaw !== undefined) return [refusal(flaw, { wish })]
    // Making a room that stands is refused and does no harm; nobody has asked to see that.
    const making =
      wish.type === 'enter' && ![...this.#rooms].includes(wish.room)
        ? this.#say(`/create ${wish.room}`, { unseen: true })
        : NO_EFFECTS
    return [...making, ...linesOf(wish).flatMap((line) => this.#say(line, { wish }))]
  }

  #introduce(name: string): readonly ClientEffect[] {
    this.#stage = 'choice'
    if (name === '') return [ASKING]
    this.#stage = 'answer'
    this.#asked = name
    return [send(Buffer.from(name))]
  }

  /** Sends a line, and remembers what it asks for. */
  #say(line: string, by: Pick<Asked, 'unseen' | 'wish'> = {}): readonly ClientEffect[] {
    if (utf8Length(line) > MAX_MESSAGE_BYTES) {
      const text = `That is too long. Send at most ${MAX_MESSAGE_BYTES} bytes at once.`
      return [refusal(text, { wish: by.wish })]
    }
    const command = line.startsWith('/') ? readCommand(line) : undefined
    if (command?.name === 'quit') this.#isLeaving = true
    for (const asked of command === undefined ? [] : askedBy(command)) {
      this.#expected.add({ ...asked, ...by })
    }
    return [send(Buffer.from(line))]
  }

  /** What has come without a line end: a message by itself, but for a line that was cut on its way. */
  #unfinished(): readonly string[] {
    if (this.#lines.unfinishedBytes === 0) return []
    const isFarewell = this.#lines.unfinished === FAREWELL
    if (this.#stage !== 'talk' && !isFarewell) this.#endsLines = false
    const isCut = this.#endsLines && this.#lines.unfinishedBytes <= KEPT_BYTES
    const last = isCut && !isFarewell ? undefined : this.#lines.end()
    return last === undefined ? [] : [last.text]
  }

  /** The lines of one read. */
  #hear(lines: readonly string[]): readonly ClientEffect[] {
    const end = lines.indexOf(FAREWELL)
    if (end >= 0) return [...this.#hear(lines.slice(0, end)), this.#end(DISCONNECTED)]
    const text = lines.join('\n')
    switch (this.#stage) {
      case 'over':
        return NO_EFFECTS
      case 'greeting': {
        const answer = asksForName(text) ? this.#introduce(this.#wanted ?? '') : NO_EFFECTS
        return [...lines.map((line) => note(line)), ...answer]
      }
      case 'choice':
        return lines.map((line) => note(line))
      case 'answer':
        return text.trim() === '' ? NO_EFFECTS : this.#answered(lines, isWelcome(text))
      case 'talk':
        return groupsOf(lines).flatMap((group) => this.#read(group))
    }
  }

  #answered(lines: readonly string[], isTaken: boolean): readonly ClientEffect[] {
    if (!isTaken) {
      this.#stage = 'choice'
      return [...lines.map((line) => problem(line)), ASKING]
    }
    this.#stage = 'talk'
    return [{ type: 'named', nick: this.#asked }, ...lines.map((line) => note(line))]
  }

  #read({ lines, isList }: Group): readonly ClientEffect[] {
    const asked = isList ? this.#expected.listed() : undefined
    if (asked !== undefined) return this.#listed(asked, lines)
    return lines.flatMap((line) => this.#readLine(line))
  }

  #listed({ to, unseen, wish }: AskedList, names: readonly string[]): readonly ClientEffect[] {
    if (to === 'rooms') this.#rooms.add(...names)
    else this.#nicks.add(...names)
    if (unseen === true) return to === 'rooms' ? LOOKED_UP : NO_EFFECTS
    return [show({ type: 'answer', to, names, shown: names }, wish)]
  }

  #readLine(line: string): readonly ClientEffect[] {
    const heard = heardOf(line)
    if (heard !== undefined) {
      this.#learn(heard)
      return [show(heard)]
    }
    const told = this.#expected.told(line)
    if (!told.isRefusal && told.asked !== undefined) this.#rooms.add(told.asked.about)
    if (told.asked?.unseen === true) return told.asked.to === 'rooms' ? LOOKED_UP : NO_EFFECTS
    if (told.isRefusal) return [problem(line, { wish: told.asked?.wish })]
    if (told.asked === undefined) return [note(line)]
    const { to, about: room, wish } = told.asked
    return [show({ type: CHANGES[to], nick: this.#asked, room, shown: [line] }, wish)]
  }

  #learn(heard: Heard): void {
    if (heard.type === 'went') this.#nicks.delete(String(heard.nick))
    if (!('from' in heard)) return
    this.#nicks.add(heard.from)
    if ('room' in heard) this.#rooms.add(heard.room)
  }

  #end(why: string): ClientEffect {
    this.#stage = 'over'
    return this.#isLeaving && !this.#expected.isMissing ? goodbye(why) : failure(why)
  }
}

/** The lines that say a wish; a text of several lines is several messages. */
function linesOf(wish: Wish): readonly string[] {
  switch (wish.type) {
    case 'say':
      return spoken(wish.text).map(asTalk)
    case 'tell':
      return spoken(wish.text).map((line) => `/w ${wish.nick} ${line}`)
    case 'post':
      return spoken(wish.text).map((line) => `/s ${wish.room} ${line}`)
    case 'enter':
      return [`/join ${wish.room}`]
    case 'leave':
      return [`/leave ${wish.room}`]
    case 'users':
      return ['/users']
    case 'rooms':
      return ['/list']
    case 'members':
      return [`/users ${wish.room}`]
  }
}

function spoken(text: string): readonly string[] {
  return text.split(/[\r\n]+/).filter((line) => line !== '')
}

/** What a command asks for; an error repeats the room, or else the command. */
function askedBy(command: Command): readonly Asked[] {
  if (command.name === 'users') return [{ to: 'users', about: '/users' }]
  if (command.name === 'rooms') return [{ to: 'rooms', about: '/list' }]
  if (command.name === 'members') return [{ to: 'members', about: command.room }]
  if (command.name === 'create') return [{ to: 'make', about: command.room }]
  if (command.name === 'part') return [{ to: 'leave', about: command.room }]
  if (command.name !== 'join') return []
  return command.rooms.map((about) => ({ to: 'enter', about }))
}
