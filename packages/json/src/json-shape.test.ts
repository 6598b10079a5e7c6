import { expect, test } from '@jest/globals';
import { jsonShape } from './json-shape.js';

test.each<[string, number, number]>([
  ['', 0, 0],
  ['1', 0, 0],
  ['{}', 1, 0],
  ['{"a":1,"b":[{"c":{}}]}', 4, 3],
  ['[[],[[]]]', 3, 0],
  ['"{[:"', 0, 0],
  ['{"a:\\"b":":","c\\\\":1}', 1, 2],
  // Text that is not JSON ends as well, whatever it opens.
  ['"{', 0, 0],
  ['"\\', 0, 0],
  [']]]][', 0, 0],
])('%s', (text, depth, members) => {
  expect(jsonShape(text)).toEqual({ depth, members, fitsDoubles: true, exactNumbers: 0 });
});

test('agrees with JSON.parse', () => {
  const value = { a: [1, { b: 'x"y\\', 'c:d': null }], e: { f: { g: [[]] } } };
  expect(jsonShape(JSON.stringify(value))).toEqual({
    depth: 5,
    members: 6,
    fitsDoubles: true,
    exactNumbers: 0,
  });
  expect(jsonShape(JSON.stringify(value, null, 2))).toEqual({
    depth: 5,
    members: 6,
    fitsDoubles: true,
    exactNumbers: 0,
  });
});
