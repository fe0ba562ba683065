// OnlineChat's texts: the nickname first, then lines for everybody and commands.

import { LOBBY_TITLE, type Command, type Manners } from '../../core/index.js'
import type { Speaker } from '../dialect.js'
import { repairedNick } from '../nicks.js'
import { talkOf, withoutLineEnds } from '../words.js'
import { readCommand } from './commands.js'

const MANNERS: Manners = {
  lobby: true,
  echo: false,
  notices: true,
  tells: true,
  focus: false,
  survey: false,
}

/** Reads the text of one frame; the line end that a line carries is taken off, and blank lines ask for nothing. */
export function parse(frame: string, speaker: Speaker): Command | undefined {
  if (speaker.nick === undefined) {
    return { name: 'register', nick: repairedNick(frame), manners: MANNERS, ifTaken: 'number' }
  }
  const text = talkOf(withoutLineEnds(frame))
  if (text.trim() === '') return undefined
  return text.startsWith('/') ? readCommand(text) : { name: 'say', room: LOBBY_TITLE, text }
}
