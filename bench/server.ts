// A server program under measurement: started for one run, killed after it.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import type { Target } from './load.js'

/** A server program: a file that Node runs, and its arguments. It must say where it listens as Partyline does. */
export interface Program {
  readonly name: string
  readonly argv: readonly string[]
}

/** A program that runs. */
export interface Running extends Target {
  /** Kills it and waits for its end: after a run there is nothing to save. */
  stop(): Promise<void>
}

/** Something that the measurement needs is not there; the message says what. */
export class CannotRun extends Error {}

const LISTENING = /listening on line:\/\/127\.0\.0\.1:(\d+)/
const START_MS = 10_000
/** How much of what a program says on standard error is shown if it does not start, in characters. */
const MAX_COMPLAINT = 2000

/**
 * Starts a program and waits until it says where on 127.0.0.1 it listens; throws {@link CannotRun},
 * with what it wrote on standard error, if it ends before or takes longer than 10 s.
 */
export async function start({ name, argv }: Program): Promise<Running> {
  const child = spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] })
  const killed = (): void => void child.kill('SIGKILL')
  process.once('exit', killed)
  const stop = async (): Promise<void> => {
    process.removeListener('exit', killed)
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    killed()
    await ended
  }
  let complaint = ''
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(0, MAX_COMPLAINT)
  })
  const port = await listeningPort(child.stdout)
  if (port === undefined || child.pid === undefined) {
    await stop()
    throw new CannotRun(`${name} did not start: node ${argv.join(' ')}\n${complaint}`.trimEnd())
  }
  return { port, pid: child.pid, stop }
}

/** Waits for the line that tells the port; what is printed afterwards is read and dropped, so that it never waits for us. */
function listeningPort(stdout: Readable): Promise<number | undefined> {
  return new Promise((resolve) => {
    let printed = ''
    const settle = (port?: number): void => {
      clearTimeout(late)
      stdout.removeAllListeners('data').resume()
      resolve(port)
    }
    const late = setTimeout(settle, START_MS)
    stdout
      .on('data', (chunk: Buffer) => {
        printed += chunk.toString()
        const port = LISTENING.exec(printed)?.[1]
        if (port !== undefined) settle(Number(port))
      })
      .once('end', () => {
        settle()
      })
  })
}
