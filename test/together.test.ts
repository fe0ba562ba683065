// Who sees what from whom, pair by pair of dialects: PROTOCOL.md's table against the core behind
// the framings.

import t from 'tap'
import { Party } from '../lib/check/party.js'
import { readTranscripts } from '../lib/check/read.js'
import { shown } from '../lib/wire/shown.js'
import type { Step } from '../lib/check/transcript.js'
import { WIRINGS } from '../lib/check/wiring.js'
import { line } from '../lib/dialects/line/index.js'
import { PING } from './support/playing.js'
import { readProtocol } from './support/protocol-document.js'
import { wireArena } from './support/wire-arena.js'

/** What somebody sends in a dialect to do what rows of the table say, as transcripts write it. */
interface Deeds {
  readonly says: string
  readonly saysInRed: string
  /** Left out where there are no private messages. */
  readonly tells?: string
  /** The last of them makes red the current room, where there is one. */
  readonly enters: readonly string[]
  readonly leaves: string
  readonly makes: string
}

const DEEDS: ReadonlyMap<string, Deeds> = new Map<string, Deeds>([
  [
    'line',
    {
      says: 'hi',
      saysInRed: '@red hi',
      tells: '#bob hi',
      enters: ['!enter red'],
      leaves: '!leave red',
      makes: '!enter green',
    },
  ],
  [
    'chatbox',
    {
      says: "{'contents': 'hi'}",
      saysInRed: "{'contents': 'hi'}",
      enters: ["{'join': 'red'}", "{'switch': 'red'}"],
      leaves: 'l!',
      makes: "{'create': 'green'}",
    },
  ],
  [
    'onlinechat',
    {
      says: 'hi\\n',
      saysInRed: '/gc red hi\\n',
      tells: '/pm bob hi\\n',
      enters: ['/jg red\\n'],
      leaves: '/lg red\\n',
      makes: '/cg green\\n',
    },
  ],
  [
    'cs494',
    {
      says: 'hi',
      saysInRed: '/s red hi',
      tells: '/w bob hi',
      enters: ['/join red'],
      leaves: '/leave red',
      makes: '/create green',
    },
  ],
  [
    'chatapp',
    {
      says: 'Chat "hi" to "General"',
      saysInRed: 'Chat "hi" to "red"',
      enters: ['Join "red"'],
      leaves: 'Leave "red"',
      makes: 'Create "green"',
    },
  ],
])

/** The steps of ann in a row, the last of which bob sees; undefined if her dialect has none. */
type Scene = (dialect: string, deeds: Deeds) => readonly string[] | undefined

interface Row {
  readonly heading: string
  /** Whether bob's current room is red. */
  readonly inRed: boolean
  readonly scene: Scene
}

const general = (dialect: string): readonly string[] =>
  dialect === 'chatapp' ? ['ann > Join "General"'] : []
const sends = (texts: readonly string[]): readonly string[] => texts.map((text) => `ann > ${text}`)

const comes = (dialect: string): string => `with ann over ${dialect}`

const ROWS: readonly Row[] = [
  {
    heading: 'says hi in the lobby',
    inRed: false,
    scene: (dialect, { says }) => [comes(dialect), ...general(dialect), ...sends([says])],
  },
  {
    heading: 'says hi in red',
    inRed: true,
    scene: (dialect, { enters, saysInRed }) => [comes(dialect), ...sends([...enters, saysInRed])],
  },
  {
    heading: 'says hi to bob alone',
    inRed: false,
    scene: (dialect, { tells }) =>
      tells === undefined ? undefined : [comes(dialect), ...sends([tells])],
  },
  { heading: 'comes online', inRed: false, scene: (dialect) => [comes(dialect)] },
  { heading: 'goes offline', inRed: false, scene: (dialect) => [comes(dialect), 'ann leaves'] },
  {
    heading: 'enters red',
    inRed: true,
    scene: (dialect, { enters }) => [comes(dialect), ...sends(enters.slice(0, 1))],
  },
  {
    heading: 'leaves red',
    inRed: true,
    scene: (dialect, { enters, leaves }) => [comes(dialect), ...sends([...enters, leaves])],
  },
  {
    heading: 'makes the room green',
    inRed: false,
    scene: (dialect, { makes }) => [comes(dialect), ...sends([makes])],
  },
]

/** How bob comes and goes into red; without `inRed` his current room stays another. */
function bobComes(dialect: string, { enters }: Deeds, inRed: boolean): readonly string[] {
  const entering = inRed ? enters : enters.slice(0, 1)
  const rooms = dialect === 'chatapp' ? ['Join "General"', ...entering] : entering
  return [`with bob over ${dialect}`, ...rooms.map((text) => `bob > ${text}`)]
}

/** What bob receives of the last of these steps, as the table writes it. */
async function seenByBob(source: readonly string[]): Promise<string> {
  const block = ['```chat id=scene', ...source, '```'].join('\n')
  const [{ steps, tongues, flaws } = { steps: [], tongues: new Map(), flaws: ['none'] }] =
    readTranscripts(block, 'scene')
  if (flaws.length > 0) throw new Error(JSON.stringify(flaws))
  const setting = { arena: wireArena(line), wiring: WIRINGS.lf, fence: PING, patience: 10_000 }
  const party = new Party(setting, tongues)
  for (const step of steps.slice(0, -1)) await perform(party, step)
  await party.settle()
  const { inbox } = await party.actor('bob')
  inbox.take(inbox.lines.length)
  await perform(party, steps.at(-1))
  await party.settle()
  const seen = inbox.lines.map(({ bytes }) => shown(bytes)).join(' ')
  await party.end()
  return seen === '' ? '–' : seen
}

async function perform(party: Party, step: Step | undefined): Promise<void> {
  if (step?.type === 'join') for (const name of step.actors) await party.join(name)
  if (step?.type === 'leave') party.act(await party.actor(step.actor), 'leave')
  if (step?.type !== 'send') return
  const actor = await party.actor(step.actor)
  await party.order(actor)
  const lineEnd = actor.tongue.unit === 'line' ? '\n' : ''
  await party.send(actor, { ...step, bytes: Buffer.concat([step.bytes, Buffer.from(lineEnd)]) })
}

t.test('who sees what from whom', async (t) => {
  const table = readProtocol('PROTOCOL.md').table('ann')
  const receivers = ['line', 'chatbox', 'onlinechat', 'cs494', 'chatapp']
  const played = new Set<string>()
  for (const { heading, inRed, scene } of ROWS) {
    for (const [sender, deeds] of DEEDS) {
      const steps = scene(sender, deeds)
      if (steps === undefined) continue
      const row = table.find(([title = '']) => isAbout(title, heading, sender))
      played.add(row?.[0] ?? '')
      for (const [column, receiver] of receivers.entries()) {
        const bob = DEEDS.get(receiver)
        if (bob === undefined) throw new Error(receiver)
        const before = ['with zed', 'zed > !enter red', ...bobComes(receiver, bob, inRed)]
        const seen = await seenByBob([...before, ...steps])
        t.equal(seen, row?.[column + 1], `${heading}, ${sender} to ${receiver}`)
      }
    }
  }
  t.equal(played.size, table.length, 'every row is played')
})

/** Whether a row's title is this heading, for all dialects or for this one among others. */
function isAbout(title: string, heading: string, dialect: string): boolean {
  const [said = '', whom = 'all'] = title.split(': ')
  if (said !== heading) return false
  const [all, but] = whom.split(' but ')
  return all === 'all' ? but !== dialect : whom.split(', ').includes(dialect)
}
