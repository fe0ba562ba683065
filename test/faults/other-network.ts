// An ordeal in a network of its own, in which this process has all rights and reaches nobody else.

import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { CannotTell, type Ordeal } from './stage.js'

/** The exit code of far-process.js where the machine was too busy to tell. */
const UNSURE = 3

/** The same ordeal, there. */
export function inOtherNetwork({ numbers, promise }: Ordeal): Ordeal {
  const rights = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  const far = fileURLToPath(new URL('far-process.js', import.meta.url))
  const args = [...rights, '--net', process.execPath, far, numbers]
  return {
    numbers,
    promise,
    needs: ['unshare', 'nsenter', 'ip'],
    play: () =>
      new Promise((resolve, reject) => {
        execFile('unshare', args, (error, stdout, stderr) => {
          if (error === null) resolve(stdout)
          else reject(error.code === UNSURE ? new CannotTell(stderr) : new Error(stderr))
        })
      }),
  }
}
