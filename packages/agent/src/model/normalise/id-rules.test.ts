import { expect, test } from '@jest/globals';
import { IDS } from './id-rules.js';

test.each(Object.entries(IDS))('%s: the ids that it makes follow it', (_rule, { follows, make }) => {
  for (const n of [1, 99_999, 100_000, 10_000_000]) expect(follows(make(n))).toBe(true);
});
