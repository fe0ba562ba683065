// Mistakes about who gets what.

import type { Evidence } from './evidence.js'

/** Words to one user, or to one room, came to somebody else. */
export function privateLeaks({ messages, strange, nicks }: Evidence): boolean {
  return messages.some(({ actor, text }) => {
    const {
      kind,
      to = '',
      words,
    } = /^(?<kind>[#@])(?<to>\S+)\s+(?<words>.+)$/.exec(text)?.groups ?? {}
    if (words === undefined) return false
    // To one who is not there is another matter.
    if (kind === '#' && !nicks.includes(to)) return false
    return strange.some(
      (line) => line.actor !== actor && line.actor !== to && line.text.includes(words),
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
function wordsOf(text: string): string {
  return /^[#@]\S+\s+(?<words>.+)$/.exec(text)?.groups?.['words'] ?? text
}
