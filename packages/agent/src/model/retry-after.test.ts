import { expect, test } from '@jest/globals';
import { growth } from '../testing/growth.js';
import { readWait } from './retry-after.js';

const NOW = new Date('2026-01-02T03:04:05.000Z');

test.each<[string, Record<string, string>, number | undefined]>([
  ['seconds', { 'retry-after': '7.5' }, 7_500],
  ['seconds with their unit', { 'retry-after': '7s' }, 7_000],
  ['milliseconds with their unit', { 'retry-after': '2500ms' }, 2_500],
  ['a time in seconds since 1970', { 'retry-after': '1767323055' }, 10_000],
  ['zero, as a second', { 'retry-after': '0' }, 1_000],
  ['a date', { 'retry-after': 'Fri, 02 Jan 2026 03:05:05 GMT' }, 60_000],
  ["OpenAI's reset", { 'x-ratelimit-reset-requests': '6m0s' }, 360_000],
  ["OpenAI's short reset, as a second", { 'x-ratelimit-reset-tokens': '20ms' }, 1_000],
  [
    'the later of two resets',
    { 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-reset-tokens': '9s' },
    9_000,
  ],
  [
    'the reset of the limit that is used up',
    {
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '3s',
      'x-ratelimit-remaining-tokens': '500',
      'x-ratelimit-reset-tokens': '59s',
    },
    3_000,
  ],
  ["Anthropic's date", { 'anthropic-ratelimit-input-tokens-reset': '2026-01-02T03:04:15Z' }, 10_000],
  ['a time in seconds', { 'x-ratelimit-reset': '1767323055' }, 10_000],
  ['a time in milliseconds', { 'x-ratelimit-reset': '1767323055000' }, 10_000],
  ['seconds until a reset', { 'ratelimit-reset': '30' }, 30_000],
  ['a limit and its reset in one', { ratelimit: 'limit=100, remaining=0, reset=30' }, 30_000],
  ['the policy that is used up', { ratelimit: '"day";r=99;t=4000, "burst";r=0;t=30' }, 30_000],
  [
    "Cerebras's day",
    { 'x-ratelimit-reset-tokens-day': '33011.382867', 'x-ratelimit-remaining-tokens-day': '0' },
    3_600_000,
  ],
  ['an hour at most', { 'x-ratelimit-reset': '99999999999999' }, 3_600_000],
  ['nothing else', { 'x-ratelimit-reset': 'soon', 'x-ratelimit-remaining': '0' }, undefined],
])('headers: %s', (_name, headers, expected) => {
  expect(readWait(headers, undefined, '', NOW)).toBe(expected);
});

test.each<[string, number | undefined]>([
  ['Rate limit reached. Please try again in 1.2s. Visit https://x', 1_200],
  ['Please try again in 7m12s.', 432_000],
  ['Please try again in 860ms', 1_000],
  ['Please retry after 20 seconds.', 20_000],
  ['Too many requests, wait 2 minutes', 120_000],
  ['Retry in 34.07s', 34_070],
  ['Limit 30 per minute, try again later', undefined],
  ['Please try again in 7m30.5s', 450_500],
  ['try again in 3h12m', 3_600_000],
  ['Please retry after 1 day', 3_600_000],
  ['Resets in 1 month', 3_600_000],
  ['Please wait about 1 minute and 30 seconds.', 90_000],
  ['Your quota will reset after 26s.', 26_000],
  ['Your quota will reset after 27h41m36s', 3_600_000],
  ['Limit resets in an hour', 3_600_000],
  ['Please try again in a few minutes', undefined],
  ['Please wait a moment and try again in 20 seconds.', 20_000],
  ['Please wait a few seconds; retry after 30', 30_000],
  ['Too many requests (try again in 5)', 5_000],
  ['Please wait 5 more seconds', 5_000],
  ['Retry-After: 20', 20_000],
  ['Your limit will reset at 2026-01-02 03:04:35', 30_000],
  ['limit resets at: 2026-01-02T04:04:35+0100', 30_000],
  ['Resets at 2026-01-02T03:04:35.123Z.', 30_000],
  ['You will regain access on 2026-02-01 at 00:00 UTC.', 3_600_000],
  ['Available again after 2026-01-03', 3_600_000],
  ['Your limit will reset at 2026-01-01 22:04:35', undefined],
  ['Access resets at 10:57 PM GMT-3', undefined],
  ['Tokens per day limit exceeded - too many tokens processed.', 3_600_000],
  ['Limit on tokens per day (TPD): Used 9. Please try again in 7m12s', 432_000],
])('words: %s', (message, expected) => {
  expect(readWait({}, undefined, message, NOW)).toBe(expected);
});

test.each<[object, number | undefined]>([
  [{ retry_after: 5 }, 5_000],
  [{ error: { retry_after: '7.5' } }, 7_500],
  [{ error: { retry_after_ms: 2_500 } }, 2_500],
  [{ retryAfter: '20s' }, 20_000],
  [{ error: 'Model m is loading', estimated_time: 43.5 }, 43_500],
  [{ error: { metadata: { retry_after_seconds: 3 } } }, 3_000],
  [
    {
      error: {
        metadata: { headers: { 'X-RateLimit-Reset': '1767323055000', 'X-RateLimit-Remaining': '0' } },
      },
    },
    10_000,
  ],
  [{ retry_after: -5 }, undefined],
  [{ retry_after: 'soon' }, undefined],
  [{ retry_after: {} }, undefined],
])('a field of the body: %j', (body, expected) => {
  expect(readWait({}, body, '', NOW)).toBe(expected);
});

test("Gemini's quota of a day is not over in seconds", () => {
  const violations = [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }];
  const details = [{ violations }, { retryDelay: '34s' }];
  expect(readWait({}, { error: { code: 429, details } }, 'Please retry in 34s.', NOW)).toBe(3_600_000);
});

test('a limit of a day ends when its own header says so', () => {
  const headers = { 'x-ratelimit-reset-tokens-minute': '11', 'x-ratelimit-reset-requests-day': '600' };
  expect(readWait(headers, undefined, 'Requests per day limit exceeded', NOW)).toBe(600_000);
});

test("Gemini's RetryInfo", () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.Help' }, { retryDelay: '34.07s' }];
  expect(readWait({}, { error: { code: 429, details } }, 'Quota exceeded.', NOW)).toBe(34_070);
  expect(readWait({}, [{ error: { details } }], '', NOW)).toBe(34_070);
});

test('takes time linear in the length of a message', async () => {
  const text = (n: number) => 'try again in '.repeat(n / 13);
  expect(await growth(async (n) => readWait({}, undefined, text(n), NOW), 5_000)).toBeLessThan(16);
});
