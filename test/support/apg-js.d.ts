// What the tests use of apg-js, which comes without types.

declare module 'apg-js' {
  /** A grammar ready to parse with. */
  export interface GrammarObject {
    readonly rules: readonly { readonly name: string }[]
  }

  interface Api {
    readonly errors: readonly unknown[]
    generate(): void
    errorsToAscii(): string
    toObject(): GrammarObject
  }

  type Callback = (
    state: number,
    chars: readonly number[],
    index: number,
    length: number,
    data: Set<string>,
  ) => number

  interface Ast {
    callbacks: Record<string, Callback>
    translate(data: Set<string>): void
  }

  interface Parser {
    ast: Ast
    parse(
      grammar: GrammarObject,
      startRule: string,
      input: readonly number[],
    ): { readonly success: boolean }
  }

  const apg: {
    /** Reads an ABNF grammar in ASCII whose lines end in CR LF. */
    readonly apgApi: new (grammar: string) => Api
    readonly apgLib: {
      readonly ids: { readonly SEM_OK: number }
      readonly ast: new () => Ast
      readonly parser: new () => Parser
    }
  }
  export default apg
}
