// What people and programs of each dialect say.

/** Who talks, and how. */
export const CAST: readonly (readonly [name: string, tongue: string])[] = [
  ['alice', 'line'],
  ['bob', 'line'],
  ['carol', 'onlinechat'],
  ['dave', 'chatapp'],
  ['erin', 'cs494'],
  ['frank', 'chatbox'],
  ['gina', 'cs494-lines'],
  ['hal', 'chatbox-lines'],
]

const LINE = [
  ...['~', '~', '@red ~', '@blue ~', '#bob ~', '#erin ~', '#frank ~'],
  ...['!enter red', '!enter blue', '!leave red', '!users', '!rooms', '!members red'],
  ...['!notices on', '!notices off', '!echo on', '!echo off', '!history General', '!help'],
]
const CS494 = [
  ...['~', '~', '/s red ~', '/s red General ~', '/w alice ~', '/w carol ~'],
  ...['/create red', '/create blue', '/join red blue', '/leave red', '/users', '/list', '/?'],
]
/** What each says, as its dialect writes it; `~` stands for a text. */
export const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['line', LINE],
  ['cs494', CS494],
  ['cs494-lines', CS494],
  [
    'onlinechat',
    [
      ...['~\\n', '~\\n', '/gc red ~\\n', '/pm alice ~\\n', '/pm erin ~\\n', '/cg red\\n'],
      ...['/jg red\\n', '/lg red\\n', '/lo\\n', '/listg\\n', '/listallg\\n'],
    ],
  ],
  [
    'chatapp',
    [
      ...['Chat "~" to "red"', 'Chat "~" to "General"', 'Create "red"', 'Create "Tea: time"'],
      ...['Join "red"', 'Join "General"', 'Leave "red"', 'Leave "General"'],
    ],
  ],
  [
    'chatbox',
    [
      ...['~', "{'contents': '~'}", "{'create': 'red'}", "{'join': 'red'}", "{'switch': 'red'}"],
      ...["{'broadcast rooms': ['red', 'General'], 'message': '~'}", 'u!', 'l!', 'm!'],
    ],
  ],
  ['chatbox-lines', ['~', 'c!red', 'c!blue', 'j', 'j!0', 's', 's!0', 's!1', 'u!', 'l!', 'b!0! ~']],
])
