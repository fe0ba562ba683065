// Mistakes that end a connection, or the server, which nothing but its client should end.

import { isUtf8 } from 'node:buffer'
import type { Evidence } from './evidence.js'

const CONTROL = /[\0-\x08\x0e-\x1f\x7f]/

/** A message to nobody ended the connection of the one who sent it, or the work for it. */
export function unknownNickKillsSession(evidence: Evidence): boolean {
  const { messages, nicks } = evidence
  return messages.some(({ actor, text }) => {
    const to = /^#(?<to>\S+)/.exec(text)?.groups?.['to']
    if (to === undefined) return false
    const there = nicks.includes(to) && !isGone(evidence, to)
    return !there && isDead(evidence, actor)
  })
}

/** Bytes that are no text ended the connection of the one who sent them, or the work for it. */
export function badBytesKillSession(evidence: Evidence): boolean {
  return senders(evidence).some((actor) => isDead(evidence, actor))
}

/** Bytes that are no text ended the server: it said nothing any more. */
export function badBytesKillServer(evidence: Evidence): boolean {
  const { moments, serverGone } = evidence
  const by = senders(evidence)
  const sent = moments.findLastIndex(
    ({ sound, actor, bytes }) => sound === 'sent' && by.includes(actor) && isNoText(bytes),
  )
  return serverGone && sent >= 0 && !moments.slice(sent).some(({ sound }) => sound === 'received')
}

/** A connection that was broken off ended the server, or its work for everybody. */
export function resetKillsServer(evidence: Evidence): boolean {
  const { moments, serverGone } = evidence
  return serverGone && moments.some(({ sound }) => sound === 'broke off')
}

/** A client that says nothing for a while is not wanted. */
export function idleTimeout({ moments, failure }: Evidence): boolean {
  const idle = failure.transcript.steps.filter(({ type }) => type === 'idle')
  return moments.some(
    ({ sound, step }) =>
      (sound === 'closed' || sound === 'reset') && idle.some(({ line }) => line === step),
  )
}

/** Whether the server has ended an actor's connection, or does nothing for it any more. */
function isDead(evidence: Evidence, actor: string): boolean {
  const { serverGone, failure, waiting, missing, messages } = evidence
  if (serverGone) return false
  if (evidence.dropped(actor)) return true
  const spoke = evidence.moments.findLast(({ sound }) => sound === 'sent')?.actor
  const expectsIt = waiting.includes(actor) || messages.at(-1)?.actor === actor
  return (
    spoke === actor && evidence.probeUnheard && missing && expectsIt && failure.step !== undefined
  )
}

function isGone({ moments }: Evidence, nick: string): boolean {
  return moments.some(
    ({ actor, sound }) =>
      actor === nick && ['half-closed', 'broke off', 'closed', 'reset'].includes(sound),
  )
}

/** Who sent bytes that are not UTF-8, or control characters, telnet's among them. */
function senders({ moments, said }: Evidence): readonly string[] {
  const actors = new Set(moments.filter(({ sound }) => sound === 'sent').map(({ actor }) => actor))
  return [...actors].filter((actor) =>
    said.some(({ actor: by, text }) => by === actor && isNoText(Buffer.from(text, 'latin1'))),
  )
}

function isNoText(bytes: Buffer): boolean {
  return !isUtf8(bytes) || CONTROL.test(bytes.toString('latin1'))
}
