// The arena without sockets: the framing of each dialect in front of one core, fed in chunks of any size.

import { DIALECTS } from '../../lib/dialects/index.js'
import type { Dialect } from '../../lib/dialects/dialect.js'
import { Floor, type FloorArena } from './core-arena.js'
import { FramedLink, whole, type Chunking } from './framed-link.js'
import { randomFrom } from './random.js'

export type { Chunking }

/** Actors at one core, behind the framings of their dialects; `dialect` is for those who name none. */
export function wireArena(dialect: Dialect, chunking: Chunking = whole): FloorArena {
  const floor = new Floor(dialect)
  return {
    async connect(ear, _name, tongue) {
      const spoken = tongue === undefined ? undefined : DIALECTS.get(tongue.dialect)
      const link = new FramedLink(floor, ear, spoken ?? dialect, chunking)
      await turn()
      return link
    },
    catchUp: turn,
  }
}

/** Chunks of 1 to `longest` bytes, the same ones for the same seed. */
export function randomChunks(seed: number, longest: number): Chunking {
  const random = randomFrom(seed)
  return (bytes) => {
    const chunks: Buffer[] = []
    for (let at = 0; at < bytes.length;) {
      const length = 1 + Math.floor(random() * longest)
      chunks.push(bytes.subarray(at, at + length))
      at += length
    }
    return chunks
  }
}

async function turn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
}
