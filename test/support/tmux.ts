// A terminal with somebody at it: keys go in as they are typed, and what counts is what the screen shows.

import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { Test } from 'tap'
import { DEADLINE } from './running.js'

const execute = promisify(execFile)

/** How often a screen is looked at, in milliseconds. */
const GLANCE = 40
/** tmux takes a terminal's encoding from the locale. */
const ENVIRONMENT = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm', TMUX: undefined }

/** A tmux server of its own with one window, in which one program runs. */
export class Screen {
  readonly #socket: string

  /** `socket` is the path of the tmux server's socket, which its first command makes. */
  constructor(socket: string) {
    this.#socket = socket
  }

  /** Types `text` and presses Enter. */
  async line(text: string): Promise<void> {
    await this.tmux('send-keys', '-l', '--', text, ';', 'send-keys', 'Enter')
  }

  /** Types `text`, without Enter. */
  async type(text: string): Promise<void> {
    await this.tmux('send-keys', '-l', '--', text)
  }

  /** Presses keys by their tmux names, such as `C-c` or `Enter`. */
  async press(...keys: string[]): Promise<void> {
    await this.tmux('send-keys', ...keys)
  }

  /** Pastes `text` as a terminal does: all at once. */
  async paste(text: string): Promise<void> {
    await this.tmux('set-buffer', '--', text, ';', 'paste-buffer')
  }

  /** What the screen shows, and what has scrolled off it; long lines are joined. */
  async text(): Promise<string> {
    // tmux 3.3a can fail to notice how a program has ended until another child of its own ends.
    const noticed = ['if-shell', '-F', '#{pane_dead}', 'run-shell true', ';']
    return await this.tmux(...noticed, 'capture-pane', '-p', '-J', '-S', '-')
  }

  /** The match of `pattern` on the screen, as soon as there is one; rejects with the screen at the deadline. */
  async shows(pattern: RegExp): Promise<RegExpExecArray> {
    const start = Date.now()
    for (;;) {
      const text = await this.text()
      const match = pattern.exec(text)
      if (match !== null) return match
      if (Date.now() - start > DEADLINE) {
        throw new Error(`no ${String(pattern)} on the screen:\n${text.trim()}`)
      }
      await wait(GLANCE)
    }
  }

  /** Runs a tmux command on this screen's server; gives what it prints. */
  async tmux(...args: readonly string[]): Promise<string> {
    const all = ['-u', '-S', this.#socket, '-f', '/dev/null', ...args]
    return (await execute('tmux', all, { env: ENVIRONMENT })).stdout
  }
}

/** Starts a program on a screen of 100 columns and 40 rows; both are gone when the test is over. */
export async function openScreen(t: Test, program: readonly string[]): Promise<Screen> {
  const folder = await mkdtemp(join(tmpdir(), 'partyline-'))
  const screen = new Screen(join(folder, 'tmux'))
  t.teardown(async () => {
    await screen.tmux('kill-server').catch(() => undefined)
    await rm(folder, { recursive: true, force: true })
  })
  // What a program that has ended left on its screen stays to be read.
  const keep = ['start-server', ';', 'set', '-g', 'remain-on-exit', 'on', ';']
  await screen.tmux(...keep, 'new-session', '-d', '-x', '100', '-y', '40', '--', ...program)
  return screen
}
