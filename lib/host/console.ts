// The operator's console: commands typed at the terminal that the server runs in.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { counted } from '../dialects/words.js'
import type { Server } from './server.js'

/** What the console needs. */
export interface ConsoleSettings {
  readonly server: Server
  /** What the operator types, without line ends. */
  readonly lines: AsyncIterable<string>
  /** Shows the operator a line, without its end. */
  readonly print: (line: string) => void
  /** Stops the server. */
  readonly stop: () => void
}

interface Row {
  readonly usage: string
  readonly about: string
  run(args: string, settings: ConsoleSettings): void
}

const ROWS: readonly Row[] = [
  { usage: 'help', about: 'shows this', run: printHelp },
  { usage: 'users', about: 'lists who is online, from where and by what', run: listUsers },
  { usage: 'rooms', about: 'lists the rooms and how many are in each', run: listRooms },
  { usage: 'say TEXT', about: 'says a line to everybody online', run: say },
  { usage: 'kick NICK|PORT [REASON]', about: "closes somebody's connection", run: kick },
  { usage: 'PORT', about: 'closes the connection from that port', run: kickPort },
  { usage: 'stop', about: 'says goodbye to everybody and stops', run: stopServer },
]

/** All but the port, which is a number and no word. */
const BY_WORD: ReadonlyMap<string, Row> = new Map(
  ROWS.filter(({ usage }) => usage !== 'PORT').map((row) => [firstWord(row.usage), row]),
)

/**
 * The lines of `input`, without their ends, until it ends or fails. They are kept from this call on,
 * so several may read on where another has left off.
 */
export function linesOf(input: Readable): AsyncIterableIterator<string> {
  return untilFailure(createInterface({ input, terminal: false })[Symbol.asyncIterator]())
}

async function* untilFailure(lines: AsyncIterable<string>): AsyncGenerator<string> {
  try {
    yield* lines
  } catch {
    // A terminal that goes is an error of its input.
  }
}

/** Carries out lines until they end, which stops nothing. */
export async function runConsole(settings: ConsoleSettings): Promise<void> {
  for await (const line of settings.lines) carryOut(line.trim(), settings)
}

/**
 * Whether this process may read its terminal: a background job that does is stopped by the system
 * (SIGTTIN). True where the system does not tell.
 */
export function inForeground(): boolean {
  try {
    // proc(5): the fields after the name's last bracket; group is the third, the terminal's group the sixth.
    const fields = readFileSync('/proc/self/stat', 'utf8').split(') ').at(-1)?.split(' ') ?? []
    return fields[2] === fields[5]
  } catch {
    return true
  }
}

function carryOut(line: string, settings: ConsoleSettings): void {
  if (line === '') return
  if (isPort(line)) {
    kickPort(line, settings)
    return
  }
  const word = firstWord(line)
  const row = BY_WORD.get(word)
  if (row === undefined)
    settings.print(`There is no command '${word}'. Type help for all commands.`)
  else row.run(afterWord(line), settings)
}

function printHelp(_args: string, { print }: ConsoleSettings): void {
  for (const { usage, about } of ROWS) print(`${usage}: ${about}`)
}

function listUsers(_args: string, { server, print }: ConsoleSettings): void {
  for (const { nick, peer, dialect } of server.users) print(`${nick} ${peer} ${dialect}`)
  print(counted(server.users.length, 'user'))
}

function listRooms(_args: string, { server, print }: ConsoleSettings): void {
  const rooms = [...server.state.rooms.values()]
  for (const { name, members } of rooms) print(`${name.title} ${members.size}`)
  print(counted(rooms.length, 'room'))
}

function say(text: string, { server, print }: ConsoleSettings): void {
  if (text === '') print('Say what? Type say TEXT.')
  else server.announce(text)
}

function kick(args: string, { server, print }: ConsoleSettings): void {
  const who = args.split(' ', 1).join()
  if (who === '') {
    print('Kick whom? Type kick NICK or kick PORT.')
    return
  }
  const reason = afterWord(args)
  if (server.kick(who, reason) || (isPort(who) && server.kick(Number(who), reason))) return
  print(`Nobody is connected as '${who}'. Type users for who is online.`)
}

function kickPort(port: string, { server, print }: ConsoleSettings): void {
  if (!server.kick(Number(port))) print(`Nobody is connected from port ${port}.`)
}

function stopServer(_args: string, { stop }: ConsoleSettings): void {
  stop()
}

function isPort(text: string): boolean {
  return /^\d+$/.test(text)
}

function firstWord(line: string): string {
  return line.split(' ', 1).join().toLowerCase()
}

function afterWord(line: string): string {
  const space = line.indexOf(' ')
  return space < 0 ? '' : line.slice(space + 1).trim()
}
