import { expect, test } from '@jest/globals';
import { RETRY_DELAYS_SECONDS, retryDelay } from './schedule.js';

const most = () => 1;
const least = () => 0;

test('there are ten attempts, over about three days', () => {
  const waits = RETRY_DELAYS_SECONDS.map((_, n) => retryDelay(n + 1, undefined, undefined, least) ?? 0);
  expect(waits).toHaveLength(9);
  expect(waits.toSorted((a, b) => a - b)).toEqual(waits);
  expect(waits[0]).toBe(5_000);
  const hours = waits.reduce((sum, wait) => sum + wait, 0) / 3_600_000;
  expect(Math.round(hours)).toBe(69);
  expect(retryDelay(10)).toBeUndefined();
});

test('Retry-After makes a wait longer, never shorter, and by six hours at most; jitter by a tenth', () => {
  expect(retryDelay(1, 60_000, undefined, least)).toBe(60_000);
  expect(retryDelay(4, 60_000, undefined, least)).toBe(1_800_000);
  expect(retryDelay(1, Number.MAX_SAFE_INTEGER, undefined, least)).toBe(6 * 3_600_000);
  expect(retryDelay(2, undefined, undefined, most)).toBe(66_000);
});
