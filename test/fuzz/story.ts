// What happens in a random life, as the lines of a transcript without those that are received:
// what a person can play again, with telnet if need be.

import type { Command, ConnectionId, Input } from '../../lib/core/index.js'
import type { Limits } from '../../lib/host/limits.js'
import { written } from '../../lib/check/text.js'
import { LIMITS, play, type Step } from '../support/traces.js'
import { phraseFor, TONGUE_NAMES } from './phrases.js'

/** A life that can be told. */
export interface Story {
  /** Steps of a transcript; what no client can do stands as a comment. */
  readonly script: readonly string[]
  /** The limits of its house, where they are not the usual ones. */
  readonly limits: Partial<Limits>
}

/** The story of a life of the core. Whoever speaks has the dialect that has words for most of what he asks. */
export function storyOf(inputs: readonly Input[]): Story {
  const tongues = new Map<ConnectionId, string>()
  let now = inputs[0]?.at ?? 0
  const script = play(inputs).flatMap((step) => {
    const { input } = step
    const passed = input.at - now
    now = input.at
    const pause = passed > 0 ? [`# ${passed} ms later`] : []
    if ('id' in input && !tongues.has(input.id)) {
      tongues.set(input.id, tongueFor(commandsOf(inputs, input.id)))
    }
    return [...pause, ...linesOf(step, tongues)]
  })
  return { script, limits: LIMITS }
}

/** The story of a script. */
export function storyOfScript(script: readonly string[], limits: Partial<Limits> = {}): Story {
  return { script, limits }
}

/** The story of a text that somebody sends. */
export function storyOfText(text: string): Story {
  return { script: ['with alice, bob', `alice > ${written(Buffer.from(text))}`], limits: {} }
}

/** The story of bytes that one client sends, in these reads. */
export function storyOfReads(tongue: string, reads: readonly Buffer[]): Story {
  const sends = reads
    .filter((bytes) => bytes.length > 0)
    .map((bytes) => `alice >| ${written(bytes)}`)
  return { script: [`alice connects over ${tongue}`, ...sends], limits: {} }
}

function linesOf({ before, input }: Step, tongues: ReadonlyMap<ConnectionId, string>): string[] {
  const note = `# ${JSON.stringify(input)}`
  if (!('id' in input)) return [note]
  const { id } = input
  const name = actorOf(id)
  const tongue = tongues.get(id) ?? 'line'
  const isOpen = before.users.has(id) || before.newcomers.has(id)
  if (input.type === 'open') return [isOpen ? note : `${name} connects over ${tongue}`]
  if (!isOpen) return [note]
  if (input.type === 'close' && input.reason === 'disconnected') return [`${name} leaves`]
  if (input.type === 'close' && input.reason === 'connection-lost') return [`${name} resets`]
  if (input.type !== 'command') return [note]
  const phrase = phraseFor(input.command, tongue)
  return [phrase === undefined ? note : `${name} ${phrase}`]
}

/** An id as the name of an actor, which takes letters and digits. */
function actorOf(id: ConnectionId): string {
  return id.replace(/[^A-Za-z0-9]/g, '')
}

function commandsOf(inputs: readonly Input[], id: ConnectionId): readonly Command[] {
  return inputs.flatMap((input) =>
    input.type === 'command' && input.id === id ? [input.command] : [],
  )
}

/** The dialect with words for most of what is asked; what lines have no words for counts for more. */
function tongueFor(commands: readonly Command[]): string {
  const said = (tongue: string): number =>
    commands
      .filter((command) => phraseFor(command, tongue) !== undefined)
      .reduce((sum, command) => sum + (phraseFor(command, 'line') === undefined ? 3 : 1), 0)
  return TONGUE_NAMES.reduce((best, tongue) => (said(tongue) > said(best) ? tongue : best), 'line')
}
