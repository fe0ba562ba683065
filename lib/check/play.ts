// Plays one transcript: does what its actors do, and compares what they receive with what it says.

import { attemptGroup, type GroupAttempt } from './attempt.js'
import type { Actor } from './actor.js'
import {
  alternatives,
  KEPT_LINES,
  receipt,
  unreadOf,
  type Failure,
  type Outcome,
} from './failure.js'
import type { ReceivedLine } from './inbox.js'
import { Party, type Setting } from './party.js'
import type { Memory } from './pattern.js'
import { shown } from '../wire/shown.js'
import type { Branch, Presence, Receive, Send, Step, Together, Transcript } from './transcript.js'
import { wired } from './wiring.js'

/** Follows a play, for a report. */
export interface Witness {
  /** The next step begins; undefined once there is none. */
  reaches(step: Step | undefined): void
  /** A step has failed: the last moment at which everybody is still there. */
  fails(actors: readonly Actor[]): Promise<void>
}

/**
 * Plays a transcript to its end or to the first step that fails. Whatever came of it, at the end
 * all its actors are gone and the server has seen that.
 */
export async function play(
  transcript: Transcript,
  setting: Setting,
  witness?: Witness,
): Promise<Outcome> {
  const { flaws } = transcript
  if (flaws.length > 0) return { type: 'flawed', flaws }
  const player = new Player(transcript, setting)
  const outcome = await player.run((step) => witness?.reaches(step))
  if (outcome.type === 'failed') await witness?.fails(player.actors)
  await player.end()
  return outcome
}

/** What is wrong, in words. */
interface Difference {
  readonly expected: string
  readonly got: string
}

const SLOW: Difference = { expected: 'an answer', got: 'none in time' }

class Player {
  readonly #transcript: Transcript
  readonly #wiring: Setting['wiring']
  readonly #party: Party
  #memory: Memory = new Map()
  #improper: readonly Step[] = []

  constructor(transcript: Transcript, setting: Setting) {
    this.#transcript = transcript
    this.#wiring = setting.wiring
    this.#party = new Party(setting, transcript.tongues)
  }

  get actors(): readonly Actor[] {
    return this.#party.actors
  }

  /** Performs all steps; `reaches` is told of each before. */
  async run(reaches: Witness['reaches']): Promise<Outcome> {
    for (const step of wired(this.#transcript.steps, this.#wiring)) {
      reaches(step)
      const difference = await this.#perform(step)
      if (difference !== undefined) return this.#failed(step, difference)
    }
    reaches(undefined)
    const surplus = await this.#settle()
    if (surplus !== undefined) return this.#failed(undefined, surplus)
    for (const { name, inbox } of this.actors) this.#passOver(name, inbox.lines)
    return { type: 'passed', improper: this.#improper }
  }

  async end(): Promise<void> {
    await this.#party.end()
  }

  /** Does one step; what is wrong then, if anything is. */
  async #perform(step: Step): Promise<Difference | undefined> {
    switch (step.type) {
      case 'join':
        return this.#joinAll(step.actors)
      case 'send':
        return this.#send(step)
      case 'together':
        return this.#sendTogether(step)
      case 'line':
      case 'lines':
      case 'silence':
      case 'ending':
      case 'telnet':
        return this.#receive([{ proper: true, steps: [step] }])
      case 'either':
        return this.#receive(step.branches)
      case 'settle':
        return this.#settle()
      case 'idle':
        return (await this.#settle()) ?? (await this.#idle(step.milliseconds))
      case 'connect':
      case 'rejoin':
      case 'leave':
      case 'halfClose':
      case 'reset':
      case 'stopReading':
      case 'resume':
        return this.#move(step)
    }
  }

  async #joinAll(names: readonly string[]): Promise<Difference | undefined> {
    for (const name of names) {
      const difference = await this.#join(name)
      if (difference !== undefined) return difference
    }
    return names.length > 1 && !(await this.#party.acquaint(names)) ? SLOW : undefined
  }

  async #join(name: string): Promise<Difference | undefined> {
    const before = this.#stillThere(name)
    if (before !== undefined) return before
    if (await this.#party.join(name)) return undefined
    const actor = await this.#party.actor(name)
    return { expected: `the nickname ${name} to stand`, got: receipt(actor, 'lines') }
  }

  async #send(step: Send): Promise<Difference | undefined> {
    const actor = await this.#party.actor(step.actor)
    if (!actor.sending) return silentOf(actor)
    if (!(await this.#party.order(actor))) return SLOW
    await this.#party.send(actor, step)
    return undefined
  }

  /** Each actor sends its own in order, all of them at once. */
  async #sendTogether({ sends }: Together): Promise<Difference | undefined> {
    if (!(await this.#party.order())) return SLOW
    const actors = new Map<string, Actor>()
    for (const { actor } of sends) actors.set(actor, await this.#party.actor(actor))
    const silent = [...actors.values()].find(({ sending }) => !sending)
    if (silent !== undefined) return silentOf(silent)
    await Promise.all(
      [...actors].map(async ([name, actor]) => {
        const own = sends.filter((send) => send.actor === name)
        for (const send of own) await this.#party.send(actor, send)
      }),
    )
    return undefined
  }

  async #move(step: Exclude<Presence, { type: 'join' }>): Promise<Difference | undefined> {
    const { type } = step
    if (type === 'rejoin') return this.#join(step.actor)
    if (type === 'connect') {
      const before = this.#stillThere(step.actor)
      if (before === undefined) await this.#party.connect(step.actor)
      return before
    }
    const actor = await this.#party.actor(step.actor)
    if (!actor.present) return silentOf(actor)
    if (!(await this.#party.settle())) return SLOW
    this.#party.act(actor, type)
    if (type !== 'leave') return undefined
    const { inbox } = actor
    if (await this.#party.until(() => inbox.end !== undefined)) return undefined
    return { expected: 'the server to close once its client has', got: 'nothing in time' }
  }

  /** The first branch that fits is taken; as long as none does and one still may, this waits. */
  async #receive(branches: readonly Branch[]): Promise<Difference | undefined> {
    const actors = new Map<string, Actor>()
    const steps = branches.flatMap((branch) => branch.steps)
    for (const { actor } of steps) {
      actors.set(actor, await this.#party.actor(actor))
    }
    await this.#party.settle(steps.some(({ type }) => type === 'silence'))
    const tryAll = (lenient = false): readonly GroupAttempt[] => {
      this.#party.heed()
      return branches.map((branch) => this.#attempt(branch, actors, lenient))
    }
    await this.#party.until(() => {
      const types = tryAll().map(({ type }) => type)
      return types.includes('fits') || !types.includes('waits')
    })
    let attempts = tryAll()
    if (!attempts.some(({ type }) => type === 'fits')) attempts = tryAll(true)
    const index = attempts.findIndex(({ type }) => type === 'fits')
    const attempt = attempts[index]
    if (attempt?.type !== 'fits') return differenceOf(branches, actors)
    this.#memory = attempt.memory
    const branch = branches[index]
    if (branch?.proper === false) {
      const came = new Map([...actors].map(([name, { inbox }]) => [name, [...inbox.lines]]))
      this.#improper = [...this.#improper, ...branch.steps.map((step) => asItCame(step, came))]
    }
    for (const [name, taken] of attempt.taken) {
      actors.get(name)?.take(taken)
      this.#passOver(name, taken.passedOver)
    }
    return undefined
  }

  /** Notes lines that were not asked for and are accepted, as the steps that they would be. */
  #passOver(actor: string, lines: readonly ReceivedLine[]): void {
    const steps = lines.map(({ bytes }): Step => ({
      type: 'line',
      expected: { type: 'exact', bytes },
      actor,
      line: this.#transcript.line,
      source: `${actor} < ${shown(bytes)}`,
    }))
    this.#improper = [...this.#improper, ...steps]
  }

  #attempt(branch: Branch, actors: ReadonlyMap<string, Actor>, lenient: boolean): GroupAttempt {
    for (const step of branch.steps) {
      for (const text of textsOf(step)) actors.get(step.actor)?.inbox.takeApart(text)
    }
    const strictLineEnds = this.#transcript.strictLineEnds
    return attemptGroup(branch, actors, this.#memory, { strictLineEnds, lenient })
  }

  /** The server is done with everything; what somebody has received and was not asked for then, if anything. */
  async #settle(): Promise<Difference | undefined> {
    if (!(await this.#party.settle(true))) return SLOW
    this.#party.heed()
    const loud = this.#party.actors.find(({ quiet }) => !quiet)
    if (loud === undefined) return undefined
    return { expected: `nothing more for ${loud.name}`, got: receipt(loud, 'lines') }
  }

  /** Waits, and looks whether somebody has heard anything; at once if so. */
  async #idle(milliseconds: number): Promise<Difference | undefined> {
    const someoneHears = (): boolean => this.#party.actors.some(({ quiet }) => !quiet)
    const over = performance.now() + milliseconds
    while (performance.now() < over && !(await this.#party.until(someoneHears)));
    return this.#settle()
  }

  /** Whether somebody who is to come is there already, or has left something unread. */
  #stillThere(name: string): Difference | undefined {
    const actor = this.#party.actors.find((other) => other.name === name)
    if (actor?.connected === true)
      return { expected: `${name} not to be there`, got: 'a connection' }
    this.#party.heed()
    if (actor?.quiet !== false) return undefined
    return { expected: `nothing more for ${name}`, got: receipt(actor, 'lines') }
  }

  #failed(step: Step | undefined, difference: Difference): Outcome {
    const unread = this.#party.actors
      .map((actor) => ({
        actor: actor.name,
        unread: unreadOf(actor),
        lines: actor.inbox.lines.slice(0, KEPT_LINES).map(({ bytes }) => bytes),
        unfinished: actor.inbox.unfinished,
      }))
      .filter((report) => report.unread.length > 0)
    const failure: Failure = {
      transcript: this.#transcript,
      wiring: this.#wiring.name,
      step,
      ...difference,
      unread,
      sent: this.#party.actors.flatMap(({ name, sent }) =>
        sent === undefined ? [] : [{ actor: name, bytes: sent }],
      ),
    }
    return { type: 'failed', failure }
  }
}

/** A step that an actor cannot do, since it has left or sends no more by its own doing. */
function silentOf({ name, present }: Actor): Difference {
  return { expected: `${name} to be there`, got: present ? 'half-closed before' : 'gone before' }
}

/** A step for one line with the line that came in its place, which is taken off the others. */
function asItCame(step: Receive, came: ReadonlyMap<string, ReceivedLine[]>): Step {
  if (step.type !== 'line') return step
  const lines = came.get(step.actor)
  const line = lines?.splice(0, lines.findIndex(({ news }) => news !== true) + 1).at(-1)
  return line === undefined ? step : { ...step, source: `${step.actor} < ${shown(line.bytes)}` }
}

/** The texts that a step expects to the letter. */
function textsOf(step: Receive): readonly Buffer[] {
  const expected =
    step.type === 'line' ? [step.expected] : step.type === 'lines' ? step.expected : []
  return expected.flatMap((line) => (line.type === 'exact' ? [line.bytes] : []))
}

function differenceOf(branches: readonly Branch[], actors: ReadonlyMap<string, Actor>): Difference {
  const steps = branches.flatMap((branch) => branch.steps)
  const receipts = steps.map((step) => {
    const actor = actors.get(step.actor)
    return actor === undefined ? '' : `${step.actor}: ${receipt(actor, step.type)}`
  })
  return {
    expected: alternatives(branches),
    got: [...new Set(receipts)].join('; '),
  }
}
