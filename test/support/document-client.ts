// The clients of test/fixtures/clients/, which read as the clients of their documents read, at a
// program that listens for all five systems.

import type { Test } from 'tap'
import { startProgram, type Program } from './program.js'
import { run, type Running } from './running.js'

const CLIENTS = 'test/fixtures/clients/'

/** The lines of a trace. */
const TRACE = /^\{"read": .*\}\n/gm

/** The systems that have a client there. */
export const SYSTEMS = ['chatbox', 'onlinechat', 'cs494', 'chatapp'] as const

/** One of them. */
export type System = (typeof SYSTEMS)[number]

/** Time between two messages, for which a client on the busiest machine wakes up; in milliseconds. */
const MESSAGE_GAP = 100

/** How such a client ends, by its exit code; 1 is a crash. */
export const ENDS = { quit: 0, dismissed: 3, lost: 4 } as const

/** A program that listens for everybody, on ports of its own. */
export interface OpenHouse {
  readonly program: Program
  /** Where a dialect is spoken. */
  url(dialect: System | 'line'): string
  /** Starts a client of one of the systems; `name` is what its user types for one. */
  enter(system: System, name: string): DocumentClient
  /** Resolves once the server has read `text` at the end of one read: a fence where nothing is answered. */
  read(text: string): Promise<unknown>
}

/** Starts the program, for the line dialect and for `systems`; it ends with the test. */
export async function openHouse(t: Test, ...systems: readonly System[]): Promise<OpenHouse> {
  const dialects = ['line', ...systems] as const
  const program = await startProgram(t, {
    args: [
      ...['--message-gap', String(MESSAGE_GAP)],
      ...dialects.flatMap((dialect) => ['--listen', `${dialect}://127.0.0.1:0`]),
    ],
    env: { DEBUG: 'partyline:bytes' },
  })
  const ports = new Map<string, string>()
  for (const dialect of dialects) {
    const listening = new RegExp(`^listening on ${dialect}://\\S+:(\\d+)\\n`, 'm')
    const [, port = ''] = await program.printed(listening)
    ports.set(dialect, port)
  }
  return {
    program,
    url: (dialect) => `${dialect}://127.0.0.1:${ports.get(dialect) ?? ''}`,
    enter: (system, name) => {
      const args = ['--port', ports.get(system) ?? '', '--name', name, '--trace']
      // Nothing is written beside the clients, and they have the standard library alone.
      return new DocumentClient(run(t, 'python3', ['-BSE', `${CLIENTS}${system}.py`, ...args]))
    },
    read: (text) =>
      program.printed(new RegExp(`${Buffer.from(text).toString('hex')}\\n`), 'stderr'),
  }
}

/** A user at one of these clients. */
export class DocumentClient {
  readonly running: Running
  #shown = 0
  #reads = 0

  constructor(running: Running) {
    this.running = running
  }

  /** Types lines. */
  types(...lines: readonly string[]): void {
    this.running.write(lines.map((line) => `${line}\n`).join(''))
  }

  /**
   * Waits for `pattern` in what is shown beyond the last match, and gives all of that up to the end of this
   * match. The pattern has no flags.
   */
  async sees(pattern: RegExp): Promise<string> {
    const [shown] = await this.running.printed(beyond(this.#shown, pattern))
    const seen = shown.slice(this.#shown)
    this.#shown = shown.length
    return seen
  }

  /** What the next read brought; the empty text is the end of the connection. */
  async hears(): Promise<string> {
    const [trace, line = ''] = await this.running.printed(
      beyond(this.#reads, /(\{"read": .*\})\n/),
      'stderr',
    )
    this.#reads = trace.length
    return readOf(line)
  }

  /** What each read has brought so far. */
  get reads(): readonly string[] {
    return (this.running.stderr.match(TRACE) ?? []).map(readOf)
  }

  /** Its exit code, and all that it wrote to standard error beside its trace: nothing, unless it crashed. */
  async ended(): Promise<readonly [code: number | null, complaint: string]> {
    const { code } = await this.running.ended()
    return [code, this.running.stderr.replace(TRACE, '')]
  }

  /** Closes the keyboard, by which every one of them quits. */
  async quits(): Promise<readonly [code: number | null, complaint: string]> {
    this.running.end()
    return await this.ended()
  }
}

/** What a line of a trace says. */
function readOf(line: string): string {
  const { read } = JSON.parse(line) as { readonly read: string }
  return read
}

/** All of them close their keyboards, and none has crashed. */
export async function allQuit(t: Test, ...clients: readonly DocumentClient[]): Promise<void> {
  const ends = await Promise.all(clients.map((client) => client.quits()))
  t.same(
    ends,
    clients.map(() => [ENDS.quit, '']),
    'nobody has crashed',
  )
}

/** Matches from the start of a text to the end of the first match of `pattern` beyond so many characters. */
function beyond(length: number, pattern: RegExp): RegExp {
  return new RegExp(`^[^]{${length}}[^]*?(?:${pattern.source})`)
}
