// What no client sends as a nickname, whatever it speaks.

const CONTROL = /\p{Cc}/u

/**
 * Why a text is not sent as a nickname, in a sentence; undefined if it is. A line break would make what
 * is behind it a command; all else is the server's to judge.
 */
export function flawOfNick(nick: string): string | undefined {
  if (!CONTROL.test(nick)) return undefined
  return 'A nickname has no line breaks and no other control characters: give another one.'
}
