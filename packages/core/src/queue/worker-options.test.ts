import { expect, test } from '@jest/globals';
import type { RedisClient } from '../redis/connect.js';
import { attemptError, bareFailure } from './failure.js';
import { workerOptions } from './worker-options.js';

test('a rate limit without a hint waits longer each time, over 2 s for three attempts', () => {
  const { settings } = workerOptions({ options: {} } as RedisClient, 0, 1);
  const waitAfter = (attempt: number, code: 'model_rate_limited' | 'model_unavailable') =>
    settings?.backoffStrategy?.(attempt, 'custom', attemptError(bareFailure(code, ''), { retryable: true }));
  const first = Number(waitAfter(1, 'model_rate_limited'));
  const second = Number(waitAfter(2, 'model_rate_limited'));
  expect(first).toBeGreaterThanOrEqual(1_000);
  expect(second).toBeGreaterThanOrEqual(2_000);
  expect(Number(waitAfter(1, 'model_unavailable'))).toBeLessThanOrEqual(1_000);
});
