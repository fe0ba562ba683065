// The arena of the built program, which listens for all dialects, and how it is swept.

import type { Test } from 'tap'
import type { Arena } from '../../lib/check/arena.js'
import type { Setting } from '../../lib/check/party.js'
import { play } from '../../lib/check/play.js'
import { readTranscripts } from '../../lib/check/read.js'
import { socketArena, type Address } from '../../lib/check/sockets.js'
import type { Transcript } from '../../lib/check/transcript.js'
import { DIALECTS } from '../../lib/dialects/index.js'
import { line } from '../../lib/dialects/line/index.js'
import { runProgram } from './program.js'

/** The most rooms that the program has: few, so that sweeping is quick. */
const MAX_ROOMS = 40

/** The least pause between two messages that the program allows, in milliseconds. */
const MESSAGE_GAP = 20

/** Starts the program with a port for each dialect; it is gone when the test is over. `patience` as for {@link socketArena}. */
export async function programArena(t: Test, patience: number): Promise<Arena> {
  const listen = [...DIALECTS.keys()].flatMap((name) => ['--listen', `${name}://127.0.0.1:0`])
  const limits = ['--max-rooms', `${MAX_ROOMS}`, '--message-gap', `${MESSAGE_GAP}`]
  const running = runProgram(t, { args: [...listen, ...limits] })
  const addresses = new Map<string, Address>()
  for (const name of DIALECTS.keys()) {
    const listening = new RegExp(`^listening on ${name}://\\S+:(\\d+)\\n`, 'm')
    const [, port] = await running.printed(listening)
    addresses.set(name, { host: '127.0.0.1', port: Number(port) })
  }
  const native = addresses.get(line.name)
  if (native === undefined) throw new Error('there is no native dialect')
  return socketArena(native, patience, addresses)
}

const SWEEP = sweepOf('one', 'two')

/**
 * Takes the rooms away that a transcript has left behind, kept and empty: in a full house each new room
 * takes the place of one, and those that are made here go with their makers.
 */
export async function sweep(setting: Setting): Promise<void> {
  const { type } = await play(SWEEP, setting)
  if (type !== 'passed') throw new Error('the house could not be swept')
}

/** A transcript in which these fill the house with rooms. */
function sweepOf(...actors: readonly string[]): Transcript {
  const share = MAX_ROOMS / actors.length
  const fill = actors.map((actor) => {
    const rooms = Array.from({ length: share }, (_, index) => `"!enter ${actor}${index}\\n"`)
    return `${actor} >> ${rooms.join(' ')}`
  })
  const source = ['```chat id=sweep', `with ${actors.join(', ')}`, ...fill, '```']
  const [transcript] = readTranscripts(source.join('\n'), 'sweep')
  if (transcript === undefined) throw new Error('there is nothing to sweep with')
  return transcript
}
