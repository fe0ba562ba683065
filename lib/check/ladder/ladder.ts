// A ladder diagram as data: time runs down, a column for each actor and one for the server, an arrow
// for each line that crosses. Text, Mermaid and SVG draw the same ladder.

import type { Failure } from '../failure.js'
import { shown } from '../../wire/shown.js'
import type { Moment } from '../tape.js'
import {
  actorsOf,
  type Expected,
  type Part,
  type Receive,
  type Send,
  type Step,
  type Transcript,
} from '../transcript.js'
import { PROBE } from '../trial.js'

/** A diagram. */
export interface Ladder {
  readonly title: string
  /** The actors, from left to right; the server stands at the right. */
  readonly actors: readonly string[]
  readonly rungs: readonly Rung[]
}

/** One row. */
export interface Rung {
  readonly actor: string
  /** `out` from the actor to the server, `in` from the server to the actor, `note` is a word at the actor. */
  readonly way: 'out' | 'in' | 'note'
  readonly text: string
  /** Milliseconds since the beginning, if it was measured. */
  readonly at?: number
  /** Whether it is what went wrong. */
  readonly wrong: boolean
}

/** What stands for a received line that is left out. */
const BLANK = '______________'

/** What stands for the escapes of a line end. */
const ENDS: Readonly<Record<string, string>> = { '\\r': '␍', '\\n': '␊' }

const NOTES: Readonly<Partial<Record<Step['type'], string>>> = {
  connect: 'connects',
  leave: 'leaves',
  halfClose: 'half-closes',
  reset: 'breaks off',
  stopReading: 'stops reading',
  resume: 'reads on',
  rejoin: 'comes again',
}

/** The ladder of a transcript as it is written. `blanks` leaves the received lines for a reader to fill in. */
export function ladderOf(transcript: Transcript, blanks = false): Ladder {
  const rungs = transcript.steps.flatMap((step) => rungsOf(step, blanks))
  const actors = [...new Set(rungs.map(({ actor }) => actor))]
  return { title: transcript.title, actors, rungs }
}

/** The ladder of a play: every write and read, each with its time; with what went wrong, if anything did. */
export function ladderOfPlay(title: string, moments: readonly Moment[], failure?: Failure): Ladder {
  const played = moments.filter(({ step }) => step !== PROBE)
  const wrong = failure?.step
  const concerned = wrong === undefined ? [] : actorsOf(wrong)
  const actors = [...new Set([...played.map(({ actor }) => actor), ...concerned])]
  const unread = new Set(
    failure?.unread.flatMap(({ actor, lines }) => lines.map((line) => `${actor} ${shown(line)}`)),
  )
  const rungs = joined(played).flatMap((moment): readonly Rung[] => {
    const { actor, sound, at } = moment
    if (sound === 'sent') return [{ actor, way: 'out', text: withEnds(moment), at, wrong: false }]
    if (sound !== 'received') return [{ actor, way: 'note', text: sound, at, wrong: false }]
    const bad = moment.bytes
      .toString('latin1')
      .split(/\r?\n/)
      .some((line) => unread.has(`${actor} ${shown(Buffer.from(line, 'latin1'))}`))
    return [{ actor, way: 'in', text: withEnds(moment), at, wrong: bad }]
  })
  const missing = concerned.map((actor): Rung => ({
    actor,
    way: 'note',
    text: `here: ${wrong?.source ?? ''}`,
    wrong: true,
  }))
  return { title, actors, rungs: [...rungs, ...missing] }
}

/** Bytes that went one by one are one rung: `h·e·l` for three. */
function joined(moments: readonly Moment[]): readonly Moment[] {
  const MOST = 24
  return moments.reduce<Moment[]>((done, moment) => {
    const last = done.at(-1)
    const goesOn =
      last?.sound === 'sent' &&
      moment.sound === 'sent' &&
      moment.actor === last.actor &&
      moment.step === last.step &&
      moment.length === 1 &&
      last.length < MOST
    if (!goesOn) return [...done, moment]
    const bytes = Buffer.concat([last.bytes, moment.bytes])
    return [...done.slice(0, -1), { ...last, bytes, length: bytes.length }]
  }, [])
}

/** The text of a piece, its line ends visible. */
function withEnds({ bytes, length }: Moment): string {
  const MOST = 60
  const text = shown(bytes.subarray(0, MOST)).replace(/\\./g, (escape) => ENDS[escape] ?? escape)
  return length > MOST ? `${text}… (${length} bytes)` : text
}

function rungsOf(step: Step, blanks: boolean): readonly Rung[] {
  switch (step.type) {
    case 'join':
      return step.actors.map((actor) => ({ actor, way: 'out', text: actor, wrong: false }))
    case 'send':
      return [sent(step)]
    case 'together':
      return step.sends.map(sent)
    case 'either':
      return (step.branches[0]?.steps ?? []).flatMap((receive) => received(receive, blanks))
    case 'line':
    case 'lines':
    case 'silence':
    case 'ending':
    case 'telnet':
      return received(step, blanks)
    case 'settle':
    case 'idle':
      return []
    case 'connect':
    case 'leave':
    case 'halfClose':
    case 'reset':
    case 'stopReading':
    case 'resume':
    case 'rejoin':
      return [{ actor: step.actor, way: 'note', text: NOTES[step.type] ?? step.type, wrong: false }]
  }
}

function sent({ actor, bytes, form }: Send): Rung {
  return {
    actor,
    way: 'out',
    text: shown(bytes) + (form === 'fragment' ? ' (no line end)' : ''),
    wrong: false,
  }
}

function received(step: Receive, blanks: boolean): readonly Rung[] {
  const { actor } = step
  const line = (text: string): Rung => ({
    actor,
    way: 'in',
    text: blanks ? BLANK : text,
    wrong: false,
  })
  switch (step.type) {
    case 'line':
      return [line(lineText(step.expected))]
    case 'lines':
      return step.expected.map((expected) => line(lineText(expected)))
    // What is left out is for the reader to find, and that there is nothing too.
    case 'silence':
      return [{ actor, way: 'note', text: blanks ? BLANK : 'hears nothing', wrong: false }]
    case 'ending':
      return [
        { actor, way: 'note', text: blanks ? BLANK : step.accepts.join(' or '), wrong: false },
      ]
    case 'telnet':
      return [line(shown(step.bytes))]
  }
}

function lineText(expected: Expected): string {
  return expected.type === 'exact' ? shown(expected.bytes) : expected.parts.map(partText).join('')
}

function partText(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'set':
      return part.words.join(' ')
    case 'form':
    case 'expression':
    case 'recall':
      return '…'
  }
}
