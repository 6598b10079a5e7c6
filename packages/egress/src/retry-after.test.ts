import { expect, test } from '@jest/globals';
import { readRetryAfter, waitInBody } from './retry-after.js';

const NOW = new Date('2026-01-02T03:04:05Z');
const HOUR_MS = 3_600_000;

test.each([
  ['120', 120_000],
  [' 1.5 ', 1_500],
  ['0', 0],
  ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
  ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
  ['99999999999999999999', HOUR_MS],
  ['Sat, 02 Jan 2099 03:00:00 GMT', HOUR_MS],
  ['-5', 0],
  ['soon', undefined],
  ['', undefined],
])('Retry-After: %j is %j ms', (value, ms) => {
  expect(readRetryAfter({ 'retry-after': value }, NOW, HOUR_MS)).toBe(ms);
});

test('an answer without the header has no wait', () => {
  expect(readRetryAfter({}, NOW, HOUR_MS)).toBeUndefined();
  expect(readRetryAfter(undefined, NOW, HOUR_MS)).toBeUndefined();
});

test.each([
  ['{"ok":false,"error_code":429,"parameters":{"retry_after":35}}', 35_000],
  ['{"message": "You are being rate limited.", "retry_after": 0.65, "global": false}', 650],
  ['{"retry_after":99999}', HOUR_MS],
  ['{"retry_after":"soon"}', undefined],
  ['Too Many Requests', undefined],
])('the body %s asks for %j ms', (body, ms) => {
  expect(waitInBody(body, HOUR_MS)).toBe(ms);
});
