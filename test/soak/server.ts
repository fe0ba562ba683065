// The built program in a process of its own, and what that process holds.

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { residentBytes } from '../../bench/process-usage.js'
import { DIALECTS } from '../../lib/dialects/index.js'
import type { Holdings } from './probe.js'

const PROGRAM = fileURLToPath(new URL('../../bin/partyline.js', import.meta.url))
const PROBE = new URL('probe.js', import.meta.url).href
const LISTENING = /"listening","url":"(\w+):\/\/127\.0\.0\.1:(\d+)"/g
const START_MS = 10_000

/** A server that listens for every dialect on a port of its own, with the limits that it has by default. */
export class SoakServer {
  /** The ports of loopback, by dialect. */
  readonly ports: ReadonlyMap<string, number>
  /** What it should not have said, on standard error or in its log. */
  readonly complaints: string[] = []
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, ports: ReadonlyMap<string, number>) {
    this.#child = child
    this.ports = ports
    child.stdout?.on('data', (text: string) => {
      if (text.includes('"mistake"')) this.complaints.push(text)
    })
    child.stderr?.on('data', (text: string) => this.complaints.push(text))
  }

  /** Starts it; rejects with what it printed if it does not listen. */
  static async start(): Promise<SoakServer> {
    const listen = [...DIALECTS.keys()].flatMap((name) => ['--listen', `${name}://127.0.0.1:0`])
    const argv = ['--expose-gc', '--import', PROBE, PROGRAM, 'serve', '--log-format', 'json']
    const child = spawn(process.execPath, [...argv, ...listen], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    })
    process.once('exit', () => child.kill('SIGKILL'))
    let printed = ''
    child.stdout?.setEncoding('utf8')
    child.stderr?.setEncoding('utf8')
    const late = setTimeout(() => child.kill('SIGKILL'), START_MS)
    for await (const text of child.stdout?.iterator({ destroyOnReturn: false }) ?? []) {
      printed += String(text)
      const found = [...printed.matchAll(LISTENING)]
      if (found.length < DIALECTS.size) continue
      clearTimeout(late)
      return new SoakServer(
        child,
        new Map(found.map(([, name = '', port]) => [name, Number(port)])),
      )
    }
    throw new Error(`the server did not start; it said: ${printed}`)
  }

  /** Open descriptors of the process. */
  get descriptors(): number {
    return readdirSync(`/proc/${this.#pid}/fd`).length
  }

  /** Its resident memory in bytes, as it is without a collection. */
  get resident(): number {
    return residentBytes(this.#pid)
  }

  /** Whether it still runs. */
  get runs(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** What the process holds after a collection. */
  async holdings(): Promise<Holdings> {
    const answer = once(this.#child, 'message')
    this.#child.send('look')
    const message: unknown = (await answer).at(0)
    if (!isHoldings(message)) throw new Error('the probe gave no holdings')
    return message
  }

  /** Stops it as an operator does; resolves with its exit code, null if a signal ended it. */
  async stop(): Promise<number | null> {
    if (this.runs) {
      const end = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      await end
    }
    return this.#child.exitCode
  }

  get #pid(): number {
    return this.#child.pid ?? 0
  }
}

function isHoldings(message: unknown): message is Holdings {
  return typeof message === 'object' && message !== null && 'resources' in message
}
