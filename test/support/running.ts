// A process under test: what it has printed, and waiting for a text of it or for its end.

import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import type { Test } from 'tap'

/** How long a text or an end may take, in milliseconds: far beyond what a busy machine needs. */
export const DEADLINE = 30_000

/** How a process has ended: by a code, or by a signal. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** Standard output or standard error. */
export type Stream = 'stdout' | 'stderr'

/** A process with what it has printed so far, read as UTF-8. */
export class Running {
  readonly child: ChildProcess
  /** Resolves once the process has ended and all that it printed is here; rejects if it cannot start. */
  readonly exit: Promise<Exit>
  stdout = ''
  stderr = ''
  #ended = false
  readonly #name: string

  constructor(name: string, child: ChildProcess) {
    this.#name = name
    this.child = child
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (this.stdout += text))
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    // A process may go before it has read everything; its exit tells that.
    child.stdin?.on('error', () => undefined)
    this.exit = new Promise((resolve, reject) => {
      child.once('error', reject).once('close', (code, signal) => {
        this.#ended = true
        resolve({ code, signal })
      })
    })
    this.exit.catch(() => (this.#ended = true))
  }

  /** Writes to its standard input, which stays open; `text` as it is, line ends included. */
  write(text: string): void {
    this.child.stdin?.write(text)
  }

  /** Closes its standard input, after `text` if there is any. */
  end(text = ''): void {
    this.child.stdin?.end(text)
  }

  /**
   * The match of `pattern` in what was printed, as soon as there is one. Rejects with all that was
   * printed if the process ends without it, or after {@link DEADLINE}.
   */
  async printed(pattern: RegExp, stream: Stream = 'stdout'): Promise<RegExpExecArray> {
    for (const start = Date.now(); ;) {
      const match = pattern.exec(this[stream])
      if (match !== null) return match
      if (this.#ended) throw this.#missing(`${String(pattern)} before it ended`)
      if (Date.now() - start > DEADLINE) throw this.#missing(`${String(pattern)} in time`)
      await this.#change()
    }
  }

  /** Its end; rejects with all that was printed after {@link DEADLINE}. */
  async ended(): Promise<Exit> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        reject(this.#missing('an end in time'))
      }, DEADLINE)
    })
    return await Promise.race([this.exit, late]).finally(() => {
      clearTimeout(timer)
    })
  }

  /** Sends a signal and waits for the end, whatever ends it. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<Exit> {
    this.child.kill(signal)
    return this.ended()
  }

  #missing(what: string): Error {
    const { stdout, stderr } = this
    return new Error(`${this.#name} did not print ${what}; it printed:\n${stdout}\n${stderr}`)
  }

  /** Resolves at the next output or end, and now and then for the deadline's sake. */
  #change(): Promise<void> {
    const { child } = this
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        child.stdout?.off('data', done)
        child.stderr?.off('data', done)
        child.off('close', done).off('error', done)
        resolve()
      }
      const timer = setTimeout(done, 1000)
      child.stdout?.on('data', done)
      child.stderr?.on('data', done)
      child.on('close', done).on('error', done)
    })
  }
}

/** Starts a program for a test, with pipes for its streams; it is gone when the test is over. */
export function run(
  t: Test,
  command: string,
  args: readonly string[],
  options: SpawnOptions = {},
): Running {
  const running = new Running(command, spawn(command, [...args], options))
  t.teardown(async () => {
    running.child.kill('SIGKILL')
    await running.exit.catch(() => undefined)
  })
  return running
}
