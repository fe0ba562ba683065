// `--raw`: the bytes as a telnet carries them and nothing else, so that one sees what a connection is.
// A terminal sends what was typed so far at Ctrl-D, in the middle of a line.

import type { Readable, Writable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { TelnetEar, TelnetVoice } from '../wire/nvt.js'
import { counted } from '../dialects/words.js'
import { flushed, whyUnwritten } from './flushed.js'
import { Link } from './link.js'
import type { Place } from './place.js'
import { promised } from './promised.js'
import { Trace, type TraceOptions } from './trace.js'
import type { Outcome } from './outcome.js'

/** What a raw connection is to be. */
export interface RawOptions {
  readonly place: Place
  /** When it is over at the latest, in milliseconds; undefined for never. */
  readonly timeout: number | undefined
  readonly trace: TraceOptions | undefined
  /** Whether a terminal is to show what comes: controls but for line ends and tabs as `^X` then. */
  readonly isSeen: boolean
}

/** Where the bytes come from and go to. */
export interface RawStreams {
  readonly input: Readable
  readonly output: Writable
  /** For what is wrong, and for traces. */
  readonly notes: Writable
}

/**
 * Carries bytes until both sides have ended; gives how it came out, once all is shown. At the end of
 * the input this side is closed and the server's last bytes are waited for. `aborted` breaks off.
 */
export async function carryRaw(
  options: RawOptions,
  streams: RawStreams,
  aborted: AbortSignal,
): Promise<Outcome> {
  const wire = new RawWire(options, streams)
  aborted.addEventListener('abort', () => {
    wire.stop('done')
  })
  const { timeout } = options
  const deadline =
    timeout === undefined
      ? undefined
      : setTimeout(() => {
          wire.tell(`It was not over within ${counted(timeout / 1000, 'second')}.`)
          wire.stop('unmet')
        }, timeout)
  const outcome = await wire.outcome
  clearTimeout(deadline)
  if (outcome !== 'unmet') await Promise.all([streams.output, streams.notes].map(flushed))
  return outcome
}

/** The wire between three streams and a server. */
class RawWire {
  readonly outcome: Promise<Outcome>
  readonly #streams: RawStreams
  readonly #trace: Trace | undefined
  readonly #link: Link
  readonly #voice = new TelnetVoice()
  readonly #ear = new TelnetEar((bytes) => {
    this.#send(bytes)
  })
  readonly #shownAs: (bytes: Buffer) => Buffer | string
  #isOpen = false
  #stoppedAs: Outcome | undefined

  constructor({ place, trace, isSeen }: RawOptions, streams: RawStreams) {
    this.#streams = streams
    this.#trace = trace === undefined ? undefined : new Trace(trace)
    this.#shownAs = isSeen ? newSight() : (bytes) => bytes
    const { promise, keep } = promised<Outcome>()
    this.outcome = promise
    this.#link = new Link(
      place,
      {
        opened: () => {
          this.#isOpen = true
          streams.input.resume()
        },
        received: (bytes) => {
          this.#receive(bytes)
        },
        closed: () => {
          this.#link.close()
        },
        drained: () => streams.input.resume(),
        written: (bytes) => {
          this.#draw('sent', bytes)
        },
        ended: (why) => {
          streams.input.destroy()
          if (why !== undefined) this.tell(why)
          const broken = this.#isOpen ? 'failed' : 'unreachable'
          keep(this.#stoppedAs ?? (why === undefined ? 'done' : broken))
        },
      },
      {},
    )
    this.#listen()
  }

  /** Breaks off. */
  stop(as: Outcome): void {
    this.#stoppedAs ??= as
    this.#link.destroy()
  }

  /** Writes a line beside what is carried. */
  tell(line: string): void {
    this.#streams.notes.write(`${line}\n`)
  }

  #listen(): void {
    const { input, output, notes } = this.#streams
    input
      .pause()
      .on('data', (bytes: Buffer) => {
        this.#send(this.#voice.take(bytes))
        if (this.#link.isFull) input.pause()
      })
      .on('end', () => {
        this.#link.halfClose()
      })
    output
      .on('drain', () => {
        this.#link.resume()
      })
      .once('error', (error) => {
        const why = whyUnwritten(error)
        if (why !== undefined) this.tell(why)
        this.stop(why === undefined ? 'done' : 'failed')
      })
      .on('error', () => undefined)
    notes.on('error', () => undefined)
  }

  #send(bytes: Buffer): void {
    this.#link.send(bytes, () => undefined)
  }

  #receive(bytes: Buffer): void {
    this.#draw('received', bytes)
    if (!this.#streams.output.write(this.#shownAs(this.#ear.take(bytes)))) this.#link.pause()
  }

  #draw(way: 'sent' | 'received', bytes: Buffer): void {
    for (const row of this.#trace?.rows(way, bytes) ?? []) this.tell(row)
  }
}

/**
 * What a terminal may see: text, of which controls do nothing to it. All but line ends and tabs are
 * in caret notation, with `M-` before those of U+0080 to U+009F.
 */
function newSight(): (bytes: Buffer) => string {
  const decoder = new StringDecoder()
  let end = ''
  return (bytes) => {
    const text = end + decoder.write(bytes)
    // Whether a CR is half a line end is known with what follows.
    end = text.endsWith('\r') ? '\r' : ''
    return text
      .slice(0, text.length - end.length)
      .replace(/\r(?!\n)|[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/gu, caret)
  }
}

function caret(control: string): string {
  const code = control.charCodeAt(0)
  const meta = code < 0x80 ? '' : 'M-'
  return `${meta}^${String.fromCharCode((code & 0x7f) ^ 0x40)}`
}
