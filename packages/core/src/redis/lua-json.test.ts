import { expect, test } from '@jest/globals';
import { luaJson } from './lua-json.js';

test.each([
  ['half a pair \ud83d', 'half a pair \ufffd'],
  ['\udc00\ud800', '\ufffd\ufffd'],
  ['\\\ud800', '\\\ufffd'],
  ['a whole pair 😀', 'a whole pair 😀'],
  ['an escape that is meant: \\ud800', 'an escape that is meant: \\ud800'],
  ['"\n\u0000\u2028', '"\n\u0000\u2028'],
])('%j is read as %j', (text, read) => {
  expect(JSON.parse(luaJson({ [text]: [text] }))).toEqual({ [read]: [read] });
});
