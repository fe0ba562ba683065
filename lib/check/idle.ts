// Whether a server on this machine is done with all that it was sent, as Linux tells it in /proc:
// nothing in its receive queues, and every thread of it asleep. Where there is no such thing to
// read (another system, another machine, another user's process) the answer is that it is not known.

import { closeSync, existsSync, openSync, readSync, readdirSync, readlinkSync } from 'node:fs'

/** A row of /proc/net/tcp (proc(5)). */
interface Row {
  readonly localPort: number
  readonly listening: boolean
  /** Bytes received and not read; of a listener, connections not accepted. */
  readonly unread: number
  /** Bytes sent of which the other side has not said yet that they have come. */
  readonly unacknowledged: number
  readonly inode: string
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']
const LISTEN = '0A'
const ASLEEP = /^[SITtZX]$/
/** Where in the kernel a thread waits that whatever comes to one of its sockets wakes (wchan in proc(5), Linux 4 to 6). */
const AT_SOCKETS = /^(?:ep_poll|do_epoll_wait|inet_csk_accept|sk_wait_data|wait_woken)$/
/** And where one in select() or poll(), which without any sockets are a sleep, as in Python before 3.11. */
const AT_CHOICE = /^(?:poll_schedule_timeout|do_select|do_sys_poll|do_poll)\b/
/** And where one waits that another thread or process wakes. */
const AT_OTHERS = /^(?:futex_\w+|do_wait|(?:anon_)?pipe_read|unix_stream_read_generic)$/

/**
 * So long must a server be seen idle, in milliseconds. A thread that another one wakes is seen at once;
 * programs that work together may also wait for each other by sleeping a little, as shell scripts do.
 */
const SEEN_IDLE = { alone: 2, together: 5 }

/** Looks at the server that listens on a port. */
export class Watch {
  readonly #port: number
  /** Those that listen. */
  #listeners: readonly string[] | undefined
  #processes: readonly string[] = []
  /** The table that has the server's connections: that of the address it listens on. */
  #table = ''

  constructor(port: number) {
    this.#port = port
  }

  /** How long it must be seen asleep until it counts as idle, in milliseconds. */
  get seenIdle(): number {
    return this.#processes.length > 1 ? SEEN_IDLE.together : SEEN_IDLE.alone
  }

  /** Whether no thread of it runs, or waits for a processor or a disk; undefined if that cannot be seen. */
  isAsleep(): boolean | undefined {
    this.#listeners ??= this.#find()
    this.#processes = this.#listeners.flatMap((pid) => [pid, ...descendantsOf(pid)])
    return this.#processes.length === 0 ? undefined : this.#processes.every(isAsleep)
  }

  /**
   * How much is on its way: bytes and connections that it has not taken and may yet take; and with
   * `answers` the bytes from it that may not have come. These wait where a server leaves Nagle's algorithm
   * on (RFC 896), until what it sent before is acknowledged: on Linux that takes 40 ms and more.
   */
  pending(answers: boolean): number {
    // To read the table takes milliseconds, the more the more connections the machine has had.
    if (!answers && this.#waitsForSockets()) return 0
    return rowsOf(this.#port, [this.#table]).reduce(
      (sum, { unread, unacknowledged }) => sum + unread + (answers ? unacknowledged : 0),
      0,
    )
  }

  /** Whether nothing but something new has it act: it would read what there is, if it wanted to. */
  #waitsForSockets(): boolean {
    const threads = this.#processes.flatMap(threadsOf)
    const others = threads.filter((thread) => !isAtSockets(thread))
    if (others.length === threads.length) return false
    return others.every((thread) => AT_OTHERS.test(contents(`${thread}/wchan`) ?? ''))
  }

  #find(): readonly string[] {
    const table = TABLES.find((name) =>
      rowsOf(this.#port, [name]).some(({ listening }) => listening),
    )
    this.#table = table ?? ''
    const rows = rowsOf(this.#port, [this.#table]).filter(({ listening }) => listening)
    return holdersOf(rows.map(({ inode }) => `socket:[${inode}]`))
  }
}

/** Whether anything on this machine listens on a port; undefined if that cannot be told. */
export function isListening(port: number): boolean | undefined {
  if (!existsSync(TABLES[0] ?? '')) return undefined
  return TABLES.some((table) => rowsOf(port, [table]).some(({ listening }) => listening))
}

/** The processes that this one has begun, and they in turn. */
export function descendantsOf(pid: string): readonly string[] {
  const children = threadsOf(pid).flatMap((thread) =>
    (contents(`${thread}/children`) ?? '').split(' ').filter((id) => id !== ''),
  )
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

/** The processes that were begun with this in their environment, as `NAME=value`. */
export function withVariable(variable: string): readonly string[] {
  return entries('/proc').filter(
    (pid) =>
      /^\d+$/.test(pid) && (contents(`/proc/${pid}/environ`) ?? '').split('\0').includes(variable),
  )
}

/** The sockets of a port, those of its server: listening, and connected. */
function rowsOf(port: number, tables: readonly string[]): readonly Row[] {
  const hex = `:${port.toString(16).toUpperCase().padStart(4, '0')} `
  return tables
    .flatMap((table) =>
      linesOf(table)
        .filter((line) => line.includes(hex))
        .map(rowOf),
    )
    .filter(({ localPort }) => localPort === port)
}

function rowOf(line: string): Row {
  const [, local = '', , state, queues = '', , , , , inode = ''] = line.trim().split(/\s+/)
  return {
    localPort: hexAfterColon(local),
    listening: state === LISTEN,
    unread: hexAfterColon(queues),
    unacknowledged: state === LISTEN ? 0 : parseInt(queues, 16),
    inode,
  }
}

function hexAfterColon(field: string): number {
  return parseInt(field.slice(field.lastIndexOf(':') + 1), 16)
}

/** The processes that hold one of these sockets. */
function holdersOf(sockets: readonly string[]): readonly string[] {
  if (sockets.length === 0) return []
  return entries('/proc').filter((pid) => /^\d+$/.test(pid) && holdsOne(pid, new Set(sockets)))
}

function holdsOne(pid: string, sockets: ReadonlySet<string>): boolean {
  return entries(`/proc/${pid}/fd`).some((fd) => {
    try {
      return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`))
    } catch {
      return false
    }
  })
}

/** The same of one process; a server within this very one acts only when we do not. */
function isAsleep(pid: string): boolean {
  if (pid === String(process.pid)) return true
  return threadsOf(pid).every((thread) => {
    const stat = contents(`${thread}/stat`)
    // The name of the command, in parentheses, may hold anything.
    return stat === undefined || ASLEEP.test(stat.charAt(stat.lastIndexOf(')') + 2))
  })
}

/** Whether a thread, by its folder, waits for something to come to its sockets. */
function isAtSockets(thread: string): boolean {
  const place = contents(`${thread}/wchan`) ?? ''
  if (!AT_CHOICE.test(place)) return AT_SOCKETS.test(place)
  // select() has its count of sockets first, and then those to read from; poll() its sockets, and then their count.
  const [, first, second] = (contents(`${thread}/syscall`) ?? '').split(' ').map(Number)
  return Boolean(first) && Boolean(second)
}

/** The folders of its threads. */
function threadsOf(pid: string): readonly string[] {
  return entries(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`)
}

function linesOf(table: string): readonly string[] {
  return (contents(table) ?? '').split('\n').slice(1)
}

const page = Buffer.allocUnsafe(64 * 1024)

/** All of a file; of a short one in a third of the time that readFileSync takes (8 and 23 microseconds). */
function contents(file: string): string | undefined {
  let descriptor: number | undefined
  try {
    descriptor = openSync(file, 'r')
    let text = ''
    for (let read = 1; read > 0; text += page.toString('latin1', 0, read)) {
      read = readSync(descriptor, page)
    }
    return text
  } catch {
    return undefined
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
