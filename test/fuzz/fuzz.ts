// `npm run fuzz`: tries the invariants for as long as is asked for.

import { HELP, readFuzzOptions } from './fuzz-options.js'
import { INVARIANTS } from './invariants.js'
import { tryRounds } from './rounds.js'

const HELD = 0
const BROKEN = 1
const BAD_OPTIONS = 2

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const options = readFuzzOptions(args)
  if (options.ask === 'help') return print(HELP)
  if (options.ask === 'list') return print(INVARIANTS.map(({ title }) => `${title}\n`).join(''))
  if (options.ask === 'nothing') return complain(options.problem)
  const { only, minutes, seed, out } = options
  const invariants = INVARIANTS.filter(({ title }) => title.includes(only))
  if (invariants.length === 0) {
    return complain(`no invariant has '${only}' in its title: --list shows them`)
  }
  const broken = await tryRounds({ invariants, milliseconds: minutes * 60_000, seed, out, print })
  return broken === 0 ? HELD : BROKEN
}

function print(text: string): number {
  process.stdout.write(text)
  return HELD
}

function complain(why: string): number {
  process.stderr.write(`fuzz: ${why}\n`)
  return BAD_OPTIONS
}
