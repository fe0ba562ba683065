// Tests that need programs of the system: skipped where one is not installed, but never in CI.

import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Test } from 'tap'

/**
 * A test, with room for others beside it, that needs `tools` (names of programs) to be installed. Without
 * one of them it is skipped and names it; with CI=true it fails.
 */
export function testWith(
  t: Test,
  tools: readonly string[],
  name: string,
  body: (t: Test) => Promise<void>,
): void {
  const missing = tools.filter((tool) => !isInstalled(tool)).join(', ')
  if (missing === '') t.test(name, { buffered: true }, body)
  else if (process.env['CI'] === 'true') t.fail(`${name}: ${missing} must be installed`)
  else t.test(name, { skip: `${missing} not installed` }, body)
}

/** Whether a program of this name can be run. */
export function isInstalled(tool: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
