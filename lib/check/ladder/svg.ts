// A ladder as an SVG picture that needs nothing but itself.

import type { Ladder, Rung } from './ladder.js'

const COLUMN = 150
const SERVER_GAP = 330
const ROW = 24
const TOP = 40
const LEFT = 60
/** Characters that fit beside an arrow. */
const FITS = 44

const STYLE =
  'text{font:13px monospace;fill:#222}.life{stroke:#bbb}.out{stroke:#1565c0}.in{stroke:#2e7d32}' +
  '.wrong{stroke:#c62828;stroke-width:2}text.wrong{fill:#c62828;stroke:none}.head{font-weight:bold}'

/** The picture. */
export function ladderSvg({ title, actors, rungs }: Ladder): string {
  const xs = actors.map((_, index) => LEFT + index * COLUMN)
  const server = LEFT + Math.max(0, actors.length - 1) * COLUMN + SERVER_GAP
  const height = TOP + (rungs.length + 1) * ROW
  const life = [...xs, server].map(
    (x) => `<line class="life" x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${height - 8}"/>`,
  )
  const heads = [...actors, 'server'].map(
    (name, index) =>
      `<text class="head" text-anchor="middle" x="${xs[index] ?? server}" y="${TOP - 16}">${escapeXml(name)}</text>`,
  )
  const rows = rungs.map((rung, index) => {
    const x = xs[actors.indexOf(rung.actor)] ?? LEFT
    return rungSvg(rung, x, server, TOP + (index + 1) * ROW - 4)
  })
  const width = server + 120
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escapeXml(title)}</title><style>${STYLE}</style>`,
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"/></marker></defs>',
    ...life,
    ...heads,
    ...rows,
    '</svg>',
  ].join('\n')
}

/** Text for XML 1.0, in which control characters cannot stand at all. */
export function escapeXml(text: string): string {
  const ENTITIES: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
  }
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}

function rungSvg({ way, text, wrong, at }: Rung, x: number, server: number, y: number): string {
  const words = text.length <= FITS ? text : `${text.slice(0, FITS - 1)}…`
  const style = wrong ? ' wrong' : ''
  const time =
    at === undefined
      ? ''
      : `<text x="${server + 8}" y="${y}" opacity=".6">${at.toFixed(1)} ms</text>`
  if (way === 'note') {
    return `<text class="note${style}" font-style="italic" x="${x + 6}" y="${y}">${escapeXml(words)}</text>${time}`
  }
  const [from, to] = way === 'out' ? [x, server] : [server, x]
  return (
    `<line class="${way}${style}" x1="${from}" y1="${y + 4}" x2="${to}" y2="${y + 4}" marker-end="url(#tip)"/>` +
    `<text class="${way}-text${style}" x="${server - 8}" text-anchor="end" y="${y}">${escapeXml(words)}</text>${time}`
  )
}
