// How messages are written in transcripts: what holds for the notations of all dialects.

import t from 'tap'
import { DIALECTS } from '../lib/dialects/index.js'
import { line } from '../lib/dialects/line/index.js'
import { parse } from '../lib/dialects/line/parse.js'
import { render } from '../lib/dialects/line/render.js'

const TOKEN = 'token1'

for (const { name, notation, lineNotation } of DIALECTS.values()) {
  for (const each of [notation, lineNotation ?? notation]) {
    t.test(`${name}: a nickname and a fence`, (t) => {
      const introduction = Buffer.concat(each.introduce('ann')).toString()
      t.match(introduction, 'ann')
      t.match(each.fence.ask(TOKEN, 'ann').toString(), TOKEN, 'the question has the token')
      t.match(each.fence.answer(TOKEN), TOKEN, 'and so has its answer')
      t.end()
    })
  }
}

t.test('people write lines as they are', (t) => {
  for (const { lineNotation } of DIALECTS.values()) {
    if (lineNotation !== undefined) t.equal(lineNotation.encode('é!', 'ann')?.toString(), 'é!')
  }
  t.end()
})

t.test('the fence of line is what its server makes of it', (t) => {
  const { notation } = line
  const question = notation.fence.ask(TOKEN, 'ann').toString()
  t.equal(notation.encode(question, 'ann')?.toString(), question)
  t.same(parse(question, { nick: 'ann' }), { name: 'ping', token: TOKEN })
  const answer = render({ type: 'ponged', token: TOKEN })
  t.equal(answer?.toString(), `${notation.fence.answer(TOKEN)}\r\n`)
  t.end()
})
