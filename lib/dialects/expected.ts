// What a client has asked for and the server has not answered yet, for protocols whose answers do
// not say what they answer: servers answer in the order in which they were asked.

import type { ClientOptions, Wish } from './client.js'

/** Something that was asked for. */
export interface Asked {
  readonly to: 'users' | 'rooms' | 'members' | 'enter' | 'leave' | 'make'
  /** Set for a list of the rooms that the user is in alone. */
  readonly own?: true
  /** The word that an error about it would repeat: the room, or else the command. */
  readonly about: string
  /** What a program wished by it. */
  readonly wish?: Wish
  /** Set if nobody is to see the answer: a look-up. */
  readonly unseen?: true
}

/** A question whose answer is a list. */
export type AskedList = Asked & { readonly to: 'users' | 'rooms' | 'members' }
/** A question whose answer, if any, says that something was done about a room. */
export type AskedChange = Asked & { readonly to: 'enter' | 'leave' | 'make' }

/** What a sentence says: that something was not done, or something else; and which question it answers, if any. */
export type Told =
  | { readonly isRefusal: true; readonly asked: Asked | undefined }
  | { readonly isRefusal: false; readonly asked: AskedChange | undefined }

/** More than that is not remembered: a server that answers nothing is no reason to keep it all. */
const MOST = 64

/** How long an answer is waited for that the user does not see, or that the next line depends on; in milliseconds. */
const PATIENCE = 2000

/** Questions without an answer, the oldest first. */
export class Expected {
  readonly #clock: Pick<ClientOptions, 'now'>
  #questions: readonly { readonly asked: Asked; readonly at: number }[] = []

  constructor(clock: Pick<ClientOptions, 'now'>) {
    this.#clock = clock
  }

  /** Whether an answer that the user wants to see has not come. */
  get isMissing(): boolean {
    return this.#questions.some(({ asked }) => isList(asked) && asked.unseen !== true)
  }

  /** Whether an answer may well be on its way. */
  get isFresh(): boolean {
    return this.#questions.some(({ at }) => this.#clock.now() < at + PATIENCE)
  }

  /** Something is asked for; beyond the most that are remembered, the oldest is forgotten. */
  add(asked: Asked): void {
    this.#questions = [...this.#questions, { asked, at: this.#clock.now() }].slice(-MOST)
  }

  /** A list has come: the oldest question that it may answer, which is asked no more. */
  listed(): AskedList | undefined {
    return this.take(isList)
  }

  /** An error has come: the oldest question that it is about, which is asked no more. */
  refused(sentence: string): Asked | undefined {
    return this.take(({ about }) => isNamed(about, sentence))
  }

  /** A sentence in words of the server's own has come: what it says, as far as it can be told. */
  told(sentence: string): Told {
    const asked = this.take(
      (asked) => isNamed(asked.about, sentence) && (isRefusal(sentence, asked) || isChange(asked)),
    )
    if (isRefusal(sentence, asked)) return { isRefusal: true, asked }
    return { isRefusal: false, asked: asked !== undefined && isChange(asked) ? asked : undefined }
  }

  /** The oldest question that this answers, which is asked no more; undefined if there is none. */
  take<Answered extends Asked>(
    isAnswered: (asked: Asked) => asked is Answered,
  ): Answered | undefined
  take(isAnswered: (asked: Asked) => boolean): Asked | undefined
  take(isAnswered: (asked: Asked) => boolean): Asked | undefined {
    const oldest = this.#clock.now() - PATIENCE
    this.#questions = this.#questions.filter(
      ({ asked, at }) => asked.unseen !== true || at > oldest,
    )
    const question = this.#questions.find(({ asked }) => isAnswered(asked))
    this.#questions = this.#questions.filter((one) => one !== question)
    return question?.asked
  }
}

function isList(asked: Asked): asked is AskedList {
  return ['users', 'rooms', 'members'].includes(asked.to)
}

function isChange(asked: Asked): asked is AskedChange {
  return !isList(asked)
}

/** Words of which servers use one or the other to say that something was not done. */
const REFUSAL =
  /\b(?:not|no|nobody|cannot|already|taken|in use|missing|invalid|unknown|error|dropped|most)\b/i

/** Whether a sentence says that something was not done; the name that it is about has no say. */
export function isRefusal(sentence: string, asked?: Pick<Asked, 'about'>): boolean {
  return REFUSAL.test(asked === undefined ? sentence : sentence.replace(asked.about, ''))
}

/** Whether a sentence repeats a name, word by word. */
function isNamed(name: string, sentence: string): boolean {
  return ` ${wordsOf(sentence)} `.includes(` ${wordsOf(name)} `)
}

function wordsOf(text: string): string {
  return text
    .toLowerCase()
    .split(/[\s.,:;'"()]+/)
    .join(' ')
    .trim()
}
