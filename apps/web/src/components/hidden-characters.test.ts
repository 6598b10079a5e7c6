import { expect, test } from '@jest/globals';
import { piecesOf } from './hidden-characters.js';

const codes = (text: string) =>
  piecesOf(text).map((piece) => (typeof piece === 'string' ? piece : piece.code));

test.each([
  ['plain\ttext\r\n', ['plain\ttext\r\n']],
  ['', []],
  ['pay \u202e001\u202c to', ['pay ', 'U+202E', '001', 'U+202C', ' to']],
  ['\u2066a\u2069', ['U+2066', 'a', 'U+2069']],
  ['ad\u200bmin\u00ad', ['ad', 'U+200B', 'min', 'U+00AD']],
  ['\u001b[31m\u0000', ['U+001B', '[31m', 'U+0000']],
  ['a\u{e0041}\u{e007f}', ['a', 'U+E0041', 'U+E007F']],
  ['a\u{fe01}\u{e0100}', ['a', 'U+FE01', 'U+E0100']],
  ['a\u2028b\u3164', ['a', 'U+2028', 'b', 'U+3164']],
  ['a\u200d', ['a', 'U+200D']],
  ['\u200db', ['U+200D', 'b']],
])('shows hidden characters of %j', (text, expected) => {
  expect(codes(text)).toEqual(expected);
});

test.each(['👩‍💻', '❤️‍🔥', 'می‌خواهم', 'क्‍ष', 'Zoë', 'שלום'])('leaves %s as it is', (text) => {
  expect(codes(text)).toEqual([text]);
});

test('names what it shows', () => {
  expect(piecesOf('\u202e')).toEqual([{ code: 'U+202E', name: 'right-to-left override' }]);
});
