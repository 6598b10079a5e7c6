import { expect, test } from '@jest/globals';
import { chooseReading, type Reading } from './follow-clock.js';

/** A reading 5 s after the one before it, by default exact to 1 ms. */
const reading = (fields: Partial<Reading>): Reading => ({ atMs: 0, aheadMs: 1_000, tookMs: 2, ...fields });

test('a slow answer does not replace a more exact one', () => {
  const exact = reading({});
  // Redis answered at once, and its answer waited in this process for 0.8 s.
  const slow = reading({ atMs: 5_000, aheadMs: 600, tookMs: 800 });
  expect(chooseReading(exact, slow)).toBe(exact);
  expect(chooseReading(slow, reading({ atMs: 10_000 })).aheadMs).toBe(1_000);
});

test('an older answer becomes less exact, so clocks that drift are followed', () => {
  const old = reading({});
  const next = reading({ atMs: 60_000, aheadMs: 1_010, tookMs: 40 });
  expect(chooseReading(old, next)).toBe(next);
});

test('an answer that contradicts the last one means that the clock was set', () => {
  for (const aheadMs of [-500, 2_500]) {
    const next = reading({ atMs: 5_000, aheadMs, tookMs: 800 });
    expect(chooseReading(reading({}), next)).toBe(next);
  }
});
