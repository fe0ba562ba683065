// The wirings: how what a client sends is cut into segments. A right server answers the same in all.

import type { Send, Step } from './transcript.js'

/** A way of putting the same bytes on the wire. */
export interface Wiring {
  readonly name: string
  /** What ends a line that a client sends. */
  readonly lineEnd: string
  /** Whether sends of one actor with nothing between them are one send. */
  readonly merges: boolean
  /** Cuts one send into its segments. */
  readonly cut: (bytes: Buffer) => readonly Buffer[]
}

/** Above twice this many bytes, only as many at each end of a send go one by one: what is between them is all alike. */
const BYTEWISE_BYTES = 4096

const whole = (bytes: Buffer): readonly Buffer[] => [bytes]

/** All wirings, by name. */
export const WIRINGS = {
  lf: { name: 'lf', lineEnd: '\n', merges: false, cut: whole },
  crlf: { name: 'crlf', lineEnd: '\r\n', merges: false, cut: whole },
  bytewise: { name: 'bytewise', lineEnd: '\r\n', merges: false, cut: byteByByte },
  merged: { name: 'merged', lineEnd: '\r\n', merges: true, cut: whole },
} as const satisfies Readonly<Record<string, Wiring>>

/** The steps as this wiring has them: line ends in place, and sends that it merges merged. */
export function wired(steps: readonly Step[], wiring: Wiring): readonly Step[] {
  return steps.reduce<readonly Step[]>((done, step) => {
    if (step.type === 'together') return [...done, { ...step, sends: sends(step.sends, wiring) }]
    if (step.type !== 'send') return [...done, step]
    const last = done.at(-1)
    if (last?.type !== 'send') return [...done, ...sends([step], wiring)]
    return [...done.slice(0, -1), ...append([last], step, wiring)]
  }, [])
}

function sends(all: readonly Send[], wiring: Wiring): readonly Send[] {
  return all.reduce<readonly Send[]>((done, send) => append(done, send, wiring), [])
}

function append(done: readonly Send[], send: Send, wiring: Wiring): readonly Send[] {
  const next = withLineEnd(send, wiring)
  const last = done.at(-1)
  if (!wiring.merges || last?.actor !== next.actor || last.alone === true || next.alone === true)
    return [...done, next]
  const merged = { ...last, form: next.form, bytes: Buffer.concat([last.bytes, next.bytes]) }
  return [...done.slice(0, -1), merged]
}

function withLineEnd(send: Send, wiring: Wiring): Send {
  if (send.form !== 'line') return send
  return { ...send, form: 'raw', bytes: Buffer.concat([send.bytes, Buffer.from(wiring.lineEnd)]) }
}

function byteByByte(bytes: Buffer): readonly Buffer[] {
  if (bytes.length <= 2 * BYTEWISE_BYTES) return Array.from(bytes, (byte) => Buffer.of(byte))
  const tail = bytes.length - BYTEWISE_BYTES
  return [
    ...byteByByte(bytes.subarray(0, BYTEWISE_BYTES)),
    bytes.subarray(BYTEWISE_BYTES, tail),
    ...byteByByte(bytes.subarray(tail)),
  ]
}
