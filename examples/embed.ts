// A server inside a program of one's own, with the log of its choice; ends by itself after an hour.

import { createServer, formatEntry } from 'partyline'

const server = createServer({
  motd: ['Welcome to the embedded party.'],
  limits: { maxClients: 30 },
  journal: (entry) => {
    process.stdout.write(formatEntry(entry, 'text', Date.now()) + '\n')
  },
})
await server.listen('line://127.0.0.1:8888')
setTimeout(() => void server.close(), 3_600_000)
