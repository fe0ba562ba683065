// Two rulers over the same bytes: what each read or write carried, and where the lines are. That they
// do not agree is what a server of lines is about.

const LF = 0x0a
const SIGNS: Readonly<Record<number, string>> = {
  0x0a: '␊',
  0x0d: '␍',
  0x20: '␠',
  0x09: '␉',
  0: '␀',
}

/** Pieces that go on beyond what is shown of them. */
export interface Open {
  /** Whether the first has begun before. */
  readonly before: boolean
  /** Whether the last has not ended. */
  readonly after: boolean
}

const CLOSED: Open = { before: false, after: false }

/** A ruler of lengths: a piece of five is `└───┘`, one of a single byte `│`; an open end has no corner. */
export function ruler(lengths: readonly number[], { before, after }: Open = CLOSED): string {
  return lengths
    .map((length, index) => {
      const left = before && index === 0 ? '─' : '└'
      const right = after && index === lengths.length - 1 ? '─' : '┘'
      if (length > 1) return `${left}${'─'.repeat(length - 2)}${right}`
      if (left === right) return left
      return left === '└' && right === '┘' ? '│' : left === '└' ? '└' : '┘'
    })
    .join('')
}

/** A byte as one visible character: `·` for control characters without a sign, `▒` for what is not ASCII. */
export function sign(byte: number): string {
  if (byte > 0x20 && byte < 0x7f) return String.fromCharCode(byte)
  return SIGNS[byte] ?? (byte < 0x20 || byte === 0x7f ? '·' : '▒')
}

/** The lengths of the lines in bytes, their ends included; the last may have none. */
export function lineLengths(bytes: Buffer): readonly number[] {
  const lengths: number[] = []
  let start = 0
  for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, start)) {
    lengths.push(end + 1 - start)
    start = end + 1
  }
  return start < bytes.length ? [...lengths, bytes.length - start] : lengths
}
