// Nicknames out of what clients of protocols without a rule for them ask for.

/** What the house takes in a nickname; its length is bounded by the core. */
const NOT_ALLOWED = /[^A-Za-z0-9._-]/gu
const NOT_FIRST = /^[._-]+/

/** For those who ask for nothing that could be a nickname. */
const GUEST = 'guest'

/** The longest nickname, in characters: what the core allows at most. */
const MAX_NICK = 50

/** What of `wanted` can stand in a nickname, or `guest` if nothing can. */
export function repairedNick(wanted: string): string {
  const left = wanted.replace(NOT_ALLOWED, '').replace(NOT_FIRST, '').slice(0, MAX_NICK)
  return left === '' ? GUEST : left
}

/** `wanted`, which is not empty, with `_` for each character that cannot stand in a nickname, and `u` before a first one that may not be first; cut to the longest nickname. */
export function maskedNick(wanted: string): string {
  const masked = wanted.replace(NOT_ALLOWED, '_')
  return (NOT_FIRST.test(masked) ? `u${masked}` : masked).slice(0, MAX_NICK)
}
