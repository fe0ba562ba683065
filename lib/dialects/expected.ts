// What a client has asked for and the server has not answered yet, for protocols whose answers do
// not say what they answer: servers answer in the order in which they were asked.

import type { ClientOptions, Wish } from './client.js'

/** Something that was asked for. */
export interface Asked {
  /** `own` is a list of the rooms that the user is in. */
  readonly to: 'users' | 'rooms' | 'members' | 'own' | 'enter' | 'leave' | 'make'
  /** The word that an error about it would repeat: the room, or else the command. */
  readonly about: string
  /** What a program wished by it. */
  readonly wish?: Wish
  /** Set if nobody is to see the answer: a look-up. */
  readonly unseen?: true
}

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
    return this.#questions.some(({ asked: { to, unseen } }) => LISTS.includes(to) && !unseen)
  }

  /** Something is asked for; beyond the most that are remembered, the oldest is forgotten. */
  add(asked: Asked): void {
    const until = asked.unseen === true ? this.#clock.now() + PATIENCE : Infinity
    this.#questions = [...this.#questions, { asked, until }].slice(-MOST)
  }

  /** A list has come: the oldest question that it may answer, which is asked no more. */
  listed(): Asked | undefined {
    return this.take(({ to }) => LISTS.includes(to))
  }

  /** An error has come: the oldest question that it is about, which is asked no more. */
  refused(sentence: string): Asked | undefined {
    const words = sentence.toLowerCase().split(/[\s.,:;'"()]+/)
    return this.take(({ about }) => words.includes(about.toLowerCase()))
  }

  /** The oldest question that this answers, which is asked no more; undefined if there is none. */
  take(isAnswered: (asked: Asked) => boolean): Asked | undefined {
    const now = this.#clock.now()
    this.#questions = this.#questions.filter(({ until }) => until > now)
    const question = this.#questions.find(({ asked }) => isAnswered(asked))
    this.#questions = this.#questions.filter((one) => one !== question)
    return question?.asked
  }
}

const LISTS: readonly Asked['to'][] = ['users', 'rooms', 'members', 'own']
