// Partyline as a library: the pure core, the dialects, the server over them, and a client.

export * from './core/index.js'
export { ChatError, connect } from './client/connect.js'
export type { Chat, ChatEvents, ConnectOptions, Problem, Said } from './client/connect.js'
export type { Heard, Wish } from './dialects/client.js'
export { DIALECTS } from './dialects/index.js'
export type {
  Dialect,
  Farewell,
  Pacing,
  Rendering,
  Session,
  Speaker,
  Voice,
} from './dialects/dialect.js'
export { createServer } from './host/server.js'
export type { OnlineUser, Server, ServerOptions } from './host/server.js'
export { formatEntry } from './host/journal.js'
export type { Entry, Journal, LogFormat } from './host/journal.js'
export { DEFAULT_LIMITS, LIMITS } from './host/limits.js'
export type { LimitName, Limits } from './host/limits.js'
