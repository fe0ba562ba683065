// The clients of the documents as the program has them, in a pipe: four of them in one house of ours,
// and those of OnlineChat and ChatApp at servers that were written from their documents' figures.

import t, { type Test } from 'tap'
import { serve } from './support/hosting.js'
import { PROGRAM } from './support/program.js'
import { ROOT } from './support/root.js'
import { run, type Running } from './support/running.js'
import { testWith } from './support/tools.js'

t.jobs = 2

/** A client at a server, whose user types lines. */
class User {
  readonly running: Running

  constructor(t: Test, url: string, ...args: readonly string[]) {
    this.running = run(t, process.execPath, [PROGRAM, 'connect', url, ...args])
  }

  types(...lines: readonly string[]): void {
    this.running.write(lines.map((line) => `${line}\n`).join(''))
  }

  /** Waits until its whole standard output matches. */
  async sees(pattern: RegExp): Promise<void> {
    await this.running.printed(pattern)
  }

  /** Waits until its whole standard error matches. */
  async isTold(pattern: RegExp): Promise<void> {
    await this.running.printed(pattern, 'stderr')
  }

  /** Types no more: its exit code. */
  async ends(...lines: readonly string[]): Promise<number | null> {
    this.running.end(lines.map((line) => `${line}\n`).join(''))
    return (await this.running.ended()).code
  }
}

/** A server of test/fixtures/servers/, and the port that it listens on. */
async function startServer(
  t: Test,
  name: string,
): Promise<readonly [running: Running, port: string]> {
  const file = `${ROOT}/test/fixtures/servers/${name}.py`
  const running = run(t, 'python3', ['-BSE', file])
  const [, port = ''] = await running.printed(/ (\d+)\n/)
  return [running, port]
}

t.test('four documents in one house', { buffered: true }, async (t) => {
  const { server } = await serve(t)
  const enter = async (dialect: string, nick: string): Promise<User> =>
    new User(t, await server.listen(`${dialect}://127.0.0.1:0`), '--nick', nick)
  const flowers = await enter('onlinechat', 'flowers')
  await flowers.sees(/^Welcome to the chat :\)\nTo view instructions, type \/help\n/)
  const ann = await enter('cs494', 'ann')
  await ann.sees(/Hello ann\./)
  const bob = await enter('chatbox', 'bob')
  await bob.sees(/^Welcome to the room General, bob\./)
  const al = await enter('chatapp', 'al')
  // Each line is validated by what the server has answered to those before it.
  al.types('$create$ tea room', '$join$ tea room, General', '$view_all$')
  await al.sees(
    /^The room tea room .*\nal has joined .*tea room\.\nal has joined .*General\.\nRooms: General, tea room\n/s,
  )

  flowers.types('hi, all')
  await ann.sees(/^\(General\) flowers: hi, all$/m)
  await bob.sees(/^flowers: hi, all$/m)
  await al.sees(/^\[ROOM: General\] >> flowers >> \S+ \S+ >> hi, all$/m)
  bob.types('c!box', 's', 's!1', 'in the box', 'l!', 'back')
  await flowers.sees(/^bob: back$/m)
  t.notMatch(flowers.running.stdout, /in the box/)
  al.types('$msg$ General', 'hello')
  for (const [user, line] of [
    [flowers, /^al: hello$/m],
    [ann, /^\(General\) al: hello$/m],
    [bob, /^al: hello$/m],
    [al, /^\[ROOM: General\] >> al >> \S+ \S+ >> hello$/m],
  ] as const) {
    await user.sees(line)
  }
  // Lines that come all at once stay messages of their own.
  t.equal(
    await ann.ends('/join tea_room', '/users', '/s tea_room tea?', '/w flowers psst', '/list'),
    0,
  )
  t.match(
    ann.running.stdout,
    /You have joined the room tea_room\.\nflowers\nann\nbob\nal\n(?:.*\n)*General\n(?:.*\n)*tea_room\n/,
  )
  await flowers.sees(/^\(PM\) ann: psst$/m)
  await al.sees(/^\[ROOM: tea room\] >> ann >> \S+ \S+ >> tea\?$/m)
  for (const user of [flowers, bob, al]) t.equal(await user.ends(), 0)

  // 002 asks for a place where none was given, and again after a failure.
  const cs = new User(t, 'cs494://')
  const [, port = ''] = /:(\d+)$/.exec(await server.listen('cs494://127.0.0.1:0')) ?? []
  cs.types('127.0.0.1', '1')
  await cs.isTold(/Cannot connect to 127\.0\.0\.1:1:/)
  cs.types('127.0.0.1', port, 'cs')
  await cs.sees(/Hello cs\./)
  cs.types('/disconnect')
  t.equal(await cs.running.ended().then(({ code }) => code), 0)
  t.match(cs.running.stderr, /You have been disconnected\.\n$/)
})

testWith(t, ['python3'], "figure 12 at OnlineChat's own server", async (t) => {
  const [server, port] = await startServer(t, 'onlinechat')
  const url = `onlinechat://127.0.0.1:${port}`
  const flowers = new User(t, url, '--nick', 'flowers')
  await flowers.isTold(/^Connection to server established\.$/m)
  await flowers.sees(/^Welcome to the chat :\)\nTo view instructions, type \/help\n/)
  const bones = new User(t, url, '--nick', 'flowers')
  await flowers.sees(/^flowers1 is now online\.$/m)
  await bones.sees(/\/help\n/)
  flowers.types('/help', 'hello :)')
  await flowers.sees(/^\/listg {4}List groups you are a member of\.$/m)
  await bones.sees(/^flowers: hello :\)$/m)
  bones.types('hi', '/pm flowers nm wby')
  await flowers.sees(/^flowers1: hi\n\(PM\) flowers1: nm wby$/m)
  flowers.types('/cg Awesome')
  await flowers.sees(/^Group Awesome created\.$/m)
  bones.types('/jg Awesome')
  await flowers.sees(/^flowers1 has joined group Awesome\.$/m)
  // One frame a read: nothing that is typed at once is lost to a server that reads so (figure 7).
  flowers.types('/cg Awesome', '/gc Awesome welcome to the group', '/listg', '/lo')
  await flowers.sees(/^A group with that name already exists\.\nAwesome\nflowers, flowers1$/m)
  await bones.sees(/^\(Awesome\) flowers: welcome to the group$/m)
  t.equal(await bones.ends('/lg Awesome'), 0)
  await flowers.sees(/^flowers1 has just left group Awesome\.\nflowers1 has gone offline\.$/m)
  server.child.kill('SIGKILL')
  t.equal((await flowers.running.ended()).code, 3)
})

testWith(t, ['python3'], "sections 6 and 8 at ChatApp's own server", async (t) => {
  const [server, port] = await startServer(t, 'chatapp')
  const url = `chatapp://127.0.0.1:${port}`
  const alice = new User(t, url, '--nick', 'alice')
  alice.types('$create$', 'tea', '$create$ tea', '$join$ tea, red', '$msg$ all', 'hello, all')
  await alice.sees(
    /^The room tea has been made\.\nalice has joined the room tea\.\n\[ROOM: tea\] >> alice >> \S+ \S+ >> hello, all\n/,
  )
  await alice.isTold(/could not join all selected rooms\n/)
  t.match(
    alice.running.stderr,
    /^ERROR CODE 25: ROOM ERROR: tea name already in use\nERROR CODE 22: ROOM ERROR: red does not exist\nERROR CODE 28: WARNING: could not join all selected rooms\n/m,
  )
  const other = new User(t, url, '--nick', 'alice')
  t.equal((await other.running.ended()).code, 3)
  t.equal(other.running.stdout, 'ERROR CODE 3: CONNECTION ERROR: alice username already in use\n')
  const bob = new User(t, url, '--nick', 'bob')
  // What was said before comes with the room.
  bob.types('$join$ tea')
  await bob.sees(/^bob has joined the room tea\.\n\[ROOM: tea\] >> alice >> .* >> hello, all\n/)
  bob.types('$list$ tea', '$leave$ tea')
  await bob.sees(/^Members of tea: alice, bob\nbob has left the room tea\.$/m)
  t.equal(await bob.ends('$view_all$'), 0)
  await alice.sees(/^bob has joined the room tea\.\nbob has left the room tea\.$/m)
  server.child.kill('SIGKILL')
  t.equal((await alice.running.ended()).code, 3)
  t.match(alice.running.stderr, /^ERROR CODE 2: CONNECTION ERROR: lost connection from Server$/m)
})
