// Mistakes about nicknames: what they are, whose they are, and until when.

import type { Moment } from '../tape.js'
import type { Evidence } from './evidence.js'

const LF = 0x0a

/** A nickname has lost its last letter, or a message has. */
export function nickCut({ strange, nicks, messages, nicknames }: Evidence): boolean {
  if (!nicknames) return false
  const cutNicks = nicks.filter((nick) => nick.length > 1).map((nick) => nick.slice(0, -1))
  return strange.some(({ text, actor }) => {
    const words = text.split(/[^A-Za-z0-9]+/)
    const cut = cutNicks.some((nick) => words.includes(nick) && !nicks.includes(nick))
    return (
      cut ||
      messages.some(({ text: message, actor: speaker }) => {
        if (message.length < 2 || speaker === actor || text.includes(message)) return false
        return text.endsWith(message.slice(0, -1)) && !text.endsWith(message)
      })
    )
  })
}

/** A CR is still there: within a line, or in a nickname that is no nickname for that. */
export function crInNick(evidence: Evidence): boolean {
  const withCr = ['crlf', 'bytewise', 'merged'].map((wiring) => evidence.passedIn(wiring))
  const onlyWithCr =
    !withCr.includes(true) && withCr.includes(false) && evidence.passedIn('lf') === true
  return onlyWithCr || evidence.strange.some(({ text }) => text.includes('\r'))
}

/** The first piece of a nickname became the nickname. */
export function nickFromFragment({
  strange,
  cutLines,
  nicks,
  nicknames,
  moments,
}: Evidence): boolean {
  const cutNicks = cutLines.filter(({ pieces }) => nicks.includes(pieces.join('')))
  const heads = cutNicks.flatMap(({ pieces }) =>
    pieces.slice(1).map((_, index) => pieces.slice(0, index + 1).join('')),
  )
  return strange.some(({ text, actor }) => {
    const words = text.split(/\W+/).filter((word) => word !== '')
    const list = /^[\w ,]*$/.test(text)
    const called = heads.some((head) => (list ? words.includes(head) : words[0] === head))
    // Whoever has sent a piece of the first line, and no more, has no nickname yet.
    const sent = sentBefore(moments, actor)
    return called || (nicknames && sent.length > 0 && !sent.includes(LF))
  })
}

/** Two clients that are there have the same nickname. */
export function duplicateNickTakesOver(evidence: Evidence): boolean {
  const { said, nicknames, failure, waiting } = evidence
  if (!nicknames) return false
  const firsts = said.filter(({ first, actor }) => first && evidence.isThere(actor))
  return firsts.some(({ actor, text }) => {
    const twin = firsts.some((other) => other.text === text && other.actor !== actor)
    return twin && (waiting.includes(actor) || failure.unread.length > 0)
  })
}

/** A nickname is still taken, or listed, after its client has ended the connection. */
export function ghostNick(evidence: Evidence): boolean {
  return outlives(evidence, 'half-closed')
}

/** The same after the connection was broken off. */
export function noLeaveOnReset(evidence: Evidence): boolean {
  return outlives(evidence, 'broke off')
}

/** Letters of other alphabets pass for letters of a nickname. */
export function unicodeAlnum(evidence: Evidence): boolean {
  const { said, nicknames, waiting, strange } = evidence
  if (!nicknames) return false
  return said.some(({ first, actor, text }) => {
    const letters = /^[\p{L}\p{N}]+$/u.test(Buffer.from(text, 'latin1').toString())
    if (!first || !letters || !/[\x80-\xff]/.test(text) || evidence.dropped(actor)) return false
    return (
      waiting.includes(actor) ||
      strange.some((line) => line.actor === actor || line.text.includes(text))
    )
  })
}

/** Something came to a client that had not sent its nickname. */
export function speaksBeforeNick({ moments, strange, nicknames, messages }: Evidence): boolean {
  return strange.some(({ actor, text }) => {
    const silent = sentBefore(moments, actor).length === 0
    // Without nicknames whoever is there hears the others.
    return silent && (nicknames || !messages.some((said) => text.endsWith(said.text)))
  })
}

/** What an actor had sent on its last connection when it first received something. */
function sentBefore(moments: readonly Moment[], actor: string): Buffer {
  const own = moments.filter((moment) => moment.actor === actor)
  const last = own.at(-1)?.connection
  const current = own.filter(({ connection }) => connection === last)
  const heard = current.findIndex(({ sound }) => sound === 'received')
  const before = current.slice(0, Math.max(heard, 0)).filter(({ sound }) => sound === 'sent')
  return Buffer.concat(before.map(({ bytes }) => bytes))
}

/** Whether a line is a list with this nickname in it: it has others too, or nothing else. */
function isListOf(text: string, nick: string, nicks: readonly string[]): boolean {
  const words = text.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const others = words.filter((word) => word !== nick)
  if (others.length === words.length) return false
  return others.length === 0 || others.some((word) => nicks.includes(word))
}

function outlives(evidence: Evidence, sound: 'half-closed' | 'broke off'): boolean {
  const { moments, said, failure, waiting, strange, missing } = evidence
  const gone = moments.filter((moment) => moment.sound === sound)
  return gone.some(({ actor, connection }) => {
    const own = said.find(
      (line) => line.first && line.actor === actor && line.connection === connection,
    )
    const nick = own?.text ?? actor
    const { step } = failure
    // A server that has not said anything does nothing at all.
    const works = moments.some(({ sound: kind }) => kind === 'received')
    if (step?.type === 'leave' && step.actor === actor) return works
    const again = said.filter((line) => line.first && line.text === nick && line !== own)
    const refused = again.some(
      (line) => evidence.dropped(line.actor) || waiting.includes(line.actor),
    )
    if (refused) return true
    const listed =
      again.length === 0 && strange.some(({ text }) => isListOf(text, nick, evidence.nicks))
    const addressed = said.some(
      ({ text, actor: by }) => text.startsWith(`#${nick} `) && waiting.includes(by),
    )
    return listed || (addressed && missing)
  })
}
