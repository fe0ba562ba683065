// The registry: a dialect is its folder and its line here.

import type { Dialect } from './dialect.js'
import { chatapp } from './chatapp/index.js'
import { chatbox } from './chatbox/index.js'
import { cs494 } from './cs494/index.js'
import { line } from './line/index.js'
import { onlinechat } from './onlinechat/index.js'

/** All dialects, by the name that `--listen NAME://…` uses. */
export const DIALECTS: ReadonlyMap<string, Dialect> = new Map(
  [line, chatbox, onlinechat, cs494, chatapp].map((dialect) => [dialect.name, dialect]),
)
