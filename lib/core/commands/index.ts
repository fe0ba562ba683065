// The table of commands: one verb, one file, one line here. The Command type is derived from it.

import { broadcast, shout, speak } from './speak.js'
import { create } from './create.js'
import { echo } from './echo.js'
import { enter } from './enter.js'
import { help } from './help.js'
import { history } from './history.js'
import { join } from './join.js'
import { leave } from './leave.js'
import { members } from './members.js'
import { notices } from './notices.js'
import { part, partCurrent } from './part.js'
import { ping } from './ping.js'
import { quit } from './quit.js'
import { refuseLine } from './refuse-line.js'
import { register } from './register.js'
import { rooms } from './rooms.js'
import type { Row } from './row.js'
import { say, sayHere } from './say.js'
import { survey } from './survey.js'
import { switchRoom } from './switch.js'
import { tell } from './tell.js'
import { users } from './users.js'
import { version } from './version.js'

const table = {
  broadcast,
  create,
  echo,
  enter,
  help,
  history,
  join,
  leave,
  members,
  notices,
  part,
  partCurrent,
  ping,
  quit,
  refuseLine,
  register,
  rooms,
  say,
  sayHere,
  shout,
  speak,
  survey,
  switchRoom,
  tell,
  users,
  version,
}

type Arguments = {
  readonly [Name in keyof typeof table]: (typeof table)[Name] extends Row<infer Args> ? Args : never
}

/** A command's name. */
export type CommandName = keyof Arguments

/** What someone asks for: `name` with that command's own arguments. */
export type Command<Name extends CommandName = CommandName> = {
  readonly [Key in Name]: { readonly name: Key } & Arguments[Key]
}[Name]

/** The rows of the table by name. */
export const COMMANDS: { readonly [Name in CommandName]: Row<Arguments[Name]> } = table

/** The row of a command, typed so that the two fit. */
export function rowOf<Name extends CommandName>(command: Command<Name>): Row<Arguments[Name]> {
  return COMMANDS[command.name]
}
