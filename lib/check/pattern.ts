// What a received line must look like: exactly these bytes, or a pattern with braces.

import { isUtf8 } from 'node:buffer'
import { bytesOf, type Refuse } from './text.js'
import type { Expected, Form, Part } from './transcript.js'

/** What a transcript remembers of earlier lines, by name. */
export type Memory = ReadonlyMap<string, string>

const FORMS: Readonly<Record<Form, string>> = { any: '.*', word: '[^ ]+', int: '[0-9]+' }
const ALLOWED =
  'Write {any}, {word}, {int}, {re:…}, {set: a, b}, {name:word}, {=name}, {"a" x 10}, or \\{ for a brace'

/** Pieces of a pattern: an escape or plain text, a repetition, or a brace. */
const TEXT = /^(?:\\[^]|\{"(?:[^"\\]|\\[^])*" x \d+\}|[^\\{])+/u
const FORM = /^(?:(?<name>[A-Za-z]\w*):)?(?<form>any|word|int)$/
const RECALL = /^=(?<name>[A-Za-z]\w*)$/
const EXPRESSION = /^re:(?<expression>.+)$/s
const SET = /^set:(?<words>.+)$/s

/** The line whose bytes are exactly this text. */
export function exactly(text: string, refuse: Refuse): Expected {
  return { type: 'exact', bytes: bytesOf(text, refuse) }
}

/** The lines of this pattern. */
export function pattern(source: string, refuse: Refuse): Expected {
  const parts: Part[] = []
  let rest = source
  while (rest !== '') {
    const text = TEXT.exec(rest)?.[0]
    if (text !== undefined) {
      parts.push({ type: 'text', text: textOf(text, refuse) })
      rest = rest.slice(text.length)
      continue
    }
    const braces = bracesOf(rest)
    if (braces === undefined) {
      refuse(`A brace is not closed. ${ALLOWED}`)
      break
    }
    const part = partOf(braces.slice(1, -1), refuse)
    if (part !== undefined) parts.push(part)
    rest = rest.slice(braces.length)
  }
  return { type: 'pattern', parts }
}

/** Whether a line (without its end) is as expected: what is remembered after it, or undefined if it is not. */
export function fits(expected: Expected, line: Buffer, memory: Memory): Memory | undefined {
  if (expected.type === 'exact') return expected.bytes.equals(line) ? memory : undefined
  if (!isUtf8(line)) return undefined
  const expression = expected.parts.map((part, index) => expressionOf(part, index, memory)).join('')
  const found = new RegExp(`^(?:${expression})$`, 'su').exec(line.toString())
  return found === null ? undefined : remembered(expected.parts, found.groups ?? {}, memory)
}

/** Whether it is a pattern of whatever a server says: then nothing tells that a line was meant. */
export function fitsAll(expected: Expected): boolean {
  if (expected.type === 'exact') return false
  return expected.parts.every(({ type }) => type === 'form' || type === 'expression')
}

function textOf(source: string, refuse: Refuse): string {
  const bytes = bytesOf(source, refuse)
  if (!isUtf8(bytes))
    refuse('A pattern is about text, and these bytes are not UTF-8. Expect them with <')
  return bytes.toString()
}

/** The braces at the beginning, up to the one that closes them. */
function bracesOf(source: string): string | undefined {
  let depth = 0
  for (const { 0: found, index } of source.matchAll(/\\[^]|[{}]/gu)) {
    if (found === '{') depth++
    if (found === '}') depth--
    if (depth === 0) return source.slice(0, index + 1)
  }
  return undefined
}

function partOf(inside: string, refuse: Refuse): Part | undefined {
  const { name, form } = FORM.exec(inside)?.groups ?? {}
  if (isForm(form))
    return name === undefined ? { type: 'form', form } : { type: 'form', form, name }
  const recalled = RECALL.exec(inside)?.groups?.['name']
  if (recalled !== undefined) return { type: 'recall', name: recalled }
  const expression = EXPRESSION.exec(inside)?.groups?.['expression']
  if (expression !== undefined && isExpression(expression))
    return { type: 'expression', expression }
  const words = wordsOf(SET.exec(inside)?.groups?.['words'] ?? '')
  if (words.length > 0) return { type: 'set', words }
  refuse(`{${inside}} means nothing in a pattern. ${ALLOWED}`)
  return undefined
}

function isForm(word: string | undefined): word is Form {
  return word !== undefined && word in FORMS
}

function isExpression(source: string): boolean {
  try {
    new RegExp(source, 'su')
    return true
  } catch {
    return false
  }
}

function expressionOf(part: Part, index: number, memory: Memory): string {
  switch (part.type) {
    case 'text':
      return quoted(part.text)
    case 'form':
      return `(?<${group(index)}>${FORMS[part.form]})`
    case 'expression':
      return `(?:${part.expression})`
    case 'set': {
      const word = `(?:${part.words.map(quoted).join('|')})`
      return `(?<${group(index)}>${word}(?:[ ,]+${word}){${part.words.length - 1}})`
    }
    case 'recall': {
      const text = memory.get(part.name)
      // What was never remembered fits no line.
      return text === undefined ? '(?!)' : quoted(text)
    }
  }
}

/** What the line adds to the memory; undefined if a set has a word twice and lacks another. */
function remembered(
  parts: readonly Part[],
  groups: Readonly<Record<string, string | undefined>>,
  memory: Memory,
): Memory | undefined {
  const after = new Map(memory)
  for (const [index, part] of parts.entries()) {
    const text = groups[group(index)] ?? ''
    if (part.type === 'form' && part.name !== undefined) after.set(part.name, text)
    if (part.type === 'set' && !sameWords(wordsOf(text), part.words)) return undefined
  }
  return after
}

function sameWords(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join(' ') === [...others].sort().join(' ')
}

function wordsOf(list: string): readonly string[] {
  return list.split(/[ ,]+/).filter((word) => word !== '')
}

function group(index: number): string {
  return `part${index}`
}

function quoted(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, (character) => `\\${character}`)
}
