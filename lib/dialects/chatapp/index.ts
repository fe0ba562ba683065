// ChatApp, IRC style: JSON messages behind a header of 20 bytes, rooms that one joins, and clients
// that are told of all rooms and of everybody in them.

import type { Command, Event, RoomName } from '../../core/index.js'
import { MAX_BODY_BYTES, headered, wholeMessages } from '../../wire/header.js'
import type { Dialect, Session, Speaker, Voice } from '../dialect.js'
import { client } from './client.js'
import { decode } from './messages.js'
import { ClientNames } from './names.js'
import { notation } from './notation.js'
import { commandOfNewcomer, commandOfUser, unreadable } from './parse.js'
import { roomsIn, voice, voiceWith } from './render.js'

/** What is spoken with one client: in the voice of all of them, but for what it calls by other names than the house. */
class ChatAppSession implements Session {
  readonly framing = headered
  readonly voice = voice
  readonly #names = new ClientNames()
  readonly #ownVoice = voiceWith(this.#names)

  parse(frame: string, speaker: Speaker): Command | undefined {
    const read = decode(frame)
    if ('problem' in read) return unreadable(read.problem)
    if (speaker.nick !== undefined) return commandOfUser(read.message, this.#names.self)
    return commandOfNewcomer(read.message, this.#names)
  }

  voiceFor(event: Event): Voice | undefined {
    // A client takes it for a fault to be told of a room again.
    if (event.type === 'roomMade') return this.#names.meet(event.room) ? voice : undefined
    if (event.type === 'said') return this.#voiceAbout(event.room, event.message.from)
    if (event.type === 'entered' || event.type === 'left') {
      return this.#voiceAbout(event.room, event.nick)
    }
    if (event.type === 'welcomed') {
      for (const { name } of roomsIn(event.outlook.house)) this.#names.meet(name)
    }
    return this.#ownVoice
  }

  #voiceAbout(room: RoomName, nick: string): Voice {
    return this.#names.agree(room, nick) ? voice : this.#ownVoice
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
