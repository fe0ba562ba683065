// The named mistakes: each was seen in a real server, is recognised from the wire, and has a page
// that explains it. What is most particular is first: the first that is recognised is reported.

import type { Failure } from '../failure.js'
import type { Run } from '../trial.js'
import { commandLeaks, echoesToSender, privateLeaks } from './delivery.js'
import { Evidence } from './evidence.js'
import {
  forwardsFragments,
  lettersCut,
  mergedLines,
  noNewlineAtEnd,
  oneLineBehind,
  secondLineLost,
  trimsMessage,
} from './framing.js'
import {
  crInNick,
  duplicateNickTakesOver,
  ghostNick,
  nickCut,
  nickFromFragment,
  noLeaveOnReset,
  speaksBeforeNick,
  unicodeAlnum,
} from './names.js'
import {
  badBytesKillServer,
  badBytesKillSession,
  idleTimeout,
  resetKillsServer,
  unknownNickKillsSession,
} from './survival.js'

/** A mistake that has a name. */
export interface Mistake {
  /** The name, which is also that of its page in {@link PAGES}. */
  readonly id: string
  /** What the server does, in a sentence. */
  readonly says: string
}

/** The folder of the pages that explain mistakes. */
export const PAGES = 'docs/mistakes'

/** Mistakes about where a line ends: one of them makes a server look as if it made others of them too. */
const FRAMING: readonly string[] = [
  'forwards-fragments',
  'merged-lines',
  'one-line-behind',
  'second-line-lost',
]

interface Named extends Mistake {
  readonly recognises: (evidence: Evidence) => boolean
}

const NO_REUSEADDR: Mistake = {
  id: 'no-reuseaddr',
  says: 'The server cannot take its port again right after it has ended.',
}

const NAMED: readonly Named[] = [
  named('bad-bytes-kill-server', 'Bytes that are no text end the server.', badBytesKillServer),
  named('reset-kills-server', 'A connection that breaks off ends the server.', resetKillsServer),
  named('idle-timeout', 'The server closes a client that says nothing for a while.', idleTimeout),
  named(
    'nick-from-fragment',
    'The server takes its first read() for the nickname, and not the first line.',
    nickFromFragment,
  ),
  named(
    'letters-cut',
    'The server makes a text of each read(), and a letter may have come in two.',
    lettersCut,
  ),
  named('forwards-fragments', 'The server treats one read() as one line.', forwardsFragments),
  named('merged-lines', 'The server sends several lines of one read() as one.', mergedLines),
  named(
    'one-line-behind',
    'The server takes one line for each read(), so the next one waits until more comes.',
    oneLineBehind,
  ),
  named(
    'second-line-lost',
    'The server throws away what follows the first line of a read().',
    secondLineLost,
  ),
  named('cr-in-nick', 'The server takes LF off a line, and keeps the CR before it.', crInNick),
  named(
    'bad-bytes-kill-session',
    'Bytes that are no text end the connection, or the work for it.',
    badBytesKillSession,
  ),
  named(
    'unknown-nick-kills-session',
    'A message to nobody ends the connection, or the work for it.',
    unknownNickKillsSession,
  ),
  named(
    'speaks-before-nick',
    'The server sends something before it has the nickname.',
    speaksBeforeNick,
  ),
  named('unicode-alnum', 'Letters that are not A to Z are accepted in a nickname.', unicodeAlnum),
  named('private-leaks', 'Others hear what is said to one user, or in a room.', privateLeaks),
  named('command-leaks', 'Others hear a command as if it were a message.', commandLeaks),
  named('echoes-to-sender', 'The sender hears its own message.', echoesToSender),
  named('trims-message', 'The spaces of a message are not those that were sent.', trimsMessage),
  named('no-newline-at-end', 'Something is sent without a line end.', noNewlineAtEnd),
  named('nick-cut', 'A letter is cut off with the line end.', nickCut),
  named(
    'duplicate-nick-takes-over',
    'A nickname that somebody has is accepted once more.',
    duplicateNickTakesOver,
  ),
  named(
    'no-leave-on-reset',
    'A client that broke off is still there for the server.',
    noLeaveOnReset,
  ),
  named('ghost-nick', 'A client that has left is still there for the server.', ghostNick),
]

/** All mistakes that have a name. */
export const MISTAKES: readonly Mistake[] = [...NAMED, NO_REUSEADDR].map(({ id, says }) => ({
  id,
  says,
}))

/** The mistake that a failed play looks like, if it looks like one. `others` are the other plays of the transcript. */
export function mistakeIn(run: Run, failure: Failure, others: readonly Run[]): Mistake | undefined {
  const evidence = new Evidence(run, failure, others)
  const found = NAMED.find(({ recognises }) => recognises(evidence))
  return found === undefined ? undefined : { id: found.id, says: found.says }
}

/** Whether two mistakes may well be one. */
export function areKin(one: Mistake, other: Mistake): boolean {
  return one.id === other.id || (FRAMING.includes(one.id) && FRAMING.includes(other.id))
}

/** The mistake that a server that did not start looks like, by what it printed. */
export function mistakeAtStart(output: readonly string[]): Mistake | undefined {
  return output.some((line) => /EADDRINUSE|address already in use/i.test(line))
    ? NO_REUSEADDR
    : undefined
}

function named(id: string, says: string, recognises: Named['recognises']): Named {
  return { id, says, recognises }
}
