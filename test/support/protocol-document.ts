// PROTOCOL.md as data: its rules, examples, tables, grammar and links.

import { readFileSync } from 'node:fs'

/** A rule of the document. */
export interface Rule {
  readonly id: string
  readonly text: string
  /** The test file that checks it, if no transcript can. */
  readonly checkedIn?: string
}

/** One line of an example: sent by a client, or sent to it. */
export interface ExampleLine {
  readonly actor: string
  readonly sent: boolean
  readonly text: string
}

/** The document. */
export interface ProtocolDocument {
  readonly rules: readonly Rule[]
  /** Each fenced example, line by line. */
  readonly examples: readonly (readonly ExampleLine[])[]
  readonly abnf: string
  /** The rows of the table whose first column is headed so, each as its cells. */
  readonly table: (heading: string) => readonly (readonly string[])[]
  /** The places within the document that its links name. */
  readonly links: readonly string[]
  /** The places that its headings make. */
  readonly anchors: readonly string[]
}

const RULE = /\*\*\[(?<id>[A-Z]+-\d+)\]\*\*(?<text>(?:(?!\n\n|\n#|\*\*\[[A-Z]+-\d+\]\*\*)[^])*)/gu
const CHECKED = /\(Checked in `(?<file>[^`]+)`\.\)/u
const FENCE = /^```(?<language>\w+)\n(?<content>[^]*?)^```$/gmu
const EXAMPLE = /^(?<actor>[a-z]+) *(?<side>[CS]):(?: (?<text>.*))?$/u

/** Reads the document; throws on a line of an example that is none. */
export function readProtocol(file: string): ProtocolDocument {
  const markdown = readFileSync(file, 'utf8')
  const fences = [...markdown.matchAll(FENCE)].map(({ groups = {} }) => groups)
  const contents = (language: string): readonly string[] =>
    fences.filter((fence) => fence['language'] === language).map(({ content = '' }) => content)
  return {
    rules: [...markdown.matchAll(RULE)].map(({ groups = {} }) => ruleOf(groups)),
    examples: contents('text').map((content) => content.trimEnd().split('\n').map(exampleLine)),
    abnf: contents('abnf').join('\n'),
    table: (heading) => tableOf(markdown, heading),
    links: [...markdown.matchAll(/\]\(#([^)]+)\)/gu)].map(([, place = '']) => place),
    anchors: [...markdown.matchAll(/^#+ (.*)$/gmu)].map(([, title = '']) => anchorOf(title)),
  }
}

function ruleOf({ id = '', text = '' }: Record<string, string>): Rule {
  const file = CHECKED.exec(text)?.groups?.['file']
  return file === undefined ? { id, text } : { id, text, checkedIn: file }
}

function exampleLine(source: string): ExampleLine {
  const { actor, side, text = '' } = EXAMPLE.exec(source)?.groups ?? {}
  if (actor === undefined) throw new Error(`No line of an example: ${source}`)
  return { actor, sent: side === 'C', text }
}

function tableOf(markdown: string, heading: string): readonly (readonly string[])[] {
  const lines = markdown.split('\n')
  const head = lines.findIndex((row) => row.startsWith(`| ${heading} |`))
  const end = lines.findIndex((row, at) => at > head && !row.startsWith('|'))
  return lines.slice(head + 2, end).map((row) =>
    row
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}

/** As GitHub makes it of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^a-z0-9 -]/gu, '')
    .replaceAll(' ', '-')
}
