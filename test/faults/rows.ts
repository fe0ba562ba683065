// All rows of bad input that one server with its default options is sent.

import { foreigners } from './inputs-foreign.js'
import { lines } from './inputs-lines.js'
import { names } from './inputs-names.js'
import { telnet } from './inputs-telnet.js'
import { texts } from './inputs-text.js'
import type { Row } from './row.js'

/** In the order in which they are played. */
export const INPUTS: readonly Row[] = [...lines, ...telnet, ...texts, ...names, ...foreigners]
