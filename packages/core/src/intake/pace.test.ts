import { expect, test } from '@jest/globals';
import { createPace } from './pace.js';

test('a burst passes at once, then so many a second, for each key by itself', () => {
  const pace = createPace({ perSecond: 5, burst: 20 });
  const passed = (key: string, nowMs: number) =>
    Array.from({ length: 50 }, () => pace(key, nowMs)).filter(Boolean).length;
  expect(passed('a', 0)).toBe(20);
  expect(passed('a', 1_000)).toBe(5);
  expect(passed('b', 1_000)).toBe(20);
  expect(passed('a', 1_100)).toBe(0);
  expect(passed('a', 2_000)).toBe(5);
  expect(passed('a', 60_000)).toBe(20);
});

test('a clock that is set back stops nobody', () => {
  const pace = createPace({ perSecond: 5, burst: 1 });
  expect([pace('a', 3_600_000), pace('a', 3_600_000), pace('a', 0)]).toEqual([true, false, true]);
});
