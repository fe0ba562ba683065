// Many clients in a process of their own, for that process to be stopped or killed:
// `throng.js URL COUNT NICK` registers NICK0, NICK1, …, leaves each in the middle of a line, and says
// when all are there.

import { Client } from '../support/client.js'

const [url = '', count = '', nick = ''] = process.argv.slice(2)
for (let n = 0; n < Number(count); n++) {
  const client = await Client.named(url, `${nick}${n}`)
  client.send('never sai')
}
process.send?.('here')
