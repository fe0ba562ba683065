// The clients of OnlineChat and of the CS494 Chat Application, which read as their documents' clients
// read, against the real program: what they can see of the behaviours that their documents ask for.

import t, { type Test } from 'tap'
import { Client } from './support/client.js'
import { allQuit, ENDS, openHouse, type DocumentClient } from './support/document-client.js'
import { testWith } from './support/tools.js'

t.jobs = 2

const test = (name: string, body: (t: Test) => Promise<void>): void => {
  testWith(t, ['python3'], name, body)
}

/** A frame of OnlineChat. */
const frame = (text: string): string => `${Buffer.byteLength(text)},${text}`

/** What every one of them hears next. */
async function allHear(
  t: Test,
  text: string,
  ...hearers: readonly DocumentClient[]
): Promise<void> {
  for (const hearer of hearers) t.equal(await hearer.hears(), frame(text))
}

/** OnlineChat's first messages, to one who is given that name. */
async function isWelcomed(t: Test, client: DocumentClient, name: string): Promise<void> {
  const welcome = 'Welcome to the chat :)\nTo view instructions, type /help\n'
  for (const text of ['ACK', name, welcome]) await allHear(t, text, client)
  t.equal(
    await client.sees(/type \/help\n.*: /),
    `Connection to server established.\n${name}: ${welcome}${name}: `,
  )
}

test('onlinechat: coming, talking, going', async (t) => {
  const house = await openHouse(t, 'onlinechat')
  // A newcomer that is silent holds nobody up.
  await Client.to(house.url('onlinechat'))
  const ann = house.enter('onlinechat', 'ann')
  await isWelcomed(t, ann, 'ann')
  const bones = house.enter('onlinechat', 'bones')
  await isWelcomed(t, bones, 'bones')
  await allHear(t, '\rbones is now online.\n', ann)
  const other = house.enter('onlinechat', 'ann')
  await isWelcomed(t, other, 'ann1')
  await allHear(t, '\rann1 is now online.\n', ann, bones)

  other.types('hello, all')
  await allHear(t, '\rann1: hello, all\n', ann, bones)
  ann.types('hi :)')
  await allHear(t, '\rann: hi :)\n', bones, other)
  const long = 'x, '.repeat(500)
  ann.types(`${long}end`)
  for (const client of [bones, other]) {
    await client.sees(/ann: (x, ){500}end\n/)
    const reads = [await client.hears(), await client.hears()]
    t.equal(reads.join(''), frame(`\rann: ${long}end\n`), 'several recvs make one frame')
  }
  ann.types('/pm bones nm, wby')
  await allHear(t, '\r(PM) ann: nm, wby\n', bones)
  bones.types('/pm ann1 psst')
  await allHear(t, '\r(PM) bones: psst\n', other)
  const lines = Array.from({ length: 60 }, (_, line) => `${line}, of many`)
  ann.types(...lines)
  for (const client of [bones, other]) {
    const seen = await client.sees(/59, of many\n/)
    t.same(seen.match(/\d+, of many/g), lines, 'no frame is lost in a burst')
    t.notMatch(seen, /\d+,\r/, 'and none is glued to another')
  }

  bones.running.child.kill('SIGKILL')
  for (const client of [ann, other]) await client.sees(/\rbones has gone offline\.\n/)
  const again = house.enter('onlinechat', 'bones')
  await isWelcomed(t, again, 'bones')
  await allQuit(t, ann, other, again)
})

test('onlinechat: help, errors and groups', async (t) => {
  const house = await openHouse(t, 'onlinechat')
  const ann = house.enter('onlinechat', 'ann')
  await isWelcomed(t, ann, 'ann')
  const bones = house.enter('onlinechat', 'bones')
  await isWelcomed(t, bones, 'bones')
  await allHear(t, '\rbones is now online.\n', ann)
  const refused = async (client: DocumentClient, ...lines: readonly string[]): Promise<void> => {
    for (const line of lines) {
      client.types(line)
      t.match(await client.hears(), /^\d+,[^]+\n$/, line)
    }
  }

  ann.types('/help')
  const help = await ann.hears()
  for (const row of [
    '\\* Messages are broadcasted by default\\. \\*',
    '/help +View command options\\.',
    '/pm <username> <message> +Send user a private message\\.',
    '/gc <groupname> <message> +Send message to private group\\.',
    '/cg <groupname> +Create a private group\\.',
    '/jg <groupname> +Join a private group\\.',
    '/lg <groupname> +Leave a private group\\.',
    '/listg +List groups you are a member of\\.',
  ]) {
    t.match(help, new RegExp(`^${row}$`, 'm'))
  }
  await refused(ann, '/pm nobody hi', '/nosuch', '/gc Awesome hi', '/jg Awesome', '/lg Awesome')
  ann.types('/lo')
  t.match(await ann.hears(), /^\d+,[^]*\bann\b[^]*\bbones\b[^]*\n$/)

  ann.types('/listg')
  await allHear(t, '\r\n', ann)
  ann.types('/cg Awesome')
  await allHear(t, 'Group Awesome created.\n', ann)
  bones.types('/cg Awesome')
  await allHear(t, 'A group with that name already exists.\n', bones)
  await refused(bones, '/gc Awesome let me in', '/lg Awesome')
  bones.types('/jg Awesome')
  await allHear(t, '\rbones has joined group Awesome.\n', ann)
  await refused(bones, '/jg Awesome')
  ann.types('/gc Awesome welcome, you')
  await allHear(t, '\r(Awesome) ann: welcome, you\n', bones)
  bones.types('/gc Awesome thanks')
  await allHear(t, '\r(Awesome) bones: thanks\n', ann)
  ann.types('/cg Two')
  await allHear(t, 'Group Two created.\n', ann)
  ann.types('/listg')
  t.match(await ann.hears(), /^\d+,\rAwesome, ?Two\n$/)
  bones.types('/listallg')
  t.match(await bones.hears(), /^\d+,\rAwesome, ?Two\n$/)
  bones.types('/lg Awesome')
  await allHear(t, '\rbones has just left group Awesome.\n', ann)
  bones.types('/listg')
  await allHear(t, '\r\n', bones)

  bones.types('/jg Awesome')
  await allHear(t, '\rbones has joined group Awesome.\n', ann)
  t.same(await ann.quits(), [ENDS.quit, ''])
  await allHear(t, '\rann has gone offline.\n', bones)
  bones.types('/lg Awesome', '/listallg')
  await allHear(t, '\r\n', bones)
  bones.types('/cg Awesome')
  await allHear(t, 'Group Awesome created.\n', bones)
  await allQuit(t, bones)
})

test('cs494: names, rooms and lists', async (t) => {
  const house = await openHouse(t, 'cs494')
  const ann = house.enter('cs494', 'ann')
  await ann.sees(/name[^]*General[^]*\n/)
  t.match(ann.running.stdout, /\/\?/, 'the welcome names the list of commands')
  const bob = house.enter('cs494', 'ann')
  t.match(await bob.hears(), /name/)
  for (const name of ['/list', 'ANN', 'b o b', 'bob']) {
    t.match(await bob.hears(), /name/, 'asked again')
    bob.types(name)
  }
  await bob.sees(/General[^]*\n/)

  const answers = async (line: string, ...patterns: readonly RegExp[]): Promise<void> => {
    ann.types(line)
    for (const pattern of patterns) t.match(await ann.sees(pattern), pattern, line)
  }
  await answers('/nosuch', /nosuch.*\n/)
  await answers(
    '/?',
    ...['create', 'join', 'leave', 'users', 'users', 'list', 's', 'w', 'disconnect'].map(
      (command) => new RegExp(`/${command}\\b.*\\n`),
    ),
  )
  await answers('/users', /ann\n+bob\n/)
  await answers('/users General', /ann\n+bob\n/)
  await answers('/create', /.\n/)
  await answers('/create red', /red.*\n/)
  await answers('/create red', /red.*\n/)
  await answers('/list', /General\n+red\n/)
  await answers('/join', /.\n/)
  await answers('/join nosuch red General', /nosuch.*\n/, /red.*\n/, /General.*\n/)
  await answers('/users red', /ann\n/)
  await answers('/leave', /.\n/)
  await answers('/leave nosuch', /nosuch.*\n/)
  await answers('/leave red', /red.*\n/)
  await answers('/leave red', /red.*\n/)
  await answers('/list', /General\n+red\n/)
  await answers('/leave General', /General.*\n/)
  ann.types('/users General')
  t.equal((await ann.sees(/bob\n/)).trim(), 'bob')
  await allQuit(t, ann, bob)
})

test('cs494: talk and goodbyes', async (t) => {
  const house = await openHouse(t, 'cs494')
  const enters = async (name: string): Promise<DocumentClient> => {
    const client = house.enter('cs494', name)
    await client.sees(/General[^]*\/\?.*\n/)
    return client
  }
  const [ann, bob, carl] = [await enters('ann'), await enters('bob'), await enters('carl')]
  ann.types('/create red')
  await ann.sees(/red.*\n/)
  for (const client of [ann, bob]) {
    client.types('/join red')
    await client.sees(/red.*\n/)
  }
  ann.types('hi there')
  for (const client of [ann, bob]) {
    await client.sees(/\(General\) ann: hi there\n[^]*\(red\) ann: hi there\n/)
  }
  carl.types('/s red General to red General')
  for (const client of [ann, bob]) {
    await client.sees(/\(red\) carl: to red General\n[^]*\(General\) carl: to red General\n/)
  }
  t.notMatch(await carl.sees(/\(General\) carl: .*\n/), /red\)/, 'not for those outside')
  for (const nothing of ['/s nosuch hi', '/s red', '/s', '/w nobody hi', '/w bob', '/w']) {
    carl.types(nothing)
    await house.read(nothing)
  }
  carl.types('/w bob psst, red')
  t.match(await bob.sees(/carl: .*\n/), /^\n*\(Private To: bob\) carl: psst, red\n$/)
  for (const long of ['é'.repeat(450), 'é'.repeat(508)]) {
    carl.types(`/w ann ${long}`)
    t.match(await ann.sees(/carl: .*\n/), /^\n*\(Private To: ann\) carl: é{440,450}…?\n$/)
  }

  bob.types('/disconnect')
  t.same(await bob.ended(), [ENDS.dismissed, ''])
  await ann.sees(/bob.*disconnect.*\n/)
  ann.types('/users red')
  t.match(await ann.sees(/ann\n/), /^\n*ann\n$/)
  const again = await enters('bob')
  again.types('/quit')
  t.same(await again.ended(), [ENDS.quit, ''])
  await ann.sees(/bob.*disconnect.*\n/)
  carl.running.child.kill('SIGKILL')
  await ann.sees(/carl.*disconnect.*\n/)
  const nobody = await Client.to(house.url('cs494'))
  nobody.reset()
  ann.types('/users')
  t.match(await ann.sees(/ann\n/), /^\n*ann\n$/)
  await allQuit(t, ann)
})
