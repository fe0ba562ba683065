// Where transcripts are played: a server that runs already, or one that is started for them.

import { Watch } from './idle.js'
import { connectError, launch, type Command } from './launch.js'
import { addressText, type Address } from './sockets.js'

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
  const name = addressText(address)
  const place: Place = {
    address,
    watch: new Watch(address.port),
    death: () => undefined,
    output: () => [],
    leave: () => Promise.resolve(),
  }
  return {
    shared: true,
    name,
    async enter() {
      const code = await connectError(address, patience)
      return code === undefined ? place : { problem: problemOf(address, code), output: [] }
    },
  }
}

/** What to tell of an address that nothing answers at, by the code of the error. */
function problemOf(address: Address, code: string): string {
  const { host } = address
  if (code === 'ENOTFOUND') return `there is no host ${host}. Look at the name in --connect`
  if (code === 'EAI_AGAIN') {
    return `the name ${host} cannot be looked up now. Look at the network, or give its address in --connect`
  }
  return `nothing answers at ${addressText(address)}. Start the server first, or give --cmd to have it started`
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
