// Somebody who sits at a client of a document, without a socket: what happens, and what follows from
// it as lines that can be compared.

import type { Test } from 'tap'
import type {
  Client,
  ClientEffect,
  ClientOptions,
  ClientSession,
  Heard,
  Wish,
} from '../../lib/dialects/client.js'
import { DIALECTS } from '../../lib/dialects/index.js'

/** What happens, to what, and what follows. */
export type Row = readonly [
  happening:
    | readonly ['opens' | 'closes' | 'ends' | 'quits' | 'looks up']
    | readonly ['types' | 'hears', string]
    | readonly ['reads', Buffer]
    | readonly ['wishes', Wish],
  ...effects: readonly string[],
]

/** The time of day at all clients, unless a test moves it: 21/11/2026 07:49:24 in local time. */
export const NOON = new Date(2026, 10, 21, 7, 49, 24).getTime()

/** The client of a dialect. */
export function clientOf(dialect: string): Client {
  const client = DIALECTS.get(dialect)?.client
  if (client === undefined) throw new Error(`${dialect} has no client`)
  return client
}

/** A client with somebody at it. */
export class Sitting {
  readonly session: ClientSession
  /** The time of day, in milliseconds. */
  now = NOON
  readonly #sent: (bytes: Buffer) => string

  /** `sent` writes what is sent; left out, it is text as it stands. */
  constructor(
    dialect: string,
    options: Partial<ClientOptions> = {},
    sent: (bytes: Buffer) => string = String,
  ) {
    this.#sent = sent
    this.session = clientOf(dialect).open({ nick: undefined, ...options, now: () => this.now })
  }

  /** Something happens. */
  happens(happening: Row[0]): readonly ClientEffect[] {
    const { session } = this
    switch (happening[0]) {
      case 'opens':
        return session.opened()
      case 'closes':
        return session.closed()
      case 'ends':
        return session.ended()
      case 'quits':
        return session.quit()
      case 'looks up':
        return session.lookUp?.() ?? []
      case 'types':
        return session.typed(happening[1])
      case 'hears':
        return session.received(Buffer.from(happening[1]))
      case 'reads':
        return session.received(happening[1])
      case 'wishes':
        return session.wished(happening[1])
    }
  }

  /** Plays rows one after the other. */
  plays(t: Test, rows: readonly Row[]): void {
    for (const [happening, ...expected] of rows) {
      const [what, about = ''] = happening
      t.same(
        this.happens(happening).map((effect) => written(effect, this.#sent)),
        expected,
        `${what} ${JSON.stringify(about)}`,
      )
    }
  }
}

/**
 * An effect in short: `> bytes`, `? question`, `= nick`, `end why`, `failed why`, `looked up`, or what
 * is shown with its meaning in front, after `~` if the client itself says it.
 */
export function written(effect: ClientEffect, sent: (bytes: Buffer) => string = String): string {
  switch (effect.type) {
    case 'send':
      return `> ${sent(effect.bytes)}`
    case 'show':
      return writtenHeard(effect.heard)
    case 'asking':
      return `? ${effect.question}`
    case 'named':
      return `= ${effect.nick}`
    case 'lookedUp':
      return 'looked up'
    case 'end':
      return `${effect.failed ? 'failed' : 'end'} ${effect.why}`
  }
}

function writtenHeard(heard: Heard): string {
  const { local, wish, shown } = heard
  const marks = [
    local === true ? '~' : '',
    heard.type,
    ...detailsOf(heard).map((detail) => ` ${detail}`),
    wish === undefined ? '' : ` (${wish.type})`,
  ]
  return [marks.join(''), ...shown].join('|')
}

function detailsOf(heard: Heard): readonly string[] {
  switch (heard.type) {
    case 'said':
      return [heard.from, heard.private === true ? 'private' : (heard.room ?? ''), heard.text]
    case 'answer':
      return [heard.to, heard.names.join(',')]
    case 'problem':
      return heard.code === undefined ? [] : [String(heard.code)]
    case 'note':
      return []
    case 'came':
    case 'went':
    case 'entered':
    case 'left':
    case 'made':
    case 'gone':
      return [heard.nick ?? '', heard.room ?? '']
  }
}
