// Chat servers that are wrong in ways that have no name, or that look like a mistake which has one: the
// kit must not give them the name of another.

import { Chat } from '../../lib/teach/chat.js'
import type { Client, Lesson } from '../../lib/teach/lesson.js'
import { losesSecondLine } from '../../lib/teach/wrong-lines.js'
import type { Framing } from '../../lib/wire/frame.js'
import { telnetLines } from '../../lib/wire/lines.js'

/** Room messages lack the name of the room. */
class NamelessRooms extends Chat {
  protected override post(client: Client, room: string, text: string): void {
    const members = this.rooms.get(room)
    if (members?.has(client) !== true) super.post(client, room, text)
    else for (const other of members) if (other !== client) other.tell(this.signed(client, text))
  }
}

/** Whoever is online may speak in a room; its members hear it. */
class OpenRooms extends Chat {
  protected override post(client: Client, room: string, text: string): void {
    const members = this.rooms.get(room)
    if (members === undefined) super.post(client, room, text)
    for (const other of members ?? []) {
      if (other !== client) other.tell(`@${room} ${this.signed(client, text)}`)
    }
  }
}

/** Who enters a room again hears everything twice. */
class DoubleMembers extends Chat {
  readonly #again = new Set<Client>()

  protected override command(client: Client, line: string): void {
    if (line === '!enter tea' && this.rooms.get('tea')?.has(client) === true)
      this.#again.add(client)
    super.command(client, line)
  }

  protected override post(client: Client, room: string, text: string): void {
    super.post(client, room, text)
    for (const other of this.#again) other.tell(`@${room} ${this.signed(client, text)}`)
  }
}

/** Talk in a room comes to one who is not in it. */
class LeakyRooms extends Chat {
  protected override post(client: Client, room: string, text: string): void {
    for (const other of this.listeners(client)) other.tell(`@${room} ${this.signed(client, text)}`)
  }
}

/** Errors have no line end. */
class EndlessErrors extends Chat {
  protected override refuse(client: Client, reason: string): void {
    client.write(`!error ${reason}`)
  }
}

/** Nothing is said of nicknames that nobody has. */
class SilentMisses extends Chat {
  protected override missNick(): void {
    // Not a word.
  }
}

/** A newcomer takes the nickname, and the one who had it is sent away. */
class TakesOver extends Chat {
  protected override register(client: Client, line: string): void {
    const early = this.userOf(line)
    if (early !== undefined) {
      this.forget(early)
      early.close()
    }
    super.register(client, line)
  }
}

/** One whose nickname is taken may send another one. */
class AsksAgain extends Chat {
  protected override register(client: Client, line: string): void {
    if (!this.isTaken(line)) super.register(client, line)
  }
}

/** Talk goes out in small letters. */
class Lowers extends Chat {
  protected override say(client: Client, text: string): void {
    super.say(client, text.toLowerCase())
  }
}

/** Private messages lose spaces. */
class SqueezesPrivate extends Chat {
  protected override tell(client: Client, nick: string, text: string): void {
    super.tell(client, nick, text.replace(/ +/g, ' '))
  }
}

/** The same for what is said in rooms. */
class SqueezesRooms extends Chat {
  protected override post(client: Client, room: string, text: string): void {
    super.post(client, room, text.replace(/ +/g, ' '))
  }
}

/** What a read has after its first line is thrown away. */
class OneRead extends Chat {
  override readonly framing: Framing = losesSecondLine
}

/** The end of a client's sending is not seen. */
class Deaf extends Chat {
  override readonly framing: Framing = (sink, limits) => {
    const reader = telnetLines(sink, limits)
    reader.end = () => undefined
    return reader
  }
}

/** What is left of a line when its client has gone counts as one. */
class TakesTheRest extends Chat {
  override readonly framing: Framing = (sink, limits) => {
    const reader = telnetLines(sink, limits)
    const end = reader.end.bind(reader)
    reader.end = () => {
      reader.feed(Buffer.from('\r\n'))
      end()
    }
    return reader
  }
}

/** Talk is cut short. */
class CutsLong extends Chat {
  override readonly framing: Framing = (sink) =>
    telnetLines(sink, { frameBytes: 10_000, unfinishedBytes: 65_536 })

  protected override say(client: Client, text: string): void {
    super.say(client, text.slice(0, 1000))
  }
}

/** LF alone ends no line. */
class OnlyCrLf extends Chat {
  override readonly framing: Framing = (sink, limits) => {
    const reader = telnetLines(sink, limits)
    const feed = reader.feed.bind(reader)
    let text = ''
    reader.feed = (chunk) => {
      text += chunk.toString('latin1')
      const end = text.lastIndexOf('\r\n') + 1
      if (end === 0) return true
      const whole = text.slice(0, end + 1)
      text = text.slice(end + 1)
      return feed(Buffer.from(whole, 'latin1'))
    }
    return reader
  }
}

/** All connections have one buffer. */
class OneBuffer extends Chat {
  #text = ''

  override readonly framing: Framing = (sink, limits) => {
    const reader = telnetLines(sink, limits)
    const feed = reader.feed.bind(reader)
    reader.feed = (chunk) => {
      this.#text += chunk.toString('latin1')
      const end = this.#text.lastIndexOf('\n') + 1
      const whole = this.#text.slice(0, end)
      this.#text = this.#text.slice(end)
      return feed(Buffer.from(whole, 'latin1'))
    }
    return reader
  }
}

/** Each read is decoded by itself, and what is no letter then is dropped. */
class DropsCutLetters extends Chat {
  override readonly framing: Framing = (sink, limits) => {
    const reader = telnetLines(sink, limits)
    const feed = reader.feed.bind(reader)
    reader.feed = (chunk) => feed(Buffer.from(chunk.toString().replaceAll('\ufffd', '')))
    return reader
  }
}

/** Blank lines are said like any other, but for their last space. */
class SaysBlanks extends Chat {
  override hear(client: Client, line: string): void {
    if (line.trim() === '' && this.nicks.has(client)) this.say(client, line.slice(1))
    else super.hear(client, line)
  }
}

/** Each nickname of the list has a line of its own. */
class ListsInLines extends Chat {
  protected override command(client: Client, line: string): void {
    if (line !== '!users') super.command(client, line)
    else for (const nick of this.nicks.values()) client.tell(nick)
  }
}

/** All of them, by a name for tests. */
export const FAULTY = {
  'nameless rooms': () => new NamelessRooms(),
  'open rooms': () => new OpenRooms(),
  'double members': () => new DoubleMembers(),
  'leaky rooms': () => new LeakyRooms(),
  'endless errors': () => new EndlessErrors(),
  'silent misses': () => new SilentMisses(),
  'takes over': () => new TakesOver(),
  'asks again': () => new AsksAgain(),
  lowers: () => new Lowers(),
  'squeezes private': () => new SqueezesPrivate(),
  'squeezes rooms': () => new SqueezesRooms(),
  'one read': () => new OneRead(),
  deaf: () => new Deaf(),
  'takes the rest': () => new TakesTheRest(),
  'cuts long': () => new CutsLong(),
  'only crlf': () => new OnlyCrLf(),
  'one buffer': () => new OneBuffer(),
  'drops cut letters': () => new DropsCutLetters(),
  'lists in lines': () => new ListsInLines(),
  'says blanks': () => new SaysBlanks(),
} as const satisfies Readonly<Record<string, () => Lesson>>
