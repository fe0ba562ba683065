// What a client of lines makes of what it hears: who is there, which rooms there are, and which of
// its own lines an answer belongs to.

import { clean } from '../../core/index.js'
import { show } from '../client-effects.js'
import type { ClientEffect, Heard, Wish } from '../client.js'
import { Familiar } from '../familiar.js'
import { splitAtSpace } from '../words.js'
import { heardIn, namesIn } from './heard.js'
import { Unanswereds, type Unanswered } from './unanswered.js'

/** The lists by the commands that ask for them. */
const LISTS: ReadonlyMap<string, NonNullable<Unanswered['to']>> = new Map([
  ['!users', 'users'],
  ['!rooms', 'rooms'],
  ['!members', 'members'],
])

/** One client's memory of its conversation. */
export class Hearing {
  readonly nicks = new Familiar()
  readonly rooms = new Familiar()
  readonly #unanswered = new Unanswereds()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Whether a list that the user has asked for has not come. */
  get isOwed(): boolean {
    return this.#unanswered.isOwed
  }

  /** The user, or a program by a wish, has sent a line. */
  sent(line: string, wish?: Wish): void {
    const { head: word, rest } = splitAtSpace(line)
    const room = roomIn(word, rest)
    if (room !== undefined) this.rooms.add(room)
    const command = word.toLowerCase()
    // With a room nothing answers it, whatever the room (LEAVE-1, LEAVE-2).
    if (!/^[#@!]/u.test(word) || (command === '!leave' && room !== '')) return
    const to = LISTS.get(command)
    this.#unanswered.add({
      about: room ?? word.replace(/^#/u, ''),
      ...(to === undefined ? {} : { to }),
      // A room that is not there is made (ENTER-1).
      ...(command === '!enter' ? { never: 'unknown-room' } : {}),
      ...(wish === undefined ? {} : { wish }),
    })
  }

  /** Lists are asked for of which the user is to see nothing; `patience` is how long they are waited for, in milliseconds. */
  lookedUp(patience: number, ...lists: readonly ('users' | 'rooms')[]): void {
    const until = this.#now() + patience
    for (const to of lists) this.#unanswered.add({ to, about: `!${to}`, unseen: until })
  }

  /** A line of the server's has come, cleaned. */
  heard(line: string): readonly ClientEffect[] {
    const heard = heardIn(line)
    if (heard === undefined) return this.#list(line)
    if (heard.type === 'problem') return this.#problem(heard)
    this.#remember(heard)
    return [show(heard)]
  }

  #remember(heard: Heard): void {
    if ('from' in heard) this.nicks.add(heard.from)
    if ('room' in heard) this.rooms.add(heard.room)
    if (!('nick' in heard)) return
    if (heard.type === 'went') this.nicks.delete(heard.nick)
    else this.nicks.add(heard.nick)
  }

  #list(line: string): readonly ClientEffect[] {
    const { to, unseen, wish } = this.#unanswered.answered(this.#now()) ?? {}
    if (to === undefined) return [show({ type: 'note', shown: [line] })]
    const names = namesIn(line)
    if (to === 'rooms') this.rooms.add(...names)
    else this.nicks.add(...names)
    if (unseen !== undefined) return this.#lookUpEnds()
    return [show({ type: 'answer', shown: [line], to, names }, wish)]
  }

  #problem(problem: Heard & { readonly type: 'problem' }): readonly ClientEffect[] {
    const { wish, unseen } = this.#unanswered.refused(problem, this.#now()) ?? {}
    if (unseen !== undefined) return this.#lookUpEnds()
    return [show(problem, wish)]
  }

  #lookUpEnds(): readonly ClientEffect[] {
    return this.#unanswered.hasUnseen ? [] : [{ type: 'lookedUp' }]
  }
}

/** The room that a line is about, if it is about one. */
function roomIn(word: string, rest: string): string | undefined {
  if (word.startsWith('@')) return word.slice(1)
  const named = /^!(?:enter|leave|members|history)$/iu.test(word)
  return named ? clean(rest).trim().split(' ', 1)[0] : undefined
}
