// Why a load came to nothing.

/** The server did what it must not do; the message says what, and which client saw it. */
export class Fault extends Error {}

/** There is no connection to the server; the message says why, and what to do. */
export class Unreachable extends Fault {}
