// A counterexample as a document of `spec/`: what the actors did, what each received of it, and
// how to play it again.

import { written } from '../../lib/check/text.js'
import type { ReceivedLine } from '../../lib/check/inbox.js'
import type { Counterexample } from './invariant.js'
import { Scene, type Moment } from './scene.js'

/** What a received line cannot read on the wire and be written after `<`. */
const RESERVED = /^(?:nothing|closed|reset|closed or reset|in any order:)$/

/** How a counterexample was found. */
export interface Origin {
  /** The invariant's title. */
  readonly title: string
  /** With which it is found again. */
  readonly seed: number
}

/** Plays the story of a counterexample and writes it down, with all that everybody receives now. */
export async function documentOf(broken: Counterexample, origin: Origin): Promise<string> {
  const { problem, story, run, shrinks } = broken
  const { script, limits } = story
  const options = Object.entries(limits).map(([name, value]) => `--${kebab(name)} ${value}`)
  const server = ['partyline', 'serve', ...options].join(' ')
  return [
    `# Broken: ${origin.title}`,
    '',
    `Run ${run} of \`npm run fuzz -- --seed ${origin.seed} --only '${origin.title}'\` broke it; what is below is left of it after ${shrinks} steps of making it smaller.`,
    `It is for \`${server}\`. A comment in braces is what its client has no words for, or no client can do.`,
    '',
    'What they receive is what they receive now. Where it should be something else, write that in its place: then this is the test that fails until the fault is mended.',
    '',
    '```chat id=found',
    'needs: bytes',
    '',
    ...(await dialogueOf(script, limits)),
    '```',
    '',
    'What was wrong:',
    '',
    '````text',
    problem.trimEnd(),
    '````',
    '',
  ].join('\n')
}

/** A script with what each of its actors receives. */
export async function dialogueOf(
  script: readonly string[],
  limits: Counterexample['story']['limits'] = {},
): Promise<readonly string[]> {
  const scene = new Scene(script, { limits })
  const moments = new Map((await scene.play()).map((moment) => [moment.step.line, moment]))
  const lines = script.flatMap((line, index) => {
    // The fence stands before the first.
    const moment = moments.get(index + 2)
    if (moment === undefined) return [line]
    return moment.taken ? [line, ...receivedIn(moment)] : []
  })
  const endings = scene.peers
    .filter(({ socket, sending }) => sending && socket.ending !== 'open')
    .map(({ name }) => `${name} < closed`)
  await scene.end()
  return [...lines, ...endings]
}

function receivedIn({ heard }: Moment): readonly string[] {
  return [...heard].flatMap(([name, lines]) => lines.map((line) => receiving(name, line)))
}

function receiving(name: string, { bytes }: ReceivedLine): string {
  const text = written(bytes)
  return `${name} ${RESERVED.test(text) ? '<~' : '<'} ${text}`.trimEnd()
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
