// Loaded into the server's process beside the server itself (`node --import`), so that the server
// needs no way to look into it: says over the IPC channel what the process holds when it is asked.

import { getHeapStatistics } from 'node:v8'

/** What a process holds. */
export interface Holdings {
  /** How many timers, sockets and other things of each kind keep it going. */
  readonly resources: Readonly<Record<string, number>>
  /** After a collection, in bytes. */
  readonly heap: number
  readonly resident: number
}

process.on('message', () => {
  globalThis.gc?.()
  // Finalizers run between two collections.
  setImmediate(() => {
    globalThis.gc?.()
    process.send?.(look())
  })
})
// Else the channel would keep a server going that has ended.
process.channel?.unref()

function look(): Holdings {
  const resources: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) {
    // The one that looks.
    if (kind !== 'Immediate') resources[kind] = (resources[kind] ?? 0) + 1
  }
  return {
    resources,
    heap: getHeapStatistics().used_heap_size,
    resident: process.memoryUsage.rss(),
  }
}
