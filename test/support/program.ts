// The built program as its users start it: `partyline` with arguments, in a process of its own.

import type { Test } from 'tap'
import { ROOT } from './root.js'
import { run, type Running } from './running.js'

/** The built program's file. `npm test` builds it first, so it is never stale there. */
export const PROGRAM = `${ROOT}/dist/bin/partyline.js`

/** What a program is started with. */
export interface ProgramSettings {
  /**
   * Arguments after `serve`. Unless they, or `env`, say where to listen (`--config` may, so it counts),
   * it takes a free port on 127.0.0.1.
   */
  readonly args?: readonly string[]
  /** Variables beside those of this process; `DEBUG` and `PARTYLINE_*` are not passed on from it. */
  readonly env?: Readonly<Record<string, string>>
}

/** A program that listens. */
export interface Program extends Running {
  /** The port of the first address that it listens on. */
  readonly port: number
}

/**
 * Starts the program and waits until it listens. Its standard input is a pipe that stays open. It is
 * killed when the test is over, if it still runs. Rejects with its output if it ends instead.
 */
export async function startProgram(t: Test, settings: ProgramSettings = {}): Promise<Program> {
  const running = runProgram(t, settings)
  const [, port] = await running.printed(/^listening on \S+:(\d+)\n/m)
  return Object.assign(running, { port: Number(port) })
}

/** Starts the program and waits for nothing: for one that is to refuse its arguments, or that asks. */
export function runProgram(t: Test, { args = [], env = {} }: ProgramSettings = {}): Running {
  const given =
    args.some((arg) => /^(-p|--(listen|port|host|ask|config)\b)/.test(arg)) ||
    Object.keys(env).some((name) => /^PARTYLINE_(LISTEN|PORT|HOST|ASK|CONFIG)$/.test(name))
  const listen = given ? [] : ['--listen', 'line://127.0.0.1:0']
  return run(t, process.execPath, [PROGRAM, 'serve', ...listen, ...args], {
    env: { ...plainEnvironment(), ...env },
  })
}

function plainEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(DEBUG$|PARTYLINE_)/.test(name)),
  )
}
