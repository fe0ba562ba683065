// Transcripts out of a Markdown document: their blocks, what stands on the fence, the options.
// A mistake in one is a flaw of that transcript, with its line and what is allowed there.

import { chatBlocks, isRule, type ChatBlock } from './markdown.js'
import { encoded, tonguesIn } from './speech.js'
import { linesOf, readSteps, type Line } from './steps.js'
import { NATIVE, TONGUES, type Tongue } from './tongue.js'
import { LEVELS, type Flaw, type Level, type Transcript } from './transcript.js'

/** What stands on the fence and in the options. */
interface Head {
  readonly id: string
  readonly rules: readonly string[]
  readonly level: Level
  readonly stage?: string
  readonly points?: number
  readonly hints: readonly string[]
  readonly needs: readonly string[]
  readonly exclusive: boolean
  readonly strictLineEnds: boolean
  /** What those speak of whom the steps do not say it. */
  readonly usualTongue: Tongue
}

/** One `key=value` or option. */
interface Setting {
  readonly allowed: string
  /** What the value adds to the head; undefined if it is none of what is allowed. */
  readonly read: (value: string) => Partial<Head> | undefined
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const PAIR = /^(?<key>[^=]+)=(?<value>.*)$/
const OPTION = /^(?<name>[a-z]+):(?:\s+(?<value>.*))?$/

const PAIRS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  [
    'id',
    {
      allowed: 'id= takes letters, digits, ".", "_" and "-"',
      read: (id) => (ID.test(id) ? { id } : undefined),
    },
  ],
  [
    'rule',
    {
      allowed: 'rule= takes rules separated by commas: capitals, digits, "-" and "."',
      read(value) {
        const rules = value.split(',')
        return rules.every(isRule) ? { rules } : undefined
      },
    },
  ],
  [
    'level',
    {
      allowed: `level= takes ${LEVELS.join(', ')}`,
      read(value) {
        const level = LEVELS.find((known) => known === value)
        return level === undefined ? undefined : { level }
      },
    },
  ],
  [
    'stage',
    {
      allowed: 'stage= takes a word',
      read: (stage) => (ID.test(stage) ? { stage } : undefined),
    },
  ],
  [
    'dialect',
    {
      allowed: `dialect= takes ${[...TONGUES.keys()].join(', ')}`,
      read(value) {
        const usualTongue = TONGUES.get(value)
        return usualTongue === undefined ? undefined : { usualTongue }
      },
    },
  ],
  [
    'points',
    {
      allowed: 'points= takes a number from 0 on',
      read: (value) => (/^\d+(\.\d+)?$/.test(value) ? { points: Number(value) } : undefined),
    },
  ],
])

const OPTIONS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  [
    'hint',
    {
      allowed: 'hint: takes a text',
      read: (hint) => (hint === '' ? undefined : { hints: [hint] }),
    },
  ],
  [
    'needs',
    {
      allowed: 'needs: takes words separated by commas, such as bytes',
      read(value) {
        const needs = value.split(/\s*,\s*/)
        return needs.every((need) => ID.test(need)) ? { needs } : undefined
      },
    },
  ],
  [
    'exclusive',
    {
      allowed: 'exclusive: takes yes',
      read: (value) => (value === 'yes' ? { exclusive: true } : undefined),
    },
  ],
  [
    'eol',
    {
      allowed: 'eol: takes strict',
      read: (value) => (value === 'strict' ? { strictLineEnds: true } : undefined),
    },
  ],
])

/** The head of a block before anything is read. */
const NO_HEAD: Head = {
  id: '',
  rules: [],
  level: 'MUST',
  hints: [],
  needs: [],
  exclusive: false,
  strictLineEnds: false,
  usualTongue: NATIVE,
}

/** Reads all transcripts of a whole document; `file` is its name, for the flaws. */
export function readTranscripts(markdown: string, file: string): readonly Transcript[] {
  const ids = new Set<string>()
  return chatBlocks(markdown).map((block) => {
    const transcript = readBlock(block, file)
    const again = transcript.id !== '' && ids.has(transcript.id)
    ids.add(transcript.id)
    if (!again) return transcript
    const message = `id=${transcript.id} is taken by an earlier block. Take another one`
    return { ...transcript, flaws: [{ file, line: block.line, message }, ...transcript.flaws] }
  })
}

function readBlock(block: ChatBlock, file: string): Transcript {
  const { heading, info, closed } = block
  const flaws: Flaw[] = []
  const refuse = (line: number, message: string): void => {
    flaws.push({ file, line, message })
  }
  if (!closed) refuse(block.line, 'The block has no end. Close it by a fence of its own: ```')
  const ruled = heading.rule === undefined ? NO_HEAD : { ...NO_HEAD, rules: [heading.rule] }
  const fence = readPairs(info, ruled, (message) => {
    refuse(block.line, message)
  })
  const lines = linesOf(block.lines, block.line + 1)
  const { head, count } = readOptions(lines, fence, refuse)
  const written = readSteps(lines.slice(count), refuse)
  if (written.length === 0)
    refuse(block.line, 'There are no steps. Begin with one like: with alice')
  const { usualTongue, ...said } = head
  const tongues = tonguesIn(written, usualTongue, refuse)
  const steps = encoded(written, tongues, refuse)
  return { ...said, title: heading.title, file, line: block.line, steps, tongues, flaws }
}

/** The head with what the fence says. */
function readPairs(info: string, before: Head, refuse: (message: string) => void): Head {
  let head = before
  let named = false
  for (const word of info.split(/\s+/).filter((pair) => pair !== '')) {
    const { key = word, value = '' } = PAIR.exec(word)?.groups ?? {}
    const setting = PAIRS.get(key)
    named ||= key === 'id' && value !== ''
    if (setting === undefined) {
      const known = [...PAIRS.keys()].map((name) => `${name}=`).join(' ')
      refuse(`${word} means nothing on a fence. Write ${known}`)
      continue
    }
    const read = setting.read(value)
    if (read === undefined) refuse(`${word} is not allowed: ${setting.allowed}`)
    else head = { ...head, ...read }
  }
  if (!named) refuse('The block has no name. Write id=NAME on its fence')
  return head
}

/** The head with what the options before the first step say, and the number of their lines. */
function readOptions(
  lines: readonly Line[],
  before: Head,
  refuse: (line: number, message: string) => void,
): { readonly head: Head; readonly count: number } {
  let head = before
  let count = 0
  for (const { text, line } of lines) {
    const { name = '', value = '' } = OPTION.exec(text)?.groups ?? {}
    const setting = OPTIONS.get(name)
    if (setting === undefined) break
    const read = setting.read(value)
    if (read === undefined) refuse(line, `${text} is not allowed: ${setting.allowed}`)
    else head = withOption(head, read)
    count++
  }
  return { head, count }
}

/** Hints and needs add up, all else is as it is said last. */
function withOption(head: Head, read: Partial<Head>): Head {
  const { hints = [], needs = [] } = read
  return { ...head, ...read, hints: [...head.hints, ...hints], needs: [...head.needs, ...needs] }
}
