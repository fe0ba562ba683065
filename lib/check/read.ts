// Transcripts out of a Markdown document: their blocks, what stands on the fence, the options.
// A mistake in one is a flaw of that transcript, with its line and what is allowed there.

import { chatBlocks, isRule, type ChatBlock } from './markdown.js'
import { encoded, tonguesIn } from './speech.js'
import { linesOf, readSteps, type Line } from './steps.js'
import { NATIVE, TONGUES, type Tongue } from './tongue.js'
import { LEVELS, type Flaw, type Level, type Transcript } from './transcript.js'

/** What stands on the fence and in the options. */
interface Head {
  id: string
  rules: readonly string[]
  level: Level
  stage?: string
  points?: number
  readonly hints: string[]
  readonly needs: string[]
  exclusive: boolean
  strictLineEnds: boolean
  /** What those speak of whom the steps do not say it. */
  usualTongue: Tongue
}

/** Reads one `key=value` or option; false if the value is none of what is allowed. */
interface Setting {
  readonly allowed: string
  readonly read: (head: Head, value: string) => boolean
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]*$/
const PAIR = /^(?<key>[^=]+)=(?<value>.*)$/
const OPTION = /^(?<name>[a-z]+):(?:\s+(?<value>.*))?$/

const PAIRS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  [
    'id',
    {
      allowed: 'id= takes letters, digits, ".", "_" and "-"',
      read: (head, value) => ID.test((head.id = value)),
    },
  ],
  [
    'rule',
    {
      allowed: 'rule= takes rules separated by commas: capitals, digits, "-" and "."',
      read: (head, value) => (head.rules = value.split(',')).every(isRule),
    },
  ],
  [
    'level',
    {
      allowed: `level= takes ${LEVELS.join(', ')}`,
      read(head, value) {
        const level = LEVELS.find((known) => known === value)
        head.level = level ?? head.level
        return level !== undefined
      },
    },
  ],
  [
    'stage',
    { allowed: 'stage= takes a word', read: (head, value) => ID.test((head.stage = value)) },
  ],
  [
    'dialect',
    {
      allowed: `dialect= takes ${[...TONGUES.keys()].join(', ')}`,
      read(head, value) {
        const tongue = TONGUES.get(value)
        head.usualTongue = tongue ?? head.usualTongue
        return tongue !== undefined
      },
    },
  ],
  [
    'points',
    {
      allowed: 'points= takes a number from 0 on',
      read: (head, value) => /^\d+(\.\d+)?$/.test(value) && (head.points = Number(value)) >= 0,
    },
  ],
])

const OPTIONS: ReadonlyMap<string, Setting> = new Map<string, Setting>([
  [
    'hint',
    {
      allowed: 'hint: takes a text',
      read: (head, value) => value !== '' && head.hints.push(value) > 0,
    },
  ],
  [
    'needs',
    {
      allowed: 'needs: takes words separated by commas, such as bytes',
      read(head, value) {
        head.needs.push(...value.split(/\s*,\s*/))
        return head.needs.every((need) => ID.test(need))
      },
    },
  ],
  [
    'exclusive',
    { allowed: 'exclusive: takes yes', read: (head, value) => (head.exclusive = value === 'yes') },
  ],
  [
    'eol',
    {
      allowed: 'eol: takes strict',
      read: (head, value) => (head.strictLineEnds = value === 'strict'),
    },
  ],
])

/**
 * Reads all transcripts of a document.
 *
 * @param markdown the whole document
 * @param file its name, for the flaws
 */
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
  const flaws: Flaw[] = []
  const refuse = (line: number, message: string): void => {
    flaws.push({ file, line, message })
  }
  const head: Head = {
    id: '',
    rules: block.heading.rule === undefined ? [] : [block.heading.rule],
    level: 'MUST',
    hints: [],
    needs: [],
    exclusive: false,
    strictLineEnds: false,
    usualTongue: NATIVE,
  }
  if (!block.closed) refuse(block.line, 'The block has no end. Close it by a fence of its own: ```')
  readPairs(block.info, head, (message) => {
    refuse(block.line, message)
  })
  const lines = linesOf(block.lines, block.line + 1)
  const options = readOptions(lines, head, refuse)
  const written = readSteps(lines.slice(options), refuse)
  if (written.length === 0)
    refuse(block.line, 'There are no steps. Begin with one like: with alice')
  const { usualTongue, ...said } = head
  const tongues = tonguesIn(written, usualTongue, refuse)
  const steps = encoded(written, tongues, refuse)
  const { title } = block.heading
  return { ...said, title, file, line: block.line, steps, tongues, flaws }
}

function readPairs(info: string, head: Head, refuse: (message: string) => void): void {
  for (const word of info.split(/\s+/).filter((pair) => pair !== '')) {
    const { key = word, value = '' } = PAIR.exec(word)?.groups ?? {}
    const setting = PAIRS.get(key)
    if (setting === undefined) {
      const known = [...PAIRS.keys()].map((name) => `${name}=`).join(' ')
      refuse(`${word} means nothing on a fence. Write ${known}`)
    } else if (!setting.read(head, value)) refuse(`${word} is not allowed: ${setting.allowed}`)
  }
  if (head.id === '') refuse('The block has no name. Write id=NAME on its fence')
}

/** Reads the options before the first step; gives the number of their lines. */
function readOptions(
  lines: readonly Line[],
  head: Head,
  refuse: (line: number, message: string) => void,
): number {
  let count = 0
  for (const { text, line } of lines) {
    const { name = '', value = '' } = OPTION.exec(text)?.groups ?? {}
    const setting = OPTIONS.get(name)
    if (setting === undefined) break
    if (!setting.read(head, value)) refuse(line, `${text} is not allowed: ${setting.allowed}`)
    count++
  }
  return count
}
