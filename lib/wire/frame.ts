// What every framing offers: bytes go in as they were read, whole frames come out in order.

/** Receives what a {@link FrameReader} finds, in the order of the input. */
export interface FrameSink {
  /** A whole frame as text, without what framed it; or a {@link Mark}. */
  frame(text: string): void
  /** Bytes that the wire itself has to answer (telnet refusals); already complete. */
  reply(bytes: Buffer): void
  /** The input has ended and every frame has been given. */
  end(): void
  /** Reading may go on: {@link FrameReader.feed} had returned false. */
  drain(): void
}

/** Turns one connection's bytes into frames. */
export interface FrameReader {
  /** Takes the bytes of one read; false asks to pause reading until {@link FrameSink.drain}. */
  feed(chunk: Buffer): boolean
  /** The peer will send no more. */
  end(): void
  /** Holds further frames back; they stay in the reader, and reading stops once it is full. */
  pause(): void
  /** Gives the frames that were held back, and then new ones. */
  resume(): void
  /** What was given to {@link FrameSink.reply} has been handed to the kernel. */
  replied(): void
  /** Bytes taken since the last frame ended. */
  readonly unfinishedBytes: number
  /** Bytes taken in all that are part of no frame, such as telnet's commands and lines that it took back. */
  readonly overheadBytes: number
  /** Forgets everything and gives nothing more. */
  destroy(): void
}

/** The bounds a framing keeps. */
export interface FrameLimits {
  /** Longest frame, in bytes without what frames it; a longer one is dropped with a mark in its place. */
  readonly frameBytes: number
  /** Bytes without the end of a frame after which the peer is given up. */
  readonly unfinishedBytes: number
}

/** Makes the reader of one connection. */
export type Framing = (sink: FrameSink, limits: FrameLimits) => FrameReader

/** Begins a mark: START OF HEADING (U+0001), which a reader removes from all that peers send. */
const MARK = '\u0001'

const MARK_NAMES = [
  'too-long',
  'bad-text',
  'bad-frame',
  'unfinished-line',
  'endless-line',
  'are-you-there',
] as const

/**
 * What a reader says in the place of a frame: why one was dropped, or that the peer asked for a sign
 * of life. After `bad-frame`, the framing itself is broken, and `endless-line` it reads nothing more.
 */
export type Mark = (typeof MARK_NAMES)[number]

const MARKS: ReadonlyMap<string, Mark> = new Map(MARK_NAMES.map((mark) => [MARK + mark, mark]))

/** A peer's text as a frame: without the character that begins a mark, so that nobody forges one. */
export function frameOfText(text: string): string {
  return text.replaceAll(MARK, '')
}

/** A mark as the text of a frame, with how many bytes of the peer's it stands for. */
export function frameOfMark(mark: Mark, bytes: number): string {
  return `${MARK}${mark} ${bytes}`
}

/** The mark that a frame stands for, or undefined for a frame of the peer's. */
export function markOf(frame: string): Mark | undefined {
  return frame.startsWith(MARK) ? MARKS.get(frame.slice(0, frame.indexOf(' '))) : undefined
}

/** How many bytes the peer sent for a frame, dropped ones included, without what framed it. */
export function bytesOf(frame: string): number {
  return frame.startsWith(MARK) ? Number(frame.slice(frame.indexOf(' '))) : Buffer.byteLength(frame)
}
