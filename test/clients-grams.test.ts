// The clients of the Chat Box, which evaluates every read, and of ChatApp, which keeps a book of what
// it is told, against the real program: what they can see of the behaviours that their documents ask for.

import t, { type Test } from 'tap'
import { Client } from './support/client.js'
import {
  allQuit,
  ENDS,
  openHouse,
  type DocumentClient,
  type OpenHouse,
} from './support/document-client.js'
import { testWith } from './support/tools.js'

t.jobs = 4

const test = (name: string, body: (t: Test) => Promise<void>): void => {
  testWith(t, ['python3'], name, body)
}

/** Types a line, and gives what is seen up to the end of the pattern. */
async function asks(client: DocumentClient, line: string, pattern: RegExp): Promise<string> {
  client.types(line)
  return await client.sees(pattern)
}

/** Asks what a ChatApp client's book says, again after each read, until it says that. */
async function knows(client: DocumentClient, question: string, answer: RegExp): Promise<void> {
  while (!answer.test(await asks(client, question, /(?:Members of|Rooms:|ERROR CODE 22:) .*\n/)))
    await client.hears()
}

/** Types a line that is answered with nothing, and waits until the server has read what it becomes. */
async function sends(
  house: OpenHouse,
  client: DocumentClient,
  line: string,
  message: string,
): Promise<void> {
  client.types(line)
  await house.read(message)
}

test('chatbox: rooms and grams', async (t) => {
  const house = await openHouse(t, 'chatbox')
  const ann = house.enter('chatbox', 'ann')
  t.match(await ann.sees(/Chatting in 'General': .*\n/), /General[^]*ann[^]*nobody\n$/)
  const bob = house.enter('chatbox', 'bob')
  t.match(await bob.sees(/Chatting in 'General': .*\n/), /bob[^]*: ann\n$/)
  t.match(await ann.sees(/bob.*\n/), /bob/, 'a newcomer where one is')

  await asks(ann, 'c', /c!.*\n/)
  t.match(await asks(ann, 'c!the red room', /\bs\b.*\n/), /the red room/)
  ann.types('in General still')
  await bob.sees(/ann: in General still\n/)
  await asks(bob, 'j', /Join General: \(0\)\nJoin the red room: \(1\)\n/)
  await sends(house, bob, 'j!1', "{'join': 'the red room'}")
  await asks(bob, 'u!', /'General': ann, bob\nChatting in 'the red room': nobody\n/)
  await asks(bob, 's', /Switch to the red room: \(1\)\n/)
  await asks(bob, 's!1', /bob[^]*Chatting in 'the red room': nobody\n/)
  await sends(house, bob, 'not for General', "{'contents': 'bob: not for General'}")
  await asks(ann, 'u!', /'General': ann\nChatting in 'the red room': bob\n/)
  await asks(ann, 's', /Switch to the red room: \(1\)\n/)
  await asks(ann, 's!1', /ann[^]*Chatting in 'the red room': bob\n/)
  t.notMatch(ann.running.stdout, /not for General/, 'nor from before')
  ann.types('hello in red')
  await bob.sees(/ann: hello in red\n/)

  const carl = house.enter('chatbox', 'carl')
  await carl.sees(/Chatting in 'General': nobody\n/)
  await sends(house, carl, 'c!the red room', "{'create': 'the red room'}")
  for (const client of [ann, bob]) await client.sees(/carl.*the red room.*\n/)
  bob.types('hello, all')
  await ann.sees(/bob: hello, all\n/)
  await asks(carl, 's', /Switch to the red room: \(1\)\n/)
  t.notMatch(carl.running.stdout, /hello, all/, 'a member who has not switched')
  await asks(carl, 's!1', /Chatting in 'the red room': ann, bob\n/)

  await asks(ann, 'l!', /General.*\n/)
  for (const client of [bob, carl]) await client.sees(/ann.*\n/)
  await asks(ann, 'u!', /'General': ann\nChatting in 'the red room': bob, carl\n/)
  await asks(ann, 's', /\n/)
  await asks(ann, 's!1', /join a room before\.\n/)
  await asks(ann, 'l!', /q!.*\n/)
  bob.types('without ann')
  await carl.sees(/bob: without ann\n/)
  await asks(ann, 'j', /Join the red room: \(1\)\n/)
  t.notMatch(ann.running.stdout, /without ann/)

  bob.types('q!')
  t.same(await bob.ended(), [ENDS.quit, ''])
  await carl.sees(/bob.*\n/)
  carl.running.child.kill('SIGKILL')
  await house.program.printed(/^carl is offline /m)
  await asks(ann, 'u!', /'General': ann\nChatting in 'the red room': nobody\n/)
  await allQuit(t, ann)
})

test('chatbox: broadcasts, names and texts', async (t) => {
  const house = await openHouse(t, 'chatbox')
  const enters = async (name: string): Promise<DocumentClient> => {
    const client = house.enter('chatbox', name)
    await client.sees(/Chatting in 'General': .*\n/)
    return client
  }
  const [ann, bob, other] = [await enters('ann'), await enters('bob'), await enters('ann')]
  for (const client of [ann, bob]) await client.sees(/ann1.*\n/)
  other.types('I am another')
  for (const client of [ann, bob]) t.match(await client.sees(/another\n/), /^\n*ann1: I am/m)
  ann.types('it\'s \\ "quoted", žluť €😀')
  for (const client of [other, bob]) {
    t.match(await client.sees(/😀\n/), /^\n*ann: it's \\ "quoted", žluť €😀$/m)
  }

  await asks(ann, "c!it's", /it's[^]*\n/)
  await sends(house, bob, "c!it's", `{'create': "it's"}`)
  await asks(bob, 's', /Switch to it's: \(1\)\n/)
  await asks(bob, 's!1', /Chatting in 'it's': nobody\n/)
  await asks(ann, 'b', /Send to General: \(0\)\nSend to it's: \(1\)\n/)
  ann.types('b! 0, 1 ! to both of them')
  for (const client of [bob, other]) {
    t.match(await client.sees(/them\n/), /^\n*ann: to both of them$/m)
  }
  await asks(ann, 'b!1!only there', /only there\n/)
  await bob.sees(/ann: only there\n/)
  other.types('fence')
  t.match(await ann.sees(/ann1: fence\n/), /fence/)
  t.notMatch(other.running.stdout, /only there/)

  const lin = await Client.named(house.url('line'), 'lin')
  const lines = Array.from({ length: 60 }, (_, line) => `lin: {${line}} {'of': many}`)
  lin.say(...lines.map((line) => line.slice('lin: '.length)))
  for (const client of [ann, other]) {
    const seen = await client.sees(/59.*many.*\n/)
    t.same(seen.match(/\d+(?=.*of)/g), Array.from(lines.keys(), String), 'a burst, with braces')
  }
  lin.say(`#ann ${'é'.repeat(900)}`)
  t.match(await ann.sees(/é…?\n/), /private[^]*é{400}/i)
  lin.say('#ann psst')
  t.match(await ann.sees(/psst\n/), /private/i)
  other.types('exit()')
  t.same(await other.ended(), [ENDS.quit, ''])
  await ann.sees(/ann1.*\n/)
  await allQuit(t, ann, bob)
})

test('chatapp: rooms and the book that is kept of them', async (t) => {
  const house = await openHouse(t, 'chatapp')
  const ann = house.enter('chatapp', 'Ann')
  await ann.sees(/Successfully connected to Server\n/)
  await asks(ann, '$create$\nred', /ann >> \n/)
  await asks(ann, '$create$\nblue', /ann >> \n/)
  await knows(ann, '$view_all$', /Rooms: .*\bred, blue\n/)
  await asks(ann, '$join$\nRED,blue', /ann >> \n/)
  await knows(ann, '$list$\nblue', /Members of blue: ann\n/)
  await asks(ann, '$create$\nRED', /ERROR CODE 25: ROOM ERROR: (?:RED|red) name already in use\n/)

  const bob = house.enter('chatapp', 'bob')
  await bob.sees(/Successfully connected to Server\n/)
  await knows(bob, '$list$\nblue', /Members of blue: ann\n/)
  await knows(bob, '$view_all$', /Rooms: .*\bred, blue\n/)
  await asks(bob, '$join$\nred', /bob >> \n/)
  await knows(ann, '$list$\nred', /Members of red: ann, bob\n/)
  await asks(ann, '$msg$\nall\nhello, all', /\[ROOM: blue\] >> ann >> .*\n/)
  const said = await bob.sees(/\[ROOM: red\] >> ann >> .* >> hello, all\n/)
  t.ok(ann.running.stdout.includes(said.trim().split('\n').at(-1) ?? ''), 'its time stamp stays')
  t.notMatch(bob.running.stdout, /\[ROOM: blue\]/, 'not a member')

  for (let line = 1; line <= 12; line++) {
    await asks(ann, `$msg$\nblue\nline ${line}.`, new RegExp(`>> line ${line}\\.\\n`))
  }
  bob.types('$join$', 'blue')
  const history = await bob.sees(/line 12\.\n/)
  const tail = ann.running.stdout.match(/\[ROOM: blue\].*line \d+\./g)?.slice(-10)
  t.same(history.match(/\[ROOM: blue\].*/g), tail, 'the last ten, oldest first')
  await asks(ann, `$msg$\nred\n${'x'.repeat(1500)}`, /ERROR CODE 26: MSG ERROR: .*1000\n/)
  await asks(ann, `$msg$\nred\n${'\\'.repeat(700)}`, /ann >> .* >> \\{700}\n/)

  await asks(bob, '$leave$\nblue', /bob >> \n/)
  await knows(ann, '$list$\nblue', /Members of blue: ann\n/)
  await asks(ann, '$msg$\nblue\nwithout bob', />> without bob\n/)
  await asks(ann, '$msg$\nred\nwith bob', />> with bob\n/)
  t.notMatch(await bob.sees(/>> with bob\n/), /without bob/)
  bob.types('$join$', 'blue')
  await knows(ann, '$list$\nblue', /Members of blue: ann, bob\n/)
  bob.types('$quit$')
  t.same(await bob.ended(), [ENDS.quit, ''])
  for (const room of ['red', 'blue']) {
    await knows(ann, `$list$\n${room}`, new RegExp(`Members of ${room}: ann\\n`))
  }
  const carl = house.enter('chatapp', 'carl')
  await carl.sees(/Successfully connected to Server\n/)
  await knows(carl, '$view_all$', /blue\n/)
  carl.types('$join$', 'red,blue')
  await knows(ann, '$list$\nblue', /Members of blue: ann, carl\n/)
  carl.running.child.kill('SIGKILL')
  for (const room of ['red', 'blue']) {
    await knows(ann, `$list$\n${room}`, new RegExp(`Members of ${room}: ann\\n`))
  }
  await allQuit(t, ann)
  for (const { running } of [ann, bob, carl]) t.notMatch(running.stdout, /mismatch/)
})

test('chatapp: names, errors and rooms of others', async (t) => {
  const house = await openHouse(t, 'chatapp')
  const lin = await Client.named(house.url('line'), 'lin')
  lin.say('!enter green')
  await lin.fence()
  const ann = house.enter('chatapp', 'Ann Lee')
  await ann.sees(/Successfully connected to Server\n/)
  await knows(ann, '$list$\ngreen', /Members of green: lin\n/)
  await asks(ann, '$join$\ngreen', /ann lee >> \n/)
  await knows(ann, '$list$\ngreen', /Members of green: lin, ann lee\n/)
  await asks(ann, '$msg$\ngreen\nit is "me", žluť', /\[ROOM: green\] >> ann lee >> .*žluť\n/)
  t.same(await lin.fence(), ['@green ann_lee: it is "me", žluť'])
  lin.say('@green hello, Ann', '!leave green')
  await ann.sees(/\[ROOM: green\] >> lin >> \d\d\/\d\d\/\d{4} \d\d:\d\d:\d\d >> hello, Ann\n/)
  await knows(ann, '$list$\ngreen', /Members of green: ann lee\n/)
  ann.types('$leave$', 'green')
  await asks(ann, '$join$\ngreen', /ERROR CODE 22: ROOM ERROR: green does not exist\n/)
  lin.say('!enter green')
  await lin.fence()
  await asks(ann, '$join$\ngreen', /ann lee >> \n/)
  await knows(ann, '$list$\ngreen', /Members of green: lin, ann lee\n/)
  await asks(ann, '$msg$\ngreen\nagain', /\[ROOM: green\] >> ann lee >> .*again\n/)

  for (const name of ['ann lee', 'ANN_LEE']) {
    const twin = house.enter('chatapp', name)
    const error = `ERROR CODE 3: CONNECTION ERROR: ${name.toLowerCase()} username already in use\n`
    await twin.sees(new RegExp(error))
    t.same(await twin.ended(), [ENDS.dismissed, ''])
  }
  for (const [name, error] of [
    ['', /ERROR CODE 20: ERROR: empty string submitted\n/],
    ['x'.repeat(51), /ERROR CODE 21: ERROR: name exceeds MAX length 50\n/],
  ] as const) {
    const nameless = house.enter('chatapp', name)
    await nameless.sees(error)
    t.same(await nameless.ended(), [ENDS.lost, ''], 'and is closed')
  }
  await allQuit(t, ann)
  t.notMatch(ann.running.stdout, /mismatch/)
})
