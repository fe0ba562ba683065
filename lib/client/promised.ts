// A promise and what settles it, for those who learn the outcome elsewhere than where they promise it.

/** A promise that somebody else keeps or breaks; only the first of that counts. */
export interface Promised<Value> {
  readonly promise: Promise<Value>
  readonly keep: (value: Value) => void
  readonly break: (why: Error) => void
}

/** A promise that is neither kept nor broken yet. */
export function promised<Value>(): Promised<Value> {
  let settle: Omit<Promised<Value>, 'promise'> | undefined
  const promise = new Promise<Value>((resolve, reject) => {
    settle = { keep: resolve, break: reject }
  })
  if (settle === undefined) throw new Error('a promise begins at once')
  return { promise, ...settle }
}
