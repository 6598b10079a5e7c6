import { expect, test } from '@jest/globals';
import { backoffDelay } from './backoff.js';

test.each([
  [1, 500, 1_000],
  [2, 1_000, 2_000],
  [5, 8_000, 16_000],
  [30, 30_000, 60_000],
])('after %i failed attempts the wait is between %i and %i ms', (made, least, most) => {
  expect(backoffDelay(made, undefined, () => 0)).toBe(least);
  expect(backoffDelay(made, undefined, () => 1)).toBe(most);
});

test('what the provider asked for counts, up to an hour, and never comes early', () => {
  expect(backoffDelay(1, 7_000, () => 0)).toBe(7_000);
  expect(backoffDelay(1, 7_000, () => 1)).toBe(7_700);
  expect(backoffDelay(1, 10 ** 9, () => 0)).toBe(3_600_000);
  expect(backoffDelay(1, 0, () => 0)).toBe(1);
});
