import { expect, test } from '@jest/globals';
import { partsOf } from './text-parts.js';

test.each([
  ['nothing', ''],
  ['a word', 'word'],
  ['one long line', 'x'.repeat(25_000)],
  ['many lines', `${'a line\n'.repeat(10_000)}end`],
  ['a long line between short ones', `a\n${'x'.repeat(30_000)}\nb\n`],
])('%s is complete, in short parts', (_what, text) => {
  const parts = partsOf(text);
  expect(parts.join('')).toBe(text);
  expect(Math.max(0, ...parts.map(({ length }) => length))).toBeLessThanOrEqual(10_001);
});

test('lines are not split', () => {
  for (const part of partsOf('a line\n'.repeat(10_000))) expect(part.endsWith('line\n')).toBe(true);
});
