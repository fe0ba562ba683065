// All invariants, in the order of their numbers.

import { BYTES } from './bytes.js'
import type { Invariant } from './invariant.js'
import { LIVES } from './lives.js'
import { RELATIONS } from './relations.js'
import { SCENES } from './scenes.js'
import { TELLINGS } from './tellings.js'

/** What holds whatever comes. */
export const INVARIANTS: readonly Invariant[] = [
  ...RELATIONS,
  ...TELLINGS,
  ...BYTES,
  ...LIVES,
  ...SCENES,
]
