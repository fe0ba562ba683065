// The comfortable screen: what is typed stays whole below while others' lines come in above. The line is
// edited by node:readline, which knows the keys and the history; it draws nothing here.

import { createInterface, type Interface, type Key } from 'node:readline'
import { PassThrough, type Readable } from 'node:stream'
import type { Heard, Known } from '../../dialects/client.js'
import type { Desk, Screen } from '../screen.js'
import type { Footing } from './canvas.js'
import { ALARM, FAINT, lookOf } from './colour.js'
import { complete, isStuck } from './completion.js'
import { Display, type TerminalOutput } from './display.js'
import { Keyboard, PASTE_MARKS } from './keyboard.js'
import { concerns, lineIn, linesOf, unreadRule, withTime, type Line } from './line.js'

/** A terminal that can be read from, as `process.stdin` is one. */
export interface TerminalInput extends Readable {
  /** Whether each key is to come by itself, unseen, Ctrl-C like any other. */
  setRawMode(raw: boolean): unknown
}

/** What a terminal is opened with. */
export interface TerminalOptions {
  readonly input: TerminalInput
  readonly output: TerminalOutput
  /** Whether each line has the time of day before it. */
  readonly times: boolean
  /** Whether the bell rings when somebody names the user or tells them something alone. */
  readonly bell: boolean
  /** The time in milliseconds since 1970. */
  readonly now?: () => number
}

/**
 * Who has not pressed a key for this long, in milliseconds, counts as away: a rule is drawn above the first
 * line that comes then.
 */
const AWAY_AFTER = 60_000
/** Lines that the arrow keys bring back. */
const HISTORY = 1000
/** Names shown when Tab cannot decide. */
const NAMES_SHOWN = 100

/** A screen on a terminal. From {@link open} to {@link close} the terminal is its own. */
export class Terminal implements Screen {
  readonly #input: TerminalInput
  readonly #output: TerminalOutput
  readonly #times: boolean
  readonly #bell: boolean
  readonly #now: () => number
  readonly #readline: Interface
  readonly #keyboard: Keyboard
  readonly #display: Display
  #desk: Desk | undefined
  #question: string | undefined
  #prompt = ''
  #nick: string | undefined
  #status = ''
  #keyAt: number
  /** Whether the rule for what is unread stands already. */
  #ruled = false

  /** Nothing happens to the terminal before {@link open}. */
  constructor({ input, output, times, bell, now = Date.now }: TerminalOptions) {
    this.#input = input
    this.#output = output
    this.#times = times
    this.#bell = bell
    this.#now = now
    this.#keyAt = now()
    const keys = new PassThrough()
    this.#readline = createInterface({
      input: keys,
      terminal: true,
      historySize: HISTORY,
      completer: (text: string, done: (error: null, found: [string[], string]) => void) => {
        this.#keyboard.hold()
        void this.#complete(text).then((found) => {
          done(null, found)
          this.#display.changed()
          this.#keyboard.release()
        })
      },
    })
    this.#keyboard = new Keyboard(this.#readline, keys, (key) => {
      this.#pressed(key)
    })
    this.#display = new Display(
      output,
      () => this.#footing(),
      () => this.#desk?.drained(),
    )
  }

  open(desk: Desk): void {
    this.#desk = desk
    const gone = (): void => {
      desk.gone()
    }
    this.#readline
      .on('line', (line) => {
        this.#typed(line)
      })
      .on('history', (history) => {
        // A nickname is no line to say again.
        if (this.#question !== undefined) history.shift()
      })
      .on('SIGINT', () => {
        desk.quit()
      })
      .on('SIGTSTP', this.#suspend)
      .on('close', this.#left)
    this.#output.on('resize', this.#resized).on('error', gone)
    this.#input.setEncoding('utf8').on('end', gone).on('error', gone).on('data', this.#typing)
    process.on('SIGCONT', this.#resume).on('exit', this.#restore)
    this.#takeKeys()
    this.#display.changed()
  }

  show(heard: Heard): void {
    for (const line of linesOf(heard)) this.#print(line)
    if (this.#bell && this.#nick !== undefined && concerns(heard, this.#nick)) this.#display.ring()
  }

  ask(question: string): void {
    this.#question = question
    this.#display.changed()
  }

  prompt(text: string): void {
    this.#prompt = text
    this.#display.changed()
  }

  named(nick: string): void {
    this.#nick = nick
    // A line that was typed before the question may have answered it.
    this.#question = undefined
    this.#display.changed()
  }

  note(text: string): void {
    this.#print(lineIn(FAINT, text))
  }

  status(text: string): void {
    this.#status = text
    this.#display.changed()
  }

  trace(rows: readonly string[]): void {
    for (const row of rows) this.#print(lineIn(FAINT, row))
  }

  readonly attended = true

  get full(): boolean {
    return this.#display.full
  }

  /** What one person types or pastes is little: it goes on to the running client, which keeps it. */
  hold(): void {
    // Nothing is to be done.
  }

  release(): void {
    // Nothing was held.
  }

  async close(): Promise<void> {
    process.off('SIGCONT', this.#resume).off('exit', this.#restore)
    this.#output.off('resize', this.#resized)
    this.#input.off('data', this.#typing).pause()
    const { line } = this.#readline
    this.#readline.off('close', this.#left).close()
    if (line !== '') this.#print(lineIn(ALARM, `Not sent: ${line}`))
    this.#display.leave()
    this.#restore()
    await new Promise<void>((resolve) => {
      this.#output.write('', () => {
        resolve()
      })
    })
  }

  /** Who comes back sees where they were. */
  #print(line: Line): void {
    const now = this.#now()
    if (!this.#ruled && now - this.#keyAt >= AWAY_AFTER) {
      this.#ruled = true
      this.#display.print(unreadRule(this.#keyAt))
    }
    this.#display.print(this.#times ? withTime(line, now) : line)
  }

  #typed(line: string): void {
    const { text, spans } = this.#asked()
    if (line.trim() !== '') this.#print({ text: text + line, spans })
    this.#question = undefined
    this.#desk?.typed(line)
  }

  #footing(): Footing {
    const { text, spans } = this.#asked()
    const { line, cursor } = this.#readline
    return {
      status: this.#status,
      line: { text: text + line, spans },
      cursor: text.length + cursor,
    }
  }

  /** What stands before the line that is being typed. */
  #asked(): Line {
    if (this.#question !== undefined) return { text: this.#question, spans: [] }
    const nick = this.#nick ?? ''
    const text = this.#prompt === '' ? `${nick}> ` : this.#prompt
    return lineIn(nick === '' ? FAINT : lookOf(nick), text)
  }

  async #complete(text: string): Promise<[string[], string]> {
    const desk = this.#desk
    if (desk === undefined) return [[], text]
    // A server need not be asked for what the document says.
    if (!isBegunCommand(text, desk.known)) await desk.lookUp()
    const found = complete(text, desk.known)
    if (found.candidates.length > 1 && isStuck(found)) this.note(listed(found.candidates))
    return [[...found.candidates], found.word]
  }

  readonly #typing = (chunk: string): void => {
    this.#keyboard.take(chunk)
  }

  #pressed(key: Key | undefined): void {
    this.#keyAt = this.#now()
    this.#ruled = false
    if (key?.ctrl === true && key.name === 'l') this.#display.clear()
    else this.#display.changed()
  }

  readonly #resized = (): void => {
    this.#display.resized()
  }

  /** Ctrl-D in an empty line. From now on Ctrl-C is the signal again, for who cannot wait for the end. */
  readonly #left = (): void => {
    this.#keyboard.hold()
    this.#input.setRawMode(false)
    this.#desk?.quit()
  }

  /** Ctrl-Z stops all that the shell has started for this command, as if it had come from the terminal. */
  readonly #suspend = (): void => {
    if (process.platform === 'win32') return
    this.#display.leave()
    this.#restore()
    process.kill(0, 'SIGTSTP')
  }

  readonly #resume = (): void => {
    // Whoever had the terminal meanwhile may have left it in any mode, and the mode that we know of is not set again.
    this.#input.setRawMode(false)
    this.#takeKeys()
    this.#display.enter()
  }

  #takeKeys(): void {
    this.#input.setRawMode(true)
    this.#output.write(PASTE_MARKS.on)
  }

  /** Gives the terminal back as it was. */
  readonly #restore = (): void => {
    this.#output.write(PASTE_MARKS.off)
    this.#input.setRawMode(false)
  }
}

function isBegunCommand(text: string, { commands }: Known): boolean {
  return text !== '' && commands.some((command) => command.startsWith(text))
}

function listed(names: readonly string[]): string {
  const more = names.length - NAMES_SHOWN
  return names.slice(0, NAMES_SHOWN).join('  ') + (more > 0 ? `  and ${more} more` : '')
}
