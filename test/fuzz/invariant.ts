// What an invariant is: a claim about a house that holds whatever comes, tried on random lives.
// The suite tries each a few times, `npm run fuzz` for as long as one likes.

import * as fc from 'fast-check'
import type { Input } from '../../lib/core/index.js'
import { play, traces, type Step } from '../support/traces.js'
import { storyOf, type Story } from './story.js'

/** A claim that can be tried. */
export interface Invariant {
  /** Its number, which stays when others go, and what it claims. */
  readonly title: string
  /** How many of the runs that are asked for are enough: 1, or less for what takes long. */
  readonly share: number
  /** Tries it on so many random lives, the same ones for the same seed; resolves with the smallest that was found to break it. */
  readonly try: (runs: number, seed: number) => Promise<Counterexample | undefined>
}

/** A life that breaks an invariant, made as small as it gets. */
export interface Counterexample {
  /** Which run it was, from 1. */
  readonly run: number
  /** How often it was made smaller. */
  readonly shrinks: number
  /** What is wrong. */
  readonly problem: string
  readonly story: Story
}

/** An invariant of any kind of lives; `tell` says what happens in one. */
export function invariant<Life>(
  title: string,
  lives: fc.Arbitrary<Life>,
  holds: (life: Life) => void | Promise<void>,
  tell: (life: Life) => Story,
  share = 1,
): Invariant {
  const property = fc.asyncProperty(lives, async (life) => {
    await holds(life)
  })
  return {
    title,
    share,
    async try(runs, seed) {
      const numRuns = Math.ceil(runs * share)
      const { counterexample, errorInstance, numShrinks, ...details } = await fc.check(property, {
        numRuns,
        seed,
      })
      if (counterexample === null) return undefined
      const problem = errorInstance instanceof Error ? errorInstance.message : String(errorInstance)
      return { run: details.numRuns, shrinks: numShrinks, problem, story: tell(counterexample[0]) }
    },
  }
}

/** A claim about whole lives of the core. */
export function throughout(
  title: string,
  holds: (steps: readonly Step[], inputs: readonly Input[]) => void,
  share?: number,
): Invariant {
  const tryOn = (inputs: readonly Input[]): void => {
    holds(play(inputs), inputs)
  }
  return invariant(title, traces, tryOn, storyOf, share)
}

/** A claim about every step of every life of the core. */
export function always(title: string, holds: (step: Step) => void, share?: number): Invariant {
  const tryOn = (steps: readonly Step[]): void => {
    for (const step of steps) holds(step)
  }
  return throughout(title, tryOn, share)
}
