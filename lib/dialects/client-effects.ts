// What follows from something that happened to a client, in short.

import type { ClientEffect, Heard, Wish } from './client.js'

/** Nothing follows. */
export const NO_EFFECTS: readonly ClientEffect[] = []

/** What a problem may have beside its sentence. */
export interface About {
  /** The wish that it refuses. */
  readonly wish?: Wish | undefined
}

/** Bytes to send, in one write. */
export function send(bytes: Buffer): ClientEffect {
  return { type: 'send', bytes }
}

/** Something to show, as the answer to a wish if there is one. */
export function show(heard: Heard, wish?: Wish): ClientEffect {
  return { type: 'show', heard: wish === undefined ? heard : { ...heard, wish } }
}

/** The same effects, with what they show as the answer to a wish. */
export function answering(effects: readonly ClientEffect[], wish: Wish): readonly ClientEffect[] {
  return effects.map((effect) => (effect.type === 'show' ? show(effect.heard, wish) : effect))
}

/** Lines of no further meaning, each clean and without its end. */
export function note(...shown: readonly string[]): ClientEffect {
  return show({ type: 'note', shown })
}

/** What the server refuses, in a clean sentence. */
export function problem(text: string, { wish }: About = {}): ClientEffect {
  return show({ type: 'problem', shown: [text], text }, wish)
}

/** What this client itself has to say, in lines as of {@link note}. */
export function remark(...shown: readonly string[]): ClientEffect {
  return show({ type: 'note', shown, local: true })
}

/** What this client itself finds wrong, in a clean sentence: what it does not send, or does not show. */
export function refusal(text: string, { wish }: About = {}): ClientEffect {
  return show({ type: 'problem', shown: [text], text, local: true }, wish)
}

/** The end that the user has asked for. */
export function goodbye(why: string): ClientEffect {
  return { type: 'end', why, failed: false }
}

/** The end that nobody here has asked for. */
export function failure(why: string): ClientEffect {
  return { type: 'end', why, failed: true }
}
