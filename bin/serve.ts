// `partyline serve`: the server with its operator's terminal around it: log, console, signals.

import { readFileSync } from 'node:fs'
import { format } from 'node:util'
import createDebug from 'debug'
import {
  LIMITS,
  createServer,
  formatEntry,
  type Journal,
  type Limits,
  type Server,
} from '../lib/index.js'
import { BoundedOutput } from '../lib/host/bounded-output.js'
import { inForeground, linesOf, runConsole } from '../lib/host/console.js'
import { INTERRUPTED } from './exit-codes.js'
import { askAndListen, type Asking } from './ask.js'
import type { ServeOptions } from './options.js'
import { School } from './teach.js'

/**
 * Descriptors that the server needs beside those of its clients: listeners, log, files. Node opens some
 * 70 of its modules at the same time while it starts; this leaves it room.
 */
const RESERVED_DESCRIPTORS = 128
/** How long a server that has failed may take to say goodbye, in milliseconds. */
const LAST_WORDS = 2000
/** How often a terminal is asked whether this job is in its foreground, in milliseconds. */
const FOREGROUND_CHECK = 500
/**
 * Signals that come closer together than this, in milliseconds, are one: a Ctrl-C under `npm start`
 * comes twice, from the terminal to its whole group and from npm. Nobody means two so fast.
 */
const SAME_SIGNAL = 500

/** Runs the server until it is stopped; gives the exit code. Throws if it cannot listen. */
export async function serve(options: ServeOptions): Promise<number> {
  const out = new BoundedOutput(1, process.stdout)
  const log = new BoundedOutput(2, process.stderr)
  createDebug.log = (...args: unknown[]) => {
    log.writeLine(format(...args))
  }
  for (const warning of options.warnings) log.writeLine(`warning: ${warning}`)
  const journal: Journal = (entry) => {
    out.writeLine(formatEntry(entry, options.logFormat, Date.now()))
  }
  const { motd, logMessages, teaching } = options
  // Whoever reads JSON is not to meet other lines among it.
  const [told, questions] =
    options.logFormat === 'json' ? [log, process.stderr] : [out, process.stdout]
  const limits = fitDescriptors(options.limits, log)
  const server = createServer({ limits, motd, logMessages, journal })
  const school = new School({
    teaching,
    limits,
    journal,
    crashed(reason) {
      log.writeLine(`partyline: the server with --mistake ${teaching.mistake ?? ''}: ${reason}`)
      end.stop(1)
    },
  })
  const end = new End(async () => {
    school.close()
    await server.close()
  }, log)
  end.onSignals()
  const lines = readInput()
  const show = (text: string): void => {
    questions.write(text)
  }
  await Promise.race([listen(server, school, options, { answers: lines, show }), end.code])
  void runConsole({
    server,
    lines,
    print: (line) => {
      told.writeLine(line)
    },
    stop: () => {
      end.stop(0)
    },
  })
  const code = await end.code
  out.flush()
  log.flush()
  return code
}

async function listen(
  server: Server,
  school: School,
  { ask, listen, limitless }: ServeOptions,
  asking: Omit<Asking, 'limitless'>,
): Promise<void> {
  if (ask) await askAndListen(server, { ...asking, limitless })
  for (const url of listen) if (!(await school.listen(url))) await server.listen(url)
}

/** How the server ends: once by whatever comes first, at once by a second signal. */
class End {
  /** The exit code, when it has ended. */
  readonly code: Promise<number>
  readonly #close: () => Promise<void>
  readonly #log: BoundedOutput
  #ended: (code: number) => void = () => undefined
  /** When the stop began, by `performance.now()`. */
  #stoppingSince: number | undefined

  constructor(close: () => Promise<void>, log: BoundedOutput) {
    this.#close = close
    this.#log = log
    this.code = new Promise((resolve) => (this.#ended = resolve))
  }

  /** Stops the server with goodbyes; once more and not at the same moment, without. */
  stop(code: number): void {
    const now = performance.now()
    if (this.#stoppingSince !== undefined) {
      if (now - this.#stoppingSince >= SAME_SIGNAL) this.#ended(INTERRUPTED)
      return
    }
    this.#stoppingSince = now
    void this.#close().then(() => {
      this.#ended(code)
    })
  }

  /** Ends it by signals and by mistakes of our own. */
  onSignals(): void {
    for (const signal of ['SIGTERM', 'SIGINT']) {
      process.on(signal, () => {
        this.stop(0)
      })
    }
    // By default a closed terminal ends the process, and SIGUSR1 opens an inspector to every local user.
    for (const signal of ['SIGHUP', 'SIGUSR1']) process.on(signal, () => undefined)
    for (const mistake of ['uncaughtException', 'unhandledRejection']) {
      process.on(mistake, (error: unknown) => {
        this.#fail(error)
      })
    }
  }

  #fail(error: unknown): void {
    this.#log.writeLine(`partyline: our mistake: ${format(error)}`)
    if (this.#stoppingSince !== undefined) return
    setTimeout(this.#ended, LAST_WORDS, 1)
    this.stop(1)
  }
}

/** The lines of standard input; a terminal is read only while this job is in its foreground. */
function readInput(): AsyncIterableIterator<string> {
  const { stdin } = process
  const lines = linesOf(stdin)
  if (!stdin.isTTY) return lines
  const readIfForeground = (): void => {
    if (inForeground()) stdin.resume()
    else stdin.pause()
  }
  readIfForeground()
  // A shell signals a job that it continues in the background, but not one that runs there and comes
  // to the foreground (bash 5.2). The timer also keeps a program alive that asks in the background:
  // nothing else would.
  process.on('SIGCONT', readIfForeground)
  setInterval(readIfForeground, FOREGROUND_CHECK)
  return lines
}

/** Lowers maxClients to what the process may open, and says so: beyond it the system drops clients without a word. */
function fitDescriptors(limits: Limits, log: BoundedOutput): Limits {
  const most = openFiles() - RESERVED_DESCRIPTORS
  if (limits.maxClients <= most) return limits
  const files = `this process may open ${most + RESERVED_DESCRIPTORS} files`
  if (most < 1) throw new Error(`${files}, which is too few: raise the limit with ulimit -n`)
  // Lifted limits are meant to be whatever is possible.
  if (limits.maxClients < LIMITS.maxClients.max) {
    log.writeLine(
      `warning: ${files}, so --max-clients is lowered from ${limits.maxClients} to ${most}; ` +
        'raise the limit with ulimit -n',
    )
  }
  return { ...limits, maxClients: most }
}

function openFiles(): number {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    return Number(/^Max open files +(\d+)/m.exec(limits)?.[1] ?? Infinity)
  } catch {
    // Not on this system; the default of maxClients fits every one we know of.
    return Infinity
  }
}
