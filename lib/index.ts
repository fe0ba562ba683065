// Partyline as a library: the pure core, the line dialect, and the server over them.

export * from './core/index.js'
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
