// Teaching servers within the test's own process, as a supply for the kit: they cost no start.

import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Ground } from '../../lib/check/ground.js'
import { Watch } from '../../lib/check/idle.js'
import type { Address } from '../../lib/check/sockets.js'
import { createServer as createPartyline } from '../../lib/index.js'
import { Classroom, TEACHINGS, type TeachingOptions } from '../../lib/teach/index.js'
import type { Crash, Lesson } from '../../lib/teach/lesson.js'

/** A running teaching server. */
export interface Lessons {
  readonly address: Address
  readonly classroom: Classroom
  /** Cuts everybody off and listens no more. */
  close(): Promise<void>
}

/** Starts a teaching server, such as `echo`, on a free port of loopback. */
export async function startLessons(
  name: string,
  options: Partial<TeachingOptions> = {},
): Promise<Lessons> {
  const teaching = TEACHINGS.get(name)
  if (teaching === undefined) throw new Error(`no teaching server ${name}`)
  return startLesson((crash) =>
    teaching.lessonOf({ closeAfterLine: false, mistake: undefined, ...options }, crash),
  )
}

async function startLesson(lessonOf: (crash: Crash) => Lesson): Promise<Lessons> {
  const classroom = new Classroom(lessonOf)
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    classroom.accept(socket)
  })
  void classroom.crashed.then(() => server.close())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('not listening on TCP')
  return {
    address: { host: '127.0.0.1', port: address.port },
    classroom,
    async close() {
      classroom.close()
      if (!server.listening) return
      server.close()
      await once(server, 'close')
    },
  }
}

/** A fresh teaching server for whoever asks. */
export function lessonsGround(name: string, options: Partial<TeachingOptions> = {}): Ground {
  return groundOf(name, () => startLessons(name, options))
}

/** The same with a server of the test's own. */
export function lessonGround(name: string, lessonOf: (crash: Crash) => Lesson): Ground {
  return groundOf(name, () => startLesson(lessonOf))
}

function groundOf(name: string, start: () => Promise<Lessons>): Ground {
  return {
    shared: false,
    name: `${name}://127.0.0.1`,
    async enter() {
      const lessons = await start()
      let death: string | undefined
      let output: readonly string[] = []
      void lessons.classroom.crashed.then((reason) => {
        death = 'exited with code 1'
        output = [reason]
      })
      return {
        address: lessons.address,
        watch: new OwnWatch(lessons.address.port),
        death: () => death,
        output: () => output,
        leave: () => lessons.close(),
      }
    },
  }
}

/** A fresh Partyline for whoever asks. */
export function partylineGround(): Ground {
  return {
    shared: false,
    name: 'line://127.0.0.1',
    async enter() {
      const server = createPartyline()
      const port = Number(new URL(await server.listen('line://127.0.0.1:0')).port)
      return {
        address: { host: '127.0.0.1', port },
        watch: new OwnWatch(port),
        death: () => undefined,
        output: () => [],
        leave: () => server.close(),
      }
    },
  }
}

/** How often the loop must turn until what one side has written has been read by the other, and answered, and the answer read. */
const TURNS = 4

/**
 * Watches a server of this very process: whenever it is looked at, the loop has turned once more. To have
 * the system tell takes most of the time of a play.
 */
class OwnWatch extends Watch {
  #looks = 0

  override isAsleep(): boolean {
    this.#looks++
    return this.#looks >= TURNS
  }

  override pending(): number {
    this.#looks = 0
    return 0
  }
}
