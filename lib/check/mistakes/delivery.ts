// Mistakes about who gets what.

import type { Evidence } from './evidence.js'

/** Words to one user came to somebody else, or words to a room to one who never was in it. */
export function privateLeaks(evidence: Evidence): boolean {
  const { messages, strange, said } = evidence
  return messages.some(({ actor, text }) => {
    const {
      kind,
      to = '',
      words,
    } = /^(?<kind>[#@])(?<to>\S+)\s+(?<words>.+)$/.exec(text)?.groups ?? {}
    if (words === undefined) return false
    // Who was in the room heard what is for the room, though perhaps not as it should be.
    const meant = said
      .filter((line) =>
        kind === '#' ? line.first && isSame(line.text, to) : enters(line.text, to),
      )
      .map((line) => line.actor)
    // To one who is not there is another matter.
    if (kind === '#' && (!evidence.nicknames || meant.length === 0)) return false
    return strange.some(
      (line) => line.actor !== actor && !meant.includes(line.actor) && line.text.includes(words),
    )
  })
}

/** A command came to others as if it were talk. */
export function commandLeaks({ messages, strange }: Evidence): boolean {
  return messages.some(
    ({ actor, text }) =>
      text.startsWith('!') &&
      strange.some((line) => line.actor !== actor && line.text.endsWith(text)),
  )
}

/** The sender got its own words. */
export function echoesToSender({ messages, strange }: Evidence): boolean {
  return messages.some(
    ({ actor, text }) =>
      text !== '' &&
      strange.some((line) => line.actor === actor && line.text.endsWith(wordsOf(text))),
  )
}

/** What is heard of a line: of one with an address, the text. */
export function wordsOf(text: string): string {
  return /^[#@]\S+ (?<words>.*\S.*)$/.exec(text)?.groups?.['words'] ?? text
}

function enters(text: string, room: string): boolean {
  const entered = /^!enter\s+(?<room>\S+)/i.exec(text)?.groups?.['room']
  return entered !== undefined && isSame(entered, room)
}

/** Names are the same in whatever case. */
function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase()
}
