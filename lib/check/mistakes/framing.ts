// Mistakes about where a line begins and ends: TCP carries bytes, and one read is not one line.

import { PROBE_TEXT } from '../trial.js'
import { wordsOf } from './delivery.js'
import type { CutLine, Evidence, Strange } from './evidence.js'

/** What may stand before a message: nothing, or words that end in a sign, as in `alice: ` or `<alice> `. */
const BEFORE_MESSAGE = /^(?:[^\n]*[^\w\s]\s*)?$/

/** A byte of a letter that has several of them. */
const MANY_BYTES = /[\x80-\xff]/

/** A piece of a line went out, as if it were a line of its own. */
export function forwardsFragments(evidence: Evidence): boolean {
  const { strange, fragments, cutLines, run } = evidence
  return strange.some(({ actor, text }) => {
    // So much was sent to him, and by others, that it ends and begins anywhere.
    if (run.flooded.includes(actor)) return false
    const isPiece = fragments.some(
      (piece) =>
        follows(text, piece) &&
        !cutLines.some((cut) => isAllOf(text, cut)) &&
        !isLastWord(piece, evidence),
    )
    // Of a line of very many reads the pieces after the first came too, or it was cut short.
    const alone = strange.filter((line) => line.actor === actor).length === 1
    const cuts = cutLines.filter(({ pieces }) => !alone || pieces.length <= MANY_PIECES)
    return isPiece || cuts.some((cut) => holdsPieces(text, cut, evidence))
  })
}

/** Whether a piece is what somebody sent before the end: then the end was taken for that of the line. */
function isLastWord(piece: string, { moments }: Evidence): boolean {
  return moments.some(({ sound, actor, connection }) => {
    if (sound !== 'half-closed') return false
    const last = moments.findLast(
      (own) => own.sound === 'sent' && own.actor === actor && own.connection === connection,
    )
    return last?.bytes.toString('latin1').endsWith(piece) === true
  })
}

/** Several lines of one write went out as one. */
export function mergedLines({
  strange,
  bundles,
  nicks,
  nicknames,
  run,
  failure,
}: Evidence): boolean {
  const texts = strange.map(({ text }) => text)
  // Several lines in one may be just what a later step takes for the last of them.
  const unread = failure.unread.flatMap(({ lines }) => lines.map((line) => line.toString('latin1')))
  return bundles.some(({ lines }) =>
    lines.slice(1).some((line, index) => {
      const previous = lines[index] ?? ''
      // A nickname stands before what is said.
      if (line === '' || nicks.includes(previous)) return false
      if ([...texts, ...unread].some((text) => joins(text, previous, line))) return true
      // The second line came without the nickname that stands before the first.
      const bare = texts.some((text) => text === line || (nicknames && text.startsWith(line)))
      return (
        bare &&
        run.moments.some(({ bytes, sound }) => sound === 'received' && holds(bytes, previous))
      )
    }),
  )
}

/** What a line that came with others asked for came only after a later write. */
export function oneLineBehind(evidence: Evidence): boolean {
  const { missing, bundles, said } = evidence
  const bundlers = bundles.map(({ actor }) => actor)
  const bundled = said.filter(({ actor }) => bundlers.includes(actor))
  // What others sent is late for another reason.
  const late = evidence.afterProbe.filter(
    ({ actor, text }) =>
      !text.includes(PROBE_TEXT) &&
      (bundlers.includes(actor) || bundled.some((line) => text.endsWith(line.text))),
  )
  return missing && late.some(({ actor, text }) => evidence.expects(actor, text))
}

/** A line that came with others, or the beginning of one, was thrown away. */
export function secondLineLost(evidence: Evidence): boolean {
  const { missing, wanted, bundles, strange, said } = evidence
  return bundles.some(({ actor, lines, rest }) => {
    // One who was sent away has lost more than a line.
    if (evidence.dropped(actor)) return false
    const others = lines.slice(1).filter((line) => line !== '')
    // What was thrown away is the end of it: after that nothing was heard, in capitals or not.
    const isHeard = (line: string): boolean =>
      [line, line.toLowerCase(), alike(line)].some((text) => evidence.wasHeard(text))
    const lost = others.slice(others.findLastIndex(isHeard) + 1)
    const awaited =
      wanted.some((end) => lost.some((line) => end.endsWith(line))) ||
      (missing && lost.length > 0 && lacksAnswer(evidence, actor))
    if (awaited && (missing || strange.length > 0)) return true
    const begun = said.filter(({ text }) => rest !== '' && text.startsWith(rest) && text !== rest)
    return begun.some(({ text }) =>
      strange.some((line) => follows(line.text, text.slice(rest.length))),
    )
  })
}

/** Whether one waits for a line, and not for an end, which comes where no line comes with others. */
function lacksAnswer(evidence: Evidence, actor: string): boolean {
  const { step } = evidence.failure
  const ends = step?.type === 'ending'
  return !ends && evidence.waiting.includes(actor) && evidence.passedIn('bytewise') !== false
}

/** The pieces of a letter that came in several reads were each made a text of its own: others stand in its place, or none, or the sender is gone. */
export function lettersCut(evidence: Evidence): boolean {
  if (!evidence.onlyWhereCut) return false
  const lines = evidence.cutLines.map(whole).filter((line) => MANY_BYTES.test(line))
  const isBroken = ({ text }: Strange): boolean => lines.some((line) => isBrokenLine(text, line))
  const speakers = evidence.moments
    .filter(({ sound, bytes }) => sound === 'sent' && MANY_BYTES.test(bytes.toString('latin1')))
    .map(({ actor }) => actor)
  return evidence.strange.some(isBroken) || speakers.some((actor) => evidence.dropped(actor))
}

/** Whether a text has all of a line but its letters of several bytes. */
function isBrokenLine(text: string, line: string): boolean {
  return !follows(text, line) && follows(withoutLetters(text), withoutLetters(line))
}

/** Without bytes of letters of several bytes, and signs that stand in their place. */
function withoutLetters(text: string): string {
  return text.replace(/[\x80-\xff?]/g, '')
}

/** An answer has no line end. */
export function noNewlineAtEnd({ strange }: Evidence): boolean {
  return strange.some(({ whole }) => !whole)
}

/** Spaces in or around a message are not those that were sent. */
export function trimsMessage({ strange, said }: Evidence): boolean {
  return said.some(({ text }) => {
    const words = wordsOf(text)
    const squeezed = squeeze(words)
    if (squeezed === words || squeezed === '') return false
    return strange.some(
      (line) => !line.text.includes(words) && squeeze(line.text).endsWith(squeezed),
    )
  })
}

/** Whether a text is what may stand before a message, and then this. */
function follows(text: string, message: string): boolean {
  if (message === '' || !alike(text).endsWith(alike(message))) return false
  return BEFORE_MESSAGE.test(text.slice(0, -message.length))
}

/** More pieces than this are those of a line of many reads, whose first piece begins with the line. */
const MANY_PIECES = 1000

/** Whether a text is a message of some pieces of a line that follow each other, and not of all that can be seen. */
function holdsPieces(text: string, cut: CutLine, evidence: Evidence): boolean {
  const line = whole(cut)
  if (isAllOf(text, cut)) return false
  const starts = cut.pieces.length > MANY_PIECES ? cut.pieces.slice(0, 1) : cut.pieces
  return starts.some((_, start) => {
    // The beginning came with lines, and nobody heard it: then it was thrown away.
    const begun = cut.pieces.slice(0, start).join('')
    const bundled = begun !== '' && evidence.bundles.some(({ rest }) => rest === begun)
    if (bundled && !evidence.wasHeard(begun)) return false
    let run = ''
    for (const piece of cut.pieces.slice(start)) {
      run += piece
      // Nothing longer than the text can be in it.
      if (run.length > text.length) return false
      if (run.trim() !== line.trim() && run.trim() !== '' && follows(text, run)) return true
    }
    return false
  })
}

/** Whether a text is a message of a whole line, or of what is left of it where letters of several bytes were lost, since these came apart. */
function isAllOf(text: string, cut: CutLine): boolean {
  const line = whole(cut)
  return follows(text, line) || follows(text, line.replace(/[\x80-\xff]/g, ''))
}

function whole({ pieces }: CutLine): string {
  return pieces.join('')
}

/** A server may send capitals back. */
function alike(text: string): string {
  return text.toUpperCase()
}

function joins(text: string, first: string, second: string): boolean {
  const at = text.indexOf(first)
  const next = text.indexOf(second, at + first.length)
  const MOST_BETWEEN = 3
  return first !== '' && at >= 0 && next >= 0 && next - at - first.length <= MOST_BETWEEN
}

function holds(bytes: Buffer, text: string): boolean {
  return text !== '' && bytes.includes(Buffer.from(text, 'latin1'))
}

function squeeze(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
