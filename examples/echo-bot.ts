// A bot of some twenty lines: it answers whoever tells it something, and greets who says hello.
// Run it beside a server with `npm run build && node dist/examples/echo-bot.js [PORT]`.

import { connect } from 'node:net'
import split2 from 'split2'

const NICK = 'Parrot'
const socket = connect(Number(process.argv[2] ?? 8888), '127.0.0.1')
const send = (line: string): boolean => socket.write(line + '\r\n')

send(NICK)
socket.pipe(split2()).on('data', (line: string) => {
  const [, teller, told] = /^#(\S+): (.*)$/.exec(line) ?? []
  if (teller !== undefined && teller !== NICK) send(`#${teller} you said: ${told ?? ''}`)
  const [, greeter] = /^([^!#@: ]+): hello\b/i.exec(line) ?? []
  if (greeter !== undefined) send(`Hello ${greeter}!`)
})
