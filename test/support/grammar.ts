// A grammar in ABNF (RFC 5234, RFC 7405) that texts are matched against, code point by code point.

import apg, { type GrammarObject } from 'apg-js'

/** The rules of RFC 5234, B.1, that grammars may use without defining them. */
const CORE_RULES = [
  'ALPHA = %x41-5A / %x61-7A',
  'CR = %x0D',
  'CRLF = CR LF',
  'DIGIT = %x30-39',
  'LF = %x0A',
  'SP = %x20',
]

/** A grammar. */
export class Grammar {
  /** Its own rules, without those of RFC 5234, in lower case. */
  readonly rules: readonly string[]
  readonly #grammar: GrammarObject

  /** Throws with the place if `abnf` is not ABNF, or uses a rule that is not defined. */
  constructor(abnf: string) {
    const api = new apg.apgApi([...abnf.trim().split('\n'), ...CORE_RULES, ''].join('\r\n'))
    api.generate()
    if (api.errors.length > 0) throw new Error(api.errorsToAscii())
    this.#grammar = api.toObject()
    const core = new Set(CORE_RULES.map((rule) => rule.split(' ', 1).join().toLowerCase()))
    this.rules = this.#names().filter((name) => !core.has(name))
  }

  /** The names of the rules by which the whole of `text` is a `rule`; undefined if it is none. */
  match(rule: string, text: string): ReadonlySet<string> | undefined {
    const parser = new apg.apgLib.parser()
    parser.ast = new apg.apgLib.ast()
    for (const name of this.#names()) {
      parser.ast.callbacks[name] = (_state, _chars, _index, _length, used) => {
        used.add(name)
        return apg.apgLib.ids.SEM_OK
      }
    }
    const input = Array.from(text, (character) => character.codePointAt(0) ?? 0)
    if (!parser.parse(this.#grammar, rule, input).success) return undefined
    const used = new Set<string>()
    parser.ast.translate(used)
    return used
  }

  #names(): readonly string[] {
    return this.#grammar.rules.map(({ name }) => name.toLowerCase())
  }
}
