// One user of each of the five systems in one house, at the clients of their documents and at a telnet:
// each is seen by all the others, in the form that their own documents have for it.

import t, { type Test } from 'tap'
import { Client } from './support/client.js'
import {
  allQuit,
  ENDS,
  openHouse,
  SYSTEMS,
  type DocumentClient,
  type OpenHouse,
} from './support/document-client.js'
import { testWith } from './support/tools.js'

t.jobs = 2

const test = (name: string, body: (t: Test) => Promise<void>): void => {
  testWith(t, ['python3'], name, body)
}

/** Somebody who talks: says lines, and waits for what he is to see; a pattern has no flags. */
interface Talker {
  types(...lines: readonly string[]): void
  sees(pattern: RegExp): Promise<string>
}

/** A telnet of the line dialect as one who talks. */
class Telnet implements Talker {
  readonly #client: Client

  constructor(client: Client) {
    this.#client = client
  }

  types(...lines: readonly string[]): void {
    this.#client.say(...lines)
  }

  /** Up to the first line that has the pattern in it, with its end. */
  async sees(pattern: RegExp): Promise<string> {
    for (let seen = ''; ;) {
      const line = `${await this.#client.line()}\n`
      seen += line
      if (pattern.test(line)) return seen
    }
  }
}

interface Company {
  readonly lin: Talker
  readonly box: DocumentClient
  readonly onl: DocumentClient
  readonly csx: DocumentClient
  readonly app: DocumentClient
}

type Nick = keyof Company

/** One of each, who have seen each other come. */
async function gather(house: OpenHouse): Promise<Company> {
  const lin = new Telnet(await Client.named(house.url('line'), 'lin'))
  const box = house.enter('chatbox', 'box')
  await box.sees(/Chatting in 'General': lin\n/)
  const onl = house.enter('onlinechat', 'onl')
  await onl.sees(/type \/help\n/)
  const csx = house.enter('cs494', 'csx')
  await csx.sees(/General[^]*\/\?.*\n/)
  const app = house.enter('chatapp', 'app')
  await app.sees(/Successfully connected to Server\n/)
  await onl.sees(/\rcsx is now online\.\n[^]*\rapp is now online\.\n/)
  await box.sees(/onl.*\n[^]*csx.*\n/)
  return { lin, box, onl, csx, app }
}

/** Asks what the ChatApp client's book says, again after each read, until it says that. */
async function appKnows({ app }: Company, question: string, answer: RegExp): Promise<void> {
  for (;;) {
    app.types(...question.split('\n'))
    if (answer.test(await app.sees(/(?:Members of|Rooms:|ERROR CODE 22:) .*\n/))) return
    await app.hears()
  }
}

test('talk across the systems', async (t) => {
  const house = await openHouse(t, ...SYSTEMS)
  const company = await gather(house)
  const { lin, box, onl, csx, app } = company

  /** Each speaks in turn; everybody who has a form for it sees it, and only some see their own. */
  const talk = async (
    ways: Partial<Record<Nick, (text: string) => string>>,
    forms: Partial<Record<Nick, (nick: string, text: string) => string>>,
  ): Promise<void> => {
    for (const [nick, way] of Object.entries(ways)) {
      const text = `it's "${nick}", {žluť} 😀`
      const shown = `it's "${nick}", .žluť. 😀`
      company[nick as Nick].types(...way(text).split('\n'))
      for (const [hearer, form] of Object.entries(forms)) {
        if (hearer === nick && !['csx', 'app'].includes(nick)) continue
        const seen = await company[hearer as Nick].sees(/😀\n/)
        t.match(seen, new RegExp(`(^|[\\n\\r])${form(nick, shown)}\\n$`), `${nick} to ${hearer}`)
      }
    }
  }

  t.comment('in General')
  await talk(
    { lin: (text) => text, box: (text) => text, onl: (text) => text, csx: (text) => text },
    {
      lin: (nick, text) => `${nick}: ${text}`,
      box: (nick, text) => `${nick}: ${text}`,
      onl: (nick, text) => `${nick}: ${text}`,
      csx: (nick, text) => `\\(General\\) ${nick}: ${text}`,
    },
  )

  t.comment('in a room')
  csx.types('/create red')
  await csx.sees(/red.*\n/)
  csx.types('/join red')
  await csx.sees(/red.*\n/)
  lin.types('!enter red', '!ping in red')
  await lin.sees(/!pong in red/)
  onl.types('/jg red', '/listg')
  await onl.sees(/\rred\n/)
  box.types('j')
  await box.sees(/Join red: \(1\)\n/)
  box.types('j!1')
  await house.read("{'join': 'red'}")
  box.types('s')
  await box.sees(/Switch to red: \(1\)\n/)
  box.types('s!1')
  await box.sees(/Chatting in 'red': nobody\n/)
  await appKnows(company, '$list$\nred', /Members of red: csx, lin, onl, box\n/)
  app.types('$join$', 'red')
  await appKnows(company, '$list$\nred', /Members of red: csx, lin, onl, box, app\n/)
  await box.sees(/app.*red.*\n/)
  await onl.sees(/\rapp has joined group red\.\n/)
  await talk(
    {
      lin: (text) => `@red ${text}`,
      box: (text) => text,
      onl: (text) => `/gc red ${text}`,
      csx: (text) => `/s red ${text}`,
      app: (text) => `$msg$\nred\n${text}`,
    },
    {
      lin: (nick, text) => `@red ${nick}: ${text}`,
      box: (nick, text) => `${nick}: ${text}`,
      onl: (nick, text) => `\\(red\\) ${nick}: ${text}`,
      csx: (nick, text) => `\\(red\\) ${nick}: ${text}`,
      app: (nick, text) => `\\[ROOM: red\\] >> ${nick} >> [ 0-9:/]{19} >> ${text}`,
    },
  )

  t.comment('in private')
  const ways = {
    lin: (nick: string) => `#${nick} psst,`,
    onl: (nick: string) => `/pm ${nick} psst,`,
    csx: (nick: string) => `/w ${nick} psst,`,
  }
  const forms = {
    lin: (nick: string) => `#${nick}: psst,\\n`,
    box: (nick: string) => `[^]*private[^]*${nick}[^]*psst,\\n`,
    onl: (nick: string) => `\\r\\(PM\\) ${nick}: psst,\\n`,
    csx: (nick: string) => `\\(Private To: csx\\) ${nick}: psst,\\n`,
  }
  for (const nick of ['lin', 'onl', 'csx'] as const) {
    for (const target of ['lin', 'onl', 'csx', 'box'] as const) {
      if (target === nick) continue
      company[nick].types(ways[nick](target))
      const seen = await company[target].sees(/psst,\n/)
      t.match(seen, new RegExp(`${forms[target](nick)}$`, 'i'), `${nick} to ${target}`)
    }
    company[nick].types(ways[nick]('app'))
    t.match(await company[nick].sees(/app.*\n/), /app/, `an error to ${nick}`)
  }
  t.notMatch(app.running.stdout, /psst/)

  t.comment('going')
  lin.types('!quit')
  await onl.sees(/\rlin has gone offline\.\n/)
  await csx.sees(/lin.*disconnect.*\n/)
  await box.sees(/lin.*\n/)
  await appKnows(company, '$list$\nred', /Members of red: csx, onl, box, app\n/)
  await allQuit(t, box)
  await onl.sees(/\rbox has gone offline\.\n/)
  await csx.sees(/box.*disconnect.*\n/)
  await appKnows(company, '$list$\nred', /Members of red: csx, onl, app\n/)
  await allQuit(t, app)
  await onl.sees(/\rapp has gone offline\.\n/)
  await csx.sees(/app.*disconnect.*\n/)
  await allQuit(t, csx)
  await onl.sees(/\rcsx has gone offline\.\n/)
  await allQuit(t, onl)
  t.notMatch(app.running.stdout, /mismatch/)
})

test('the operator closes their connections', async (t) => {
  const house = await openHouse(t, ...SYSTEMS)
  for (const orders of ['kick box\nkick onl\nkick csx\nkick app\nkick lin\n', 'stop\n']) {
    const { box, onl, csx, app } = await gather(house)
    house.program.write(orders)
    t.same(await box.ended(), [ENDS.dismissed, ''])
    t.equal(box.reads.at(-1), 'exit()', 'alone in its read')
    t.same(await csx.ended(), [ENDS.dismissed, ''])
    t.equal(csx.reads.at(-1), '--disconnect--', 'alone in its read')
    t.same(await app.ended(), [ENDS.dismissed, ''])
    t.match(app.running.stdout, /ERROR CODE 2: CONNECTION ERROR: lost connection from .*\n/)
    t.same(await onl.ended(), [ENDS.lost, ''])
    t.match(onl.running.stdout, /onl: \r?.*(operator|stopping).*\n/, 'a reason')
  }
  t.same(await house.program.ended(), { code: 0, signal: null })
})
