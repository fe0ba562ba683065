// What is played and what it is worth: the documents of a folder, in stages, in the order of a
// rubric or else of the documents.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
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
  const { folder, stages, until } = choice
  if (!existsSync(folder))
    return { problems: [`${folder} is not there: name a folder with transcripts`] }
  const transcripts = readFolder(folder)
  const flaws = transcripts.flatMap((transcript) => transcript.flaws.map(flawText))
  const problems = [...flaws, ...repeated(transcripts)]
  if (transcripts.length === 0) problems.push(`${folder} holds no transcripts: see spec/README.md`)
  const known = [...new Set(transcripts.map(stageOf))]
  const own = join(folder, 'rubric.json')
  const file = choice.rubric ?? (existsSync(own) ? own : undefined)
  const read = file === undefined ? { rubric: rubricOf(folder, known) } : readRubric(file)
  if ('problem' in read) return { problems: [...problems, read.problem] }
  const { rubric } = read
  const listed = stages?.map((stage) => stageIn(rubric, stage)) ?? upTo(rubric.stages, until)
  for (const { stage, transcripts: count } of listed) {
    const found = transcripts.filter((transcript) => stageOf(transcript) === stage).length
    if (found === 0) problems.push(`there is no stage ${stage}: ${folder} has ${known.join(', ')}`)
    else if (count !== undefined && count !== found) {
      problems.push(`${file ?? ''}: stage ${stage} has ${found} transcripts, not ${count}`)
    }
  }
  if (until !== undefined && !rubric.stages.some(({ stage }) => stage === until)) {
    const names = rubric.stages.map(({ stage }) => stage).join(', ')
    problems.push(`--until ${until}: the stages here are ${names}`)
  }
  if (problems.length > 0) return { problems }
  return { name: rubric.name, tasks: listed.flatMap((stage) => tasksOf(stage, transcripts)) }
}

/** All transcripts of a folder and the folders in it, in the order of the names of the files. */
export function readFolder(folder: string): readonly Transcript[] {
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

function rubricOf(folder: string, stages: readonly string[]): Rubric {
  return { name: folder, stages: stages.map((stage) => ({ stage })) }
}

function stageIn({ stages }: Rubric, stage: string): RubricStage {
  return stages.find((listed) => listed.stage === stage) ?? { stage }
}

function upTo(stages: readonly RubricStage[], until: string | undefined): readonly RubricStage[] {
  const last = stages.findIndex(({ stage }) => stage === until)
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
