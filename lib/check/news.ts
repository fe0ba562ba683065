// Word of those who come and go, in the chat or in a room. The course does not say whether a server
// tells of it, so where nothing is known of a server its notices are accepted, though it should not send any.

import type { Actor } from './actor.js'

const ROOM = /^!(?<verb>enter|leave) (?<room>\w+)$/
/** The user or the room that a line is for. */
const ADDRESSEE = /^[#@]\S+ +/

/** Who comes or goes, and what was said: by these, notices are told from all else that is sent. */
export class News {
  /** Those who have come or gone since somebody else spoke, and the rooms that somebody has entered or left. */
  #names: readonly string[] = []
  /** Those who read no more: a server may send them away at any time. */
  #shaky: readonly string[] = []
  /** Those who are connected, and whose first line has not come to its end. */
  #nameless: readonly string[] = []
  /**
   * What each line says, without to whom, which servers write in their own ways. But once: a flood may be
   * one line 24,000 times, and all that comes is compared with it.
   */
  readonly #said = new Set<string>()
  /** Who is in which room, as `alice tea`. */
  readonly #members = new Set<string>()

  /** Somebody comes, or goes, under this name. */
  of(name: string): void {
    this.#names = [...this.#names, name]
    this.#nameless = this.#nameless.filter((other) => other !== name)
  }

  /** Somebody has connected who has no nickname yet. */
  connects(name: string): void {
    this.#nameless = [...this.#nameless, name]
  }

  /** Somebody reads no more. */
  stopsReading(name: string): void {
    this.#shaky = [...this.#shaky, name]
  }

  /** Somebody sends these bytes; the first line of a connection is its nickname. */
  sends(name: string, bytes: Buffer): void {
    const lines = bytes.toString('latin1').split(/\r?\n/)
    const isNick = this.#nameless.includes(name)
    if (isNick && lines.length > 1) this.of(name)
    const said = lines.slice(isNick ? 1 : 0).filter((text) => text !== '')
    for (const line of said) {
      const words = line.replace(ADDRESSEE, '').trimEnd()
      if (words !== '') this.#said.add(words)
      this.#moves(name, line)
    }
  }

  /** Whoever enters where they are, or leaves where they are not, does nothing. */
  #moves(name: string, line: string): void {
    const { verb, room } = ROOM.exec(line)?.groups ?? {}
    const member = `${name} ${room ?? ''}`
    if (room === undefined || (verb === 'enter') === this.#members.has(member)) return
    if (verb === 'enter') this.#members.add(member)
    else this.#members.delete(member)
    this.#names = [...this.#names, room]
  }

  /** Whether notices may be on their way that are to come before somebody speaks. */
  isAwaited(speaker: string): boolean {
    return this.#names.some((name) => name !== speaker)
  }

  /** All notices have come. */
  isOut(): void {
    this.#names = []
  }

  /** Marks what some have received: a notice names one who comes or goes, and repeats nothing that was said. */
  mark(actors: readonly Actor[]): void {
    const said = [...this.#said]
    for (const { name, inbox } of actors) {
      const others = [...this.#names, ...this.#shaky].filter((other) => other !== name)
      if (others.length === 0 || this.#nameless.includes(name)) continue
      const named = new RegExp(`\\b(?:${others.join('|')})\\b`, 'i')
      inbox.markNews((bytes) => {
        const text = bytes.toString('latin1').trimEnd()
        return named.test(text) && !said.some((words) => repeats(text, words))
      })
    }
  }
}

/** Whether a text ends in these words, and not in a part of the first. */
function repeats(text: string, words: string): boolean {
  return text.endsWith(words) && !/\w$/.test(text.slice(0, text.length - words.length))
}
