// The running client: asks where to if nobody said, talks, shows, waits for what is expected, and
// comes again if it is to. What it shows, and who types, is the screen's.

import type { Heard, Known } from '../dialects/client.js'
import { counted } from '../dialects/words.js'
import { outcomeOf, type Expectation, type Leaving, type Outcome } from './outcome.js'
import { backOff, countDown } from './patience.js'
import { readPlace, type Place } from './place.js'
import { LOOK_UP, type Desk, type Screen } from './screen.js'
import { Talk, type Ending, type TalkEvents } from './talk.js'
import { Trace } from './trace.js'
import type { VisitOptions } from './visit-options.js'

/** How long a server may take to close after the end of the input, in milliseconds, before that is said. */
const CLOSING_PATIENCE = 5000
/** How long names count as fresh that were looked up, in milliseconds. */
const FRESH = 2000
/** How long a reader of what was shown is waited for when the time is over, in milliseconds. */
const LATE_PATIENCE = 1000

/** How a visit ends without a conversation. */
const NO_TALK: Ending = { how: 'unreachable', why: '', unsent: [] }

const NOTHING_KNOWN: Known = { commands: [], nicks: [], rooms: [] }

/** Makes a visit; gives how it came out, once all is seen. `aborted` ends it as its user could. */
export async function visit(
  options: VisitOptions,
  screen: Screen,
  aborted: AbortSignal,
): Promise<Outcome> {
  const visitor = new Visitor(options, screen)
  const quit = (): void => {
    visitor.quit()
  }
  aborted.addEventListener('abort', quit)
  if (aborted.aborted) quit()
  return await visitor.run()
}

class Visitor implements Desk {
  readonly #options: VisitOptions
  readonly #screen: Screen
  /** What is still to come. */
  #expected: readonly RegExp[]
  #nick: string | undefined
  #talk: Talk | undefined
  #prompt = ''
  /** Lines for which there is no conversation yet. */
  #early: string[] = []
  /** Ends a wait: for an answer, or for the next attempt. */
  #wake: (() => void) | undefined
  #lookedUpAt = -Infinity
  #lookUpEnds: (() => void) | undefined
  #closing: NodeJS.Timeout | undefined
  #hasEnded = false
  /** The user is going, or nobody sees what is shown, or the time is over. */
  #leaves: Leaving | undefined

  constructor(options: VisitOptions, screen: Screen) {
    this.#options = options
    this.#screen = screen
    this.#expected = options.expect
    this.#nick = options.nick
  }

  get #expectation(): Expectation {
    if (this.#options.expect.length === 0) return 'none'
    return this.#expected.length === 0 ? 'met' : 'unmet'
  }

  get known(): Known {
    return this.#talk?.session.known ?? NOTHING_KNOWN
  }

  /** The whole visit. */
  async run(): Promise<Outcome> {
    this.#screen.open(this)
    const { timeout = 0 } = this.#options
    const deadline =
      timeout > 0
        ? setTimeout(() => {
            this.#beLate(timeout)
          }, timeout)
        : undefined
    const outcome = await this.#visit()
    clearTimeout(deadline)
    const closed = this.#screen.close()
    if (this.#leaves === 'late') await Promise.race([closed, pause(LATE_PATIENCE)])
    else await closed
    // That the last lines cannot be written may show only now.
    return this.#leaves === 'lost' ? 'failed' : outcome
  }

  typed(line: string): void {
    if (this.#talk !== undefined) this.#talk.typed(line)
    else {
      this.#early.push(line)
      this.#wake?.()
    }
  }

  quit(): void {
    this.#leave('quit')
    this.#talk?.quit()
  }

  ended(): void {
    this.#hasEnded = true
    this.#wake?.()
    this.#endInput()
  }

  drained(): void {
    this.#talk?.resume()
  }

  gone(why?: string): void {
    if (why !== undefined && this.#leaves === undefined) this.#screen.note(why)
    this.#leave(why === undefined ? 'gone' : 'lost')
    this.#talk?.quit()
  }

  async lookUp(): Promise<void> {
    const now = this.#options.now()
    if (now - this.#lookedUpAt < FRESH || this.#talk?.lookUp() !== true) return
    this.#lookedUpAt = now
    await new Promise<void>((resolve) => {
      this.#lookUpEnds = resolve
      setTimeout(resolve, LOOK_UP)
    })
  }

  #leave(why: Leaving): void {
    this.#leaves ??= why
    this.#wake?.()
  }

  #beLate(timeout: number): void {
    const [missing] = this.#expected
    const what = missing === undefined ? 'It was not over' : `Nothing matched ${missing.source}`
    this.#screen.note(`${what} within ${counted(timeout / 1000, 'second')}.`)
    this.#leave('late')
    this.#talk?.destroy()
  }

  async #visit(): Promise<Outcome> {
    for (let failures = 1; ; failures++) {
      const place = this.#options.place ?? (await this.#askPlace())
      if (this.#leaves !== undefined) return outcomeOf(NO_TALK, this.#leaves, this.#expectation)
      if (place === undefined) {
        this.#screen.note('No address was given.')
        return 'unreachable'
      }
      const ending = await this.#converse(place)
      if (this.#isToAskAgain(ending)) continue
      this.#tell(ending)
      const outcome = outcomeOf(ending, this.#leaves, this.#expectation)
      if (this.#isOver(ending) || !this.#options.reconnect) return outcome
      if (ending.how !== 'unreachable') failures = 1
      await this.#waitFor(backOff(failures))
    }
  }

  /** Nobody answers at an address that was asked for: what was typed for it is kept for the next. */
  #isToAskAgain({ how, why, unsent }: Ending): boolean {
    if (this.#options.place !== undefined || how !== 'unreachable') return false
    if (this.#leaves !== undefined) return false
    this.#screen.note(why)
    this.#early.unshift(...unsent)
    return true
  }

  /** Whether there is no reason to come again. */
  #isOver({ how }: Ending): boolean {
    if (this.#leaves !== undefined || how === 'wanted') return true
    return this.#expectation === 'met' || (this.#hasEnded && this.#expectation === 'none')
  }

  #tell({ why, unsent }: Ending): void {
    if (this.#leaves === 'gone') return
    if (why !== '') this.#screen.note(why)
    for (const line of unsent) this.#screen.note(`Not sent: ${line}`)
  }

  async #askPlace(): Promise<Place | undefined> {
    const { client, usual } = this.#options
    for (;;) {
      const host = await this.#ask(client.asks?.host ?? 'Address: ')
      const port = await this.#ask(client.asks?.port ?? 'Port: ')
      if (host === undefined || port === undefined) return undefined
      const place = readPlace(host, port, usual)
      if (!('problem' in place)) return place
      this.#screen.note(`That is no place: ${place.problem}.`)
    }
  }

  /** A line that is typed after a question; undefined if there will be none. */
  async #ask(question: string): Promise<string | undefined> {
    this.#screen.ask(question)
    this.#screen.release()
    while (this.#early.length === 0 && !this.#hasEnded && this.#leaves === undefined) {
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    return this.#early.shift()
  }

  async #waitFor(seconds: number): Promise<void> {
    const cutShort = new AbortController()
    this.#wake = () => {
      const lines = this.#early.splice(0)
      for (const line of lines.filter((line) => line !== '')) {
        this.#screen.note(`Not connected. Not sent: ${line}`)
      }
      if (lines.length === 0 || lines.includes('')) cutShort.abort()
    }
    const tell = (left: number): void => {
      this.#screen.status(`Connecting again in ${left} s; Enter does it now, Ctrl-C ends.`)
    }
    await countDown(seconds, tell, cutShort.signal)
    this.#wake = undefined
    this.#screen.status('')
  }

  async #converse(place: Place): Promise<Ending> {
    this.#wake = undefined
    const ending = await new Promise<Ending>((resolve) => {
      const { client, now } = this.#options
      const events = this.#events(place, resolve)
      this.#talk = new Talk(client, place, { nick: this.#nick, now: () => now() }, events)
      for (const line of this.#early.splice(0)) this.#talk.typed(line)
      this.#endInput()
    })
    clearTimeout(this.#closing)
    this.#talk = undefined
    this.#screen.hold()
    this.#screen.prompt((this.#prompt = ''))
    return ending
  }

  /** Tells the conversation that no more is typed, unless something is still expected of it. */
  #endInput(): void {
    if (!this.#hasEnded || this.#talk === undefined || this.#expected.length > 0) return
    this.#talk.ended()
    this.#closing = setTimeout(() => {
      this.#screen.note('All is sent; the server has not closed yet. Ctrl-C ends.')
    }, CLOSING_PATIENCE)
  }

  #events(place: Place, ended: (ending: Ending) => void): TalkEvents {
    const { notices, client, trace: options } = this.#options
    const trace = options === undefined ? undefined : new Trace(options)
    let isNamed = false
    return {
      opened: () => {
        this.#screen.note(`Connected to ${place.host} at port ${place.port}.`)
      },
      shown: (heard) => {
        this.#screen.show(heard)
        this.#expect(heard)
      },
      asking: (question) => {
        this.#askNick(question)
      },
      named: (nick) => {
        this.#nick = nick
        this.#screen.named(nick)
        if (notices && !isNamed && client.notices !== undefined) this.#talk?.typed(client.notices)
        isNamed = true
      },
      lookedUp: () => this.#lookUpEnds?.(),
      held: (held) => {
        if (held) this.#screen.hold()
        else this.#screen.release()
      },
      carried: (way, bytes) => {
        if (trace !== undefined) this.#screen.trace(trace.rows(way, bytes))
      },
      settled: () => {
        this.#settle()
      },
      ended,
    }
  }

  /** Asks for a nickname; where nobody can give another one than was given, what comes next must not be taken for it. */
  #askNick(question: string): void {
    const { nick } = this.#options
    if (nick === undefined || this.#screen.attended) {
      this.#screen.ask(question)
      return
    }
    this.#leave('refused')
    this.#talk?.giveUp(`The nickname ${nick} was not taken: give --nick another one.`)
  }

  /** Crosses out what has come; after the last of it, the visit is over. */
  #expect({ shown, local }: Heard): void {
    if (local === true || this.#expected.length === 0) return
    for (const line of shown) {
      if (this.#expected[0]?.test(line) === true) this.#expected = this.#expected.slice(1)
    }
    if (this.#expected.length === 0) this.#talk?.quit()
  }

  #settle(): void {
    if (this.#screen.full) this.#talk?.pause()
    const prompt = this.#talk?.session.prompt ?? ''
    if (prompt !== this.#prompt) this.#screen.prompt((this.#prompt = prompt))
  }
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}
