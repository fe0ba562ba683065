// How to see a failure by hand: the same dialogue for people with nc in some terminals.

import { shown } from '../../wire/shown.js'
import {
  actorsOf,
  type Part,
  type Receive,
  type Send,
  type Step,
  type Transcript,
} from '../transcript.js'
import { WIRINGS } from '../wiring.js'

const SHOWN_STEPS = 8
/** Longer texts are not for typing. */
const TYPED_BYTES = 100

/** What to do up to the step that fails, in lines. `place` is as in `localhost 8888`. */
export function byHand(
  { steps }: Transcript,
  failing: Step | undefined,
  wiring: string,
  place: string,
): readonly string[] {
  const before = steps.filter(({ line }) => line <= (failing?.line ?? Infinity))
  const done = before.flatMap((step) => stepByHand(step, wiring))
  const actors = [...new Set(before.flatMap(actorsOf))]
  const terminals =
    actors.length === 1 ? 'In a terminal' : `In a terminal each for ${actors.join(', ')}`
  // -C is netcat-openbsd's and ncat's way to end typed lines in CR LF.
  const start = `${terminals}: nc ${wiring === WIRINGS.lf.name ? '' : '-C '}${place}`
  const cut = done.length > SHOWN_STEPS ? [`… (${done.length - SHOWN_STEPS} steps before)`] : []
  return [start, ...cut, ...done.slice(-SHOWN_STEPS)]
}

function stepByHand(step: Step, wiring: string): readonly string[] {
  switch (step.type) {
    case 'join':
      return step.actors.map((actor) => `${actor}: type  ${actor}  Enter`)
    case 'rejoin':
      return [`${step.actor}: start nc again, type  ${step.actor}  Enter`]
    case 'connect':
      return [`${step.actor}: start nc`]
    case 'leave':
      return [`${step.actor}: end nc with Ctrl-C`]
    case 'halfClose':
      return [`${step.actor}: start nc with -N and press Ctrl-D`]
    case 'reset':
      return [`${step.actor}: pull the cable (no nc can do that)`]
    case 'stopReading':
      return [`${step.actor}: press Ctrl-Z`]
    case 'resume':
      return [`${step.actor}: fg`]
    case 'send':
      return [sendByHand(step, wiring)]
    case 'together':
      return step.sends.map((send) => `${sendByHand(send, wiring)}  (at the same time)`)
    case 'idle':
      return [`wait ${step.milliseconds / 1000} s`]
    case 'line':
    case 'lines':
    case 'silence':
    case 'ending':
    case 'telnet':
      return [`${step.actor} should see:  ${seen(step)}`]
    case 'either':
    case 'settle':
      return []
  }
}

/** What a step expects, with … for what a server may say in its own words. */
function seen(step: Receive): string {
  if (step.type !== 'line' || step.expected.type === 'exact')
    return step.source.replace(/^\S+\s*<\S*\s?/, '')
  return step.expected.parts.map(partSeen).join('').replace(/…+/g, '…')
}

function partSeen(part: Part): string {
  if (part.type === 'text') return part.text
  return part.type === 'set' ? part.words.join(' ') : '…'
}

function sendByHand({ actor, form, bytes }: Send, wiring: string): string {
  const text =
    bytes.length > TYPED_BYTES ? `${bytes.length} bytes as in the transcript` : shown(bytes)
  if (form === 'raw') return `${actor}: send these bytes by printf '…' | nc:  ${text}`
  if (form === 'fragment') return `${actor}: type  ${text}  and press Ctrl-D`
  if (wiring === WIRINGS.bytewise.name)
    return `${actor}: type  ${text}  with Ctrl-D after each letter, then Enter`
  return `${actor}: type  ${text}  Enter`
}
