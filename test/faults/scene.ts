// The real program in a process of its own, and who is there when rows are played.

import { spawn } from 'node:child_process'
import { createRequire } from 'node:module'
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

/** Starts the program with these arguments, and waits until it listens. */
export async function startServer(args: readonly string[] = []): Promise<Server> {
  const listen = args.includes('--listen') ? [] : ['--listen', 'line://127.0.0.1:0']
  const child = spawn(process.execPath, [PROGRAM, 'serve', ...listen, ...args])
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
