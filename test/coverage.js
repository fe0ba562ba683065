// After the tests: coverage folder by folder, files that no test loads included. The runner's own
// thresholds are one figure for everything, and know only of what was loaded.

import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const WHOLE = { lines: 100, statements: 100, functions: 100, branches: 100 }
const MOST = { lines: 95, statements: 95, branches: 90 }

/** Folders without a row here want MOST. */
const WANTED = new Map([
  ['lib/core', WHOLE],
  ['lib/wire', WHOLE],
  ['lib/dialects', WHOLE],
])

const root = fileURLToPath(new URL('..', import.meta.url))

/** The figures of each file that was loaded, by its path from the root. */
function summary() {
  const file = join(root, '.tap/report/coverage-summary.json')
  if (!existsSync(file)) throw new Error('There is no coverage to read: run tap first.')
  const figures = Object.entries(JSON.parse(readFileSync(file, 'utf8')))
  return new Map(figures.map(([path, figure]) => [relative(root, path), figure]))
}

/** The sources by folder: `lib/core/commands/say.ts` in `lib/core`, `lib/index.ts` in `lib`. */
function folders() {
  const paths = ['lib', 'bin'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' }).map((name) =>
      join(top, name),
    ),
  )
  const folders = new Map()
  for (const path of paths.filter((path) => path.endsWith('.ts'))) {
    const folder = dirname(path).split('/', 2).join('/')
    folders.set(folder, [...(folders.get(folder) ?? []), path])
  }
  return folders
}

/** Whether nothing is left of a file but its types once it is compiled. */
function isTypesOnly(path) {
  const compiled = readFileSync(join(root, 'dist', path.replace(/\.ts$/, '.js')), 'utf8')
  return compiled.replace(/\/\*[^]*?\*\/|\/\/.*|export \{\};/g, '').trim() === ''
}

/** What is wrong with a folder, in words. */
function shortfalls(folder, paths, figures) {
  const loaded = paths.flatMap((path) => figures.get(path) ?? [])
  const missing = paths.filter((path) => !figures.has(path) && !isTypesOnly(path))
  const low = Object.entries(WANTED.get(folder) ?? MOST).flatMap(([metric, wanted]) => {
    const sum = (key) => loaded.reduce((total, figure) => total + figure[metric][key], 0)
    const percent = sum('total') === 0 ? 100 : (100 * sum('covered')) / sum('total')
    return percent < wanted ? [`${metric} ${percent.toFixed(1)} % of ${wanted}`] : []
  })
  return [...low, ...missing.map((path) => `no test loads ${path}`)]
}

const figures = summary()
for (const [folder, paths] of folders()) {
  const wrong = shortfalls(folder, paths, figures)
  if (wrong.length === 0) continue
  process.stderr.write(`coverage of ${folder}: ${wrong.join(', ')}\n`)
  process.exitCode = 1
}
