// Where options come from: the command line, the environment, a configuration file. What counts most
// is first; every message names an option as it is called where it was given.

import { readFileSync } from 'node:fs'

/** Something the person who started the program can mend; its message is one line that says how. */
export class UsageError extends Error {}

/** One place that options come from. */
export interface Source {
  /** What an option is called there. */
  readonly nameOf: (option: string) => string
  /** What it gives, by option (`max-clients`), not yet checked; undefined for what it leaves out. */
  readonly values: Readonly<Record<string, unknown>>
}

/** All places that options come from; the first that has one decides it. */
export type Sources = readonly Source[]

/** What every variable of ours begins with. */
const PREFIX = 'PARTYLINE_'

/** The command line, as yargs has read it. */
export function fromCommandLine(args: Readonly<Record<string, unknown>>): Source {
  return { nameOf: (option) => `--${option}`, values: args }
}

/** The environment, where `max-clients` is `PARTYLINE_MAX_CLIENTS`; spaces or commas part the values of what may be given again. */
export function fromEnvironment(
  env: NodeJS.ProcessEnv,
  options: readonly string[],
  repeatable: readonly string[],
): Source {
  const values = options.map((option) => {
    const text = env[variableOf(option)]
    return [option, repeatable.includes(option) ? text?.trim().split(/[\s,]+/) : text] as const
  })
  return { nameOf: variableOf, values: Object.fromEntries(values) }
}

/** The variables that begin as ours do and are none. */
export function unknownVariables(env: NodeJS.ProcessEnv, options: readonly string[]): string[] {
  const known = options.map(variableOf)
  return Object.keys(env).filter((name) => name.startsWith(PREFIX) && !known.includes(name))
}

/** A JSON file with an object of options; `from` is the option that named it. Throws a {@link UsageError}. */
export function fromFile(from: string, file: string, options: readonly string[]): Source {
  const nameOf = (option: string): string => `${option} in ${file}`
  const values = readObject(from, file)
  const unknown = Object.keys(values).find((option) => !options.includes(option))
  if (unknown !== undefined) throw new UsageError(`${nameOf(unknown)} is no option`)
  return { nameOf, values }
}

/** What an option is called where its value comes from; without one, as on the command line. */
export function nameOf(sources: Sources, option: string): string {
  return sourceOf(sources, option).nameOf(option)
}

/** Which source decides an option: 0 for the one that counts most, Infinity for none. */
export function rankOf(sources: Sources, option: string): number {
  const rank = sources.findIndex(({ values }) => values[option] !== undefined)
  return rank < 0 ? Infinity : rank
}

/** The texts of an option that may be given again, none of them empty; no text if it is not given. */
export function readTexts(sources: Sources, option: string): readonly string[] {
  const value = valueOf(sources, option)
  if (value === undefined) return []
  const texts = [value].flat().map(textOf)
  if (texts.length > 0 && !texts.includes('')) return texts
  throw new UsageError(`${nameOf(sources, option)} needs a value`)
}

/** A text that is not empty; undefined if it is not given. */
export function readText(sources: Sources, option: string): string | undefined {
  const value = valueOf(sources, option)
  if (!Array.isArray(value) || value.length < 2) return readTexts(sources, option)[0]
  throw new UsageError(`${nameOf(sources, option)} may be given only once`)
}

/** A whole number from `min` to `max`; undefined if it is not given. */
export function readNumber(
  sources: Sources,
  option: string,
  min: number,
  max: number,
): number | undefined {
  const text = readText(sources, option)
  if (text === undefined) return undefined
  const number = /^\d+$/.test(text) ? Number(text) : NaN
  if (number >= min && number <= max) return number
  const name = nameOf(sources, option)
  throw new UsageError(`${name} takes a whole number from ${min} to ${max}, not '${text}'`)
}

/** A switch is on without a value; the environment and a file have to give it one. */
export function readSwitch(sources: Sources, option: string): boolean {
  const value = valueOf(sources, option) ?? false
  const text = typeof value === 'boolean' ? String(value) : readText(sources, option)
  if (text === 'true' || text === 'false') return text === 'true'
  const name = nameOf(sources, option)
  throw new UsageError(`${name} takes true, false or nothing, not '${text ?? ''}'`)
}

/** A file's text, as UTF-8; `from` is the option that named it. Throws a {@link UsageError}. */
export function readFile(from: string, file: string): string {
  try {
    // Some editors begin a file with a mark of its encoding.
    return readFileSync(file, 'utf8').replace(/^\uFEFF/, '')
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new UsageError(`${from}: ${file} cannot be read (${reason})`)
  }
}

function sourceOf(sources: Sources, option: string): Source {
  return sources[rankOf(sources, option)] ?? fromCommandLine({})
}

function valueOf(sources: Sources, option: string): unknown {
  return sourceOf(sources, option).values[option]
}

function variableOf(option: string): string {
  return PREFIX + option.toUpperCase().replaceAll('-', '_')
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function readObject(from: string, file: string): Readonly<Record<string, unknown>> {
  const text = readFile(from, file)
  let object: unknown
  try {
    object = JSON.parse(text)
  } catch {
    throw new UsageError(`${from}: ${file} is not JSON, such as {"port": 8888}`)
  }
  if (typeof object === 'object' && object !== null && !Array.isArray(object)) return { ...object }
  throw new UsageError(`${from}: ${file} holds no JSON object, such as {"port": 8888}`)
}
