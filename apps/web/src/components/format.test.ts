import { expect, test } from '@jest/globals';
import { formatCost, formatDuration, formatRelative, formatShare, formatSpan, NO_VALUE } from './format.js';

test.each([
  [null, NO_VALUE],
  [0, '0 ms'],
  [-45, '0 ms'],
  [999.4, '999 ms'],
  [1_000, '1.0 s'],
  [59_999, '59.9 s'],
  [125_000, '2 min 05 s'],
  [4_320_000, '1 h 12 min'],
  [3 * 86_400_000 + 4 * 3_600_000, '3 d 4 h'],
])('%s ms is written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [undefined, NO_VALUE],
  [0, '$0'],
  [0.0021, '$0.0021'],
  [0.000_000_4, '< $0.000001'],
  [0.5, '$0.50'],
  [12.345, '$12.35'],
])('%s dollars are written %s', (usd, text) => {
  expect(formatCost(usd)).toBe(text);
});

test('a share of nothing is not a number', () => {
  expect(formatShare(0, 0)).toBe(NO_VALUE);
  expect(formatShare(1, 2)).toBe('50%');
});

test('a time is relative to now and, beyond a day, a date', () => {
  const now = Date.parse('2026-11-22T12:00:00Z');
  expect(formatRelative(new Date(now - 180_000), now)).toContain('3 min');
  expect(formatRelative(new Date(now + 7_200_000), now)).toContain('2 hr');
  expect(formatRelative(new Date('2026-10-01T12:00:00Z'), now)).toContain('2026');
});

test.each([
  [1_000, '1 s'],
  [90_000, '90 s'],
  [1_440_000, '24 min'],
  [3_600_000, '1 h'],
  [129_600_000, '36 h'],
  [172_800_000, '2 d'],
])('a chosen length of %i ms is %s', (ms, text) => {
  expect(formatSpan(ms)).toBe(text);
});
