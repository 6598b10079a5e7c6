import { expect, test } from '@jest/globals';
import { countsOf, suitesToRepeat, unsteadyOf } from './test-results.mjs';

const suite = (failed, skipped = 0) => ({ passed: 2, failed, skipped });

test('failed suites run again, unless so many failed that something must be broken', () => {
  expect(suitesToRepeat({ a: suite(0), b: suite(1), c: suite(2), d: suite(1) })).toEqual(['b', 'c', 'd']);
  expect(suitesToRepeat({ a: suite(1), b: suite(1), c: suite(2), d: suite(1) })).toEqual([]);
  expect(suitesToRepeat(undefined)).toEqual([]);
});

test('the closing line counts tests', () => {
  expect(countsOf({ a: suite(0), b: suite(1) })).toBe('4 passed, 1 failed');
  expect(countsOf({ a: suite(0, 3) })).toBe('2 passed, 0 failed, 3 skipped');
});

test('a suite that passes only when it runs again is unsteady, and the closing line names it', () => {
  const suites = { a: suite(0), b: suite(0), c: suite(1) };
  expect(unsteadyOf(['b', 'c', 'd'], suites)).toEqual(['b']);
  expect(countsOf(suites, ['b'])).toBe('6 passed, 1 failed, unsteady, must be fixed: b');
});
