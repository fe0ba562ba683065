// A client in a pipe within the test's own process: what it is given, and what it prints.

import { PassThrough } from 'node:stream'
import type { Test } from 'tap'
import { Pipe } from '../../lib/client/pipe.js'
import { readTarget } from '../../lib/client/place.js'
import type { VisitOptions } from '../../lib/client/visit-options.js'
import { visit } from '../../lib/client/visit.js'
import type { Outcome } from '../../lib/client/outcome.js'
import { DIALECTS } from '../../lib/index.js'
import { Changes } from './changes.js'

/** Somebody's visit to a server. */
export interface Visiting {
  /** Standard input, which stays open. */
  readonly input: PassThrough
  /** Standard output and error; a test that pauses one is a reader who stops. */
  readonly output: PassThrough
  readonly notes: PassThrough
  /** All that was printed so far. */
  printed(): { readonly output: string; readonly notes: string }
  /** Resolves once standard output or error has what matches. */
  until(pattern: RegExp, stream?: 'output' | 'notes'): Promise<void>
  readonly outcome: Promise<Outcome>
  /** As Ctrl-C does. */
  interrupt(): void
}

/** Begins a visit; `text` is the whole input if it is given. It is over when the test is. */
export function beginVisit(
  t: Test,
  url: string,
  options: Partial<VisitOptions> = {},
  text?: string,
): Visiting {
  const target = readTarget(url, DIALECTS)
  if ('problem' in target) throw new Error(target.problem)
  const { client, place } = target
  const streams = { input: new PassThrough(), output: new PassThrough(), notes: new PassThrough() }
  const changes = new Changes()
  const printed = { output: '', notes: '' }
  for (const name of ['output', 'notes'] as const) {
    streams[name].on('data', (bytes: Buffer) => {
      printed[name] += bytes.toString()
      changes.tell()
    })
  }
  if (text !== undefined) streams.input.end(text)
  const over = new AbortController()
  t.teardown(() => {
    over.abort()
  })
  const usual = {
    ...{ client, place, usual: place, nick: undefined, notices: false, reconnect: false },
    ...{ expect: [], timeout: undefined, trace: undefined, now: Date.now },
  }
  return {
    ...streams,
    printed: () => printed,
    until: (pattern, stream = 'output') =>
      changes.until(
        () => pattern.test(printed[stream]),
        () => `nothing matched ${String(pattern)}: ${JSON.stringify(printed)}`,
      ),
    outcome: visit({ ...usual, ...options }, new Pipe(streams), over.signal),
    interrupt: () => {
      over.abort()
    },
  }
}
