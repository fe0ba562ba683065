// Whether a server on this machine is done with all that it was sent, as Linux tells it in /proc:
// nothing in its receive queues, and every thread of it asleep. Where there is no such thing to
// read (another system, another machine, another user's process) the answer is that it is not known.

import { readFileSync, readdirSync, readlinkSync } from 'node:fs'

/** A row of /proc/net/tcp (proc(5)). */
interface Row {
  readonly localPort: number
  readonly listening: boolean
  /** Bytes received and not read; of a listener, connections not accepted. */
  readonly unread: number
  readonly inode: string
}

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6']
const LISTEN = '0A'
const ASLEEP = /^[SITtZX]$/

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

  /** It may have begun processes since. */
  forget(): void {
    this.#processes = []
  }

  /** Whether no thread of it runs, or waits for a processor or a disk; undefined if that cannot be seen. */
  isAsleep(): boolean | undefined {
    this.#listeners ??= this.#find()
    if (this.#processes.length === 0) {
      this.#processes = this.#listeners.flatMap((pid) => [pid, ...descendantsOf(pid)])
    }
    return this.#processes.length === 0 ? undefined : this.#processes.every(isAsleep)
  }

  /** How much it has not read yet: bytes, and connections. */
  unread(): number {
    return rowsOf(this.#port, [this.#table]).reduce((sum, { unread }) => sum + unread, 0)
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
  if (linesOf(TABLES[0] ?? '').length === 0) return undefined
  return rowsOf(port, TABLES).some(({ listening }) => listening)
}

/** The processes that this one has begun, and they in turn. */
export function descendantsOf(pid: string): readonly string[] {
  const children = entries(`/proc/${pid}/task`).flatMap((thread) =>
    (contents(`/proc/${pid}/task/${thread}/children`) ?? '').split(' ').filter((id) => id !== ''),
  )
  return children.flatMap((child) => [child, ...descendantsOf(child)])
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
  return entries(`/proc/${pid}/task`).every((thread) => {
    const stat = contents(`/proc/${pid}/task/${thread}/stat`)
    // The name of the command, in parentheses, may hold anything.
    return stat === undefined || ASLEEP.test(stat.charAt(stat.lastIndexOf(')') + 2))
  })
}

function linesOf(table: string): readonly string[] {
  return (contents(table) ?? '').split('\n').slice(1)
}

function contents(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return undefined
  }
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
