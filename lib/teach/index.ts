// The table of teaching servers: which there are, and what each needs.

import { Chat } from './chat.js'
import type { Crash, Lesson } from './lesson.js'
import { MISTAKES } from './mistakes.js'
import { Echo, Relay, Upper, type WarmupOptions } from './warmups.js'

export { Classroom } from './classroom.js'
export { MISTAKES } from './mistakes.js'

/** What a teaching server may be given. */
export interface TeachingOptions extends WarmupOptions {
  /** The mistake that `chat` makes, one of {@link MISTAKES}; undefined for none. */
  readonly mistake: string | undefined
}

/** A teaching server. */
export interface Teaching {
  /** As in `--listen NAME://…`. */
  readonly name: string
  /** The port it listens on by default; that of the tutorial. */
  readonly port: number
  /** Makes its lesson. */
  lessonOf(options: TeachingOptions, crash: Crash): Lesson
}

const PORT = 8888

/** All teaching servers, by name. */
export const TEACHINGS: ReadonlyMap<string, Teaching> = new Map(
  [
    { name: 'echo', port: PORT, lessonOf: (options: TeachingOptions) => new Echo(options) },
    { name: 'upper', port: PORT, lessonOf: (options: TeachingOptions) => new Upper(options) },
    { name: 'relay', port: PORT, lessonOf: () => new Relay() },
    { name: 'chat', port: PORT, lessonOf: chatOf },
  ].map((teaching) => [teaching.name, teaching]),
)

function chatOf({ mistake }: TeachingOptions, crash: Crash): Lesson {
  return MISTAKES.get(mistake ?? '')?.(crash) ?? new Chat()
}
