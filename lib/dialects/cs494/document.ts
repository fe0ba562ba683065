// What both sides of the CS494 chat application take from its document.

/** The longest message, in bytes (section 2). */
export const MAX_MESSAGE_BYTES = 1024

/** Tells a client that it is no longer connected, when it is all that one read gives (3.4). */
export const FAREWELL = '--disconnect--'

/** What the client sends before it closes (4.11). */
export const QUIT = '/quit'
