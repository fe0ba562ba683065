// What a user of the Chat Box is shown of the house where he asks for it, and the prompts, which
// say what to type next. Sections are those of the document.

import {
  LOBBY,
  currentRoom,
  utf8Length,
  type Event,
  type Outlook,
  type Room,
  type RoomName,
  type State,
  type User,
} from '../../core/index.js'
import { writeGram, type Gram, type Scene } from './grams.js'
import { joinedBy, sceneOf, titlesOf } from './scene.js'

/** A list of rooms to choose from, as the purpose of a survey. */
export type Choice = 'join' | 'switch' | 'broadcast'
/** What a user may ask to see, as the purpose of a survey: who is where, or rooms. */
export type Purpose = 'users' | Choice

/** The most bytes of a gram: its client reads 1,000 at once, and evaluates what it has got. */
export const MAX_GRAM_BYTES = 999
/** How much of a gram the rooms that one is in may take where all rooms are wanted. */
const LIST_SHARE = 0.4
/** What a number of rooms takes in a gram beyond its first digit, at most. */
const LENGTH_BYTES = 6

const NOBODY: Scene = { rooms: new Map(), tracker: new Map() }

/** A gram with rooms to choose from. */
export type ChoiceGram = Extract<Gram, { readonly joined: readonly string[] }>

type Chooser = (outlook: Outlook, maxBytes: number) => ChoiceGram

const CHOOSERS: ReadonlyMap<string, Chooser> = new Map<Choice, Chooser>([
  ['join', roomChoose],
  ['switch', switchRoom],
  ['broadcast', broadcast],
])

/** The rooms that a user may choose from, in a gram of at most `maxBytes` bytes; undefined for any other purpose. */
export function choiceOf(
  purpose: string,
  outlook: Outlook,
  maxBytes: number,
): ChoiceGram | undefined {
  return CHOOSERS.get(purpose)?.(outlook, maxBytes)
}

/** The gram that tells a user of an event, of at most {@link MAX_GRAM_BYTES} bytes; undefined for events that are told in words. */
export function gramOf(event: Event): Gram | undefined {
  if (event.type === 'welcomed') return welcomeAlert(LOBBY, welcomeOf(event.nick), event.outlook)
  if (event.type === 'youSwitched') {
    return welcomeAlert(event.room, switchedTo(event.room, event.outlook), event.outlook)
  }
  if (event.type !== 'surveyed') return undefined
  return choiceOf(event.purpose, event.outlook, MAX_GRAM_BYTES) ?? echoRooms(event.outlook)
}

/** Greets a user. */
export function welcomeOf(nick: string): string {
  return `Welcome to the room ${LOBBY.title}, ${nick}. Type m! for the menu.`
}

/** Tells a user where he is now. */
export function switchedTo({ title }: RoomName, { you, house }: Outlook): string {
  const user = house.users.get(you)
  return user === undefined
    ? `You have switched to the room ${title}.`
    : `You have switched to the room ${title}, ${user.nick}.`
}

/** All users of all rooms, a line for each room; of those who hear another room it says which. */
export function usersIn(house: State): readonly string[] {
  return [house.lobby, ...house.rooms.values()].map((room) => {
    const users: string[] = []
    for (const id of room.members) {
      const user = house.users.get(id)
      if (user !== undefined) users.push(nickIn(house, room, user))
    }
    return usersLine(room.name.title, users)
  })
}

/** Who is in a room, on a line. */
export function usersLine(title: string, users: readonly string[]): string {
  return `In ${title}: ${users.length === 0 ? 'nobody' : users.join(', ')}`
}

/** A user's name on the line of a room; of one who is elsewhere it says where. */
export function userIn(title: string, nick: string, current: string): string {
  return current === title ? nick : `${nick} (now in ${current})`
}

function nickIn(house: State, room: Room, user: User): string {
  const current = currentRoom(house, user)
  const place = user.manners.focus ? current : room
  return userIn(room.name.title, user.nick, place.name.title)
}

function welcomeAlert({ title: room }: RoomName, prompt: string, outlook: Outlook): Gram {
  const type = 'welcome alert'
  const used = sizeOf({ type, prompt, room, scene: NOBODY })
  return { type, prompt, room, scene: sceneOf(outlook, MAX_GRAM_BYTES - used) }
}

function echoRooms(outlook: Outlook): Gram {
  const type = 'echo rooms'
  return { type, scene: sceneOf(outlook, MAX_GRAM_BYTES - sizeOf({ type, scene: NOBODY })) }
}

function roomChoose(outlook: Outlook, maxBytes: number): ChoiceGram {
  const type = 'room choose'
  const prompt = 'Type j! and the number of the room that you join, such as j!1.'
  const joined = joinedBy(outlook, maxBytes * LIST_SHARE)
  const used = sizeOf({ type, prompt, rooms: [], joined }) + LENGTH_BYTES
  return { type, prompt, rooms: titlesOf(outlook.house, maxBytes - used), joined }
}

function switchRoom(outlook: Outlook, maxBytes: number): ChoiceGram {
  const type = 'switch room'
  const prompt = 'Type s! and the number of the room that you switch to, such as s!1.'
  const current = currentTitle(outlook)
  const used = sizeOf({ type, prompt, joined: [], current })
  return { type, prompt, joined: joinedBy(outlook, maxBytes - used), current }
}

function broadcast(outlook: Outlook, maxBytes: number): ChoiceGram {
  const type = 'broadcast'
  const prompt = 'Type b!, the numbers of rooms, ! and what you say there, such as b!0,1! hello.'
  const used = sizeOf({ type, prompt, joined: [] }) + LENGTH_BYTES
  return { type, prompt, joined: joinedBy(outlook, maxBytes - used) }
}

function currentTitle({ you, house }: Outlook): string {
  const user = house.users.get(you)
  return user === undefined ? house.lobby.name.title : currentRoom(house, user).name.title
}

function sizeOf(gram: Gram): number {
  return utf8Length(writeGram(gram))
}
