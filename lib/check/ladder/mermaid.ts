// A ladder as a Mermaid sequence diagram, which many wikis and forges draw.

import type { Ladder } from './ladder.js'

/** The diagram in lines without their ends. */
export function ladderMermaid({ actors, rungs, title }: Ladder): readonly string[] {
  return [
    ...(title === '' ? [] : ['---', `title: ${escaped(title)}`, '---']),
    'sequenceDiagram',
    ...actors.map((actor) => `  participant ${actor}`),
    '  participant server',
    ...rungs.map(({ actor, way, text, wrong }) => {
      const words = escaped(text) + (wrong ? ' (wrong)' : '')
      if (way === 'note') return `  Note over ${actor}: ${words}`
      const arrow = wrong ? '--x' : '->>'
      return way === 'out'
        ? `  ${actor}${arrow}server: ${words}`
        : `  server${arrow}${actor}: ${words}`
    }),
  ]
}

/** Mermaid ends a message at `;`, takes `#` for an entity, and an empty one for an error. */
function escaped(text: string): string {
  const ENTITIES: Readonly<Record<string, string>> = {
    '#': '#35;',
    ';': '#59;',
    '<': '#lt;',
    '>': '#gt;',
  }
  const safe = text.replace(/[#;<>]/g, (character) => ENTITIES[character] ?? character)
  return safe === '' ? '#32;' : safe
}
