// A server under test in a process of its own: started, watched, and ended with all it has begun.

import { spawn, type ChildProcess } from 'node:child_process'
import { connect, createServer } from 'node:net'
import { descendantsOf, isListening, withVariable } from './idle.js'
import { pause } from './pause.js'
import type { Address } from './sockets.js'

/** How to start a server. */
export interface Command {
  /** A line for the shell, in which `{port}` stands for the port. */
  readonly line: string
  /** The port that it listens on; undefined to give it a free one as `{port}`. */
  readonly port?: number
  /** What is typed to it when it has started, `{port}` included; its input stays open. */
  readonly input?: string
  /** How long it may take until it listens, in milliseconds. */
  readonly patience: number
}

/** What became of a server that was started. */
export type Start =
  | { readonly type: 'running'; readonly server: LaunchedServer }
  | {
      readonly type: 'failed'
      /** What happened instead, in words. */
      readonly problem: string
      /** The last that it printed. */
      readonly output: readonly string[]
    }

/** The most of a server's output that is kept, in characters. */
const KEPT_OUTPUT = 16 * 1024
/** Lines of output that a report shows. */
const SHOWN_LINES = 10
/** Between two looks whether it listens, in milliseconds: so long at first, and at most. */
const FIRST_LOOKS = 10
const LATER_LOOKS = 100
/** How long the output of a server that has ended may take, in milliseconds. */
const LAST_WORDS = 500
const HOST = '127.0.0.1'

/** Marks the processes of a server, also those that have left their group and lost their parents. */
const MARK = 'PARTYLINE_CHECKED'

const running = new Set<LaunchedServer>()

/** Starts a server and waits until it listens. */
export async function launch(command: Command): Promise<Start> {
  const port = command.port ?? (await freePort())
  if (command.port !== undefined && (await answers({ host: HOST, port }))) {
    const problem = `port ${port} is taken by another program. End that first, or take another --port`
    return { type: 'failed', problem, output: [] }
  }
  const server = new LaunchedServer(command, port)
  const problem = await server.listens(command.patience)
  if (problem === undefined) return { type: 'running', server }
  await server.end()
  return { type: 'failed', problem, output: server.lastOutput }
}

/** Ends every server that still runs, at once: for a program that is about to end. */
export function endAll(): void {
  for (const server of running) server.kill()
}

let launches = 0

/** A server that was started. */
export class LaunchedServer {
  readonly address: Address
  readonly #child: ChildProcess
  readonly #ended: Promise<void>
  readonly #printed: Promise<void>
  readonly #mark = `${process.pid}.${++launches}`
  #output = ''
  #death: string | undefined

  /** Starts it; {@link listens} tells when it is ready. */
  constructor({ line, input }: Command, port: number) {
    this.address = { host: HOST, port }
    const withPort = (text: string): string => text.replaceAll('{port}', String(port))
    // A group of its own, so that all of it can be ended; Python shows what it prints at once.
    this.#child = spawn(withPort(line), {
      shell: true,
      detached: true,
      env: { ...process.env, PYTHONUNBUFFERED: '1', [MARK]: this.#mark },
    })
    running.add(this)
    this.#ended = new Promise((resolve) => {
      this.#child
        .on('error', (error) => {
          this.#death ??= `could not be started (${error.message})`
          resolve()
        })
        .on('exit', (code, signal) => {
          this.#death ??= signal === null ? `exited with code ${code ?? 0}` : `died of ${signal}`
          resolve()
        })
    })
    this.#printed = new Promise((resolve) => {
      this.#child.on('close', () => {
        resolve()
      })
    })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output = (this.#output + text).slice(-KEPT_OUTPUT)
      })
    }
    // It may end before it has read what is typed to it; its death tells that.
    this.#child.stdin?.on('error', () => undefined)
    if (input !== undefined) this.#child.stdin?.write(withPort(input))
  }

  /** How it has ended, in words, unless we have ended it; undefined as long as it runs. */
  get death(): string | undefined {
    return this.#death
  }

  /** The last lines that it printed. */
  get lastOutput(): readonly string[] {
    return this.#output
      .trimEnd()
      .split('\n')
      .slice(-SHOWN_LINES)
      .filter((line) => line !== '')
  }

  /** Waits until it listens; what is wrong if it does not. */
  async listens(patience: number): Promise<string | undefined> {
    const began = performance.now()
    for (let wait = FIRST_LOOKS; performance.now() - began < patience; wait *= 1.5) {
      if (this.#death !== undefined) {
        // What it printed last may still be on its way.
        await Promise.race([this.#printed, pause(LAST_WORDS)])
        return `the server ${this.#death} before it listened`
      }
      const { port } = this.address
      if (isListening(port) ?? (await answers(this.address))) return undefined
      await pause(Math.min(wait, LATER_LOOKS))
    }
    const seconds = patience / 1000
    return `the server did not listen on port ${this.address.port} within ${seconds} s`
  }

  /** Ends it and all that it has begun, and waits until it is gone. */
  async end(): Promise<void> {
    this.kill()
    await this.#ended
  }

  /** Sends it and all that it has begun the signal to end at once. */
  kill(): void {
    const { pid } = this.#child
    running.delete(this)
    if (pid === undefined) return
    this.#death ??= 'was ended'
    // Those that have left its group are found by their parents, and by their mark.
    const others = [...descendantsOf(String(pid)), ...withVariable(`${MARK}=${this.#mark}`)]
    for (const target of [...others.map(Number), -pid]) {
      try {
        process.kill(target, 'SIGKILL')
      } catch {
        // It has gone by itself.
      }
    }
    for (const stream of this.#child.stdio) stream?.destroy()
  }
}

/** Whether a server takes connections there. */
export async function answers(address: Address, patience = 1000): Promise<boolean> {
  return (await connectError(address, patience)) === undefined
}

/** The code of the error if a server takes no connections there, as `ECONNREFUSED`; undefined if it does. */
export async function connectError(
  address: Address,
  patience: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect(address)
    const done = (code?: string): void => {
      socket.destroy()
      resolve(code)
    }
    socket
      .on('connect', () => {
        done()
      })
      .on('error', ({ code }: NodeJS.ErrnoException) => {
        done(code ?? 'unknown')
      })
      .setTimeout(patience, () => {
        done('ETIMEDOUT')
      })
  })
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject)
    server.listen(0, HOST, () => {
      const address = server.address()
      const port = typeof address === 'object' ? address?.port : undefined
      server.close(() => {
        resolve(port ?? 0)
      })
    })
  })
}
