// Many tasks of which only so many are done at once.

/** Does so many of the tasks at once; the promises are in the order of the tasks. */
export function inPool<Value>(
  tasks: readonly (() => Promise<Value> | Value)[],
  most: number,
): readonly Promise<Value>[] {
  let free = Math.max(1, most)
  const waiting: (() => void)[] = []
  return tasks.map(async (task) => {
    if (free === 0) await new Promise<void>((resolve) => waiting.push(resolve))
    else free--
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) free++
      else next()
    }
  })
}
