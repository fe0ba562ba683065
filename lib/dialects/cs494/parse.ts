// Messages of the CS494 chat application: the username first, then text for all one's rooms, and
// commands.

import { clean, type Command, type Manners } from '../../core/index.js'
import type { Speaker } from '../dialect.js'
import { fatal } from '../words.js'
import { readCommand } from './commands.js'
import { QUIT } from './document.js'

const MANNERS: Manners = {
  lobby: true,
  echo: true,
  notices: true,
  tells: true,
  focus: false,
  survey: false,
}

/** Reads one message. An empty one ends a connection without a username (4.3), and asks for nothing afterwards. */
export function parse(message: string, speaker: Speaker): Command | undefined {
  const text = clean(message)
  if (speaker.nick === undefined) return readUsername(text.trim())
  if (text.trim() === '') return undefined
  return text.startsWith('/') ? readCommand(text) : { name: 'speak', text }
}

function readUsername(nick: string): Command {
  if (nick === '') return fatal({ code: 'missing-argument', usage: 'a username' })
  if (nick === QUIT) return { name: 'quit' }
  return { name: 'register', nick, manners: MANNERS, ifTaken: 'ask-again' }
}
