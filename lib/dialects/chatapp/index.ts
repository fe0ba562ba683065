// ChatApp, IRC style: JSON messages behind a header of 20 bytes, rooms that one joins, and clients
// that are told of all rooms and of everybody in them.

import type { Command, Event } from '../../core/index.js'
import { MAX_BODY_BYTES, headered, wholeMessages } from '../../wire/header.js'
import type { Dialect, Session, Speaker, Voice } from '../dialect.js'
import { client } from './client.js'
import { decode } from './messages.js'
import { ClientNames } from './names.js'
import { notation } from './notation.js'
import { commandOfNewcomer, commandOfUser, unreadable } from './parse.js'
import { roomsIn, voice, voiceWith } from './render.js'

/** What is spoken with one client: it has a voice of its own once it calls something by another name than the house. */
class ChatAppSession implements Session {
  readonly framing = headered
  voice: Voice = voice
  readonly #names = new ClientNames()

  parse(frame: string, speaker: Speaker): Command | undefined {
    const read = decode(frame)
    if ('problem' in read) return unreadable(read.problem)
    if (speaker.nick !== undefined) return commandOfUser(read.message, this.#names.self)
    const command = commandOfNewcomer(read.message, this.#names)
    this.#adapt()
    return command
  }

  /** All but what it knows: a client takes it for a fault to be told of a room again. */
  hears(event: Event): boolean {
    if (event.type === 'welcomed') {
      for (const { name } of roomsIn(event.outlook.house)) this.#names.meet(name)
    }
    const isNews = event.type !== 'roomMade' || this.#names.meet(event.room)
    this.#adapt()
    return isNews
  }

  #adapt(): void {
    if (this.voice === voice && this.#names.differ) this.voice = voiceWith(this.#names)
  }
}

/** `chatapp://`, described in docs/protocols/chatapp.md. */
export const chatapp: Dialect = {
  name: 'chatapp',
  port: 1235,
  frameBytes: MAX_BODY_BYTES,
  notation,
  client,
  strict: true,
  cut: wholeMessages,
  open: () => new ChatAppSession(),
}
