// Waiting before another attempt: longer each time, in sight of the user, who can cut it short.

/** The first wait and the longest, in seconds; each is twice the one before. */
const FIRST = 1
const LONGEST = 60

/** How long to wait after so many attempts in a row that failed, in whole seconds. */
export function backOff(failures: number): number {
  return Math.min(LONGEST, FIRST * 2 ** Math.max(0, failures - 1))
}

/** Tells each second how many are left, and resolves at none, or at once when it is cut short. */
export async function countDown(
  seconds: number,
  tell: (left: number) => void,
  cutShort: AbortSignal,
): Promise<void> {
  for (let left = seconds; left > 0 && !cutShort.aborted; left--) {
    tell(left)
    await second(cutShort)
  }
}

async function second(cutShort: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer)
      cutShort.removeEventListener('abort', done)
      resolve()
    }
    const timer = setTimeout(done, 1000)
    cutShort.addEventListener('abort', done)
  })
}
