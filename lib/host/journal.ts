// What the operator is told, one line each, for all dialects in one form. Names and texts in
// entries are clean already; whether the text of messages is told is the operator's choice.

import { LINE_BREAK, type DepartureReason, type Event } from '../core/index.js'

/** Something an operator wants to know. */
export type Entry =
  | { readonly what: 'listening'; readonly url: string }
  | { readonly what: 'exposed'; readonly url: string }
  | {
      readonly what: 'online' | 'offline'
      readonly nick: string
      readonly peer: string
      readonly dialect: string
      readonly reason?: DepartureReason
    }
  | { readonly what: 'room-made' | 'room-gone'; readonly room: string; readonly by?: string }
  | {
      readonly what: 'said'
      readonly from: string
      readonly room?: string
      readonly to?: string
      readonly text: string
    }
  | {
      readonly what: 'turned-away'
      readonly peer: string
      readonly reason: DepartureReason
      /** How many others for the same reason were not logged since the last such entry. */
      readonly more: number
    }
  | { readonly what: 'announced'; readonly text: string }
  | { readonly what: 'warning'; readonly text: string }
  | { readonly what: 'mistake'; readonly stack: string }
  | { readonly what: 'stopping' | 'stopped' }

/** Takes entries as they happen; must not throw or wait. */
export type Journal = (entry: Entry) => void

/** How entries are written. */
export type LogFormat = 'text' | 'json'

/** An entry as one line without its end: words, or a JSON object with the time in front. */
export function formatEntry(entry: Entry, format: LogFormat, at: number): string {
  if (format === 'json') return JSON.stringify({ time: new Date(at).toISOString(), ...entry })
  return words(entry)
}

/** The entry that an event to everyone is worth, if any. */
export function entryOf(event: Event): Entry | undefined {
  if (event.type === 'roomMade') {
    return { what: 'room-made', room: event.room.title, by: event.by }
  }
  if (event.type === 'roomGone') return { what: 'room-gone', room: event.room.title }
  return undefined
}

/** The entry for the text of a message; only for operators who ask for it. */
export function messageEntryOf(event: Event): Entry | undefined {
  if (event.type === 'said') {
    const { from, text } = event.message
    return { what: 'said', from, room: event.room.title, text: inOneLine(text) }
  }
  if (event.type === 'told') {
    const { from, text } = event.message
    return { what: 'said', from, to: event.to, text: inOneLine(text) }
  }
  return undefined
}

/** Some readers take the sign that stands for a line break for the end of an entry. */
function inOneLine(text: string): string {
  return text.replaceAll(LINE_BREAK, ' / ')
}

function words(entry: Entry): string {
  switch (entry.what) {
    case 'listening':
      return `listening on ${entry.url}`
    case 'exposed':
      return `${entry.url} can be reached by everybody on your network: there is no password and no encryption`
    case 'online':
      return `${entry.nick} is online (${entry.peer}) by ${entry.dialect}`
    case 'offline':
      return `${entry.nick} is offline (${entry.peer}): ${entry.reason ?? 'disconnected'}`
    case 'room-made':
      return `room ${entry.room} was made by ${entry.by ?? 'the server'}`
    case 'room-gone':
      return `room ${entry.room} is gone`
    case 'said':
      return entry.to === undefined
        ? `${entry.from} in ${entry.room ?? ''}: ${entry.text}`
        : `${entry.from} to ${entry.to}: ${entry.text}`
    case 'turned-away':
      return `turned away ${entry.peer}: ${entry.reason}` + others(entry.more)
    case 'announced':
      return `announced: ${entry.text}`
    case 'warning':
      return `warning: ${entry.text}`
    case 'mistake':
      return `our mistake: ${entry.stack.replaceAll('\n', ' ')}`
    case 'stopping':
      return 'stopping'
    case 'stopped':
      return 'stopped'
  }
}

function others(more: number): string {
  return more === 0 ? '' : ` (and ${more} more since the last such line)`
}
