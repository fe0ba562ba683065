// The Chat Box's client (sections 4 to 7): it asks for a name first, shows grams, and turns what is
// typed into commands and dictionaries.

import { LOBBY_TITLE, clean, utf8Length } from '../../core/index.js'
import {
  NO_EFFECTS,
  answering,
  failure,
  goodbye,
  note,
  problem,
  refusal,
  remark,
  send,
  show,
} from '../client-effects.js'
import type { Client, ClientEffect, ClientOptions, ClientSession, Known, Wish } from '../client.js'
import { Expected, type Asked } from '../expected.js'
import { Familiar } from '../familiar.js'
import { flawOf } from '../wishes.js'
import { withoutLineEnds } from '../words.js'
import { usersLine } from './answers.js'
import { MENU_LINES } from './commands.js'
import { readGram, type Gram, type Scene } from './grams.js'
import { Hearing } from './hearing.js'
import { linesOf, nameIn, readLine, usersOf } from './reading.js'
import { choiceLines } from './render.js'
import { writeRequest, type Request } from './requests.js'
import { Lists, talk, typedFor, type Typed } from './typing.js'

/** The longest name, in bytes: the document's server reads no more. */
const MAX_NAME_BYTES = 100

const ASKING: ClientEffect = { type: 'asking', question: 'What is your name? ' }
const NOT_READY = 'The server has not greeted you yet.'
const SENT_AWAY = 'The server has ended your connection.'
const LOST = 'You have lost the connection to the server.'
const BAD_GRAM = 'The server has sent a dictionary that is no gram; it is not shown.'
const CUT_GRAM = 'The last gram of the server was cut off and is not shown.'
const ENDLESS_GRAM = 'The server has sent a gram without an end.'

/** What the server sends to end a client (3.7). */
const EXIT = 'exit()'
/** What the user types to quit (5.7, 6.11). */
const QUITTING: readonly string[] = [EXIT, 'q!']

/** The program's sound is its own; this client's bell stands for it. */
const SOUND = 't! (sound): begin with --bell, and you hear when you are named'

const COMMAND_WORDS: readonly string[] = [
  'm!',
  'u!',
  'c',
  'c!',
  'j',
  'j!',
  's',
  's!',
  'l!',
  'b',
  'b!',
  't!',
  'q!',
  EXIT,
]

/** The client of the Chat Box; nothing but time keeps two of its commands apart. */
export const client: Client = {
  gap: 50,
  answers: ['enter'],
  open: (options) => new ChatboxClient(options),
}

/** What comes next: the user's name, the server's greeting, anything. */
type Stage = 'choice' | 'greeting' | 'talk' | 'over'

class ChatboxClient implements ClientSession {
  readonly #wanted: string | undefined
  readonly #hearing = new Hearing()
  readonly #lists = new Lists()
  readonly #expected: Expected
  readonly #nicks = new Familiar()
  readonly #rooms = new Familiar()
  readonly known: Known = { commands: COMMAND_WORDS, nicks: this.#nicks, rooms: this.#rooms }
  readonly prompt = ''
  #stage: Stage = 'choice'
  #name = ''
  #current = LOBBY_TITLE
  #hasEnded = false

  constructor(options: ClientOptions) {
    this.#wanted = options.nick
    this.#expected = new Expected(options)
  }

  get nick(): string | undefined {
    return this.#stage === 'talk' ? this.#name : undefined
  }

  get isWaiting(): boolean {
    return this.#expected.isFresh
  }

  opened(): readonly ClientEffect[] {
    return this.#wanted === undefined ? [ASKING] : this.#introduce(this.#wanted)
  }

  received(bytes: Buffer): readonly ClientEffect[] {
    const effects = this.#hearing.take(bytes).flatMap((message) => this.#hear(message))
    if (!this.#hearing.isEndless || this.#stage === 'over') return effects
    return [...effects, this.#fail(ENDLESS_GRAM)]
  }

  closed(): readonly ClientEffect[] {
    if (this.#stage === 'over') return NO_EFFECTS
    const cut = this.#hearing.isAmid ? [refusal(CUT_GRAM)] : NO_EFFECTS
    return [...cut, this.#fail(LOST)]
  }

  typed(line: string): readonly ClientEffect[] {
    if (QUITTING.includes(line.trim().toLowerCase())) return this.quit()
    if (this.#stage === 'choice') return this.#introduce(line)
    if (this.#stage !== 'talk') return [refusal(`${NOT_READY} This was not sent: ${clean(line)}`)]
    switch (line.trim().toLowerCase()) {
      case '':
        return NO_EFFECTS
      case 'm!':
        return [remark(...MENU_LINES, SOUND)]
      case 't!':
        return [remark(SOUND)]
      default:
        return this.#do(this.#lists.read(line) ?? talk(this.#name, line))
    }
  }

  ended(): readonly ClientEffect[] {
    this.#hasEnded = true
    return NO_EFFECTS
  }

  quit(): readonly ClientEffect[] {
    this.#hasEnded = true
    const leave = this.#stage === 'choice' ? NO_EFFECTS : [send(Buffer.from('q!'))]
    return [...leave, goodbye('You have left the Chat Box.')]
  }

  lookUp(): readonly ClientEffect[] {
    if (this.#stage !== 'talk') return LOOKED_UP
    return this.#do({ type: 'command', command: 'u!' }, { unseen: true })
  }

  wished(wish: Wish): readonly ClientEffect[] {
    const flaw = this.#stage === 'talk' ? flawOf(wish, false) : NOT_READY
    if (flaw !== undefined) return [refusal(flaw, { wish })]
    const place = { name: this.#name, current: this.#current }
    return answering(this.#do(typedFor(wish, place), { wish }), wish)
  }

  #introduce(typed: string): readonly ClientEffect[] {
    const name = typed.trim()
    if (name === '') return [ASKING]
    if (utf8Length(name) > MAX_NAME_BYTES) {
      return [refusal(`That name is too long. Take at most ${MAX_NAME_BYTES} bytes.`), ASKING]
    }
    this.#stage = 'greeting'
    this.#name = name
    const hello = `Hello, ${clean(name)}. You begin in the room ${LOBBY_TITLE}. Type m! for the menu.`
    return [remark(hello), send(Buffer.from(name))]
  }

  /** Sends what a line came to, and remembers what it asks for. */
  #do(typed: Typed, by: Pick<Asked, 'unseen' | 'wish'> = {}): readonly ClientEffect[] {
    if (typed.type === 'problem') return [refusal(typed.problem)]
    const asked =
      typed.type === 'command' ? this.#askedBy(typed.command, by.wish) : askedBy(typed.request)
    if (asked !== undefined) this.#expected.add({ ...asked, ...by })
    const message = typed.type === 'command' ? typed.command : writeRequest(typed.request)
    return [send(Buffer.from(message))]
  }

  #askedBy(command: string, wish: Wish | undefined): Asked | undefined {
    if (wish?.type === 'members') return { to: 'members', about: wish.room }
    if (command === 'u!') return { to: 'users', about: command }
    if (command === 'j') return { to: 'rooms', about: command }
    if (command === 's' || command === 'b') return { to: 'rooms', about: command, own: true }
    return command === 'l!' ? { to: 'leave', about: this.#current } : undefined
  }

  #hear(message: string): readonly ClientEffect[] {
    if (this.#stage === 'over' || message.trim() === '') return NO_EFFECTS
    if (message.trim() === EXIT) return [this.#fail(SENT_AWAY)]
    if (!message.startsWith('{')) return [...this.#arrive(this.#name), ...this.#read(message)]
    const gram = readGram(message)
    if (gram === undefined) return [refusal(BAD_GRAM)]
    const name = gram.type === 'welcome alert' ? nameIn(gram, this.#name) : this.#name
    return [...this.#arrive(name), ...this.#show(gram)]
  }

  /** The first word of the server is its greeting. */
  #arrive(name: string): readonly ClientEffect[] {
    if (this.#stage !== 'greeting') return NO_EFFECTS
    this.#stage = 'talk'
    this.#name = clean(name)
    return [{ type: 'named', nick: this.#name }]
  }

  #show(gram: Gram): readonly ClientEffect[] {
    switch (gram.type) {
      case 'welcome alert':
        this.#current = gram.room
        this.#learn(gram.scene)
        return [
          note(
            ...cleaned(gram.prompt),
            clean(usersLine(gram.room, usersOf(gram.scene, gram.room))),
          ),
        ]
      case 'echo rooms':
        return this.#showScene(gram.scene)
      case 'room choose': {
        this.#lists.note(gram)
        this.#rooms.add(...gram.rooms.map(clean))
        const asked = this.#expected.take(({ to, own }) => to === 'rooms' && own !== true)
        const shown = choiceLines(gram).flatMap(cleaned)
        return [
          show({ type: 'answer', to: 'rooms', names: gram.rooms.map(clean), shown }, asked?.wish),
        ]
      }
      case 'switch room':
      case 'broadcast':
        this.#lists.note(gram)
        this.#expected.take(({ own }) => own === true)
        return [note(...choiceLines(gram).flatMap(cleaned))]
    }
  }

  #showScene(scene: Scene): readonly ClientEffect[] {
    this.#learn(scene)
    const asked = this.#expected.take(({ to }) => to === 'users' || to === 'members')
    if (asked?.unseen === true) return LOOKED_UP
    if (asked?.to !== 'members') {
      return [
        show(
          { type: 'answer', to: 'users', names: usersOf(scene), shown: linesOf(scene) },
          asked?.wish,
        ),
      ]
    }
    const { about: room, wish } = asked
    if (!scene.rooms.has(room))
      return [refusal(`There is no room ${clean(room)} in what the server shows.`, { wish })]
    const names = usersOf(scene, room)
    return [
      show({ type: 'answer', to: 'members', names, shown: [clean(usersLine(room, names))] }, wish),
    ]
  }

  #learn(scene: Scene): void {
    this.#nicks.add(...usersOf(scene))
    this.#rooms.add(...[...scene.rooms.keys()].map(clean))
  }

  #read(text: string): readonly ClientEffect[] {
    return withoutLineEnds(text)
      .split('\n')
      .flatMap((line) => this.#readLine(clean(line)))
  }

  #readLine(line: string): readonly ClientEffect[] {
    const heard = readLine(line, this.#current)
    if (heard !== undefined) {
      if ('from' in heard) this.#nicks.add(heard.from)
      return [show(heard)]
    }
    const told = this.#expected.told(line)
    if (told.isRefusal) return [problem(line, { wish: told.asked?.wish })]
    if (told.asked === undefined) return [note(line)]
    const { to, about: room, wish } = told.asked
    if (to === 'leave') this.#current = LOBBY_TITLE
    this.#rooms.add(clean(room))
    return [
      show(
        { type: to === 'leave' ? 'left' : 'entered', nick: this.#name, room, shown: [line] },
        wish,
      ),
    ]
  }

  #fail(why: string): ClientEffect {
    this.#stage = 'over'
    return this.#hasEnded && !this.#expected.isMissing ? goodbye(why) : failure(why)
  }
}

const LOOKED_UP: readonly ClientEffect[] = [{ type: 'lookedUp' }]

function askedBy(request: Request): Asked | undefined {
  if (request.type !== 'create' && request.type !== 'join') return undefined
  return { to: 'enter', about: request.room }
}

/** A text as clean lines. */
function cleaned(text: string): readonly string[] {
  return text.split('\n').map(clean)
}
