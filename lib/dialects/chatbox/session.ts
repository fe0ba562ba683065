// What is spoken with one client of the Chat Box: the document's own, whose every read is one
// message, or somebody at telnet or nc, who types what that client would have turned into messages.

import { clean, type Command, type Event, type Manners } from '../../core/index.js'
import { bare } from '../../wire/bare.js'
import type { Session, Speaker, Voice } from '../dialect.js'
import { repairedNick } from '../nicks.js'
import { refused, talkOf } from '../words.js'
import { MAX_GRAM_BYTES } from './answers.js'
import { readAsked, readTyped } from './commands.js'
import { Lists } from './lists.js'
import { isDict, readLiteral } from './literal.js'
import { MAX_MESSAGE_BYTES, gramVoice, lineVoice } from './render.js'
import { readRequest, type Request } from './requests.js'
import { scanLiteral } from './scan.js'

/** The longest name that is remembered as asked for, in UTF-16 units: the document's server reads 100 bytes for it. */
const MAX_NAME = 100

const MANNERS: Manners = {
  lobby: true,
  echo: false,
  notices: true,
  tells: true,
  focus: true,
  survey: false,
}

/** It remembers what the client asked to be called, and which lists it was shown. */
export class ChatboxSession implements Session {
  voice: Voice = gramVoice
  readonly framing = bare({
    messageBytes: MAX_MESSAGE_BYTES,
    splitsLines: false,
    scanFrom: scanLiteral,
    onLineClient: () => {
      this.voice = lineVoice
    },
  })
  readonly #lists = new Lists()
  #asked = ''

  parse(message: string, { nick }: Speaker): Command | undefined {
    const text = clean(message)
    // Of somebody who types an empty line is nothing; the other client waits to be greeted.
    if (text.trim() === '' && (this.#isTyped || nick !== undefined)) return undefined
    if (nick === undefined) return this.#register(text)
    const literal = text.startsWith('{') ? readLiteral(message) : undefined
    if (isDict(literal)) {
      const request = readRequest(literal)
      if ('problem' in request) return refused({ code: 'bad-message', ...request })
      return this.#carryOut(request, nick)
    }
    // In the document's client's list of commands, but not one of the server's (6.1).
    if (text.trim().toLowerCase() === 'b!') return undefined
    const command = readTyped(text, this.#lists)
    if (command !== undefined) return command
    if (this.#isTyped) return { name: 'sayHere', text }
    return refused({ code: 'bad-message', problem: 'it is neither a command nor a dictionary' })
  }

  voiceFor(event: Event): Voice {
    this.#lists.note(event, this.#isTyped ? Infinity : MAX_GRAM_BYTES)
    return this.voice
  }

  get #isTyped(): boolean {
    return this.voice === lineVoice
  }

  #register(asked: string): Command {
    this.#asked = asked.slice(0, MAX_NAME)
    return { name: 'register', nick: repairedNick(asked), manners: MANNERS, ifTaken: 'number' }
  }

  #carryOut(request: Request, nick: string): Command | undefined {
    if (request.type !== 'contents') return readAsked(request, this.#lists)
    const text = withoutSpeaker(talkOf(request.text), [this.#asked, nick])
    return text.trim() === '' ? undefined : { name: 'sayHere', text }
  }
}

/** What is said, without the name that the document's client puts in front of it. */
function withoutSpeaker(text: string, names: readonly string[]): string {
  const speaker = names.find((name) => name !== '' && text.startsWith(`${name}:`))
  return speaker === undefined ? text : text.slice(speaker.length + 1).replace(/^ /, '')
}
