// Names that nobody else on a shared server has: digits behind every nickname and room of a
// transcript, and taken off again in what is reported.

import type { Moment } from './tape.js'
import {
  actorsOf,
  sendsOf,
  type Branch,
  type Expected,
  type Part,
  type Receive,
  type Send,
  type Step,
  type Transcript,
} from './transcript.js'

/** A transcript under other names, and the way back. */
export interface Aliased {
  readonly transcript: Transcript
  /** The text with the names as the transcript has them. */
  readonly original: (text: string) => string
  /** The bytes with the names as the transcript has them. */
  readonly originalBytes: (bytes: Buffer) => Buffer
  /** The same of what passed on connections, where a name may have travelled in pieces. */
  readonly originalMoments: (moments: readonly Moment[]) => readonly Moment[]
}

const ROOMS = [/^@(?<room>[A-Za-z][\w-]*)/, /^!(?:enter|leave|members)\s+(?<room>[A-Za-z][\w-]*)/]

/**
 * The transcript with `digits` behind each name of an actor or a room, wherever it stands as a word.
 * Digits look the same in upper and in lower case, and every server takes them in a nickname.
 */
export function aliased(transcript: Transcript, digits: string): Aliased {
  const names = namesOf(transcript.steps)
  if (names.length === 0) return unaliased(transcript)
  const word = new RegExp(`(?<![A-Za-z0-9_])(${names.join('|')})(?![A-Za-z0-9_])`, 'gi')
  // A server may have cut a name, so what is left of one before its digits is as good.
  const back = new RegExp(`([a-z])${digits}`, 'gi')
  const rename = (text: string): string => text.replace(word, `$1${digits}`)
  const original = (text: string): string => text.replace(back, '$1')
  const steps = transcript.steps.map((step) => renamed(step, rename, digits))
  return {
    transcript: { ...transcript, steps: withSentNames(steps, word, digits) },
    original,
    originalBytes: (bytes) => Buffer.from(original(bytes.toString('latin1')), 'latin1'),
    originalMoments: (moments) => shortened(moments, back, digits.length, original),
  }
}

/** The transcript as it is. */
export function unaliased(transcript: Transcript): Aliased {
  return {
    transcript,
    original: (text) => text,
    originalBytes: (bytes) => bytes,
    originalMoments: (moments) => moments,
  }
}

/** The names of the actors and of the rooms that they speak of. */
function namesOf(steps: readonly Step[]): readonly string[] {
  const names = steps.flatMap(actorsOf)
  const rooms = steps.flatMap(sendsOf).flatMap(({ bytes }) => {
    const text = bytes.toString('latin1')
    return ROOMS.flatMap((pattern) => pattern.exec(text)?.groups?.['room'] ?? [])
  })
  return [...new Set([...names, ...rooms])]
}

type Rename = (text: string) => string

/** Everything but the bytes that are sent. */
function renamed(step: Step, rename: Rename, digits: string): Step {
  switch (step.type) {
    case 'join':
      return { ...step, actors: step.actors.map((actor) => actor + digits) }
    case 'together':
      return { ...step, sends: step.sends.map((send) => ({ ...send, actor: send.actor + digits })) }
    case 'either':
      return { ...step, branches: step.branches.map((branch) => inBranch(branch, rename, digits)) }
    case 'settle':
    case 'idle':
      return step
    case 'send':
    case 'connect':
    case 'rejoin':
    case 'leave':
    case 'halfClose':
    case 'reset':
    case 'stopReading':
    case 'resume':
      return { ...step, actor: step.actor + digits }
    case 'line':
    case 'lines':
    case 'silence':
    case 'ending':
    case 'telnet':
      return received(step, rename, digits)
  }
}

function inBranch(branch: Branch, rename: Rename, digits: string): Branch {
  return { ...branch, steps: branch.steps.map((step) => received(step, rename, digits)) }
}

function received(step: Receive, rename: Rename, digits: string): Receive {
  const actor = step.actor + digits
  if (step.type === 'line') return { ...step, actor, expected: expected(step.expected, rename) }
  if (step.type !== 'lines') return { ...step, actor }
  return { ...step, actor, expected: step.expected.map((line) => expected(line, rename)) }
}

function expected(line: Expected, rename: Rename): Expected {
  if (line.type === 'pattern')
    return { ...line, parts: line.parts.map((part) => inPart(part, rename)) }
  return { ...line, bytes: Buffer.from(rename(line.bytes.toString('latin1')), 'latin1') }
}

function inPart(part: Part, rename: Rename): Part {
  if (part.type === 'text') return { ...part, text: rename(part.text) }
  return part.type === 'set' ? { ...part, words: part.words.map(rename) } : part
}

/** Names in what is sent, also those that are sent in two pieces. */
function withSentNames(steps: readonly Step[], word: RegExp, digits: string): readonly Step[] {
  const sends = steps.flatMap(sendsOf)
  const actors = new Set(sends.map(({ actor }) => actor))
  const bytes = new Map<Send, Buffer>()
  for (const actor of actors) {
    const own = sends.filter((send) => send.actor === actor)
    const pieces = lengthened(own.map(textOf), word, digits)
    own.forEach((send, index) => {
      const piece = Buffer.from(pieces[index] ?? '', 'latin1')
      bytes.set(send, send.form === 'line' ? piece.subarray(0, -1) : piece)
    })
  }
  const resent = (send: Send): Send => ({ ...send, bytes: bytes.get(send) ?? send.bytes })
  return steps.map((step) => {
    if (step.type === 'together') return { ...step, sends: step.sends.map(resent) }
    return step.type === 'send' ? resent(step) : step
  })
}

/** A line is kept apart from the next by its end. */
function textOf({ form, bytes }: Send): string {
  return bytes.toString('latin1') + (form === 'line' ? '\n' : '')
}

/** The pieces of one text with digits behind each word, which go to the piece in which the word ends. */
function lengthened(pieces: readonly string[], word: RegExp, digits: string): readonly string[] {
  const ends = [...pieces.join('').matchAll(word)].map(
    ({ 0: found, index }) => index + found.length,
  )
  let start = 0
  return pieces.map((piece) => {
    const from = start
    start += piece.length
    const cuts = ends.filter((end) => end > from && end <= start).map((end) => end - from)
    return [0, ...cuts].map((cut, index) => piece.slice(cut, cuts[index])).join(digits)
  })
}

/** What passed, without the digits behind the names; pieces that held nothing else are left out. */
function shortened(
  moments: readonly Moment[],
  back: RegExp,
  digits: number,
  original: (text: string) => string,
): readonly Moment[] {
  const streams = new Map<string, Moment[]>()
  for (const moment of moments) {
    const key = `${moment.actor} ${moment.connection} ${moment.sound}`
    streams.set(key, [...(streams.get(key) ?? []), moment])
  }
  const shorter = new Map<Moment, Buffer>()
  for (const stream of streams.values()) {
    const text = Buffer.concat(stream.map(({ bytes }) => bytes)).toString('latin1')
    const dropped = new Uint8Array(text.length)
    for (const { 0: found, index } of text.matchAll(back)) {
      const end = index + found.length
      dropped.fill(1, end - digits, end)
    }
    let start = 0
    for (const moment of stream) {
      const from = start
      start += moment.bytes.length
      const kept = moment.bytes.filter((_, at) => dropped[from + at] === 0)
      shorter.set(moment, Buffer.from(kept))
    }
  }
  return moments.flatMap((moment) => {
    const bytes = shorter.get(moment) ?? moment.bytes
    if (bytes.length === 0 && moment.bytes.length > 0) return []
    const length = moment.length - (moment.bytes.length - bytes.length)
    return [{ ...moment, actor: original(moment.actor), bytes, length }]
  })
}
