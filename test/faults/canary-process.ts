// A canary pair in a process of its own, and beside it a bare echo, which shows how long the machine
// itself takes: `canary-process.js URL` says when they sing, and reports when it is asked to stop.

import { once } from 'node:events'
import { connect } from 'node:net'
import { Worker } from 'node:worker_threads'
import { Canaries, type Song } from './canaries.js'

/** What is reported. */
export interface Report {
  readonly song: Song
  /** How long each byte took to a bare echo and back, in milliseconds, in rising order. */
  readonly echo: readonly number[]
}

/** A server of a few lines in a thread of its own. */
const ECHO = `
  const { parentPort } = require('node:worker_threads')
  const server = require('node:net').createServer((socket) => socket.pipe(socket))
  server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port))
`
const BEAT = 100
/** So many times each sings at least: a hundredth of fewer lines would be none. */
const FEWEST = 100

/** Times an echo from now on; the delays so far are given each time they are asked for. */
async function timeEcho(): Promise<() => readonly number[]> {
  const worker = new Worker(ECHO, { eval: true })
  const [port] = (await once(worker, 'message')) as [number]
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  const delays: number[] = []
  const sentAt: number[] = []
  socket.on('data', (bytes) => {
    const now = performance.now()
    for (const at of sentAt.splice(0, bytes.length)) delays.push(now - at)
  })
  setInterval(() => {
    sentAt.push(performance.now())
    socket.write('.')
  }, BEAT)
  return () => [...delays].sort((a, b) => a - b)
}

async function finish(): Promise<Report> {
  while (canaries.sung < FEWEST) await new Promise((resolve) => setTimeout(resolve, BEAT))
  return { song: await canaries.stop(), echo: echo() }
}

const [url = ''] = process.argv.slice(2)
const [canaries, echo] = await Promise.all([Canaries.at(url), timeEcho()])
process.on('message', () => {
  void finish().then((report) => process.send?.(report, () => process.exit()))
})
process.send?.('singing')
