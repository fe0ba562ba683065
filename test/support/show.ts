// Any value as printable ASCII, for the names of tests: the runner's own protocol is lines, too.

/** JSON, all beyond printable ASCII escaped. */
export function show(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
