// What the actors of transcripts send and receive, as lines.

import type { Step, Transcript } from '../../lib/check/transcript.js'
import { markOf } from '../../lib/wire/frame.js'
import { telnetLines } from '../../lib/wire/lines.js'

const LIMITS = { frameBytes: 2048, unfinishedBytes: 65_536 }

/** The lines that the actors of a transcript send, as the wire reads them; dropped ones are left out. */
export function sentLines({ steps }: Transcript): readonly string[] {
  const sends = steps
    .flatMap((step) => (step.type === 'together' ? step.sends : step))
    .filter((step) => step.type === 'send')
  return [...new Set(sends.map(({ actor }) => actor))].flatMap((actor) => {
    const lines: string[] = []
    const reader = telnetLines(
      {
        frame: (text) => lines.push(text),
        reply: () => undefined,
        end: () => undefined,
        drain: () => undefined,
      },
      LIMITS,
    )
    for (const send of sends) {
      if (send.actor !== actor) continue
      reader.feed(send.bytes)
      if (send.form === 'line') reader.feed(Buffer.from('\n'))
    }
    return lines.filter((text) => markOf(text) === undefined)
  })
}

/** The lines that a step expects to the letter. */
export function receivedLines(step: Step): readonly string[] {
  if (step.type === 'either') {
    return step.branches.flatMap(({ steps }) => steps.flatMap(receivedLines))
  }
  if (step.type !== 'line' && step.type !== 'lines') return []
  const expected = step.type === 'line' ? [step.expected] : step.expected
  return expected.flatMap((one) => (one.type === 'exact' ? one.bytes.toString() : []))
}
