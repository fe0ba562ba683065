// The state machine by itself: no socket, no clock. Two users, one line, and who is to be told of it.

import { initialState, transition, type Command, type Input } from 'partyline'

const manners = {
  lobby: true,
  echo: false,
  notices: false,
  tells: true,
  focus: false,
  survey: false,
}
const ask = (id: string, at: number, command: Command): Input => ({
  type: 'command',
  id,
  at,
  command,
})

let state = initialState()
const inputs: readonly Input[] = [
  { type: 'open', id: 'a', number: 1, at: 0, exempt: true },
  { type: 'open', id: 'b', number: 2, at: 1, exempt: true },
  ask('a', 2, { name: 'register', nick: 'alice', manners }),
  ask('b', 3, { name: 'register', nick: 'bob', manners }),
  ask('a', 4, { name: 'say', room: 'General', text: 'hello' }),
]
for (const input of inputs) {
  const next = transition(state, input)
  state = next.state
  process.stdout.write(JSON.stringify(next.effects, withoutHouse) + '\n')
}

/** Some events hold the whole house, which would fill the screen. */
function withoutHouse(key: string, value: unknown): unknown {
  return key === 'house' ? undefined : value
}
