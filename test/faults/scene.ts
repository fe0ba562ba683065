// The real program in a process of its own, and who is there when rows are played.

import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { createRequire } from 'node:module'
import { devNull } from 'node:os'
import { dirname, join } from 'node:path'
import { Running } from '../support/running.js'
import { Caller } from './caller.js'
import type { Scene } from './row.js'

const ROOT = dirname(createRequire(import.meta.url).resolve('partyline/package.json'))
/** The built program. */
export const PROGRAM = join(ROOT, 'dist/bin/partyline.js')

/** A server that runs until it is killed. */
export interface Server {
  readonly running: Running
  /** Where it listens, `line://HOST:PORT`. */
  readonly url: string
}

/** Around a server. */
export interface Settings {
  /** A shell line that starts it, in which `"$@"` is the program with its arguments. */
  readonly shell?: string
  /** Variables of its environment beside those of this process. */
  readonly env?: Readonly<Record<string, string>>
  /** How many files it has open beside its standard ones, which nobody uses. */
  readonly idleFiles?: number
}

/** Starts the program with these arguments, and waits until it listens. */
export async function startServer(
  args: readonly string[] = [],
  { shell = 'exec "$@"', env = {}, idleFiles = 0 }: Settings = {},
): Promise<Server> {
  const listen = args.includes('--listen') ? [] : ['--listen', 'line://127.0.0.1:0']
  const program = [process.execPath, PROGRAM, 'serve', ...listen, ...args]
  const idle = idleFiles > 0 ? openSync(devNull, 'r') : 0
  const child = spawn('sh', ['-c', shell, 'sh', ...program], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe', ...Array<number>(idleFiles).fill(idle)],
  })
  const running = new Running('partyline', child)
  const [, url = ''] = await running.printed(/^listening on (\S+)\n/m)
  return { running, url }
}

/** Bob and the witness take their places. */
export async function setScene({ url, running }: Server): Promise<Scene> {
  const bob = await Caller.named(url, 'bob', '!enter r')
  const witness = await Caller.named(url, 'carol')
  return { url, bob, witness, log: () => running.stdout }
}
