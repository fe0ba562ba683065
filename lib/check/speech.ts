// Who speaks what in a transcript, and what they send in the bytes of their dialects.

import { isUtf8 } from 'node:buffer'
import { NATIVE, TONGUES, type Tongue } from './tongue.js'
import { actorsOf, type Send, type Step } from './transcript.js'

/** Takes what is wrong with a line of the file. */
type RefuseLine = (line: number, message: string) => void

/** What each actor speaks who is named in these steps: the same in all of them, `usual` if they do not say. */
export function tonguesIn(
  steps: readonly Step[],
  usual: Tongue,
  refuse: RefuseLine,
): ReadonlyMap<string, Tongue> {
  const tongues = new Map<string, Tongue>()
  const speaks = (actor: string, tongue: Tongue, line: number): void => {
    const before = tongues.get(actor) ?? tongue
    tongues.set(actor, before)
    if (before === tongue) return
    refuse(line, `${actor} speaks ${before.name} already. Take another name for another dialect`)
  }
  for (const step of steps) {
    for (const [actor, name] of 'over' in step ? step.over : []) {
      const tongue = TONGUES.get(name)
      if (tongue !== undefined) speaks(actor, tongue, step.line)
      else
        refuse(step.line, `${name} is no dialect. Write one of ${[...TONGUES.keys()].join(', ')}`)
    }
    for (const actor of actorsOf(step)) if (!tongues.has(actor)) tongues.set(actor, usual)
  }
  return tongues
}

/** The steps with the messages of all dialects but those of lines as bytes. */
export function encoded(
  steps: readonly Step[],
  tongues: ReadonlyMap<string, Tongue>,
  refuse: RefuseLine,
): readonly Step[] {
  // A telnet on the port of a dialect without framing is known by its first read, so that is a whole line.
  const known = new Set<string>()
  const inBytes = (send: Send): Send => {
    const { actor } = send
    const tongue = tongues.get(actor) ?? NATIVE
    if (tongue === NATIVE) return send
    if (tongue.unit === 'line') {
      const alone = !known.has(actor)
      known.add(actor)
      return { ...send, alone }
    }
    const alone = tongue.unit === 'read'
    if (send.form !== 'line') return { ...send, alone }
    return { ...send, bytes: messageOf(send, tongue, refuse), form: 'message', alone }
  }
  return steps.map((step) => {
    if (step.type === 'join') for (const actor of step.actors) known.add(actor)
    if (step.type === 'rejoin') known.add(step.actor)
    if (step.type === 'connect') known.delete(step.actor)
    if (step.type === 'together') return { ...step, sends: step.sends.map(inBytes) }
    return step.type === 'send' ? inBytes(step) : step
  })
}

function messageOf({ bytes, actor, line }: Send, tongue: Tongue, refuse: RefuseLine): Buffer {
  const message = isUtf8(bytes) ? tongue.notation.encode(bytes.toString(), actor) : undefined
  if (message === undefined) {
    refuse(
      line,
      `This is no message of ${tongue.name}. Write its bytes with >> if it is to be none`,
    )
  }
  return message ?? bytes
}
