// What is played and what it is worth: the documents of a folder, in stages, in the order of a
// rubric or else of the documents.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { flawText } from './failure.js'
import { readTranscripts } from './read.js'
import { readRubric, type Rubric, type RubricStage } from './rubric.js'
import type { Transcript } from './transcript.js'

/** What one transcript is worth. */
export interface Task {
  readonly transcript: Transcript
  readonly stage: string
  readonly points: number
}

/** All that is to be played, in order. */
export interface Course {
  readonly name: string
  readonly tasks: readonly Task[]
}

/** Which of the stages of a folder to play. */
export interface Choice {
  /** The folder with the documents. */
  readonly folder: string
  /** Only these stages. */
  readonly stages?: readonly string[]
  /** The stages up to this one. */
  readonly until?: string
  /** A rubric in place of the folder's own `rubric.json`. */
  readonly rubric?: string
}

/** The stage of transcripts that name none. */
const NO_STAGE = 'other'
/** What a transcript is worth that does not say it. */
const POINTS = 1

/** Reads a course; or what is wrong with it, each in a line that says where and what to do. */
export function readCourse(choice: Choice): Course | { readonly problems: readonly string[] } {
  const { folder } = choice
  const unfit = unfitness(folder)
  if (unfit !== undefined) return { problems: [`--spec ${folder}: ${unfit}`] }
  const transcripts = readFolder(folder)
  const problems = transcriptProblems(folder, transcripts)
  const own = join(folder, 'rubric.json')
  const file = choice.rubric ?? (existsSync(own) ? own : undefined)
  const read = file === undefined ? { rubric: rubricOf(folder, transcripts) } : readRubric(file)
  if ('problem' in read) {
    const option = choice.rubric === undefined ? '' : '--rubric '
    return { problems: [...problems, `${option}${file ?? ''}: ${read.problem}`] }
  }
  const { rubric } = read
  problems.push(...stageProblems(choice, rubric, transcripts, file ?? folder))
  if (problems.length > 0) return { problems }
  const listed = listedIn(rubric, choice)
  return { name: rubric.name, tasks: listed.flatMap((stage) => tasksOf(stage, transcripts)) }
}

/** Why transcripts cannot be read from there, if they cannot. */
function unfitness(folder: string): string | undefined {
  try {
    const kind = statSync(folder, { throwIfNoEntry: false })
    if (kind === undefined) return 'there is no such folder. Name one with transcripts'
    if (!kind.isDirectory()) return 'that is no folder. Name the one in which the transcripts are'
    readdirSync(folder)
    return undefined
  } catch (error) {
    return `it cannot be read (${error instanceof Error ? error.message : String(error)})`
  }
}

function transcriptProblems(folder: string, transcripts: readonly Transcript[]): string[] {
  const flaws = transcripts.flatMap((transcript) => transcript.flaws.map(flawText))
  const empty = `--spec ${folder}: it holds no transcripts: see spec/README.md`
  return [...flaws, ...repeated(transcripts), ...(transcripts.length === 0 ? [empty] : [])]
}

/** What is wrong with the stages that were chosen, and with those of the rubric, which `source` gave. */
function stageProblems(
  choice: Choice,
  rubric: Rubric,
  transcripts: readonly Transcript[],
  source: string,
): readonly string[] {
  const { folder, stages, until } = choice
  const known = knownStages(transcripts)
  const named = rubric.stages.map(({ stage }) => stage)
  const missing = (
    where: string,
    stage: string,
    there: string,
    all: readonly string[],
  ): string[] =>
    all.includes(stage)
      ? []
      : [`${where}: there is no stage ${stage} in ${there}, which has ${all.join(', ')}`]
  if (until !== undefined && !named.includes(until)) {
    return missing(`--until ${until}`, until, source, named)
  }
  const strangers = (stages ?? []).flatMap((stage) =>
    missing(`--stage ${stage}`, stage, folder, known),
  )
  if (strangers.length > 0) return strangers
  return listedIn(rubric, choice).flatMap(({ stage, transcripts: count }) => {
    const found = transcripts.filter((transcript) => stageOf(transcript) === stage).length
    if (found === 0) return missing(source, stage, folder, known)
    if (count === undefined || count === found) return []
    return [`${source}: stage ${stage} has ${found} transcripts, not ${count}`]
  })
}

/** All transcripts of a folder and the folders in it, in the order of the names of the files. */
function readFolder(folder: string): readonly Transcript[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => join(folder, name))
    .flatMap((file) => readTranscripts(readFileSync(file, 'utf8'), file))
}

function stageOf({ stage }: Transcript): string {
  return stage ?? NO_STAGE
}

function repeated(transcripts: readonly Transcript[]): readonly string[] {
  const seen = new Map<string, Transcript>()
  return transcripts.flatMap((transcript) => {
    const first = seen.get(transcript.id)
    seen.set(transcript.id, transcript)
    if (first === undefined || first.file === transcript.file) return []
    return [`${transcript.file}:${transcript.line}: id=${transcript.id} is taken in ${first.file}`]
  })
}

function knownStages(transcripts: readonly Transcript[]): readonly string[] {
  return [...new Set(transcripts.map(stageOf))]
}

function rubricOf(folder: string, transcripts: readonly Transcript[]): Rubric {
  return { name: folder, stages: knownStages(transcripts).map((stage) => ({ stage })) }
}

/** The stages that were chosen, with what the rubric says of them; of one that it does not name, nothing. */
function listedIn({ stages }: Rubric, choice: Choice): readonly RubricStage[] {
  const ofRubric = (name: string): RubricStage | undefined =>
    stages.find(({ stage }) => stage === name)
  if (choice.stages !== undefined) {
    return choice.stages.map((stage) => ofRubric(stage) ?? { stage })
  }
  const last = stages.findIndex(({ stage }) => stage === choice.until)
  return last < 0 ? stages : stages.slice(0, last + 1)
}

/** The transcripts of a stage share its points in proportion to their own. */
function tasksOf(
  { stage, points }: RubricStage,
  transcripts: readonly Transcript[],
): readonly Task[] {
  const own = transcripts.filter((transcript) => stageOf(transcript) === stage)
  const sum = own.reduce((total, transcript) => total + (transcript.points ?? POINTS), 0)
  const factor = points === undefined || sum === 0 ? 1 : points / sum
  return own.map((transcript) => ({
    transcript,
    stage,
    points: (transcript.points ?? POINTS) * factor,
  }))
}
