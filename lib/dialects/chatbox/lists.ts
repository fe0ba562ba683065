// The numbers by which a client names rooms: of each list that it was shown last, counted from 0
// as the document's client counts them.

import { LOBBY_TITLE, roomKey, type Event } from '../../core/index.js'
import { choiceOf } from './answers.js'
import type { Joined } from './requests.js'

/** A number as somebody types one. */
const NUMBER = /^\d{1,6}$/

/** The most rooms of one list that are remembered between two times that it is shown. */
const MAX_ROOMS = 1000

/** The rooms that one client is in, and those that it was shown; by their titles. */
export class Lists {
  #joined: readonly string[] = [LOBBY_TITLE]
  #joinedShown: readonly string[] | undefined
  #roomsShown: readonly string[] = []

  /** Takes note of what the client is told; `maxGramBytes` is what a list may take. */
  note(event: Event, maxGramBytes: number): void {
    if (event.type === 'youEntered') {
      this.#joined = withTitle(this.#joined, event.room.title)
      this.#joinedShown = this.#joinedShown && withTitle(this.#joinedShown, event.room.title)
    }
    if (event.type === 'youLeft') {
      this.#joined = this.#joined.filter((title) => title !== event.room.title)
    }
    if (event.type !== 'surveyed') return
    const choice = choiceOf(event.purpose, event.outlook, maxGramBytes)
    if (choice === undefined) return
    this.#joinedShown = choice.joined
    if (choice.type === 'room choose') this.#roomsShown = choice.rooms
  }

  /** The room of all that has this number, as typed; what is no number of one is taken for a name. */
  roomAt(typed: string): string {
    return at(this.#roomsShown, typed)
  }

  /** The same for the rooms that the client is in: as they were shown, and then as it entered them. */
  joinedAt(typed: string): string {
    return at(this.#joinedShown ?? this.#joined, typed)
  }

  /** A room that the client is in, as a program names it: a name goes before a number that reads the same. */
  joined(named: Joined): string {
    return this.allJoined([named]).join()
  }

  /** The same for several, each once; of very many those that come first, which are more than may be named. */
  allJoined(named: readonly Joined[]): readonly string[] {
    const keys = new Set(this.#joined.map((title) => roomKey(title)))
    return [...new Set(named)].slice(0, MAX_ROOMS).map((one) => {
      const isName = typeof one === 'string' && keys.has(roomKey(one))
      return isName ? one : this.joinedAt(String(one))
    })
  }
}

/** The list with a room at its end, if it is not there already. */
function withTitle(titles: readonly string[], title: string): readonly string[] {
  return titles.includes(title) ? titles : [...titles, title].slice(0, MAX_ROOMS)
}

function at(titles: readonly string[], typed: string): string {
  return (NUMBER.test(typed) ? titles[Number(typed)] : undefined) ?? typed
}
