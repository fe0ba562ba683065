// The `!` commands of the line dialect: one row each, with its words of help. `!help` and the
// usage in errors are derived from here.

import { LOBBY_TITLE, isWord, roomKey, type Command } from '../../core/index.js'
import { missing, refused, unknownRoom } from '../words.js'

/** One `!command`. */
export interface Row {
  /** How it is typed, the word first. */
  readonly usage: string
  /** What it does, for `!help`. */
  readonly about: string
  /** The command its arguments (trimmed, clean, possibly empty) ask for; undefined if they ask for nothing. */
  readonly read: (args: string) => Command | undefined
}

const rows: readonly Row[] = [
  {
    usage: '!users',
    about: 'lists everybody online',
    read: (args) => nothing('!users', args, { name: 'users' }),
  },
  {
    usage: '!enter room',
    about: 'goes into a room, which is made if need be',
    read: (args) => {
      if (args === '') return missing('!enter room')
      // A name that is not its own word is given to the core as the empty one, which it refuses.
      return { name: 'enter', room: isWord(args) ? args : '' }
    },
  },
  {
    usage: '!leave room',
    about: 'goes out of a room, which ends with its last member',
    read: (args) => {
      if (args === '') return missing('!leave room')
      // Nobody of this dialect leaves the lobby, and a name that is no word is no room to be in.
      if (!isWord(args) || isLobbyName(args)) return undefined
      return { name: 'leave', room: args }
    },
  },
  {
    usage: '!rooms',
    about: 'lists all rooms',
    read: (args) => nothing('!rooms', args, { name: 'rooms' }),
  },
  {
    usage: '!members room',
    about: 'lists who is in a room',
    read: (args) => {
      if (args === '') return missing('!members room')
      if (!isWord(args)) return unknownRoom(args)
      return { name: 'members', room: args }
    },
  },
  {
    usage: '!history room [n]',
    about: 'shows the last lines of a room you are in',
    read: readHistory,
  },
  {
    usage: '!ping [token]',
    about: 'is answered by !pong and the token, after all earlier answers',
    read: (token) => ({ name: 'ping', token }),
  },
  {
    usage: '!notices on|off',
    about: 'tells you who comes and goes, or stops',
    read: (args) => {
      const on = onOrOff(args)
      return on === undefined ? badSwitch('!notices on|off', args) : { name: 'notices', on }
    },
  },
  {
    usage: '!echo on|off',
    about: 'sends you your own lines as the others see them, or stops',
    read: (args) => {
      const on = onOrOff(args)
      return on === undefined ? badSwitch('!echo on|off', args) : { name: 'echo', on }
    },
  },
  {
    usage: '!version',
    about: 'tells the version of this protocol',
    read: (args) => nothing('!version', args, { name: 'version' }),
  },
  {
    usage: '!help [command]',
    about: 'explains a command, or all',
    read: readHelp,
  },
  {
    usage: '!quit',
    about: 'says goodbye and closes',
    read: (args) => nothing('!quit', args, { name: 'quit' }),
  },
]

/** The lines that are no commands, for `!help`. */
const talk: ReadonlyMap<string, string> = new Map([
  ['text', 'says it to everybody in the lobby'],
  ['#nick text', 'says it to one user alone'],
  ['@room text', 'says it to everybody in a room you are in'],
])

const byWord: ReadonlyMap<string, Row> = new Map(
  rows.map((row) => [row.usage.split(' ', 1).join(), row]),
)

/** The command words, each with its `!`. */
export const commandWords: readonly string[] = [...byWord.keys()]

/** The row of a command word in any ASCII case, with its `!`. */
export function findRow(word: string): Row | undefined {
  return byWord.get(word.toLowerCase())
}

/** The lines of `!help` about a command word (with or without its `!`), or about everything if it is empty. */
export function helpLines(topic: string): readonly string[] {
  const row = findTopic(topic)
  if (row !== undefined) return [`${row.usage}: ${row.about}`]
  return [
    ...[...talk].map(([usage, about]) => `${usage}: ${about}`),
    ...rows.map(({ usage, about }) => `${usage}: ${about}`),
  ]
}

function isLobbyName(name: string): boolean {
  return roomKey(name) === roomKey(LOBBY_TITLE)
}

function badArgument(usage: string): Command {
  return refused({ code: 'bad-argument', usage })
}

function badSwitch(usage: string, args: string): Command {
  return args === '' ? missing(usage) : badArgument(usage)
}

function nothing(usage: string, args: string, command: Command): Command {
  return args === '' ? command : badArgument(usage)
}

function onOrOff(args: string): boolean | undefined {
  const word = args.toLowerCase()
  if (word === 'on') return true
  return word === 'off' ? false : undefined
}

function readHistory(args: string): Command {
  const usage = '!history room [n]'
  const [room = '', count, ...rest] = args.split(/ +/)
  if (room === '') return missing(usage)
  if (rest.length > 0) return badArgument(usage)
  if (!isWord(room)) return unknownRoom(room)
  if (count === undefined) return { name: 'history', room }
  if (!/^\d{1,9}$/.test(count)) return badArgument(usage)
  return { name: 'history', room, count: Number(count) }
}

function readHelp(topic: string): Command {
  if (topic === '' || findTopic(topic) !== undefined) return { name: 'help', topic }
  return refused({ code: 'unknown-command', command: asCommand(topic) })
}

function findTopic(topic: string): Row | undefined {
  return findRow(asCommand(topic))
}

function asCommand(topic: string): string {
  return topic.startsWith('!') ? topic : `!${topic}`
}
