import { expect, test } from '@jest/globals';
import { readPrefer } from './prefer.js';

test.each([
  ['wait=30', 30, 'wait=30'],
  ['Wait = 30', 30, 'wait=30'],
  ['wait="30"', 30, 'wait=30'],
  ['wait=61', 60, 'wait=60'],
  ['wait=999999999', 60, 'wait=60'],
  ['respond-async, wait=10', 10, 'wait=10'],
  ['handling=lenient, wait=5;foo="a, b", return=minimal', 5, 'wait=5'],
  ['foo="wait=9, \\", wait=8", wait=7', 7, 'wait=7'],
  [', ,wait=3,,', 3, 'wait=3'],
  ['wait=2, wait=50', 2, 'wait=2'],
  ['wait=x, wait=4', 4, 'wait=4'],
  ['respond-async', 0, 'respond-async'],
  ['respond-async; foo=bar', 0, 'respond-async'],
  ['wait=0', 0, 'wait=0'],
])('%s', (header, waitSeconds, applied) => {
  expect(readPrefer(header)).toEqual({ waitSeconds, applied });
});

test.each([
  undefined,
  '',
  'wait',
  'wait=',
  'wait=-1',
  'wait=1.5',
  'wait=1 2',
  'wait="1',
  'wait=9999999999',
  'waits=5',
  'return=minimal',
  'foo="wait=5"',
  '="wait=5',
])('%s is no preference of ours', (header) => {
  expect(readPrefer(header)).toBeUndefined();
});

test('the longest header costs next to nothing', () => {
  const began = performance.now();
  for (const part of ['wait=', '",', ',', '\\', 'a="\\', ' \t', 'wait=1;'])
    readPrefer(part.repeat(16_384 / part.length));
  expect(performance.now() - began).toBeLessThan(1_000);
});
