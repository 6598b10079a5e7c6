import { expect, test } from '@jest/globals';
import { backoffMs } from './service.js';

test('waits grow from half a second to half a minute', () => {
  expect([1, 2, 3, 6, 7, 50].map(backoffMs)).toEqual([500, 1000, 2000, 16_000, 30_000, 30_000]);
});
