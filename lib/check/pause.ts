// Waiting between two looks at the same thing.

/**
 * Waits so many milliseconds, and until what has come in meanwhile has been dealt with: timers that are
 * late when they run again and again would keep Node from ever looking at its sockets.
 */
export async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
  await new Promise((resolve) => setImmediate(resolve))
}
