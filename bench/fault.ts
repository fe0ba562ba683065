// Faults on purpose: what a broken server does to lines, so that one can see the load notice.

/** Each fault by name, as what it makes of two neighbouring lines. */
const FAULTS = {
  /** A line is lost. */
  drop: (_first: string, second: string) => [second],
  /** A line comes twice. */
  double: (first: string, second: string) => [first, first, second],
  /** Two lines change places. */
  reorder: (first: string, second: string) => [second, first],
  /** A byte is changed. */
  garble: (first: string, second: string) => [first.replace('x', 'y'), second],
} as const

/** The name of a fault. */
export type Fault = keyof typeof FAULTS

/** The names of all faults. */
export const FAULT_NAMES: readonly Fault[] = ['drop', 'double', 'reorder', 'garble']

/** These lines with the fault in the first two of them; as they are, if there is but one. */
export function spoil(fault: Fault, lines: Buffer): Buffer {
  const [first, second, ...rest] = lines.toString().match(/[^\n]*\n/g) ?? []
  if (first === undefined || second === undefined) return lines
  return Buffer.from([...FAULTS[fault](first, second), ...rest].join(''))
}
