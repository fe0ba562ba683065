// Inputs I-52 to I-71: text that terminals would obey, text that hides or lies, and text that must
// arrive as it is.

import { error, hex, row, type Exchange, type Row } from './row.js'

const text = (sends: string, ...said: readonly string[]): Exchange => ({
  sends: `${sends}\n`,
  said,
})
/** What is left of this between an `a` and a `b` is nothing. */
const gone = (control: string): Exchange => text(`a${control}b`, 'ab')
const bytes = (written: string, ...said: readonly string[]): Exchange => ({
  sends: hex(`${written} 0a`),
  said,
})
const badText = (written: string): Exchange => ({
  sends: hex(`${written} 0a`),
  answers: [error('bad-text')],
})
const points = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from + 1 }, (_, n) => String.fromCodePoint(from + n))

const ACCENT = '\u0301'
const MOST_MARKS = 8
const TECHNOLOGIST = '\u{1f469}\u200d\u{1f4bb}'

/** The rows. */
export const texts: readonly Row[] = [
  row('I-52', 'no one clears the screen of another', gone('\x1b[2J')),
  row('I-53', 'or sets the title of its window', gone('\x1b]0;pwn\x07')),
  row('I-54', 'or fills its clipboard', gone('\x1b]52;c;YQ==\x07')),
  row('I-55', 'or gives it links', text('\x1b]8;;http://x\x1b\\click\x1b]8;;\x1b\\', 'click')),
  row('I-56', 'or has it answer into its own input', ...['\x1b[6n', '\x1b[c', '\x05'].map(gone)),
  row('I-57', 'or asks it for its settings', gone('\x1bP$qm\x1b\\'), gone('\x1b]50;x\x07')),
  row(
    'I-58',
    'nor with the controls beyond ASCII',
    ...['\x9b2J', '\x90x\x9c', '\x9dx\x9c', '\x85'].map(gone),
  ),
  row('I-59', 'a control byte that is no UTF-8 is refused', badText('9b 32 4a')),
  row('I-60', 'the bell does not ring', { sends: '\x07'.repeat(2000) + '\n' }, gone('\x07')),
  row('I-61', 'no one overwrites the name in front', text('\b\b\bbob: x', 'bob: x')),
  row(
    'I-62',
    'or turns the reading direction',
    ...[...points(0x202a, 0x202e), ...points(0x2066, 0x2069)].map(gone),
  ),
  row(
    'I-63',
    'other line ends of the world are blanks',
    ...['\u2028', '\u2029', '\v', '\f'].map((end) => text(`a${end}bob: x`, 'a bob: x')),
  ),
  row(
    'I-64',
    'characters that do not show go, joiners stay',
    ...['\u200b', '\ufeff', '\u2060', '\u00ad', '\u{e0001}', '\u{e007f}'].map(gone),
    ...['\u200c', '\u200d'].map((joiner) => text(`a${joiner}b`, `a${joiner}b`)),
  ),
  row(
    'I-65',
    'a heap of accents is cut',
    text('a' + ACCENT.repeat(500), 'a' + ACCENT.repeat(MOST_MARKS)),
  ),
  row('I-66', 'emoji of several parts arrive whole', text(TECHNOLOGIST, TECHNOLOGIST)),
  row(
    'I-67',
    'whatever is no UTF-8 is refused',
    ...['ed a0 80', 'c0 80', 'c0 af', 'f4 90 80 80', 'e2 82', '80', 'ff ff'].map(badText),
  ),
  row('I-68', 'a character may come in three segments', {
    sends: [hex('e2'), hex('82'), hex('ac 0a')],
    said: ['\u20ac'],
  }),
  row(
    'I-69',
    'the replacement character is one, noncharacters are none',
    bytes('ef bf bd', '\ufffd'),
    ...['\ufffe', '\uffff', '\u{10ffff}'].map(gone),
  ),
  row(
    'I-70',
    'no text looks like a line of the server or of somebody else',
    text('* bob joined', '* bob joined'),
    text('[server] stop', '[server] stop'),
    text('bob: hi', 'bob: hi'),
    text(' !error x y', ' !error x y'),
    { sends: '!error x y\n', answers: [error('unknown-command')] },
  ),
  row('I-71', 'TAB is one blank', text('a\tb', 'a b')),
]
