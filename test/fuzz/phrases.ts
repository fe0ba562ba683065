// How a command is said in each dialect, as a sending step of a transcript: from its arrow on.

import { LOBBY_TITLE, isWord, type Command } from '../../lib/core/index.js'
import { written } from '../../lib/check/text.js'
import { writeRequest } from '../../lib/dialects/chatbox/requests.js'

type Name = Command['name']
type Named<One extends Name> = Extract<Command, { readonly name: One }>

/** The messages that ask for commands, as a dialect writes them; undefined, or left out, for what it has no words for. */
type Phrases = {
  readonly [One in Name]?: (command: Named<One> & { readonly name: One }) => string | undefined
}

const quoted = (text: string): string => JSON.stringify(text)
const only = (rooms: readonly string[]): string | undefined =>
  rooms.length === 1 ? rooms[0] : undefined

const LINE: Phrases = {
  register: ({ nick }) => nick,
  say: ({ room, text }) => (room === LOBBY_TITLE ? text : `@${room} ${text}`),
  tell: ({ nick, text }) => `#${nick} ${text}`,
  enter: ({ room, kept }) => (kept === true ? undefined : `!enter ${room}`),
  leave: ({ room }) => `!leave ${room}`,
  members: ({ room }) => `!members ${room}`,
  history: ({ room, count }) => `!history ${room} ${count ?? ''}`,
  echo: ({ on }) => `!echo ${on ? 'on' : 'off'}`,
  notices: ({ on }) => `!notices ${on ? 'on' : 'off'}`,
  ping: ({ token }) => `!ping ${token}`,
  help: ({ topic }) => `!help ${topic}`,
  rooms: ({ scope }) => (scope === 'own' ? undefined : '!rooms'),
  users: () => '!users',
  version: () => '!version',
  quit: () => '!quit',
}

const ONLINECHAT: Phrases = {
  register: ({ nick }) => nick,
  say: ({ room, text }) => (room === LOBBY_TITLE ? `${text}\n` : `/gc ${room} ${text}\n`),
  tell: ({ nick, text }) => `/pm ${nick} ${text}\n`,
  create: ({ room, as }) => (as === 'member' ? `/cg ${room}\n` : undefined),
  join: ({ rooms }) => only(rooms) && `/jg ${rooms.join('')}\n`,
  part: ({ room }) => `/lg ${room}\n`,
  rooms: ({ scope }) => (scope === 'own' ? '/listg\n' : '/listallg\n'),
  users: () => '/lo\n',
  help: () => '/help\n',
}

const CS494: Phrases = {
  register: ({ nick }) => nick,
  speak: ({ text }) => text,
  shout: ({ text }) => `/s ${text}`,
  tell: ({ nick, text }) => `/w ${nick} ${text}`,
  create: ({ room, as }) => (as === 'founder' ? `/create ${room}` : undefined),
  join: ({ rooms }) => (rooms.every(isWord) ? `/join ${rooms.join(' ')}` : undefined),
  part: ({ room }) => `/leave ${room}`,
  members: ({ room }) => `/users ${room}`,
  users: () => '/users',
  rooms: () => '/list',
  help: () => '/?',
  quit: () => '/disconnect',
}

const CHATAPP: Phrases = {
  register: ({ nick }) => `Connection "CONNECT" from ${quoted(nick)}`,
  say: ({ room, text }) => `Chat ${quoted(text)} to ${quoted(room)}`,
  create: ({ room, as }) => (as === 'founder' ? `Create ${quoted(room)}` : undefined),
  join: ({ rooms }) => only(rooms) && `Join ${quoted(rooms.join(''))}`,
  part: ({ room }) => `Leave ${quoted(room)}`,
  quit: () => 'Connection "QUIT"',
}

const CHATBOX: Phrases = {
  register: ({ nick }) => nick,
  sayHere: ({ text }) => text,
  enter: ({ room }) => writeRequest({ type: 'create', room }),
  join: ({ rooms }) => only(rooms) && writeRequest({ type: 'join', room: rooms.join('') }),
  switchRoom: ({ room }) => writeRequest({ type: 'switch', room }),
  broadcast: ({ rooms, text }) => writeRequest({ type: 'broadcast', rooms, text }),
  partCurrent: () => 'l!',
  survey: () => 'u!',
  help: () => 'm!',
  quit: () => 'q!',
}

const PHRASES: ReadonlyMap<string, Phrases> = new Map([
  ['line', LINE],
  ['onlinechat', ONLINECHAT],
  ['cs494', CS494],
  ['chatapp', CHATAPP],
  ['chatbox', CHATBOX],
])

/** The dialects that have words, `line` first. */
export const TONGUE_NAMES: readonly string[] = [...PHRASES.keys()]

/** The step by which a speaker of this dialect asks for a command, without his name; undefined if there is none. */
export function phraseFor(command: Command, tongue: string): string | undefined {
  if (command.name === 'refuseLine' && command.fatal !== true && tongue === 'line') {
    return '>> "\\xff\\n"'
  }
  const message = messageIn(PHRASES.get(tongue) ?? LINE, command)
  return message === undefined ? undefined : `> ${written(Buffer.from(message))}`
}

function messageIn<One extends Name>(
  phrases: Phrases,
  command: Named<One> & { readonly name: One },
): string | undefined {
  return phrases[command.name]?.(command)
}
