// Mistakes about nicknames: what they are, whose they are, and until when.

import type { Moment } from '../tape.js'
import { PROBE, PROBE_TEXT } from '../trial.js'
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
        // Nobody can tell a space that is cut off from one that stands before what is said.
        if (message.trim().length < 2 || speaker === actor || text.includes(message)) return false
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

/** A nickname that one has became that of another, who then could speak or had the first sent away. */
export function duplicateNickTakesOver(evidence: Evidence): boolean {
  const { said, nicknames } = evidence
  if (!nicknames || evidence.onlyWhereCut) return false
  const firsts = said.filter(({ first }) => first)
  return firsts.some((late, index) => {
    if (!evidence.isThere(late.actor)) return false
    return firsts.slice(0, index).some((early) => {
      if (early.text !== late.text || early.actor === late.actor) return false
      return evidence.isThere(early.actor)
        ? isHeard(evidence, late.actor)
        : isSentAway(evidence, early.actor, late.actor)
    })
  })
}

/** Whether what an actor says as the last one of all comes to others, or what others said to that actor. */
function isHeard({ afterProbe, run, messages, strange }: Evidence, actor: string): boolean {
  const asked = run.moments.find(({ step, sound }) => step === PROBE && sound === 'sent')
  const probed =
    asked?.actor === actor &&
    afterProbe.some((line) => line.actor !== actor && line.text.includes(PROBE_TEXT))
  return probed || hearsOthers({ messages, strange }, actor)
}

/** Whether talk of others came to an actor who should have had none. */
function hearsOthers(
  { messages, strange }: Pick<Evidence, 'messages' | 'strange'>,
  actor: string,
): boolean {
  const talk = messages.filter((line) => line.actor !== actor && /^[^#@!]/.test(line.text))
  return strange.some(
    (line) => line.actor === actor && talk.some(({ text }) => line.text.endsWith(text)),
  )
}

/** Whether the server ended the connection of one when another one had come. */
function isSentAway(evidence: Evidence, early: string, late: string): boolean {
  const { moments } = evidence
  const came = moments.findIndex(({ actor, sound }) => actor === late && sound === 'sent')
  const ended = moments.findIndex(
    ({ actor, sound }) => actor === early && (sound === 'closed' || sound === 'reset'),
  )
  return evidence.dropped(early) && came >= 0 && ended > came
}

/** A nickname is still taken, or listed, after its client has ended the connection. */
export function ghostNick(evidence: Evidence): boolean {
  return outlives(evidence, 'half-closed')
}

/** The same after the connection was broken off. */
export function noLeaveOnReset(evidence: Evidence): boolean {
  return outlives(evidence, 'broke off')
}

/** Letters of other alphabets pass for letters of a nickname: its client hears the others, or they it. */
export function unicodeAlnum(evidence: Evidence): boolean {
  const { said, nicknames, strange } = evidence
  // Where the bytes of a letter are lost because they come apart, another nickname is what is left.
  if (!nicknames || evidence.onlyWhereCut) return false
  return said.some(({ first, actor, text }) => {
    const letters = /^[\p{L}\p{N}]+$/u.test(Buffer.from(text, 'latin1').toString())
    if (!first || !letters || !/[\x80-\xff]/.test(text) || evidence.dropped(actor)) return false
    return (
      hearsOthers(evidence, actor) ||
      strange.some((line) => line.actor !== actor && line.text.includes(text))
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
      ({ text, actor: by }) =>
        text.startsWith(`#${nick} `) && waiting.includes(by) && knowsNobody(evidence, by),
    )
    return listed || (addressed && missing)
  })
}

/** Whether the server has told an actor before that nobody has some nickname: then silence is no want of words. */
function knowsNobody({ failure, nicks }: Evidence, actor: string): boolean {
  const { transcript, step } = failure
  const passed = transcript.steps.filter(({ line }) => line < (step?.line ?? 0))
  return passed.some((asked, index) => {
    if (asked.type !== 'send' || asked.actor !== actor) return false
    const to = /^#(?<to>\S+) /.exec(asked.bytes.toString('latin1'))?.groups?.['to']
    const answer = passed[index + 1]
    return (
      to !== undefined && !nicks.includes(to) && answer?.type === 'line' && answer.actor === actor
    )
  })
}
