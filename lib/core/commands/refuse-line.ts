// refuseLine: a line that could not be read keeps its place among the others as this command.

import { unchanged } from '../effect.js'
import { expel } from '../arrival.js'
import type { Refusal } from '../event.js'
import { countFailure, refuse, type Row } from './row.js'

/** Why the line could not be read, and whether that ends the connection. */
export interface RefuseLine {
  readonly refusal: Refusal
  readonly fatal?: boolean
}

/** Tells the asker why; before a nickname stands it counts as a failure to give one. */
export const refuseLine: Row<RefuseLine> = {
  run(state, id, _at, { refusal, fatal = false }) {
    if (fatal) return expel(state, id, refusal)
    if (state.users.has(id)) return refuse(state, id, refusal)
    const newcomer = state.newcomers.get(id)
    return newcomer === undefined ? unchanged(state) : countFailure(state, newcomer, refusal)
  },
}
