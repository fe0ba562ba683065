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

/** More than that is not remembered: a server that answers nothing is no reason to keep it all. */
const MOST = 64

/** How long the answer to a look-up is waited for, in milliseconds. */
const PATIENCE = 2000

/** Questions without an answer, the oldest first. */
export class Expected {
  readonly #clock: Pick<ClientOptions, 'now'>
  #questions: readonly { readonly asked: Asked; readonly until: number }[] = []

  constructor(clock: Pick<ClientOptions, 'now'>) {
    this.#clock = clock
  }

  /** Whether an answer that the user wants to see has not come. */
  get isMissing(): boolean {
    return this.#questions.some(({ asked }) => isList(asked) && asked.unseen !== true)
  }

  /** Something is asked for; beyond the most that are remembered, the oldest is forgotten. */
  add(asked: Asked): void {
    const until = asked.unseen === true ? this.#clock.now() + PATIENCE : Infinity
    this.#questions = [...this.#questions, { asked, until }].slice(-MOST)
  }

  /** A list has come: the oldest question that it may answer, which is asked no more. */
  listed(): AskedList | undefined {
    return this.take(isList)
  }

  /** An error has come: the oldest question that it is about, which is asked no more. */
  refused(sentence: string): Asked | undefined {
    return this.take(({ about }) => isNamed(about, sentence))
  }

  /** A sentence that is no error has come: the oldest question about a room that it may answer, which is asked no more. */
  told(sentence: string): AskedChange | undefined {
    return this.take(
      (asked): asked is AskedChange => !isList(asked) && isNamed(asked.about, sentence),
    )
  }

  /** The oldest question that this answers, which is asked no more; undefined if there is none. */
  take<Answered extends Asked>(
    isAnswered: (asked: Asked) => asked is Answered,
  ): Answered | undefined
  take(isAnswered: (asked: Asked) => boolean): Asked | undefined
  take(isAnswered: (asked: Asked) => boolean): Asked | undefined {
    const now = this.#clock.now()
    this.#questions = this.#questions.filter(({ until }) => until > now)
    const question = this.#questions.find(({ asked }) => isAnswered(asked))
    this.#questions = this.#questions.filter((one) => one !== question)
    return question?.asked
  }
}

function isList(asked: Asked): asked is AskedList {
  return ['users', 'rooms', 'members'].includes(asked.to)
}

/** Whether a sentence repeats a word. */
function isNamed(word: string, sentence: string): boolean {
  const words = sentence.toLowerCase().split(/[\s.,:;'"()]+/)
  return words.includes(word.toLowerCase())
}
