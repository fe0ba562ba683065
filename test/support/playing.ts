// What tests need that play transcripts against a server of the line dialect.

import type { Fence } from '../../lib/check/arena.js'
import type { Failure } from '../../lib/check/failure.js'
import { shown } from '../../lib/wire/shown.js'

/** The fence of the line dialect. */
export const PING: Fence = {
  ask: (token) => `!ping ${token}`,
  answer: (token) => `!pong ${token}`,
}

/** A failure in lines of text, the first of which says where. */
export function failureText(failure: Failure): string {
  const { transcript, wiring, step, expected, got, unread, sent } = failure
  const line = step?.line ?? transcript.line
  return [
    `${transcript.id}: ${transcript.title} (${transcript.file}:${line}, wiring ${wiring})`,
    `  step      ${step?.source ?? 'the end'}`,
    `  expected  ${expected}`,
    `  got       ${got}`,
    ...unread.flatMap((report) =>
      report.unread.map((item) => `  unread    ${report.actor} ${item}`),
    ),
    ...sent.map(({ actor, bytes }) => `  sent      ${actor} last "${shown(bytes)}"`),
  ].join('\n')
}
