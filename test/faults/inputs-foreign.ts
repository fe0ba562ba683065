// Inputs I-98 to I-103: programs that speak something else, before a nickname.

import { doesNotMatch, match } from 'node:assert/strict'
import { Caller } from './caller.js'
import { error, hex, othersHear, row, scenario, type Exchange, type Row } from './row.js'

const wrongProtocol = error('wrong-protocol')
const foreign = (sends: string | Buffer): Exchange => ({
  as: 'newcomer',
  sends,
  answers: [wrongProtocol],
  leaves: 'gone',
})

/** What a form on a web page can make a browser send: its body would be lines of chat. */
const FORM =
  'POST / HTTP/1.1\r\nHost: 127.0.0.1:8888\r\nContent-Type: text/plain\r\nContent-Length: 22\r\n\r\n' +
  'mallory\r\nhello\r\n!users'
/** The record header of a TLS handshake, and the beginning of a ClientHello; no line end is in it. */
const CLIENT_HELLO = hex('16 03 01 01 24 01 00 01 20 03 03')

/** Bytes that are the same in each run and have no meaning (a linear congruential generator). */
function noise(length: number): Buffer {
  let state = 1
  return Buffer.from(
    Array.from({ length }, () => (state = (state * 1_103_515_245 + 12_345) % 2 ** 31) >> 16),
  )
}

/** The rows. */
export const foreigners: readonly Row[] = [
  row('I-98', 'a web page makes no browser chat', foreign(FORM), foreign('Host: localhost\r\n')),
  row('I-99', 'a scanner for web servers is told what this is', foreign('GET / HTTP/1.0\r\n\r\n')),
  row('I-100', 'TLS is seen by its first bytes', foreign(CLIENT_HELLO), {
    ...foreign(''),
    sends: [hex('16'), hex('03 01')],
  }),
  row('I-101', 'SSH is seen by its first line', foreign('SSH-2.0-OpenSSH_9.2p1\r\n')),
  row(
    'I-102',
    'VNC is known; other noise is no nickname, and nobody hears of it',
    foreign('RFB 003.008\n'),
    // Without a line end: they wait like any newcomer.
    ...[hex('4a 52 4d 49 00 02 4b'), hex('03 00 00 2f 2a e0 00 00')].map((sends): Exchange => ({
      as: 'newcomer',
      sends,
      then: 'fin',
      answers: [error('unfinished-line')],
    })),
    {
      as: 'newcomer',
      sends: Buffer.concat([noise(1000), Buffer.from('\n')]),
      answers: Array<RegExp>(6).fill(error('bad-text')),
      then: 'fin',
    },
  ),
  scenario('I-103', 'the PROXY protocol changes no address', async (scene) => {
    const proxy = await Caller.to(scene.url)
    proxy.say('PROXY TCP4 203.0.113.7 203.0.113.8 1234 8888', 'alice', 'hello')
    await proxy.closed()
    match(proxy.take().join(), wrongProtocol)
    proxy.client.end()
    await othersHear(scene, {})
    doesNotMatch(scene.running.stdout, /203\.0\.113/)
  }),
]
