// Figures of several rounds as one: their median and how far they lie apart.

import type { Row } from './rounds.js'

/** The middle of some figures and how far they lie apart; NaN if there are none. */
export interface Spread {
  readonly median: number
  readonly low: number
  readonly high: number
}

/** The spread of what is there. */
export function spread(figures: readonly (number | undefined)[]): Spread {
  const sorted = figures.filter((figure) => figure !== undefined).sort((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? NaN
  const middle = (sorted.length - 1) / 2
  return {
    median: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(0),
    high: at(sorted.length - 1),
  }
}

/** First program to second, round by round: what shakes the machine for a while shakes both. */
export function ratio({ series: [subject, reference] }: Row): Spread {
  return spread(
    subject.figures.map((figure, round) => {
      const other = reference.figures[round]
      return figure === undefined || other === undefined ? undefined : figure / other
    }),
  )
}
