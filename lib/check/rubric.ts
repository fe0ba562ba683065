// The file that says which stages count, how many transcripts each has, and what it is worth.

import { readFileSync } from 'node:fs'

/** The stages in their order. */
export interface Rubric {
  readonly name: string
  readonly stages: readonly RubricStage[]
}

/** One stage. */
export interface RubricStage {
  readonly stage: string
  /** How many transcripts it has, so that one that is missing is noticed. */
  readonly transcripts?: number
  /** What they are worth together; left out, the sum of their own points. */
  readonly points?: number
}

const EXAMPLE = '{"name": "Chat", "stages": [{"stage": "nick", "transcripts": 5, "points": 20}]}'

/** Reads a rubric, a JSON file such as {@link EXAMPLE}; or what is wrong with it, without the file's name. */
export function readRubric(file: string): { rubric: Rubric } | { problem: string } {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    return { problem: `it cannot be read (${error instanceof Error ? error.message : ''})` }
  }
  const rubric = rubricOf(parsed(text))
  return rubric === undefined ? { problem: `that is no rubric such as ${EXAMPLE}` } : { rubric }
}

/** What a JSON text stands for, be there a byte order mark before it or not; undefined for what is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch {
    return undefined
  }
}

function rubricOf(value: unknown): Rubric | undefined {
  if (!isRecord(value) || typeof value['name'] !== 'string') return undefined
  const { name, stages } = value
  if (!Array.isArray(stages) || stages.length === 0) return undefined
  const read = stages.flatMap((stage: unknown) => stageOf(stage) ?? [])
  return read.length === stages.length ? { name, stages: read } : undefined
}

function stageOf(value: unknown): RubricStage | undefined {
  if (!isRecord(value) || typeof value['stage'] !== 'string') return undefined
  const { stage, transcripts, points } = value
  if (!isCount(transcripts) || !isCount(points)) return undefined
  return {
    stage,
    ...(transcripts === undefined ? {} : { transcripts }),
    ...(points === undefined ? {} : { points }),
  }
}

function isCount(value: unknown): value is number | undefined {
  return value === undefined || (typeof value === 'number' && value >= 0)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
