// A ladder as plain text, for a terminal and for slides.

import type { Ladder, Rung } from './ladder.js'

/** The widest an arrow's text may be, in characters. */
const WIDEST = 40
const LEAST = 12

/** The ladder in lines without their ends: columns are `|`, arrows run between an actor and the server. */
export function ladderText({ title, actors, rungs }: Ladder): readonly string[] {
  const widths = actors.map((actor) => {
    const own = rungs.filter((rung) => rung.actor === actor && rung.way === 'note')
    const longest = Math.max(actor.length, ...own.map(({ text }) => shortened(text).length + 2))
    return Math.max(LEAST, longest + 1)
  })
  const arrow = Math.max(
    LEAST,
    ...rungs.filter(({ way }) => way !== 'note').map(({ text }) => shortened(text).length),
  )
  // The last column must have room for the text of an arrow, whoever it is from.
  const gaps = widths.map((width, index) =>
    index === widths.length - 1 ? Math.max(width, arrow + 6) : width,
  )
  const head = actors.map((actor, index) => actor.padEnd(gaps[index] ?? 0)).join('') + 'server'
  const rows = rungs.map((rung) => rowText(rung, actors.indexOf(rung.actor), gaps))
  return [...(title === '' ? [] : [title, '']), head, ...rows].map((line) => line.trimEnd())
}

function rowText({ way, text, wrong, at }: Rung, column: number, gaps: readonly number[]): string {
  const before = gaps
    .slice(0, column)
    .map((gap) => '|'.padEnd(gap))
    .join('')
  const behind = gaps.slice(column).reduce((sum, gap) => sum + gap, 0)
  const mark = wrong ? '   <-- here it goes wrong' : ''
  const time = at === undefined ? '' : `   ${at.toFixed(1)} ms`
  const words = shortened(text)
  if (way === 'note') {
    const rest = gaps
      .slice(column + 1)
      .map((gap) => '|'.padEnd(gap))
      .join('')
    return `${before}${`| ${words}`.padEnd(gaps[column] ?? 0)}${rest}|${time}${mark}`
  }
  const [left, right] = way === 'out' ? ['|-- ', '>|'] : ['|<- ', '-|']
  const line = `${left}${words} `.padEnd(behind - 1, '-')
  return `${before}${line}${right}${time}${mark}`
}

function shortened(text: string): string {
  return text.length <= WIDEST ? text : `${text.slice(0, WIDEST - 1)}…`
}
