// The `chat` blocks of a Markdown document, with the heading above each. Knows no steps.

/** A fenced block of the language `chat`. */
export interface ChatBlock {
  /** What stands on the fence after `chat`. */
  readonly info: string
  /** The lines within, as they are. */
  readonly lines: readonly string[]
  /** The line of the opening fence, from 1. */
  readonly line: number
  /** Whether a fence closes it. */
  readonly closed: boolean
  /** The heading above it; empty texts if there is none. */
  readonly heading: Heading
}

/** A heading as in `## Lines in pieces {#LINE-2}`. */
export interface Heading {
  readonly title: string
  /** The rule it defines, if any. */
  readonly rule?: string
}

const HEADING = /^#{1,6}\s+(?<title>.*?)\s*(?:\{#(?<anchor>[^}\s]+)\})?\s*$/
const RULE = /^[A-Z][A-Z0-9.-]*$/
const FENCE = /^(?<ticks>`{3,}|~{3,})\s*(?<info>.*?)\s*$/
const CHAT = /^chat(?:\s+(?<info>.*))?$/

/** Finds the blocks of a document in their order. Blocks of other languages are passed over, and what is in them. */
export function chatBlocks(markdown: string): readonly ChatBlock[] {
  const lines = markdown.split(/\r?\n/)
  const blocks: ChatBlock[] = []
  let heading: Heading = { title: '' }
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ''
    heading = headingOf(line) ?? heading
    const { ticks, info = '' } = FENCE.exec(line)?.groups ?? {}
    if (ticks === undefined) continue
    const end = lines.findIndex((other, index) => index > at && closes(other, ticks))
    const closed = end >= 0
    const within = lines.slice(at + 1, closed ? end : undefined)
    const chat = CHAT.exec(info)
    if (chat !== null) {
      const { info: pairs = '' } = chat.groups ?? {}
      blocks.push({ info: pairs, lines: within, line: at + 1, closed, heading })
    }
    at += within.length + 1
  }
  return blocks
}

/** Whether this names a rule: capitals, digits, `-` and `.`. */
export function isRule(name: string): boolean {
  return RULE.test(name)
}

function headingOf(line: string): Heading | undefined {
  const { title, anchor } = HEADING.exec(line)?.groups ?? {}
  if (title === undefined) return undefined
  return anchor !== undefined && isRule(anchor) ? { title, rule: anchor } : { title }
}

/** A fence is closed by one of its own kind that is at least as long. */
function closes(line: string, ticks: string): boolean {
  const mark = line.trim()
  return mark.startsWith(ticks) && mark === ticks.charAt(0).repeat(mark.length)
}
