// The tutorial's chat server, right and as short as it can be: nicknames, talk, private messages,
// lists, rooms. Its wrong relatives in mistakes.ts replace one of its methods each.

import { Lesson, type Client } from './lesson.js'

/** The chat server of the tutorial. */
export class Chat extends Lesson {
  /** Who is online, by nickname in small letters: `Alice` is `alice`. */
  protected readonly users = new Map<string, Client>()
  /** The nickname of each who is online. */
  protected readonly nicks = new Map<Client, string>()
  /** Who is in which room; a room without members is not there. */
  protected readonly rooms = new Map<string, Set<Client>>()

  override hear(client: Client, line: string): void {
    if (line.trim() === '') return
    if (!this.nicks.has(client)) this.register(client, line)
    else if (line.startsWith('#')) this.tell(client, ...cut(line.slice(1)))
    else if (line.startsWith('@')) this.post(client, ...cut(line.slice(1)))
    else if (line.startsWith('!')) this.command(client, line)
    else this.say(client, line)
  }

  override forget(client: Client): void {
    for (const room of [...this.rooms.keys()]) this.leave(client, room)
    this.release(client)
  }

  /** Takes a client's first line for its nickname, or closes its connection. */
  protected register(client: Client, line: string): void {
    if (!this.isNick(line)) this.refuse(client, 'send letters and digits as your nickname')
    else if (this.isTaken(line)) client.close()
    else {
      this.users.set(line.toLowerCase(), client)
      this.nicks.set(client, line)
    }
  }

  /** Whether a line can be a nickname. */
  protected isNick(line: string): boolean {
    return /^[A-Za-z0-9]+$/.test(line)
  }

  /** Whether somebody has a nickname. */
  protected isTaken(nick: string): boolean {
    return this.userOf(nick) !== undefined
  }

  /** Who has a nickname, in capitals or not. */
  protected userOf(nick: string): Client | undefined {
    return this.users.get(nick.toLowerCase())
  }

  /** Makes the nickname of one who has gone free. */
  protected release(client: Client): void {
    this.users.delete(this.nicks.get(client)?.toLowerCase() ?? '')
    this.nicks.delete(client)
  }

  /** Says a text to everybody else. */
  protected say(client: Client, text: string): void {
    for (const other of this.listeners(client)) other.tell(this.signed(client, text))
  }

  /** Who hears what a client says. */
  protected listeners(client: Client): readonly Client[] {
    return [...this.users.values()].filter((other) => other !== client)
  }

  /** A message with its sender in front. */
  protected signed(client: Client, text: string): string {
    return `${this.nicks.get(client) ?? ''}: ${text}`
  }

  /** Says a text to one user. */
  protected tell(client: Client, nick: string, text: string): void {
    const other = this.userOf(nick)
    if (other === undefined) this.missNick(client, nick)
    else other.tell(`#${this.signed(client, text)}`)
  }

  /** A client has written to somebody who is not there. */
  protected missNick(client: Client, nick: string): void {
    this.refuse(client, `nobody is called ${nick}`)
  }

  /** Says a text to the other members of a room. */
  protected post(client: Client, room: string, text: string): void {
    const members = this.rooms.get(room)
    if (members?.has(client) !== true) {
      this.refuse(client, `you are not in a room ${room}`)
      return
    }
    for (const other of members) {
      if (other !== client) other.tell(`@${room} ${this.signed(client, text)}`)
    }
  }

  /** Carries a line out that begins with `!`. */
  protected command(client: Client, line: string): void {
    const [word, argument] = cut(line.trimEnd())
    if (word === '!users') client.tell([...this.nicks.values()].join(' '))
    else if (word === '!rooms') client.tell([...this.rooms.keys()].join(' '))
    else if (argument === '') this.refuse(client, `${word} is no command, or lacks its room`)
    else if (word === '!enter') this.enter(client, argument)
    else if (word === '!leave') this.leave(client, argument)
    else if (word === '!members') this.listMembers(client, argument)
    else this.refuse(client, `there is no command ${word}`)
  }

  /** Tells a client that what it asked for cannot be. */
  protected refuse(client: Client, reason: string): void {
    client.tell(`!error ${reason}`)
  }

  private enter(client: Client, room: string): void {
    const members = this.rooms.get(room) ?? new Set()
    this.rooms.set(room, members.add(client))
  }

  private leave(client: Client, room: string): void {
    const members = this.rooms.get(room)
    members?.delete(client)
    if (members?.size === 0) this.rooms.delete(room)
  }

  private listMembers(client: Client, room: string): void {
    const members = this.rooms.get(room)
    if (members === undefined) this.refuse(client, `there is no room ${room}`)
    else client.tell(Array.from(members, (member) => this.nicks.get(member)).join(' '))
  }
}

/** A line cut at its first space: the word before it and all that follows. */
function cut(line: string): readonly [word: string, text: string] {
  const end = line.indexOf(' ')
  return end < 0 ? [line, ''] : [line.slice(0, end), line.slice(end + 1)]
}
