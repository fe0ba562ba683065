// Where transcripts are played: a server that runs already, or one that is started for them.

import { Watch } from './idle.js'
import { answers, launch, type Command } from './launch.js'
import type { Address } from './sockets.js'

/** A running server. */
export interface Place {
  readonly address: Address
  readonly watch: Watch
  /** How its process has ended, in words; undefined as long as it runs, or if it is not ours. */
  readonly death: () => string | undefined
  /** The last lines that it printed, as far as we see them. */
  readonly output: () => readonly string[]
  /** We are done with it. */
  readonly leave: () => Promise<void>
}

/** Why there is no server. */
export interface Trouble {
  readonly problem: string
  readonly output: readonly string[]
}

/** A supply of servers. */
export interface Ground {
  /** Whether others may be on the server too, so that names need to be ours alone. */
  readonly shared: boolean
  /** What stands for it in a report, as `localhost:8888` or the command. */
  readonly name: string
  readonly enter: () => Promise<Place | Trouble>
}

/** The server at an address. */
export function openGround(address: Address, patience: number): Ground {
  const { host, port } = address
  const name = `${host}:${port}`
  const place: Place = {
    address,
    watch: new Watch(port),
    death: () => undefined,
    output: () => [],
    leave: () => Promise.resolve(),
  }
  return {
    shared: true,
    name,
    async enter() {
      if (await answers(address, patience)) return place
      const problem = `nothing answers at ${name}. Start the server first, or give --cmd to have it started`
      return { problem, output: [] }
    },
  }
}

/** A fresh server for whoever asks. */
export function ownGround(command: Command): Ground {
  return {
    shared: false,
    name: command.line,
    async enter() {
      const start = await launch(command)
      if (start.type === 'failed') return start
      const { server } = start
      return {
        address: server.address,
        watch: new Watch(server.address.port),
        death: () => server.death,
        output: () => server.lastOutput,
        leave: () => server.end(),
      }
    },
  }
}
