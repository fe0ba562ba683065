// A bot of a dozen lines: it answers whoever tells it something, and greets who says hello.
// Run it beside a server with `npm run build && node dist/examples/echo-bot.js [DIALECT://HOST:PORT]`.

import { connect, type Said } from 'partyline'

const url = process.argv[2] ?? 'line://127.0.0.1:8888'
const bot = await connect(url, { nick: 'Parrot' }).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
})

async function answer({ from, text, private: alone }: Said): Promise<void> {
  if (from === bot.nick) return
  if (alone === true) await bot.tell(from, `you said: ${text}`)
  else if (/^hello\b/i.test(text)) await bot.say(`Hello ${from}!`)
}

bot.on('said', (said) => {
  // Nobody is left to be answered once the conversation is over.
  answer(said).catch(() => undefined)
})
