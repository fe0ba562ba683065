// What a dialect is: one way of saying on the wire what the core does. Everything else about a
// dialect stands in its own folder.

import type { Command, Event, EventOf, EventType } from '../core/index.js'
import type { FrameLimits, Framing, Mark } from '../wire/frame.js'

/** Who speaks, as far as a parser may know. */
export interface Speaker {
  /** Whether its nickname stands. */
  readonly named: boolean
}

/** A protocol that clients speak. */
export interface Dialect {
  /** As in `--listen NAME://…`, and in the operator's log. */
  readonly name: string
  /** The port it listens on by default. */
  readonly port: number
  readonly framing: Framing
  /** The command that a frame asks for, its text cleaned; undefined if it asks for nothing. Never throws. */
  parse(frame: string, speaker: Speaker): Command | undefined
  /** The bytes by which a client is told of an event, framed and ready to send; undefined if this dialect is silent about it. */
  render(event: Event): Buffer | undefined
}

/** Words for each event: a total record, so that a new event without words does not compile. */
export type Words<Said> = { readonly [Type in EventType]: (event: EventOf<Type>) => Said }

/** Looks an event's words up. */
export function wordsFor<Said, Type extends EventType>(
  words: Words<Said>,
  event: EventOf<Type> & { readonly type: Type },
): Said {
  return words[event.type](event)
}

/** The command that a reader's mark stands for; an endless line is not one, its connection is expelled. */
export function commandOfMark(mark: Exclude<Mark, 'endless-line'>, limits: FrameLimits): Command {
  switch (mark) {
    case 'are-you-there':
      return { name: 'ping', token: '' }
    case 'too-long':
      return { name: 'refuseLine', refusal: { code: mark, maxBytes: limits.frameBytes } }
    case 'bad-text':
    case 'unfinished-line':
      return { name: 'refuseLine', refusal: { code: mark } }
  }
}
