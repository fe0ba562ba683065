// A bot of some twenty lines: it answers whoever tells it something, and greets who says hello.
// Run it beside a server with `npm run build && node dist/examples/echo-bot.js [DIALECT://HOST:PORT]`.

import { connect } from 'partyline'

const bot = await connect(process.argv[2] ?? 'line://127.0.0.1:8888', { nick: 'Parrot' })

bot.on('said', async ({ from, text, private: alone }) => {
  if (from === bot.nick) return
  if (alone === true) await bot.tell(from, `you said: ${text}`)
  else if (/^hello\b/i.test(text)) await bot.say(`Hello ${from}!`)
})

await bot.over
