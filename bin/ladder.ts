// `partyline ladder`: draws transcripts, for slides and worksheets.

import type { Argv } from 'yargs'
import { flawText } from '../lib/check/failure.js'
import { ladderOf } from '../lib/check/ladder/ladder.js'
import { ladderMermaid } from '../lib/check/ladder/mermaid.js'
import { rulersOfTranscript, rulersText } from '../lib/check/ladder/rulers.js'
import { ladderSvg } from '../lib/check/ladder/svg.js'
import { ladderText } from '../lib/check/ladder/text.js'
import { readTranscripts } from '../lib/check/read.js'
import type { Transcript } from '../lib/check/transcript.js'
import { WIRINGS, type Wiring } from '../lib/check/wiring.js'
import { refuseClashes, type Clash } from './clashes.js'
import { assertPrinted, print } from './printing.js'
import {
  UsageError,
  fromCommandLine,
  readFile,
  readSwitch,
  readText,
  type Sources,
} from './sources.js'

/** What `partyline ladder` was asked for. */
export interface LadderOptions {
  readonly transcripts: readonly Transcript[]
  readonly format: 'text' | 'mermaid' | 'svg'
  /** Whether to leave the received lines out. */
  readonly blanks: boolean
  /** To draw what is sent in this wiring as segments against lines. */
  readonly rulers?: Wiring
}

const CLASHES: readonly Clash[] = [
  ['rulers', ['blanks'], '--rulers shows nothing that is received'],
]

/** Adds the options of `ladder` to a command. */
export function describeLadder(command: Argv): Argv {
  return command
    .positional('file', { type: 'string', describe: 'Markdown file with transcripts' })
    .options({
      id: { requiresArg: true, describe: 'only this transcript' },
      format: { requiresArg: true, describe: 'text, mermaid or svg [default: text]' },
      blanks: { describe: 'leave out what is received, for a worksheet' },
      rulers: {
        requiresArg: true,
        describe: `segments against lines of what is sent in this wiring: ${Object.keys(WIRINGS).join(', ')}`,
      },
    })
}

/** Checks what yargs has read, and reads the file. Throws a {@link UsageError}. */
export function readLadder(args: Readonly<Record<string, unknown>>): LadderOptions {
  const sources: Sources = [fromCommandLine(args)]
  refuseClashes(sources, CLASHES)
  const file = readText(sources, 'file') ?? ''
  const all = readTranscripts(readFile('ladder', file), file)
  const flaws = all.flatMap((transcript) => transcript.flaws)
  if (flaws.length > 0) throw new UsageError(flaws.map(flawText).join('; '))
  const id = readText(sources, 'id')
  const transcripts = all.filter((transcript) => id === undefined || transcript.id === id)
  if (transcripts.length === 0) {
    throw new UsageError(missing(file, all, id))
  }
  const format = readText(sources, 'format') ?? 'text'
  if (format !== 'text' && format !== 'mermaid' && format !== 'svg') {
    throw new UsageError(`--format takes text, mermaid or svg, not '${format}'`)
  }
  const rulers = readWiring(sources)
  if (rulers !== undefined && format !== 'text') {
    throw new UsageError(`--rulers draws text alone: leave --format ${format} out`)
  }
  if (format === 'svg' && transcripts.length > 1) {
    throw new UsageError('--format svg draws one transcript: name it with --id')
  }
  const blanks = readSwitch(sources, 'blanks')
  return { transcripts, format, blanks, ...(rulers === undefined ? {} : { rulers }) }
}

/** Prints the drawings; gives the exit code. Throws if they cannot be printed. */
export function ladder(options: LadderOptions): number {
  print(drawingsOf(options))
  assertPrinted()
  return 0
}

/** The drawings, in lines without their ends. */
export function drawingsOf({
  transcripts,
  format,
  blanks,
  rulers,
}: LadderOptions): readonly string[] {
  const drawings = transcripts.map((transcript) => {
    if (rulers !== undefined) return rulersOf(transcript, rulers)
    const drawn = ladderOf(transcript, blanks)
    if (format === 'svg') return [ladderSvg(drawn)]
    return format === 'mermaid' ? ladderMermaid(drawn) : ladderText(drawn)
  })
  return drawings.flatMap((drawing, index) => (index === 0 ? drawing : ['', ...drawing]))
}

function rulersOf(transcript: Transcript, wiring: Wiring): readonly string[] {
  const all = rulersOfTranscript(transcript, wiring)
  return [transcript.title, ...all.flatMap((each) => ['', each.who, ...rulersText(each)])]
}

function missing(file: string, all: readonly Transcript[], id: string | undefined): string {
  const names = all.map((transcript) => transcript.id).join(', ')
  if (names === '')
    return `${file} has no transcripts: name a file with blocks that begin \`\`\`chat`
  return `${file} has no transcript ${id ?? ''}: it has ${names}`
}

function readWiring(sources: Sources): Wiring | undefined {
  const name = readText(sources, 'rulers')
  if (name === undefined) return undefined
  const wiring = Object.values(WIRINGS).find((known) => known.name === name)
  if (wiring !== undefined) return wiring
  throw new UsageError(`--rulers takes ${Object.keys(WIRINGS).join(', ')}, not '${name}'`)
}
